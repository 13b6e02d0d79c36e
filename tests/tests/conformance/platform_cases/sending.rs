//! platform.md sections 6.3 to 6.6 and 7: more of sockets and of what is sent on them.

use super::super::case::{Case, case};
use super::super::platform::{Step, ask, gives, refused, status};
use super::given::*;

/// `gw1` is connected and has `d1`.
const LIVE: &[&[Step]] = &[ACME, GW1, LINE1, NEW, D1_TOLD];
/// A key of the REST API.
const KEYS: &str = "POST /api/v1/rest-apis/petstore/api-keys";
/// The key `one`, of which `gw1` has heard.
const ONE: &[Step] = &[
    ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
    status(201),
    Step::InOrder(&["gw1"], "apikey.created"),
];
/// A second and a third connection of `gw1`.
const LINES: &[Step] = &[
    Step::Connect { line: "b", by: "gw1" },
    Step::Hears("b", ACK),
    Step::Connect { line: "c", by: "gw1" },
    Step::Hears("c", ACK),
];

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-6.3-pings-are-no-pongs", "heartbeat", "The gateway's own pings don't count as answers.").given(&[ACME, GW1]).steps(&[
        Step::ConnectDeaf { line: "a", by: "gw1" },
        status(101),
        Step::Passes(19),
        Step::SaysPing("a"),
        Step::Passes(19),
        Step::SaysPing("a"),
        Step::Passes(3),
        ask("alice", "GET /api/v1/status/gateways?gatewayId=$(gw1)", ""),
        gives(200, r#"{"count":1,"list":[{"id":"$(gw1)","name":"gw1","isActive":false,"isCritical":false}]}"#),
    ]),
    case("platform-6.5-registry-order", "5. order", "The connections of a gateway are written to in the order in which they came.")
        .each()
        .given(&[ACME, GW1, LINE1, LINES, NEW])
        .steps(&[ask("alice", DEPLOYMENTS, NOW), status(201), Step::InOrder(&["gw1", "b", "c"], "$(event).deployed")]),
    case("platform-6.5-largest", "2. size", "A payload of exactly a mebibyte is sent: the envelope doesn't count.").of("rest-api").given(LIVE).steps(&[
        ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one","externalRefId":"$(fits)"}"#),
        status(201),
        Step::InOrder(&["gw1"], "apikey.created"),
        ask("alice", KEYS, r#"{"apiKey":"sesame","name":"two","externalRefId":"$(fits)x"}"#),
        refused(500),
        Step::Silent("gw1"),
    ]),
    case("platform-6.5-retry-update", "retry", "A key's update is tried twice.").of("rest-api").given(&[ACME, GW1, LINE1, NEW, D1_TOLD, ONE]).steps(&[
        Step::Fails("platform ws.send"),
        ask("alice", "PUT /api/v1/rest-apis/petstore/api-keys/one", r#"{"apiKey":"hello"}"#),
        status(200),
        Step::InOrder(&["gw1"], "apikey.updated"),
        Step::Silent("gw1"),
    ]),
    case("platform-6.5-retry-revoke", "retry", "So is its revocation.").of("rest-api").given(&[ACME, GW1, LINE1, NEW, D1_TOLD, ONE]).steps(&[
        Step::Fails("platform ws.send"),
        ask("alice", "DELETE /api/v1/rest-apis/petstore/api-keys/one", ""),
        status(204),
        Step::InOrder(&["gw1"], "apikey.revoked"),
        Step::Silent("gw1"),
    ]),
    case("platform-6.5-retry-llm", "retry", "The same for keys of LLM artifacts.").of("llm-proxy").given(LIVE).steps(&[
        Step::Fails("platform ws.send"),
        ask("alice", "POST /api/v1/llm-proxies/chat/api-keys", r#"{"name":"one"}"#),
        status(201),
        Step::InOrder(&["gw1"], "apikey.created"),
        Step::Silent("gw1"),
    ]),
    case("platform-6.5-no-retry-some", "retry", "Where one connection took it nothing is tried again.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, LINES, &[Step::Fails("platform ws.send")]])
        .steps(&[
            ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            Step::InOrder(&["b", "c"], "apikey.created"),
            Step::Silent("gw1"),
            Step::Silent("b"),
        ]),
    case("platform-6.5-one-attempt-delete", "retry", "A delete has one attempt.").each().given(LIVE).steps(&[
        Step::Fails("platform ws.send"),
        ask("alice", DELETE, ""),
        status(204),
        Step::Silent("gw1"),
    ]),
    case("platform-6.6-large", "no read limit", "A frame may be as large as it likes, and what it says is taken up.").of("rest-api").given(LIVE).steps(&[
        Step::Says("gw1", r#"{"type":"deployment.ack","filler":"$(17 mebibytes)","payload":{"deploymentId":"$(d1)","artifactId":"$(artifact)","resourceType":"api","action":"deploy","status":"failed","performedAt":"$(at)","errorCode":"DEPLOYMENT_ID_MISMATCH"}}"#),
        Step::Passes(5),
        ask("alice", SHOW_D1, ""),
        gives(200, deployment!("$(d1)", "FAILED", r#""DEPLOYMENT_ID_MISMATCH""#)),
    ]),
    case("platform-3.9-no-artifact", "required members", "An acknowledgement without an artifact is dropped.").of("rest-api").given(LIVE).steps(&[
        Step::Says("gw1", r#"{"type":"deployment.ack","payload":{"deploymentId":"$(d1)","artifactId":"","resourceType":"api","action":"deploy","status":"failed","performedAt":"$(at)"}}"#),
        Step::Says("gw1", r#"{"type":"deployment.ack"}"#),
        Step::Passes(1),
        ask("alice", SHOW_D1, ""),
        gives(200, deployment!("$(d1)", "DEPLOYED")),
        ask("alice", DEPLOYMENTS, NOW),
        status(201),
        Step::InOrder(&["gw1"], "api.deployed"),
    ]),
    case("platform-3.9-no-ack-of-deletes", "action", "There is no acknowledgement of a delete.").of("rest-api").given(LIVE).steps(&[
        Step::Says("gw1", ack!("delete", "success")),
        Step::Passes(1),
        ask("alice", SHOW_D1, ""),
        gives(200, deployment!("$(d1)", "DEPLOYED")),
    ]),
    case("platform-7-key-updated-all", "`apikey.updated`", "With everything that may be said of it.").of("rest-api").given(&[ACME, GW1, LINE1, NEW, D1_TOLD, ONE]).steps(&[
        ask("alice", "PUT /api/v1/rest-apis/petstore/api-keys/one", r#"{"apiKey":"hello","issuer":"us","externalRefId":"ref","expiresAt":"2030-01-01T00:00:00Z"}"#),
        status(200),
        Step::Hears("gw1", r#"{"type":"apikey.updated","payload":{"apiId":"$(artifact)","keyName":"one","apiKeyHashes":"<text>","maskedApiKey":"***hello","externalRefId":"ref","expiresAt":"2030-01-01T00:00:00Z","issuer":"us","updatedAt":"<seconds>"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#),
    ]),
    case("platform-7-application-deploying", "`application.updated`", "Where the artifact is DEPLOYING nobody hears.")
        .set(&[("deployments.transitional_status_enabled", "true")])
        .of("llm-provider")
        .given(&[ACME, GW1, NEW, &[
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d1>", "DEPLOYING")),
            ask("alice", "POST /api/v1/llm-providers/openai/api-keys", r#"{"name":"one"}"#),
            status(201),
            ask("alice", "POST /api/v1/applications", r#"{"id":"assistant","name":"Assistant","type":"genai"}"#),
            status(201),
        ], LINE1])
        .steps(&[
            ask("alice", "POST /api/v1/applications/assistant/api-keys", r#"{"apiKeys":[{"keyId":"one","associatedEntity":{"id":"openai"}}]}"#),
            status(201),
            Step::Silent("gw1"),
        ]),
    case("platform-8-subscriptions-transitional", "GET /apis/{apiId}/subscriptions", "Where the API is DEPLOYING or UNDEPLOYING it isn't associated.")
        .set(&[("deployments.transitional_status_enabled", "true")])
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, &[
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d1>", "DEPLOYING")),
            Step::Hears("gw1", told!("deployed", "$(d1)")),
        ]])
        .steps(&[
            ask("gw1", "GET /api/internal/v1/apis/$(artifact)/subscriptions", ""),
            refused(403),
            Step::Says("gw1", ack!("deploy", "success")),
            Step::Passes(1),
            ask("gw1", "GET /api/internal/v1/apis/$(artifact)/subscriptions", ""),
            gives(200, "[]"),
            ask("alice", UNDEPLOY, ""),
            gives(200, deployment!("$(d1)", "UNDEPLOYING")),
            ask("gw1", "GET /api/internal/v1/apis/$(artifact)/subscriptions", ""),
            refused(403),
        ]),
    case("platform-3.5-delete-twice", "delete deployment", "Of two deletes of a deployment at once one finds no row: 404.")
        .each()
        .given(&[ACME, GW1, NEW, D1, D2])
        .steps(&[Step::Together(&[("alice", DELETE_D1, ""), ("bob", DELETE_D1, "")], &[204, 404])]),
    case("platform-3.5-lost-race-llm", "3. lost race", "Of two deletes of an LLM proxy at once one is a 404.")
        .of("llm-proxy")
        .given(LIVE)
        .steps(&[
            Step::Together(&[("alice", DELETE, ""), ("bob", DELETE, "")], &[204, 404]),
            Step::InOrder(&["gw1"], "$(event).deleted"),
            Step::Silent("gw1"),
        ]),
    case("platform-3.5-issue-1", "delete artifact, recipients", "Before the fix nobody was told once the deployment had been deleted (issue 1).")
        .design("before-fix")
        .each()
        .given(LIVE)
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            Step::InOrder(&["gw1"], "$(event).undeployed"),
            ask("alice", DELETE_D1, ""),
            status(204),
            ask("alice", DELETE, ""),
            status(204),
            Step::Silent("gw1"),
        ]),
    case("platform-4.4-delete-proxy-key", "DELETE /llm-proxies/{id}/api-keys/{keyName}", "The row goes, the creator alone may, and it is told of.")
        .of("llm-proxy")
        .given(LIVE)
        .steps(&[
            ask("alice", "POST /api/v1/llm-proxies/chat/api-keys", r#"{"name":"one"}"#),
            status(201),
            Step::InOrder(&["gw1"], "apikey.created"),
            ask("alice", "GET /api/v1/llm-proxies/chat/api-keys", ""),
            gives(200, r#"{"count":1,"list":["<any>"]}"#),
            ask("bob", "DELETE /api/v1/llm-proxies/chat/api-keys/one", ""),
            refused(403),
            ask("alice", "DELETE /api/v1/llm-proxies/chat/api-keys/one", ""),
            status(204),
            Step::InOrder(&["gw1"], "apikey.revoked"),
            ask("alice", "GET /api/v1/llm-proxies/chat/api-keys", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
        ]),
];
