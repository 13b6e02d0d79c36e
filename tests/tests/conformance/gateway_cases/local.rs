//! gateway.md sections 11 and 12: the manifest, local management, and the push of what was made locally.

use super::super::case::{Case, case};
use super::super::gateway::{Gives, Local, Step, refuses};
use super::given::*;

/// The gateway is connected and has nothing but a provider.
const IDLE: &[&[Step]] = &[CLOUD, PROVIDER, UP, SYNCED];
/// It has the artifact of the platform's, deployed as `d1` at `t1`.
const LIVE: &[&[Step]] = &[CLOUD, PROVIDER, HERE, LISTED, UP, SYNCED];
/// The artifact's row as `LIVE` has it.
const ROW: &str = "$(kind) $(handle) $(id) deployed $(d1) $(t1) control_plane";
/// The registration of an API.
const PUSH: &str = "POST $(internal base)/apis/petstore/gateway-deployments";
/// What is made.
const CREATED: Step = Step::Locally(Local::Creates("$(kind)", "$(handle)", "$(definition)"));

/// The cases of sections 11 and 12.
pub const CASES: &[Case<Step>] = &[
    case("gateway-11-manifest", "POST policies after every connect", "The policies, under the identifier by which the platform greeted.")
        .given(&[CLOUD, UP, SYNCED])
        .steps(&[
            Step::Drops,
            Step::Asks(&["GET /internal/gateway/.well-known", "GET $(internal base)/ws/gateways/connect"]),
            Step::Watches(MANIFEST),
            Step::Overlooks(API_KEYS),
            Step::Overlooks(PROVIDER_KEYS),
            Step::Overlooks(PROXY_KEYS),
            Step::Greets,
            Step::AsksWith {
                call: MANIFEST,
                headers: &[("api-key", "the-token"), ("content-type", "application/json")],
                body: r#"{"policies":[{"name":"api-key-auth","version":"v1.0.0","managedBy":"wso2"},{"name":"subscription-validation","version":"v1.0.0","managedBy":"wso2"},{"name":"token-based-ratelimit","version":"v1.0.0","managedBy":"wso2"}]}"#,
            },
        ]),
    case("gateway-11-manifest-retries", "3 attempts", "After 2 s and after 4 s it is tried again, and then no more.")
        .given(&[CLOUD, &[refuses(MANIFEST, 500)], UP, SYNCED, &[Step::Watches(MANIFEST)]])
        .steps(&[Step::Passes(1), Step::Asks(&[MANIFEST]), Step::Passes(3), Step::Asks(&[MANIFEST]), Step::Passes(25)]),
    case("gateway-11-create", "local create", "An artifact of the gateway's own, deployed now, without a deployment.").each().given(IDLE).steps(&[
        CREATED,
        Step::Publishes(&["$(hub) CREATE <uuid7 as made> <uuid4>"]),
        Step::Artifacts(&["$(kind) $(handle) $(made) deployed - <millis> gateway_api", PROVIDER_ROW]),
    ]),
    case("gateway-11-create-taken", "12: handle, name and version", "What another has, of any origin, is refused.").each().given(LIVE).steps(&[
        Step::Refuses(Local::Creates("$(kind)", "$(handle)", "$(definition)"), "already exists"),
        Step::Publishes(&[]),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
    ]),
    case("gateway-12-local-blocks", "12: a locally created artifact", "An artifact that was made locally stands in the way of the platform's.").each().given(IDLE).steps(&[
        CREATED,
        Step::Publishes(&["$(hub) CREATE <uuid7 as made> <uuid4>"]),
        Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(definition)")])),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        Step::Acks(ack!("deploy", "$(d2)", "$(t2)", "GATEWAY_PROCESSING_ERROR")),
        Step::Artifacts(&["$(kind) $(handle) $(made) deployed - <millis> gateway_api", PROVIDER_ROW]),
    ]),
    case("gateway-11-update-api", "local PUT of a RestApi", "It keeps origin and deployed_at.").of("rest-api").given(LIVE).steps(&[
        Step::Locally(Local::Updates("$(kind)", "$(handle)", "RestApi petstore petstore v2.0")),
        Step::Publishes(&["API UPDATE $(id) <uuid4>"]),
        Step::Artifacts(&[ROW, PROVIDER_ROW]),
    ]),
    case("gateway-11-update-provider", "local PUT of an LLM/MCP artifact", "It is the gateway's own from then on.").of("llm-provider").given(LIVE).steps(&[
        Step::Locally(Local::Updates("$(kind)", "$(handle)", "LlmProvider openai openai v2.0")),
        Step::Publishes(&["LLM_PROVIDER UPDATE $(id) <uuid4>"]),
        Step::Artifacts(&["LlmProvider openai $(id) deployed - <millis> gateway_api", PROVIDER_ROW]),
    ]),
    case("gateway-11-update-proxy", "local PUT of an LLM/MCP artifact", "It is the gateway's own from then on.").of("llm-proxy").given(LIVE).steps(&[
        Step::Locally(Local::Updates("$(kind)", "$(handle)", "LlmProxy chat chat v2.0 openai")),
        Step::Publishes(&["LLM_PROXY UPDATE $(id) <uuid4>"]),
        Step::Artifacts(&["LlmProxy chat $(id) deployed - <millis> gateway_api", PROVIDER_ROW]),
    ]),
    case("gateway-11-update-mcp", "local PUT of an LLM/MCP artifact", "It is the gateway's own from then on, and what the platform deployed before is stale.")
        .of("mcp-proxy")
        .given(LIVE)
        .steps(&[
            Step::Passes(5),
            Step::Locally(Local::Updates("$(kind)", "$(handle)", "Mcp tools tools v2.0")),
            Step::Publishes(&["MCP_PROXY UPDATE $(id) <uuid4>"]),
            Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(definition)")])),
            Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
            Step::Asks(&[DEFINITION]),
            Step::Publishes(&[]),
            Step::Artifacts(&["Mcp tools $(id) deployed - <millis> gateway_api", PROVIDER_ROW]),
        ]),
    case("gateway-11-update-unknown", "local PUT", "What isn't here can't be changed.").each().given(IDLE).steps(&[
        Step::Refuses(Local::Updates("$(kind)", "$(handle)", "$(definition)"), "not found"),
        Step::Publishes(&[]),
        Step::Artifacts(&[PROVIDER_ROW]),
    ]),
    case("gateway-11-delete", "local DELETE of a control-plane artifact", "No origin check: it goes, with its keys, and nobody tells the platform.")
        .each()
        .given(&[CLOUD, PROVIDER, HERE, LISTED, &[
            Step::HoldsKey("one $(id) $(k1) hash1 alice"),
            refuses(API_KEYS, 500), refuses(PROVIDER_KEYS, 500), refuses(PROXY_KEYS, 500),
        ], UP, SYNCED])
        .steps(&[
            Step::Locally(Local::Deletes("$(kind)", "$(handle)")),
            Step::Publishes(&["$(hub) DELETE $(id) <uuid4>"]),
            Step::Artifacts(&[PROVIDER_ROW]),
            Step::Keys(&[]),
            Step::Refuses(Local::Deletes("$(kind)", "$(handle)"), "not found"),
        ]),
    case("gateway-11-before-boot", "3.1, step 15", "Before the management listener is up everything is refused.").of("rest-api").given(&[CLOUD]).steps(&[
        Step::Fails("gw1 boot.serve-policies"),
        Step::Boots,
        Step::Passes(60),
        Step::Refuses(Local::Creates("$(kind)", "$(handle)", "$(definition)"), "not up"),
        Step::Artifacts(&[]),
    ]),
    case("gateway-11-keys", "local keys", "A key of the gateway's own is told of, and goes when it is revoked.").each().given(LIVE).steps(&[
        Step::Locally(Local::CreatesKey("$(kind)", "$(handle)", "mine", "the key", "alice")),
        Step::Publishes(&["API_KEY CREATE <text as key> <uuid4>"]),
        Step::Keys(&["mine $(id) <uuid7> active <hex64> alice local"]),
        Step::Refuses(Local::CreatesKey("$(kind)", "$(handle)", "mine", "another", "alice"), "already exists"),
        Step::Locally(Local::RevokesKey("$(kind)", "$(handle)", "mine")),
        Step::Publishes(&["API_KEY DELETE $(key) <uuid4>"]),
        Step::Keys(&[]),
        Step::Locally(Local::RevokesKey("$(kind)", "$(handle)", "mine")),
        Step::Publishes(&[]),
    ]),
    case("gateway-8.4-updated-local", "`apikey.updated`", "A key whose source isn't `external` is left alone.").of("rest-api").given(LIVE).steps(&[
        Step::Locally(Local::CreatesKey("$(kind)", "$(handle)", "mine", "the key", "alice")),
        Step::Publishes(&["API_KEY CREATE <text> <uuid4>"]),
        Step::Tells(r#"{"type":"apikey.updated","payload":{"apiId":"$(id)","keyName":"mine","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***ame","updatedAt":"2030-01-01T00:00:00Z"},"timestamp":"$(t0)","correlationId":"$(c3)","userId":"alice"}"#),
        Step::Publishes(&[]),
        Step::Keys(&["mine $(id) <uuid7> active <hex64> alice local"]),
    ]),
    case("gateway-8.4-revoked-local", "`apikey.revoked`", "Only who made it is asked for, so the platform revokes a local key of the same user.").of("rest-api").given(LIVE).steps(&[
        Step::Locally(Local::CreatesKey("$(kind)", "$(handle)", "mine", "the key", "alice")),
        Step::Publishes(&["API_KEY CREATE <text> <uuid4>"]),
        Step::Tells(r#"{"type":"apikey.revoked","payload":{"apiId":"$(id)","keyName":"mine"},"timestamp":"$(t0)","correlationId":"$(c3)","userId":"alice"}"#),
        Step::Publishes(&["API_KEY DELETE <text> $(c3)"]),
        Step::Keys(&[]),
    ]),
    case("gateway-7.3-local-keys", "every such key", "The key sync deletes local keys, those of local artifacts too.").of("rest-api").given(IDLE).steps(&[
        CREATED,
        Step::Locally(Local::CreatesKey("$(kind)", "$(handle)", "mine", "the key", "alice")),
        Step::Drops,
        Step::Asks(&["GET /internal/gateway/.well-known", "GET $(internal base)/ws/gateways/connect"]),
        Step::Greets,
        Step::Asks(KEYS),
        Step::Passes(1),
        Step::Keys(&[]),
    ]),
    case("gateway-6.2-local-delete", "first connect", "A reconnect doesn't bring back what was deleted locally: only a process's first connect asks for it.")
        .of("rest-api")
        .given(&[CLOUD, LISTED, &[Step::Answers(BATCH, 200, Gives::Batch(&[("$(d1)/x.yaml", "$(definition)")]))], UP])
        .steps(&[
            Step::Asks(&[BATCH]),
            Step::Asks(KEYS),
            Step::Artifacts(&[ROW]),
            Step::Locally(Local::Deletes("$(kind)", "$(handle)")),
            Step::Drops,
            Step::Asks(&["GET /internal/gateway/.well-known", "GET $(internal base)/ws/gateways/connect"]),
            Step::Greets,
            Step::Asks(KEYS),
            Step::Artifacts(&[]),
        ]),
    case("gateway-11-push-off", "`deployment_push_enabled`", "Nothing is pushed unless the operator says so.").of("rest-api").given(IDLE).steps(&[CREATED, Step::Passes(25)]),
    case("gateway-11-push", "local push", "Once it is in memory, with its definition and the name of its project.")
        .of("rest-api")
        .set(&[("deployment_push_enabled", "true")])
        .given(IDLE)
        .steps(&[
            CREATED,
            Step::Publishes(&["API CREATE <uuid7 as made> <uuid4>"]),
            Step::Answers(PUSH, 201, Gives::Text(r#"{"message":"API deployment registered successfully"}"#)),
            Step::AsksWith {
                call: PUSH,
                headers: &[("api-key", "the-token"), ("content-type", "application/json")],
                body: r#"{"id":"$(made)","configuration":{"version":"gateway.api-platform.wso2.com/v1alpha1","kind":"RestApi","spec":{"name":"petstore","version":"v1.0","context":"/petstore","projectName":"default","upstreams":[],"operations":[]}},"status":"deployed","createdAt":"<nanos>","updatedAt":"<nanos>","deployedAt":"<millis>","projectIdentifier":"default"}"#,
            },
            Step::Passes(25),
        ]),
    case("gateway-11-push-rest-only", "local RestApi create", "Other kinds aren't pushed.")
        .of("mcp-proxy")
        .set(&[("deployment_push_enabled", "true")])
        .given(IDLE)
        .steps(&[CREATED, Step::Passes(25)]),
    case("gateway-11-push-unconnected", "only when connected", "Without a connection it is left.")
        .of("rest-api")
        .set(&[("deployment_push_enabled", "true")])
        .given(IDLE)
        .steps(&[
            CREATED,
            Step::Answers("GET $(internal base)/ws/gateways/connect", 503, Gives::Text("")),
            Step::Overlooks("GET $(internal base)/ws/gateways/connect"),
            Step::Overlooks("GET /internal/gateway/.well-known"),
            Step::Drops,
            Step::Passes(25),
        ]),
];
