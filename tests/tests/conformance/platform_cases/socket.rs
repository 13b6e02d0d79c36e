//! platform.md section 6: the WebSocket.

use super::super::case::{Case, case};
use super::super::platform::{Step, ask, gives, refuses, status};
use super::given::*;

/// The gateway as users see it, with or without a connection.
macro_rules! active {
    ($active:literal) => {
        concat!(
            r#"{"id":"$(gw1)","organizationId":"$(acme)","name":"gw1","displayName":"One","vhost":"gw1.example.org","isCritical":false,"functionalityType":"regular","isActive":"#,
            $active, r#","properties":{},"createdAt":"<nanos>","updatedAt":"<nanos>"}"#
        )
    };
}

/// A second and a third connection of `gw1`.
const LINES: &[Step] = &[
    Step::Connect { line: "b", by: "gw1" },
    status(101),
    Step::Hears("b", ACK),
    Step::Connect { line: "c", by: "gw1" },
    status(101),
    Step::Hears("c", ACK),
];

/// The cases of section 6.
pub const CASES: &[Case<Step>] = &[
    case("platform-6.1-connect", "path and header", "A gateway connects with its token and nothing else.")
        .given(&[ACME, GW1])
        .steps(&[
            Step::Connect { line: "a", by: "gw1" },
            status(101),
            Step::Header("upgrade", "websocket"),
            // What RFC 6455 has for the nonce of its example.
            Step::Header("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ]),
    case("platform-6.1-no-header", "check 2", "Without the header it is refused.").given(&[ACME]).steps(&[
        Step::Connect { line: "a", by: "nobody" },
        refuses(401, "API key is required. Provide 'api-key' header."),
    ]),
    case("platform-6.1-unknown-token", "check 3", "With a token that opens nothing it is refused.").given(&[ACME]).steps(&[
        Step::Connect { line: "a", by: "api-key: open-sesame" },
        refuses(401, "Invalid or expired API key"),
    ]),
    case("platform-6.1-revoked-token", "check 3", "With a revoked one too.").given(&[ACME, GW1]).steps(&[
        ask("alice", "DELETE /api/v1/gateways/$(gw1)/tokens/$(token1)", ""),
        status(200),
        Step::Connect { line: "a", by: "gw1" },
        refuses(401, "Invalid or expired API key"),
    ]),
    case("platform-6.1-unchecked-token", "check 3", "A token that can't be checked is refused like an unknown one.")
        .given(&[ACME, GW1])
        .steps(&[
            Step::Fails("platform store.find-token"),
            Step::Connect { line: "a", by: "gw1" },
            refuses(401, "Invalid or expired API key"),
        ]),
    case("platform-6.1-limit", "check 4", "An organisation may have three connections, over all its gateways.")
        .given(&[ACME, GW1, GW2, LINE1, LINE2])
        .steps(&[
            Step::Connect { line: "b", by: "gw1" },
            status(101),
            Step::Connect { line: "c", by: "gw2" },
            refuses(429, "Organization connection limit reached. Maximum allowed connections: 3"),
            Step::HangUp("b"),
            Step::Passes(1),
            Step::Connect { line: "c", by: "gw2" },
            status(101),
        ]),
    case("platform-6.1-limit-other", "check 4", "Those of another organisation don't count.")
        .given(&[ACME, GW1, LINE1, LINES, OTHER, GW9])
        .steps(&[Step::Connect { line: "d", by: "gw9" }, status(101)]),
    case("platform-6.1-order", "check order", "Who is unknown learns nothing of limits.")
        .given(&[ACME, GW1, LINE1, LINES])
        .steps(&[
            Step::Connect { line: "d", by: "nobody" },
            refuses(401, "API key is required. Provide 'api-key' header."),
            Step::Connect { line: "d", by: "api-key: open-sesame" },
            refuses(401, "Invalid or expired API key"),
        ]),
    case("platform-6.1-process-limit", "6. Register", "A process that is full says so in a frame and drops the connection without a closing frame.")
        .set(&[("websocket.max_connections", "1")])
        .given(&[ACME, GW1, LINE1])
        .steps(&[
            Step::Connect { line: "b", by: "gw1" },
            status(101),
            Step::Hears("b", r#"{"type":"error","message":"maximum connection limit reached (1)"}"#),
            Step::Ends("b", "<text as end>"),
            Step::Differ("end", "closed"),
        ]),
    case("platform-6.2-ack", "ack frame", "The first frame says which gateway and connection it is; then the gateway is active.")
        .given(&[ACME, GW1])
        .steps(&[
            Step::Connect { line: "a", by: "gw1" },
            status(101),
            Step::Hears("a", r#"{"type":"connection.ack","gatewayId":"$(gw1)","connectionId":"<uuid4 as one>","timestamp":"<seconds>"}"#),
            Step::Passes(1),
            ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
            gives(200, active!("true")),
            Step::Connect { line: "b", by: "gw1" },
            Step::Hears("b", r#"{"type":"connection.ack","gatewayId":"$(gw1)","connectionId":"<uuid4 as two>","timestamp":"<seconds>"}"#),
            Step::Differ("one", "two"),
        ]),
    case("platform-6.2-ack-fails", "ack frame", "An ack that can't be sent is only logged: the connection is there.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, &[Step::Fails("platform ws.ack")]])
        .steps(&[
            Step::Connect { line: "a", by: "gw1" },
            status(101),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            Step::InOrder(&["a"], "api.deployed"),
        ]),
    case("platform-6.3-pings", "heartbeat", "A ping every 20 s; who answers stays.").given(&[ACME, GW1, LINE1]).steps(&[
        Step::Passes(19),
        Step::Pings("gw1", 0),
        Step::Passes(2),
        Step::Pings("gw1", 1),
        Step::Passes(20),
        Step::Pings("gw1", 2),
        Step::Passes(60),
        Step::Pings("gw1", 5),
        ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
        gives(200, active!("true")),
    ]),
    case("platform-6.3-silence", "heartbeat", "Who doesn't counts as connected until the second tick, and is closed with 1000 `normal closure`.")
        .given(&[ACME, GW1])
        .steps(&[
            Step::ConnectDeaf { line: "a", by: "gw1" },
            status(101),
            Step::Passes(39),
            ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
            gives(200, active!("true")),
            Step::Passes(2),
            ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
            gives(200, active!("false")),
            Step::Listen("a"),
            Step::Ends("a", "closed by the peer: 1000 normal closure"),
        ]),
    case("platform-6.3-text-is-no-pong", "heartbeat", "Text frames don't count as answers.").given(&[ACME, GW1]).steps(&[
        Step::ConnectDeaf { line: "a", by: "gw1" },
        status(101),
        Step::Passes(30),
        Step::Says("a", r#"{"type":"hello"}"#),
        Step::Passes(11),
        ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
        gives(200, active!("false")),
    ]),
    case("platform-6.3-settings", "heartbeat", "How long a gateway may be silent is a setting.")
        .set(&[("websocket.connection_timeout", "50s")])
        .given(&[ACME, GW1])
        .steps(&[
            Step::ConnectDeaf { line: "a", by: "gw1" },
            status(101),
            Step::Passes(59),
            ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
            gives(200, active!("true")),
            Step::Passes(2),
            ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
            gives(200, active!("false")),
        ]),
    case("platform-6.4-replicas", "registry", "A gateway may have several connections, and each is told, with the same correlation.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, LINES, NEW])
        .steps(&[
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d1>", "DEPLOYED")),
            Step::Hears("gw1", told!("deployed", "$(d1)", "<millis as at>")),
            Step::Hears("b", r#"{"type":"api.deployed","payload":{"apiId":"$(artifact)","deploymentId":"$(d1)","performedAt":"$(at)"},"timestamp":"<seconds>","correlationId":"$(correlation)"}"#),
            Step::Hears("c", r#"{"type":"api.deployed","payload":{"apiId":"$(artifact)","deploymentId":"$(d1)","performedAt":"$(at)"},"timestamp":"<seconds>","correlationId":"$(correlation)"}"#),
        ]),
    case("platform-6.4-revoked-stays", "registry", "Revoking a token closes no connection.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            ask("alice", "DELETE /api/v1/gateways/$(gw1)/tokens/$(token1)", ""),
            status(200),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            Step::InOrder(&["gw1"], "api.deployed"),
        ]),
    case("platform-6.4-deleted-stays", "registry", "The connections of a deleted gateway stay open and no longer count.")
        .given(&[ACME, GW1, LINE1, LINES, GW2])
        .steps(&[
            Step::Connect { line: "d", by: "gw2" },
            status(429),
            ask("alice", "DELETE /api/v1/gateways/$(gw1)", ""),
            status(204),
            Step::Connect { line: "d", by: "gw2" },
            status(101),
            Step::Passes(61),
            Step::Pings("gw1", 3),
        ]),
    case("platform-6.4-uncounted", "registry", "When the gateways can't be listed nothing is counted.")
        .given(&[ACME, GW1, LINE1, LINES])
        .steps(&[
            // Before the upgrade and after it.
            Step::Fails("platform store.list-gateways"),
            Step::Fails("platform store.list-gateways"),
            Step::Connect { line: "d", by: "gw1" },
            status(101),
            Step::Hears("d", ACK),
        ]),
    case("platform-6.5-correlation", "1. correlation", "Each gateway is told under a correlation of its own.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, GW2, LINE2, NEW])
        .steps(&[
            ask("alice", DELETE, ""),
            status(204),
            Step::Hears("gw1", r#"{"type":"api.deleted","payload":{"apiId":"<uuid7 as artifact>"},"timestamp":"<seconds>","correlationId":"<uuid4 as one>"}"#),
            Step::Hears("gw2", r#"{"type":"api.deleted","payload":{"apiId":"$(artifact)"},"timestamp":"<seconds>","correlationId":"<uuid4 as two>"}"#),
            Step::Differ("one", "two"),
        ]),
    case("platform-6.5-too-large", "2. size", "A payload of more than a mebibyte is not sent.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one","externalRefId":"$(mebibyte)"}"#),
            status(500),
            Step::Silent("gw1"),
        ]),
    case("platform-6.5-retry", "retry", "Key events are tried twice, under another correlation.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, &[Step::Fails("platform ws.send")]])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            Step::InOrder(&["gw1"], "apikey.created"),
        ]),
    case("platform-6.5-no-third", "retry", "And not a third time.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, &[Step::Fails("platform memory.registry-lookup"), Step::Fails("platform memory.registry-lookup #2")]])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
            status(500),
            Step::Silent("gw1"),
        ]),
    case("platform-6.5-one-attempt", "retry", "All others have one attempt.")
        .each()
        .given(&[ACME, GW1, LINE1, NEW, &[Step::Fails("platform ws.send")]])
        .steps(&[ask("alice", DEPLOYMENTS, NOW), status(201), Step::Silent("gw1")]),
    case("platform-6.5-one-write-fails", "6. errors", "One connection that fails doesn't keep the others from being told, and is no failure.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, LINES, NEW, D1_TOLD, &[Step::InOrder(&["b"], "api.deployed"), Step::InOrder(&["c"], "api.deployed"), Step::Fails("platform ws.send")]])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            Step::InOrder(&["b", "c"], "apikey.created"),
            Step::Silent("gw1"),
        ]),
    case("platform-6.6-unknown", "reading", "Unknown and unreadable frames are ignored, and the connection goes on.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            Step::Says("gw1", r#"{"type":"hello","payload":{}}"#),
            Step::Says("gw1", "hello"),
            Step::Says("gw1", "7"),
            Step::Passes(1),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            Step::InOrder(&["gw1"], "api.deployed"),
        ]),
    case("platform-6.7-inactive", "is_active", "A gateway is inactive when its last connection has ended.")
        .given(&[ACME, GW1, LINE1, LINES])
        .steps(&[
            Step::HangUp("gw1"),
            Step::Passes(1),
            Step::HangUp("b"),
            Step::Passes(1),
            ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
            gives(200, active!("true")),
            Step::HangUp("c"),
            Step::Passes(1),
            ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
            gives(200, active!("false")),
        ]),
    case("platform-6.4-unlocked", "registry", "Unregistering is a load and a store without a lock: of two that end at once one stays registered for ever.")
        .given(&[ACME, GW1, LINE1, LINES])
        .steps(&[
            Step::HangUp("gw1"),
            Step::HangUp("b"),
            Step::Passes(1),
            Step::HangUp("c"),
            Step::Passes(1),
            ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
            gives(200, active!("true")),
        ]),
    case("platform-6.8-envelope", "envelope", "An envelope has type, payload, whole seconds and a correlation; who acted only with keys.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            Step::Hears("gw1", r#"{"type":"apikey.created","payload":"<any>","timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#),
        ]),
];
