//! gateway.md section 8: the live events.

use driftless_model::gateway::tables::Origin;

use super::super::case::{Case, case};
use super::super::gateway::{Gives, Step, answers, refuses};
use super::given::*;

/// The gateway is connected and has nothing but a provider.
const IDLE: &[&[Step]] = &[CLOUD, PROVIDER, UP, SYNCED];
/// It has the artifact, deployed as `d1` at `t1`.
const LIVE: &[&[Step]] = &[CLOUD, PROVIDER, HERE, LISTED, UP, SYNCED];
/// It has a key of the artifact too, which no key sync has touched.
const KEYED: &[&[Step]] = &[
    CLOUD,
    PROVIDER,
    HERE,
    LISTED,
    &[
        Step::HoldsKey("one $(id) $(k1) hash1 alice"),
        refuses(API_KEYS, 500),
        refuses(PROVIDER_KEYS, 500),
        refuses(PROXY_KEYS, 500),
    ],
    UP,
    SYNCED,
];
/// The artifact's definition can be fetched.
const FETCHABLE: Step = Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(definition)")]));
/// The artifact's row as `LIVE` has it.
const ROW: &str = "$(kind) $(handle) $(id) deployed $(d1) $(t1) control_plane";
/// The failed acknowledgement of `d2` at `t2`.
const FAILED: Step = Step::Acks(ack!("deploy", "$(d2)", "$(t2)", "GATEWAY_PROCESSING_ERROR"));
/// An event that deletes the artifact.
const DELETED: Step = Step::Tells(
    r#"{"type":"$(event).deleted","payload":{"$(field)":"$(id)"},"timestamp":"$(t0)","correlationId":"$(c2)"}"#,
);
/// The keys' row as `KEYED` has it.
const KEY_ROW: &str = "one $(id) $(k1) active hash1 alice external";

/// A key event.
macro_rules! key {
    ($verb:literal, $user:literal, $payload:literal) => {
        concat!(
            r#"{"type":"apikey."#,
            $verb,
            r#"","payload":{"apiId":"$(id)","#,
            $payload,
            r#"},"timestamp":"$(t0)","correlationId":"$(c3)","userId":""#,
            $user,
            r#""}"#
        )
    };
}

