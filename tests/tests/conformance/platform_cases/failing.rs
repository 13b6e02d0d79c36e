//! platform.md sections 3.2 to 3.7, 4.4, 6 and 8 where a statement or a write fails: what is answered, what
//! stays, and who is told. That nobody is told when nothing is committed shows that telling comes last.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, status};
use super::given::*;

/// `gw1` is connected and has `d1`.
const LIVE: &[&[Step]] = &[ACME, GW1, LINE1, NEW, D1_TOLD];
/// A key of the REST API.
const KEYS: &str = "POST /api/v1/rest-apis/petstore/api-keys";
/// What is said of it.
const ONE: &str = r#"{"apiKey":"sesame","name":"one"}"#;

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-3.2-association-fails", "step 4", "An association that can't be written is only logged.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            Step::Fails("platform store.insert-association"),
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d1>", "DEPLOYED")),
            Step::Hears("gw1", told!("deployed", "$(d1)")),
            ask("alice", "GET /api/v1/rest-apis/petstore/gateways", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
            // The next deploy makes up for it.
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            ask("alice", "GET /api/v1/rest-apis/petstore/gateways", ""),
            gives(200, r#"{"count":1,"list":["<any>"]}"#),
        ]),
    case("platform-3.2-first-instant", "steps 3 and 5", "What the first transaction wrote has an instant finer than a millisecond, so another than the event that is sent when the second write fails.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            Step::Fails("platform store.set-status"),
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d1>", "DEPLOYED")),
            Step::Hears("gw1", told!("deployed", "$(d1)", "<millis as at>")),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "<finer as first>"))),
            Step::Differ("at", "first"),
        ]),
    case("platform-3.7-failed-deploy", "always after commit", "A deploy whose transaction fails is told of to nobody, and leaves nothing.")
        .each()
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            Step::Fails("platform store.commit-deploy"),
            ask("alice", DEPLOYMENTS, NOW),
            refused(500),
            Step::Silent("gw1"),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
            ask("gw1", LIST, ""),
            gives(200, r#"{"deployments":[]}"#),
        ]),
    case("platform-3.7-failed-undeploy", "always after commit", "Nor is an undeploy that can't be written.")
        .each()
        .given(LIVE)
        .steps(&[
            Step::Fails("platform store.set-status"),
            ask("alice", UNDEPLOY, ""),
            refused(500),
            Step::Silent("gw1"),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "$(at)"))),
        ]),
    case("platform-3.7-failed-restore", "always after commit", "Nor is a restore.")
        .each()
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, &[ask("alice", UNDEPLOY, ""), status(200), Step::InOrder(&["gw1"], "$(event).undeployed")]])
        .steps(&[
            Step::Fails("platform store.set-status"),
            ask("alice", RESTORE, ""),
            refused(500),
            Step::Silent("gw1"),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "UNDEPLOYED")),
        ]),
    case("platform-3.7-failed-key", "always after commit", "Nor is a key: 500.").of("rest-api").given(LIVE).steps(&[
        Step::Fails("platform store.insert-key"),
        ask("alice", KEYS, ONE),
        refused(500),
        Step::Silent("gw1"),
        ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
        gives(200, "[]"),
    ]),
    case("platform-3.7-failed-plan", "always after commit", "Nor is a plan.").given(&[ACME, GW1, LINE1]).steps(&[
        Step::Fails("platform store.insert-plan"),
        ask("alice", "POST /api/v1/subscription-plans", r#"{"planName":"gold"}"#),
        refused(500),
        Step::Silent("gw1"),
    ]),
    case("platform-3.7-failed-send", "what if a broadcast fails", "An undeploy stands though its gateway can't be told.").each().given(LIVE).steps(&[
        Step::Fails("platform ws.send"),
        ask("alice", UNDEPLOY, ""),
        gives(200, deployment!("$(d1)", "UNDEPLOYED")),
        Step::Silent("gw1"),
    ]),
    case("platform-3.7-handed-over", "what success means", "Bytes that the local socket took have reached the gateway, whether it reads them or not.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1, &[Step::ConnectDeaf { line: "a", by: "gw1" }, status(101)]])
        .steps(&[
            ask("alice", KEYS, ONE),
            status(201),
            Step::HangUp("a"),
            Step::Passes(1),
            ask("alice", KEYS, r#"{"apiKey":"sesame","name":"two"}"#),
            refused(500),
        ]),
    case("platform-9-status-rows-fail", "recipient query fails", "Before the fix too the delete went on, and nobody was told.")
        .design("before-fix")
        .each()
        .given(LIVE)
        .steps(&[
            Step::Fails("platform store.list-status-gateways"),
            ask("alice", DELETE, ""),
            Step::Gives(204, Body::Empty),
            Step::Silent("gw1"),
        ]),
    case("platform-4.4-update-unreached", "PUT /rest-apis/{id}/api-keys/{keyName}", "When no gateway is reached it is a 500, and the key is changed.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", KEYS, ONE),
            status(201),
            Step::HangUp("gw1"),
            Step::Passes(1),
            ask("alice", "PUT /api/v1/rest-apis/petstore/api-keys/one", r#"{"apiKey":"hello"}"#),
            refused(500),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, r#"[{"etag":"<any>","uuid":"<any>","name":"one","maskedApiKey":"***hello","apiKeyHashes":"<any>","artifactUuid":"<any>","status":"active","createdAt":"<any>","createdBy":"<any>","updatedAt":"<any>","expiresAt":"<any>","source":"<any>","externalRefId":"<any>"}]"#),
        ]),
    case("platform-4.4-update-unassociated", "PUT /rest-apis/{id}/api-keys/{keyName}", "Nobody to tell is a 503, and the key stays as it was.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", KEYS, ONE),
            status(201),
            ask("alice", "DELETE /api/v1/gateways/$(gw1)", ""),
            status(204),
            ask("alice", "PUT /api/v1/rest-apis/petstore/api-keys/one", r#"{"apiKey":"hello"}"#),
            refused(503),
            ask("alice", "GET /api/v1/me/api-keys", ""),
            gives(200, r#"{"count":1,"list":[{"keyId":"one","associatedEntity":{"id":"petstore","kind":"RestApi"},"maskedApiKey":"***esame","status":"active","createdBy":"alice","createdAt":"<nanos>","updatedAt":"<nanos>","expiresAt":null,"issuer":null}]}"#),
        ]),
    case("platform-4.4-some-reached", "POST /rest-apis/{id}/api-keys", "One gateway that is reached is enough.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, GW2, NEW, D1_TOLD, &[ask("alice", "POST /api/v1/rest-apis/petstore/gateways", r#"[{"gatewayId":"$(gw2)"}]"#), status(200)]])
        .steps(&[ask("alice", KEYS, ONE), status(201), Step::InOrder(&["gw1"], "apikey.created")]),
    case("platform-6.2-active-fails", "is_active", "That it can't be written down is only logged: the connection is there.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, &[Step::Fails("platform store.set-active")], LINE1])
        .steps(&[
            Step::Passes(1),
            ask("alice", "GET /api/v1/status/gateways?gatewayId=$(gw1)", ""),
            gives(200, r#"{"count":1,"list":[{"id":"$(gw1)","name":"gw1","isActive":false,"isCritical":false}]}"#),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            Step::InOrder(&["gw1"], "api.deployed"),
        ]),
    case("platform-6.3-ping-fails", "heartbeat", "A ping that fails ends the connection.").given(&[ACME, GW1, LINE1]).steps(&[
        Step::Fails("platform ws.ping"),
        Step::Passes(21),
        ask("alice", "GET /api/v1/status/gateways?gatewayId=$(gw1)", ""),
        gives(200, r#"{"count":1,"list":[{"id":"$(gw1)","name":"gw1","isActive":false,"isCritical":false}]}"#),
        Step::Ends("gw1", "$(closed)"),
    ]),
    case("platform-8-definition-broken", "GET /apis/{apiId} and its siblings", "A definition that can't be read is a 500.")
        .each()
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[Step::Fails("platform store.find-wanted"), ask("gw1", "GET /api/internal/v1/$(internal)/$(artifact)", ""), refused(500)]),
    case("platform-8.1-broken", "GET /deployments", "A list that can't be read is a 500.")
        .given(&[ACME, GW1])
        .steps(&[Step::Fails("platform store.list-status"), ask("gw1", LIST, ""), refused(500)]),
    case("platform-8.4-broken", "GET /apis/api-keys and its siblings", "A list that can't be read is a 500.").given(&[ACME, GW1]).steps(&[
        Step::Fails("platform store.list-keys"),
        ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
        refused(500),
        Step::Fails("platform store.list-keys"),
        ask("gw1", "GET /api/internal/v1/llm-providers/api-keys", ""),
        refused(500),
    ]),
];