/// The cases of section 8.
pub const CASES: &[Case<Step>] = &[
    case("gateway-8-unreadable", "parse failure", "What can't be read is dropped without an ack, and the next is heard.")
        .of("rest-api")
        .given(IDLE)
        .steps(&[
            Step::Tells("{"),
            Step::Tells("7"),
            Step::Tells(r#"{"payload":{}}"#),
            Step::Tells(r#"{"type":7}"#),
            Step::Tells(r#"{"type":"api.deployed","payload":7,"timestamp":"$(t0)","correlationId":"$(c2)"}"#),
            FETCHABLE,
            Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
            Step::Asks(&[DEFINITION]),
            Step::Acks(ack!("deploy", "$(d2)", "$(t2)")),
        ]),
    case("gateway-8-no-artifact", "missing id", "An event without its artifact is dropped.").each().given(IDLE).steps(&[
        Step::Tells(r#"{"type":"$(event).deployed","payload":{"deploymentId":"$(d1)","performedAt":"$(t1)"},"timestamp":"$(t0)","correlationId":"$(c2)"}"#),
        Step::Tells(r#"{"type":"$(event).deployed","payload":{"$(field)":"","deploymentId":"$(d1)","performedAt":"$(t1)"},"timestamp":"$(t0)","correlationId":"$(c2)"}"#),
        Step::Tells(r#"{"type":"$(event).undeployed","payload":{"deploymentId":"$(d1)","performedAt":"$(t1)"},"timestamp":"$(t0)","correlationId":"$(c2)"}"#),
        Step::Tells(r#"{"type":"$(event).deleted","payload":{},"timestamp":"$(t0)","correlationId":"$(c2)"}"#),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.1-create", "deploy", "The definition is fetched, written and told of under the event's correlation; then it is acknowledged.")
        .each()
        .given(IDLE)
        .steps(&[
            FETCHABLE,
            Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
            Step::Asks(&[DEFINITION]),
            Step::Acks(ack!("deploy", "$(d2)", "$(t2)")),
            Step::Artifacts(&["$(kind) $(handle) $(id) deployed $(d2) $(t2) control_plane", PROVIDER_ROW]),
            Step::Publishes(&["$(hub) CREATE $(id) $(c2)"]),
        ]),
    case("gateway-8.1-update", "deploy", "What is here is replaced, and told of as an update.").each().given(KEYED).steps(&[
        FETCHABLE,
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        Step::Acks(ack!("deploy", "$(d2)", "$(t2)")),
        Step::Artifacts(&["$(kind) $(handle) $(id) deployed $(d2) $(t2) control_plane", PROVIDER_ROW]),
        Step::Keys(&[KEY_ROW]),
        Step::Publishes(&["$(hub) UPDATE $(id) $(c2)"]),
    ]),
    case("gateway-8.1-none", "1. fetch", "Without a definition it is a failure.").each().given(LIVE).steps(&[
        refuses(DEFINITION, 404),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        FAILED,
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.1-refused", "1. fetch", "So it is when the platform fails.").of("rest-api").given(LIVE).steps(&[
        refuses(DEFINITION, 500),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        FAILED,
    ]),
    case("gateway-8.1-late", "1. fetch", "Or takes longer than 30 s; the next event waits for it.").of("rest-api").given(LIVE).steps(&[
        Step::AnswersAfter(31, DEFINITION, 404, Gives::Text("")),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Tells(event!("undeployed", "$(d1)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        Step::Passes(29),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
        FAILED,
        Step::Acks(ack!("undeploy", "$(d1)", "$(t2)")),
    ]),
    case("gateway-8.1-no-zip", "2. extract", "What is no zip is a failure.").each().given(LIVE).steps(&[
        answers(DEFINITION, "kind: RestApi"),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        FAILED,
        Step::Publishes(&[]),
    ]),
    case("gateway-8.1-no-yaml", "2. extract", "So is a zip without YAML.").of("rest-api").given(LIVE).steps(&[
        Step::Answers(DEFINITION, 200, Gives::Zip(&[("readme.txt", "no")])),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        FAILED,
    ]),
    case("gateway-8.1-millis", "3. deployedAt", "The instant is cut to milliseconds, and acknowledged as it came.").of("rest-api").given(LIVE).steps(&[
        FETCHABLE,
        Step::Tells(event!("deployed", "$(d2)", "2026-01-01T05:30:02.5009+05:30")),
        Step::Asks(&[DEFINITION]),
        Step::Acks(ack!("deploy", "$(d2)", "2026-01-01T05:30:02.5009+05:30")),
        Step::Artifacts(&["RestApi petstore $(petstore) deployed $(d2) 2026-01-01T05:30:02.5+05:30 control_plane", PROVIDER_ROW]),
    ]),
    case("gateway-8.1-zero", "3. deployedAt", "The zero instant is this gateway's now, and acknowledged as it came.").of("rest-api").given(LIVE).steps(&[
        FETCHABLE,
        Step::Passes(10),
        Step::Tells(event!("deployed", "$(d2)", "$(never)")),
        Step::Asks(&[DEFINITION]),
        Step::Acks(ack!("deploy", "$(d2)", "$(never)")),
        Step::Artifacts(&["RestApi petstore $(petstore) deployed $(d2) <millis> control_plane", PROVIDER_ROW]),
    ]),
    case("gateway-8.1-no-deployment", "4. pipeline, step 0", "Without a deployment it is a failure.").each().given(IDLE).steps(&[
        FETCHABLE,
        Step::Tells(event!("deployed", "", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        Step::Acks(ack!("deploy", "", "$(t2)", "GATEWAY_PROCESSING_ERROR")),
        Step::Artifacts(&[PROVIDER_ROW]),
    ]),
    case("gateway-8.1-invalid", "4. pipeline, step 1", "A definition that isn't one is a failure.").each().given(LIVE).steps(&[
        Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "nonsense")])),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        FAILED,
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
    ]),
    case("gateway-8.1-other-kind", "4. pipeline, step 1", "So is one of another kind.").of("rest-api").given(LIVE).steps(&[
        Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "Mcp petstore petstore v1.0")])),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        FAILED,
    ]),
    case("gateway-8.1-handle-taken", "4. pipeline, step 3", "A handle that another of the kind has is a failure, whoever made it, deployed or not (issue 1).")
        .each()
        .given(&[CLOUD, PROVIDER, &[Step::Holds("$(kind) $(handle) $(orders) undeployed $(d1) $(t1)", Origin::GatewayApi)], UP, SYNCED])
        .steps(&[
            Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(kind) $(handle) another v2.0 $(provider of it)")])),
            Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
            Step::Asks(&[DEFINITION]),
            FAILED,
            Step::Artifacts(&["$(kind) $(handle) $(orders) undeployed $(d1) $(t1) gateway_api", PROVIDER_ROW]),
            Step::Publishes(&[]),
        ]),
    case("gateway-8.1-name-taken", "4. pipeline, step 3", "So are name and version.")
        .each()
        .given(&[CLOUD, PROVIDER, &[Step::Holds("$(kind) $(handle) $(orders) undeployed $(d1) $(t1)", Origin::GatewayApi)], UP, SYNCED])
        .steps(&[
            Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(kind) another $(handle) v1.0 $(provider of it)")])),
            Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
            Step::Asks(&[DEFINITION]),
            FAILED,
        ]),
    case("gateway-8.1-other-kind-has-it", "4. pipeline, step 3", "What another kind has is free.")
        .given(&[CLOUD, &[Step::Holds("Mcp petstore $(tools) deployed $(d1) $(t1)", Origin::GatewayApi)], UP, SYNCED])
        .of("rest-api")
        .steps(&[
            FETCHABLE,
            Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
            Step::Asks(&[DEFINITION]),
            Step::Acks(ack!("deploy", "$(d2)", "$(t2)")),
        ]),
    case("gateway-8.1-no-provider", "4. pipeline", "An LLM proxy without its provider is a failure.").of("llm-proxy").given(&[CLOUD, UP, SYNCED]).steps(&[
        FETCHABLE,
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        FAILED,
        Step::Artifacts(&[]),
    ]),
    case("gateway-8.1-template", "4. pipeline, step 1", "An LLM provider made from a template that gateways are built with is deployed.").of("llm-provider").given(&[CLOUD, UP, SYNCED]).steps(&[
        Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(definition) openai")])),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        Step::Acks(ack!("deploy", "$(d2)", "$(t2)")),
    ]),
    case("gateway-8.1-no-template", "4. pipeline, step 1", "One made from any other is a failure: no gateway hears of the platform's templates.").of("llm-provider").given(&[CLOUD, UP, SYNCED]).steps(&[
        Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(definition) mine")])),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        FAILED,
        Step::Artifacts(&[]),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.1-store-fails", "4. pipeline", "A failed write is a failure.").each().given(LIVE).steps(&[
        FETCHABLE,
        Step::Fails("gw1 store.commit-upsert"),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        FAILED,
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.1-hub-fails", "4. pipeline, step 8", "An event that can't be published is only logged: it is acknowledged.").each().given(LIVE).steps(&[
        FETCHABLE,
        Step::Fails("gw1 hub.publish"),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        Step::Acks(ack!("deploy", "$(d2)", "$(t2)")),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.1-stale", "5. stale", "What isn't newer than what is here changes nothing and is answered by nothing.").each().given(LIVE).steps(&[
        FETCHABLE,
        Step::Tells(event!("deployed", "$(d2)", "$(t0)")),
        Step::Asks(&[DEFINITION]),
        Step::Passes(1),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.1-equal", "5. stale", "What is as old as what is here is stale.").each().given(LIVE).steps(&[
        FETCHABLE,
        Step::Tells(event!("deployed", "$(d2)", "$(t1)")),
        Step::Asks(&[DEFINITION]),
        Step::Passes(1),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.2-success", "undeploy", "The state alone changes; keys stay; it is told of and acknowledged.").each().given(KEYED).steps(&[
        Step::Tells(event!("undeployed", "$(d1)", "$(t2)")),
        Step::Acks(ack!("undeploy", "$(d1)", "$(t2)")),
        Step::Artifacts(&["$(kind) $(handle) $(id) undeployed $(d1) $(t2) control_plane", PROVIDER_ROW]),
        Step::Keys(&[KEY_ROW]),
        Step::Publishes(&["$(hub) UPDATE $(id) $(c2)"]),
    ]),
    case("gateway-8.2-not-here", "1. read", "What isn't here is undeployed: a success, and nothing is told.").each().given(IDLE).steps(&[
        Step::Tells(event!("undeployed", "$(d1)", "$(t2)")),
        Step::Acks(ack!("undeploy", "$(d1)", "$(t2)")),
        Step::Artifacts(&[PROVIDER_ROW]),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.2-unreadable", "1. read", "What can't be read is a failure.").each().given(LIVE).steps(&[
        Step::Fails("gw1 store.find-artifact"),
        Step::Tells(event!("undeployed", "$(d1)", "$(t2)")),
        Step::Acks(ack!("undeploy", "$(d1)", "$(t2)", "GATEWAY_PROCESSING_ERROR")),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
    ]),
    case("gateway-8.2-mismatch", "2. deployments differ", "Another deployment than the one here is a failure of its own.").each().given(LIVE).steps(&[
        Step::Tells(event!("undeployed", "$(d2)", "$(t2)")),
        Step::Acks(ack!("undeploy", "$(d2)", "$(t2)", "DEPLOYMENT_ID_MISMATCH")),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.2-no-deployment", "2. deployments differ", "An event without a deployment is for any, and the row has none afterwards.").each().given(LIVE).steps(&[
        Step::Tells(event!("undeployed", "", "$(t2)")),
        Step::Acks(ack!("undeploy", "", "$(t2)")),
        Step::Artifacts(&["$(kind) $(handle) $(id) undeployed - $(t2) control_plane", PROVIDER_ROW]),
    ]),
    case("gateway-8.2-zero", "3. deployed_at", "The zero instant is this gateway's now.").each().given(LIVE).steps(&[
        Step::Passes(10),
        Step::Tells(event!("undeployed", "$(d1)", "$(never)")),
        Step::Acks(ack!("undeploy", "$(d1)", "$(never)")),
        Step::Artifacts(&["$(kind) $(handle) $(id) undeployed $(d1) <millis> control_plane", PROVIDER_ROW]),
    ]),
    case("gateway-8.2-store-fails", "3. upsert", "A failed write is a failure.").each().given(LIVE).steps(&[
        Step::Fails("gw1 store.commit-upsert"),
        Step::Tells(event!("undeployed", "$(d1)", "$(t2)")),
        Step::Acks(ack!("undeploy", "$(d1)", "$(t2)", "GATEWAY_PROCESSING_ERROR")),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.2-stale", "3. not affected", "What isn't newer is answered by nothing.").each().given(LIVE).steps(&[
        Step::Tells(event!("undeployed", "$(d1)", "$(t1)")),
        Step::Passes(1),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.2-hub-fails", "4. publish", "An event that can't be published is only logged.").each().given(LIVE).steps(&[
        Step::Fails("gw1 hub.publish"),
        Step::Tells(event!("undeployed", "$(d1)", "$(t2)")),
        Step::Acks(ack!("undeploy", "$(d1)", "$(t2)")),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.3-found", "found", "The artifact goes with its keys and is told of; nothing is acknowledged.").each().given(KEYED).steps(&[
        DELETED,
        Step::Publishes(&["$(hub) DELETE $(id) $(c2)"]),
        Step::Artifacts(&[PROVIDER_ROW]),
        Step::Keys(&[]),
    ]),
    case("gateway-8.3-undeployed", "found", "Whatever its state.").each().given(KEYED).steps(&[
        Step::Tells(r#"{"type":"$(event).undeployed","payload":{"$(field)":"$(id)","deploymentId":"$(d1)","performedAt":"$(t2)"},"timestamp":"$(t0)","correlationId":"$(c1)"}"#),
        Step::Acks(ack!("undeploy", "$(d1)", "$(t2)")),
        DELETED,
        Step::Publishes(&["$(hub) UPDATE $(id) $(c1)", "$(hub) DELETE $(id) $(c2)"]),
        Step::Artifacts(&[PROVIDER_ROW]),
        Step::Keys(&[]),
    ]),
    case("gateway-8.3-unknown-api", "`api.deleted`, not found", "Leftover keys go, and it is told of.")
        .of("rest-api")
        .given(&[CLOUD, PROVIDER, &[Step::HoldsKey("one $(id) $(k1) hash1 alice")], UP, SYNCED])
        .steps(&[DELETED, Step::Publishes(&["API DELETE $(id) $(c2)"]), Step::Keys(&[])]),
    case("gateway-8.3-unknown-llm-provider", "`llmprovider.deleted`, not found", "Leftover keys go, and it is told of.")
        .of("llm-provider")
        .given(&[CLOUD, PROVIDER, &[Step::HoldsKey("one $(id) $(k1) hash1 alice")], UP, SYNCED])
        .steps(&[DELETED, Step::Publishes(&["LLM_PROVIDER DELETE $(id) $(c2)"]), Step::Keys(&[])]),
    case("gateway-8.3-unknown-llm-proxy", "`llmproxy.deleted`, not found", "Leftover keys go, and it is told of.")
        .of("llm-proxy")
        .given(&[CLOUD, PROVIDER, &[Step::HoldsKey("one $(id) $(k1) hash1 alice")], UP, SYNCED])
        .steps(&[DELETED, Step::Publishes(&["LLM_PROXY DELETE $(id) $(c2)"]), Step::Keys(&[])]),
    case("gateway-8.3-unknown-mcp", "`mcpproxy.deleted`, not found", "Nothing happens.")
        .of("mcp-proxy")
        .given(&[CLOUD, PROVIDER, &[Step::HoldsKey("one $(id) $(k1) hash1 alice")], UP, SYNCED])
        .steps(&[DELETED, Step::Publishes(&[]), Step::Keys(&[KEY_ROW])]),
    case("gateway-8.3-unknown-before-fix", "not found, PRE", "Before the fix an unknown LLM artifact was only warned of.")
        .of("llm-provider")
        .design("before-fix")
        .given(&[CLOUD, PROVIDER, &[Step::HoldsKey("one $(id) $(k1) hash1 alice")], UP, SYNCED])
        .steps(&[DELETED, Step::Publishes(&[]), Step::Keys(&[KEY_ROW])]),
    case("gateway-8.3-unreadable", "other storage error", "What can't be read stays, and nothing is told.").each().given(KEYED).steps(&[
        Step::Fails("gw1 store.find-artifact"),
        DELETED,
        Step::Publishes(&[]),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
        Step::Keys(&[KEY_ROW]),
    ]),
    case("gateway-8.3-api-delete-fails", "5.3 `performFullAPIDeletion`", "A REST API whose row can't be deleted loses its keys all the same, and is told of.")
        .of("rest-api")
        .given(KEYED)
        .steps(&[
            Step::Fails("gw1 store.commit-delete"),
            DELETED,
            Step::Publishes(&["API DELETE $(id) $(c2)"]),
            Step::Artifacts(&[ROW, PROVIDER_ROW]),
            Step::Keys(&[]),
        ]),
    case("gateway-8.3-llm-delete-fails", "5.3 service delete by handle", "The other services stop at the first error and tell nobody.")
        .of("llm-provider")
        .given(KEYED)
        .steps(&[
            Step::Fails("gw1 store.delete-leftover-keys"),
            DELETED,
            Step::Publishes(&[]),
            Step::Artifacts(&[ROW, PROVIDER_ROW]),
            Step::Keys(&[KEY_ROW]),
        ]),
    case("gateway-8.3-mcp-delete-fails", "5.3 service delete by handle", "So does that of MCP proxies.").of("mcp-proxy").given(KEYED).steps(&[
        Step::Fails("gw1 store.commit-delete"),
        DELETED,
        Step::Publishes(&[]),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
        Step::Keys(&[KEY_ROW]),
    ]),
    case("gateway-8.3-comes-back", "5.1: the row does not exist", "What was deleted guards nothing: an older deploy brings it back.").each().given(LIVE).steps(&[
        DELETED,
        Step::Passes(1),
        FETCHABLE,
        Step::Tells(r#"{"type":"$(event).deployed","payload":{"$(field)":"$(id)","deploymentId":"$(d2)","performedAt":"$(t0)"},"timestamp":"$(t0)","correlationId":"$(c4)"}"#),
        Step::Asks(&[DEFINITION]),
        Step::Acks(ack!("deploy", "$(d2)", "$(t0)")),
        Step::Artifacts(&["$(kind) $(handle) $(id) deployed $(d2) $(t0) control_plane", PROVIDER_ROW]),
        Step::Publishes(&["$(hub) DELETE $(id) $(c2)", "$(hub) CREATE $(id) $(c4)"]),
    ]),
    case("gateway-8.3-one-event-id", "9.1: idempotency keys", "What comes under the correlation of an earlier event is done, and told to nobody.").of("rest-api").given(LIVE).steps(&[
        Step::Tells(event!("undeployed", "$(d1)", "$(t2)")),
        Step::Acks(ack!("undeploy", "$(d1)", "$(t2)")),
        DELETED,
        Step::Publishes(&["API UPDATE $(id) $(c2)"]),
        Step::Artifacts(&[PROVIDER_ROW]),
    ]),
    case("gateway-8.3-no-ordering", "no ordering guard", "A delete is never too old.").of("rest-api").given(LIVE).steps(&[
        FETCHABLE,
        Step::Tells(event!("deployed", "$(d2)", "2030-01-01T00:00:00Z")),
        Step::Asks(&[DEFINITION]),
        Step::Acks(ack!("deploy", "$(d2)", "2030-01-01T00:00:00Z")),
        Step::Tells(r#"{"type":"api.deleted","payload":{"apiId":"$(id)"},"timestamp":"$(t0)","correlationId":"$(c4)"}"#),
        Step::Passes(1),
        Step::Artifacts(&[PROVIDER_ROW]),
    ]),
    case("gateway-8.4-created", "`apikey.created`", "A key of an artifact that is here, of any kind.").each().given(LIVE).steps(&[
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Publishes(&["API_KEY CREATE $(id):$(k2) $(c3)"]),
        Step::Keys(&["two $(id) $(k2) active hash2 alice external"]),
    ]),
    case("gateway-8.4-created-unknown", "`apikey.created`", "Of one that isn't it is dropped.").each().given(IDLE).steps(&[
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Publishes(&[]),
        Step::Keys(&[]),
    ]),
    case("gateway-8.4-created-no-hash", "`apikey.created`", "So is one without a SHA-256.").of("rest-api").given(LIVE).steps(&[
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{}","createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":{"sha256":"hash2"},"createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Publishes(&[]),
        Step::Keys(&[]),
    ]),
    case("gateway-8.4-created-expired", "`apikey.created`", "And one that has ended, or ends at no time.").of("rest-api").given(LIVE).steps(&[
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","expiresAt":"2025-01-01T00:00:00Z","createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","expiresAt":"soon","createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Publishes(&[]),
        Step::Keys(&[]),
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","expiresAt":"2027-01-01T00:00:00Z","createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Publishes(&["API_KEY CREATE $(id):$(k2) $(c3)"]),
    ]),
    case("gateway-8.4-created-expires-in", "`apikey.created`", "Instead of the instant it may say how long it lasts; at no time, or in no unit, it is dropped.").of("rest-api").given(LIVE).steps(&[
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","expiresIn":{"duration":0,"unit":"days"},"createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","expiresIn":{"duration":1,"unit":"fortnights"},"createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Publishes(&[]),
        Step::Keys(&[]),
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","expiresIn":{"duration":30,"unit":"days"},"createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Publishes(&["API_KEY CREATE $(id):$(k2) $(c3)"]),
    ]),
    case("gateway-8.4-created-older", "`apikey.created`", "One that isn't newer than what is here changes nothing, and is told of all the same.").of("rest-api").given(KEYED).steps(&[
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"one","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","createdAt":"$(t0)","updatedAt":"$(t0)""#)),
        Step::Publishes(&["API_KEY CREATE $(id):$(k2) $(c3)"]),
        Step::Keys(&[KEY_ROW]),
    ]),
    case("gateway-8.4-created-newer", "`apikey.created`", "One that is replaces it, identifier and all.").of("rest-api").given(KEYED).steps(&[
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"one","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","createdAt":"$(t2)","updatedAt":"$(t2)""#)),
        Step::Publishes(&["API_KEY CREATE $(id):$(k2) $(c3)"]),
        Step::Keys(&["one $(id) $(k2) active hash2 alice external"]),
    ]),
    case("gateway-8.4-created-nameless", "`apikey.created`", "Without a name one is drawn.").of("rest-api").given(LIVE).steps(&[
        Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","createdAt":"$(t1)","updatedAt":"$(t1)""#)),
        Step::Publishes(&["API_KEY CREATE $(id):$(k2) $(c3)"]),
        Step::Keys(&["<text> $(id) $(k2) active hash2 alice external"]),
    ]),
    case("gateway-8.4-limit", "`apikey.created`", "A user's eleventh active key on an artifact is dropped; another user's isn't.")
        .of("rest-api")
        .given(&[CLOUD, PROVIDER, HERE, LISTED, &[
            Step::HoldsKey("n1 $(id) 00000000-0000-7000-8000-000000000001 h1 alice"),
            Step::HoldsKey("n2 $(id) 00000000-0000-7000-8000-000000000002 h2 alice"),
            Step::HoldsKey("n3 $(id) 00000000-0000-7000-8000-000000000003 h3 alice"),
            Step::HoldsKey("n4 $(id) 00000000-0000-7000-8000-000000000004 h4 alice"),
            Step::HoldsKey("n5 $(id) 00000000-0000-7000-8000-000000000005 h5 alice"),
            Step::HoldsKey("n6 $(id) 00000000-0000-7000-8000-000000000006 h6 alice"),
            Step::HoldsKey("n7 $(id) 00000000-0000-7000-8000-000000000007 h7 alice"),
            Step::HoldsKey("n8 $(id) 00000000-0000-7000-8000-000000000008 h8 alice"),
            Step::HoldsKey("n9 $(id) 00000000-0000-7000-8000-000000000009 h9 alice"),
            Step::HoldsKey("n10 $(id) 00000000-0000-7000-8000-00000000000a h10 alice"),
            refuses(API_KEYS, 500),
        ], UP, SYNCED])
        .steps(&[
            Step::Tells(key!("created", "alice", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","createdAt":"$(t1)","updatedAt":"$(t1)""#)),
            Step::Publishes(&[]),
            Step::Tells(key!("created", "bob", r#""uuid":"$(k2)","name":"two","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","createdAt":"$(t1)","updatedAt":"$(t1)""#)),
            Step::Publishes(&["API_KEY CREATE $(id):$(k2) $(c3)"]),
        ]),
    case("gateway-8.4-updated", "`apikey.updated`", "A key has another hash, whatever the instants say.").each().given(KEYED).steps(&[
        Step::Tells(key!("updated", "alice", r#""keyName":"one","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","updatedAt":"$(t0)""#)),
        Step::Publishes(&["API_KEY UPDATE $(id):$(k1) $(c3)"]),
        Step::Keys(&["one $(id) $(k1) active hash2 alice external"]),
    ]),
    case("gateway-8.4-updated-unknown-key", "`apikey.updated`", "A key that isn't here is made, under an identifier of its own.").of("rest-api").given(LIVE).steps(&[
        Step::Tells(key!("updated", "alice", r#""keyName":"one","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","updatedAt":"$(t0)""#)),
        Step::Passes(1),
        Step::Keys(&["one $(id) <uuid7 as new> active hash2 alice external"]),
        Step::Publishes(&["API_KEY UPDATE $(id):$(new) $(c3)"]),
    ]),
    case("gateway-8.4-updated-incomplete", "`apikey.updated`", "Without a SHA-256, or with an end that is past, it is dropped.").of("rest-api").given(KEYED).steps(&[
        Step::Tells(key!("updated", "alice", r#""keyName":"one","apiKeyHashes":"{}","maskedApiKey":"***ame","updatedAt":"$(t2)""#)),
        Step::Tells(key!("updated", "alice", r#""keyName":"one","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","expiresAt":"2025-01-01T00:00:00Z","updatedAt":"$(t2)""#)),
        Step::Publishes(&[]),
        Step::Keys(&[KEY_ROW]),
    ]),
    case("gateway-8.4-updated-other-user", "`apikey.updated`", "Only by who made it.").of("rest-api").given(KEYED).steps(&[
        Step::Tells(key!("updated", "bob", r#""keyName":"one","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","updatedAt":"$(t2)""#)),
        Step::Publishes(&[]),
        Step::Keys(&[KEY_ROW]),
    ]),
    case("gateway-8.4-updated-unknown", "`apikey.updated`", "Of an artifact that isn't here it is dropped.").of("rest-api").given(IDLE).steps(&[
        Step::Tells(key!("updated", "alice", r#""keyName":"one","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","updatedAt":"$(t0)""#)),
        Step::Publishes(&[]),
        Step::Keys(&[]),
    ]),
    case("gateway-8.4-revoked", "`apikey.revoked`", "A key goes.").each().given(KEYED).steps(&[
        Step::Tells(key!("revoked", "alice", r#""keyName":"one""#)),
        Step::Publishes(&["API_KEY DELETE $(id):$(k1) $(c3)"]),
        Step::Keys(&[]),
    ]),
    case("gateway-8.4-revoked-order", "`apikey.revoked`", "It is marked, told of, and then deleted: a delete that fails leaves it revoked.").of("rest-api").given(KEYED).steps(&[
        Step::Fails("gw1 store.delete-key"),
        Step::Tells(key!("revoked", "alice", r#""keyName":"one""#)),
        Step::Publishes(&["API_KEY DELETE $(id):$(k1) $(c3)"]),
        Step::Keys(&["one $(id) $(k1) revoked hash1 alice external"]),
        Step::Tells(r#"{"type":"apikey.revoked","payload":{"apiId":"$(id)","keyName":"one"},"timestamp":"$(t0)","correlationId":"$(c4)","userId":"alice"}"#),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.4-revoked-unknown-key", "`apikey.revoked`", "A key that isn't here is revoked, and nothing is told.").of("rest-api").given(KEYED).steps(&[
        Step::Tells(key!("revoked", "alice", r#""keyName":"two""#)),
        Step::Publishes(&[]),
        Step::Keys(&[KEY_ROW]),
    ]),
    case("gateway-8.4-revoked-other-user", "`apikey.revoked`", "Only by who made it.").of("rest-api").given(KEYED).steps(&[
        Step::Tells(key!("revoked", "bob", r#""keyName":"one""#)),
        Step::Publishes(&[]),
        Step::Keys(&[KEY_ROW]),
    ]),
    case("gateway-8.4-revoked-unknown", "`apikey.revoked`", "Of an artifact that isn't here it is dropped.")
        .of("rest-api")
        .given(&[CLOUD, PROVIDER, &[Step::HoldsKey("one $(id) $(k1) hash1 alice"), refuses(API_KEYS, 500)], UP, SYNCED])
        .steps(&[Step::Tells(key!("revoked", "alice", r#""keyName":"one""#)), Step::Publishes(&[]), Step::Keys(&[KEY_ROW])]),
    case("gateway-8.7-others", "others", "A later connection.ack and unknown types are dropped, and the next is heard.").of("rest-api").given(LIVE).steps(&[
        Step::Greets,
        Step::Tells(r#"{"type":"gateway.config.updated","payload":{},"timestamp":"$(t0)","correlationId":"$(c1)"}"#),
        Step::Tells(r#"{"type":"api.danced","payload":{"apiId":"$(id)"},"timestamp":"$(t0)","correlationId":"$(c1)"}"#),
        Step::Tells(event!("undeployed", "$(d1)", "$(t2)")),
        Step::Acks(ack!("undeploy", "$(d1)", "$(t2)")),
    ]),
    case("gateway-8.7-wrong-family", "others", "An event under another kind's field is one without its artifact.").of("llm-provider").given(LIVE).steps(&[
        Step::Tells(r#"{"type":"llmprovider.deleted","payload":{"apiId":"$(id)","proxyId":"$(id)"},"timestamp":"$(t0)","correlationId":"$(c1)"}"#),
        Step::Publishes(&[]),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
    ]),
];
