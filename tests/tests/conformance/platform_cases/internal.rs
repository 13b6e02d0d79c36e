//! platform.md section 8: the API for gateways.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, refuses, status};
use super::given::*;

/// `gw1` has `d1`.
const AWAY: &[&[Step]] = &[ACME, GW1, NEW, D1];
/// The definition of the artifact.
const DEFINITION: &str = "GET /api/internal/v1/$(internal)/$(artifact)";
/// The question whether artifacts exist.
const EXISTS: &str = "POST /api/internal/v1/artifacts/exists";
/// The fetch of many definitions.
const BATCH: &str = "POST /api/internal/v1/deployments/fetch-batch";
/// The only type it answers with.
const TAR: &str = "application/x-tar+gzip";
/// What a question that asks nothing is told.
const NO_IDS: &str = "Invalid request body: artifactIds is required and must be a non-empty array";
/// Nothing to fetch.
const NONE: &str = "No active deployment found for this API on this gateway";

/// A fetch of these deployments.
const fn fetch(by: &'static str, body: &'static str) -> Step {
    Step::Accepting { accept: TAR, by, call: BATCH, body }
}

/// A key as a list has it.
macro_rules! key {
    ($name:literal, $status:literal) => {
        concat!(
            r#"{"etag":"<uuid7 as etag>","uuid":"<uuid7>","name":""#, $name,
            r#"","maskedApiKey":"<text>","apiKeyHashes":{"sha256":"<hex64>"},"artifactUuid":"$(artifact)","status":""#, $status,
            r#"","createdAt":"<nanos>","createdBy":"alice","updatedAt":"<nanos as updated>","expiresAt":null,"source":"external","externalRefId":null}"#
        )
    };
}

/// Artifacts of all kinds, deployed on `gw1` in another order than that of the list.
const ALL_KINDS: &[Step] = &[
    ask("alice", "POST /api/v1/llm-providers", "$(a llm-provider)"),
    status(201),
    ask("alice", "POST /api/v1/mcp-proxies", "$(a mcp-proxy)"),
    status(201),
    ask("alice", "POST /api/v1/llm-proxies", "$(a llm-proxy)"),
    status(201),
    ask("alice", "POST /api/v1/rest-apis", "$(a rest-api)"),
    status(201),
    ask(
        "alice",
        "POST /api/v1/rest-apis",
        r#"{"id":"orders","name":"Orders","version":"v1","context":"/b","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#,
    ),
    status(201),
    ask("alice", "POST /api/v1/rest-apis/petstore/deployments", NOW),
    gives(201, deployment!("<uuid7 as d.petstore>", "DEPLOYED")),
    ask("alice", "POST /api/v1/llm-proxies/chat/deployments", NOW),
    gives(201, deployment!("<uuid7 as d.chat>", "DEPLOYED")),
    ask("alice", "POST /api/v1/mcp-proxies/tools/deployments", NOW),
    gives(201, deployment!("<uuid7 as d.tools>", "DEPLOYED")),
    ask("alice", "POST /api/v1/llm-providers/openai/deployments", NOW),
    gives(201, deployment!("<uuid7 as d.openai>", "DEPLOYED")),
    ask("alice", "POST /api/v1/rest-apis/orders/deployments", NOW),
    gives(201, deployment!("<uuid7 as d.orders>", "DEPLOYED")),
];

/// The list of `gw1` in its order: by kind, and within a kind the latest first.
const ALL_LISTED: &[Step] = &[
    ask("gw1", LIST, ""),
    gives(
        200,
        r#"{"deployments":[
        {"artifactId":"<uuid7 as orders>","deploymentId":"$(d.orders)","kind":"RestApi","state":"DEPLOYED","deployedAt":"<millis>","etag":"<uuid7>"},
        {"artifactId":"<uuid7 as petstore>","deploymentId":"$(d.petstore)","kind":"RestApi","state":"DEPLOYED","deployedAt":"<millis as at.petstore>","etag":"<uuid7>"},
        {"artifactId":"<uuid7 as openai>","deploymentId":"$(d.openai)","kind":"LlmProvider","state":"DEPLOYED","deployedAt":"<millis as at.openai>","etag":"<uuid7>"},
        {"artifactId":"<uuid7 as chat>","deploymentId":"$(d.chat)","kind":"LlmProxy","state":"DEPLOYED","deployedAt":"<millis>","etag":"<uuid7>"},
        {"artifactId":"<uuid7 as tools>","deploymentId":"$(d.tools)","kind":"Mcp","state":"DEPLOYED","deployedAt":"<millis>","etag":"<uuid7>"}]}"#,
    ),
];

/// The cases of section 8.
pub const CASES: &[Case<Step>] = &[
    case("platform-8-no-token", "auth", "Without a token every route is refused.").given(&[ACME]).steps(&[
        ask("nobody", LIST, ""),
        refuses(401, "API key is required. Provide 'api-key' header."),
        ask("nobody", BATCH, r#"{"deploymentIds":["x"]}"#),
        refuses(401, "API key is required. Provide 'api-key' header."),
        ask("nobody", EXISTS, r#"{"artifactIds":["x"]}"#),
        refuses(401, "API key is required. Provide 'api-key' header."),
        ask("nobody", "GET /api/internal/v1/apis/$(nobody)", ""),
        refuses(401, "API key is required. Provide 'api-key' header."),
        ask("nobody", "GET /api/internal/v1/apis/api-keys", ""),
        refuses(401, "API key is required. Provide 'api-key' header."),
    ]),
    case("platform-8-unknown-token", "auth", "With one that opens nothing too.").given(&[ACME]).steps(&[
        ask("api-key: sesame", LIST, ""),
        refuses(401, "Invalid or expired API key"),
        ask("api-key: sesame", EXISTS, r#"{"artifactIds":["x"]}"#),
        refuses(401, "Invalid or expired API key"),
        ask("api-key: sesame", "GET /api/internal/v1/mcp-proxies/$(nobody)", ""),
        refuses(401, "Invalid or expired API key"),
    ]),
    case("platform-8-unchecked-token", "auth", "A token that can't be checked is a 500.").given(&[ACME, GW1]).steps(&[
        Step::Fails("platform store.find-token"),
        ask("gw1", LIST, ""),
        refuses(500, "Error while validating API key"),
    ]),
    case("platform-8-user-token", "auth", "A user's token is none.").given(&[ACME, GW1]).steps(&[
        ask("alice", LIST, ""),
        refuses(401, "API key is required. Provide 'api-key' header."),
    ]),
    case("platform-8-definition", "GET /apis/{apiId} and its siblings", "The current definition in a zip, in one file of the artifact's name.")
        .each()
        .given(AWAY)
        .steps(&[
            ask("gw1", DEFINITION, ""),
            status(200),
            Step::Header("content-type", "application/zip"),
            Step::Header("content-disposition", r#"attachment; filename="$(file)-$(artifact).zip""#),
            Step::Zip("$(file)-$(artifact).yaml", &["apiVersion: gateway.api-platform.wso2.com/v1alpha1", "kind: $(kind)", "name: $(handle)", "version: v1.0"]),
        ]),
    case("platform-8-definition-none", "GET /apis/{apiId} and its siblings", "Without a deployment there is none.")
        .each()
        .given(&[ACME, GW1, GW2, NEW, D1])
        .steps(&[ask("gw2", DEFINITION, ""), refuses(404, NONE)]),
    case("platform-8-definition-undeployed", "GET /apis/{apiId} and its siblings", "What should be undeployed isn't served.")
        .each()
        .given(AWAY)
        .steps(&[ask("alice", UNDEPLOY, ""), status(200), ask("gw1", DEFINITION, ""), refuses(404, NONE)]),
    case("platform-8-definition-unknown", "GET /apis/{apiId} and its siblings", "Nor is what doesn't exist.")
        .each()
        .given(&[ACME, GW1])
        .steps(&[ask("gw1", "GET /api/internal/v1/$(internal)/$(nobody)", ""), refused(404)]),
    case("platform-8-definition-failed", "GET /apis/{apiId} and its siblings", "What should be deployed is served though it FAILED.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            Step::Says("gw1", r#"{"type":"deployment.ack","payload":{"deploymentId":"$(d1)","artifactId":"$(artifact)","resourceType":"api","action":"deploy","status":"failed","performedAt":"$(at)","errorCode":"X"}}"#),
            Step::Passes(1),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "FAILED", "$(at)"))),
            ask("gw1", DEFINITION, ""),
            Step::Zip("api-$(artifact).yaml", &["name: petstore"]),
        ]),
    case("platform-8-definition-current", "GET /apis/{apiId} and its siblings", "It is the current one, whatever was deployed before.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1, &[ask("alice", "PUT /api/v1/rest-apis/petstore", r#"{"context":"/new"}"#), status(200)], D2])
        .steps(&[
            ask("gw1", DEFINITION, ""),
            Step::Zip("api-$(artifact).yaml", &["context: /new"]),
            ask("alice", RESTORE, ""),
            status(200),
            ask("gw1", DEFINITION, ""),
            Step::Zip("api-$(artifact).yaml", &["context: /pets"]),
        ]),
    case("platform-8-definition-kind", "GET /apis/{apiId} and its siblings", "The kind isn't checked: another route gives the same under another name.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("gw1", "GET /api/internal/v1/llm-providers/$(artifact)", ""),
            Step::Zip("llm-provider-$(artifact).yaml", &["kind: RestApi"]),
            ask("gw1", "GET /api/internal/v1/llm-proxies/$(artifact)", ""),
            Step::Zip("llm-proxy-$(artifact).yaml", &["kind: RestApi"]),
        ]),
    case("platform-8-definition-mcp-kind", "GET /mcp-proxies/{id}", "But for MCP proxies.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[ask("gw1", "GET /api/internal/v1/mcp-proxies/$(artifact)", ""), refused(404)]),
    case("platform-8-definition-tenant", "GET /apis/{apiId} and its siblings", "The token's organisation and gateway decide.")
        .each()
        .given(&[ACME, GW1, NEW, D1, OTHER, GW9])
        .steps(&[ask("gw9", DEFINITION, ""), refused(404)]),
    case("platform-8.1-list", "GET /deployments", "Artifact, deployment, kind, state, instant and etag of each.").each().given(AWAY).steps(&[
        ask("gw1", LIST, ""),
        gives(200, r#"{"deployments":[{"artifactId":"<uuid7>","deploymentId":"$(d1)","kind":"$(kind)","state":"DEPLOYED","deployedAt":"<millis>","etag":"<uuid7>"}]}"#),
    ]),
    case("platform-8.1-empty", "GET /deployments", "An empty list is a list.").given(&[ACME, GW1]).steps(&[
        ask("gw1", LIST, ""),
        gives(200, r#"{"deployments":[]}"#),
        Step::Header("content-type", "application/json"),
    ]),
    case("platform-8.1-order", "GET /deployments", "By kind (REST APIs, LLM providers, LLM proxies, MCP proxies), then the latest first.")
        .given(&[ACME, GW1, ALL_KINDS])
        .steps(ALL_LISTED),
    case("platform-8.1-states", "GET /deployments", "Every state is listed under its own name.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            Step::Hears("gw1", told!("undeployed", "$(d1)", "<millis as at2>")),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "UNDEPLOYED", "$(at2)"))),
            Step::Says("gw1", r#"{"type":"deployment.ack","payload":{"deploymentId":"$(d1)","artifactId":"$(artifact)","resourceType":"api","action":"undeploy","status":"failed","performedAt":"$(at2)","errorCode":"X"}}"#),
            Step::Passes(1),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "FAILED", "$(at2)"))),
        ]),
    case("platform-8.1-gateway", "GET /deployments", "Only the rows of the token's gateway.").of("rest-api").given(&[ACME, GW1, GW2, NEW, D1]).steps(&[
        ask("gw2", LIST, ""),
        gives(200, r#"{"deployments":[]}"#),
    ]),
    case("platform-8.1-etag", "GET /deployments", "The etag has the instant in milliseconds and a digest of the deployment.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("gw1", LIST, ""),
            gives(200, r#"{"deployments":[{"artifactId":"<any>","deploymentId":"$(d1)","kind":"RestApi","state":"DEPLOYED","deployedAt":"<millis as at>","etag":"<uuid7 as etag>"}]}"#),
            Step::DeploymentEtag("etag", "d1", "at"),
        ]),
    case("platform-8.1-since", "GET /deployments?since=", "Strictly later ones only.").given(&[ACME, GW1, ALL_KINDS, ALL_LISTED]).steps(&[
        ask("gw1", "GET /api/internal/v1/deployments?since=$(at.openai)", ""),
        gives(200, r#"{"deployments":[{"artifactId":"$(orders)","deploymentId":"$(d.orders)","kind":"RestApi","state":"DEPLOYED","deployedAt":"<millis>","etag":"<uuid7>"}]}"#),
    ]),
    case("platform-8.1-bad-since", "GET /deployments?since=", "What is no RFC 3339 is refused.").given(&[ACME, GW1]).steps(&[
        ask("gw1", "GET /api/internal/v1/deployments?since=yesterday", ""),
        refused(400),
    ]),
    case("platform-8.2-accept", "POST /deployments/fetch-batch", "Any other Accept is a 406.").of("rest-api").given(AWAY).steps(&[
        ask("gw1", BATCH, r#"{"deploymentIds":["$(d1)"]}"#),
        refused(406),
        Step::Accepting { accept: "*/*", by: "gw1", call: BATCH, body: r#"{"deploymentIds":["$(d1)"]}"# },
        refused(406),
        Step::Accepting { accept: "application/x-tar+gzip, */*", by: "gw1", call: BATCH, body: r#"{"deploymentIds":["$(d1)"]}"# },
        refused(406),
    ]),
    case("platform-8.2-body", "POST /deployments/fetch-batch", "At least one identifier is needed.").given(&[ACME, GW1]).steps(&[
        fetch("gw1", "{}"),
        refused(400),
        fetch("gw1", r#"{"deploymentIds":[]}"#),
        refused(400),
        fetch("gw1", r#"{"deploymentIds":null}"#),
        refused(400),
        fetch("gw1", r#"{"deploymentIds":[7]}"#),
        refused(400),
        fetch("gw1", "["),
        refused(400),
    ]),
    case("platform-8.2-layout", "POST /deployments/fetch-batch", "A tar.gz with `<deployment>/<kind>-<artifact>.yaml` for each; what is asked twice is there once.")
        .given(&[ACME, GW1, ALL_KINDS, ALL_LISTED])
        .steps(&[
            fetch("gw1", r#"{"deploymentIds":["$(d.tools)","$(d.chat)","$(d.petstore)","$(d.openai)","$(d.chat)"]}"#),
            status(200),
            Step::Header("content-type", TAR),
            Step::Batch(&[
                ("$(d.petstore)/api-$(petstore).yaml", "kind: RestApi"),
                ("$(d.openai)/llm-provider-$(openai).yaml", "kind: LlmProvider"),
                ("$(d.chat)/llm-proxy-$(chat).yaml", "kind: LlmProxy"),
                ("$(d.tools)/mcp-proxy-$(tools).yaml", "kind: Mcp"),
            ]),
        ]),
    case("platform-8.2-any-status", "POST /deployments/fetch-batch", "Archived and undeployed ones too.")
        .each()
        .given(&[ACME, GW1, NEW, D1, D2, &[ask("alice", "POST /api/v1/$(public)/$(handle)/deployments/undeploy?deploymentId=$(d2)&gatewayId=$(gw1)", ""), status(200)]])
        .steps(&[
            fetch("gw1", r#"{"deploymentIds":["$(d1)","$(d2)"]}"#),
            Step::Batch(&[
                ("$(d1)/$(file)-$(artifact).yaml", "kind: $(kind)"),
                ("$(d2)/$(file)-$(artifact).yaml", "kind: $(kind)"),
            ]),
        ]),
    case("platform-8.2-unknown", "POST /deployments/fetch-batch", "What is unknown or another gateway's is left out.")
        .of("rest-api")
        .given(&[ACME, GW1, GW2, NEW, D1, OTHER, GW9])
        .steps(&[
            fetch("gw1", r#"{"deploymentIds":["$(nobody)","$(d1)","not a UUID"]}"#),
            Step::Batch(&[("$(d1)/api-$(artifact).yaml", "kind: RestApi")]),
            fetch("gw2", r#"{"deploymentIds":["$(d1)"]}"#),
            status(200),
            Step::Batch(&[]),
            fetch("gw9", r#"{"deploymentIds":["$(d1)"]}"#),
            Step::Batch(&[]),
        ]),
    case("platform-8.2-limit", "POST /deployments/fetch-batch", "The identifiers and two more are bound: 32,764 pass SQLite, 32,765 don't.")
        .given(&[ACME, GW1])
        .steps(&[
            fetch("gw1", r#"{"deploymentIds":[$(32764 ids)]}"#),
            status(200),
            fetch("gw1", r#"{"deploymentIds":[$(32764 ids),""]}"#),
            refused(500),
        ]),
    case("platform-8.3-answer", "POST /artifacts/exists", "One element for each requested, in that order, duplicates repeated.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("gw1", EXISTS, r#"{"artifactIds":["$(artifact)","$(nobody)","$(artifact)","",""]}"#),
            gives(200, r#"{"artifacts":[{"artifactId":"$(artifact)","exists":true},{"artifactId":"$(nobody)","exists":false},{"artifactId":"$(artifact)","exists":true},{"artifactId":"","exists":false},{"artifactId":"","exists":false}]}"#),
        ]),
    case("platform-8.3-missing", "POST /artifacts/exists", "Without the list it is refused.").given(&[ACME, GW1]).steps(&[
        ask("gw1", EXISTS, "{}"),
        refuses(400, NO_IDS),
        ask("gw1", EXISTS, r#"{"artifactIds":null}"#),
        refuses(400, NO_IDS),
    ]),
    case("platform-8.3-empty-list", "POST /artifacts/exists", "With an empty list it is refused.").given(&[ACME, GW1]).steps(&[
        ask("gw1", EXISTS, r#"{"artifactIds":[]}"#),
        refuses(400, NO_IDS),
    ]),
    case("platform-8.3-wrong-type", "POST /artifacts/exists", "With elements that are no texts it is refused.").given(&[ACME, GW1]).steps(&[
        ask("gw1", EXISTS, r#"{"artifactIds":[7]}"#),
        refuses(400, NO_IDS),
        ask("gw1", EXISTS, r#"{"artifactIds":"x"}"#),
        refuses(400, NO_IDS),
        ask("gw1", EXISTS, "x"),
        refuses(400, NO_IDS),
    ]),
    case("platform-8.3-case", "POST /artifacts/exists", "A match is exact, to the case of the letters.").of("rest-api").given(AWAY).steps(&[
        ask("gw1", EXISTS, r#"{"artifactIds":["$(artifact in capitals)","{$(artifact)}"]}"#),
        gives(200, r#"{"artifacts":[{"artifactId":"$(artifact in capitals)","exists":false},{"artifactId":"{$(artifact)}","exists":false}]}"#),
    ]),
    case("platform-8.3-kinds", "POST /artifacts/exists", "Every kind, deployed on the gateway or not; a delete makes it false.").each().given(&[ACME, GW1, NEW, D1, GW2]).steps(&[
        ask("gw2", EXISTS, r#"{"artifactIds":["$(artifact)"]}"#),
        gives(200, r#"{"artifacts":[{"artifactId":"$(artifact)","exists":true}]}"#),
        ask("alice", DELETE, ""),
        status(204),
        ask("gw2", EXISTS, r#"{"artifactIds":["$(artifact)"]}"#),
        gives(200, r#"{"artifacts":[{"artifactId":"$(artifact)","exists":false}]}"#),
    ]),
    case("platform-8.3-no-deployment", "POST /artifacts/exists", "It says nothing of deployments: one whose deployment was deleted exists (issue 3).")
        .each()
        .given(AWAY)
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            ask("alice", DELETE_D1, ""),
            status(204),
            ask("gw1", LIST, ""),
            gives(200, r#"{"deployments":[]}"#),
            ask("gw1", EXISTS, r#"{"artifactIds":["$(artifact)"]}"#),
            gives(200, r#"{"artifacts":[{"artifactId":"$(artifact)","exists":true}]}"#),
        ]),
    case("platform-8.3-tenant", "POST /artifacts/exists", "Another organisation's artifact doesn't exist.").of("rest-api").given(&[ACME, GW1, NEW, D1, OTHER, GW9]).steps(&[
        ask("gw9", EXISTS, r#"{"artifactIds":["$(artifact)"]}"#),
        gives(200, r#"{"artifacts":[{"artifactId":"$(artifact)","exists":false}]}"#),
    ]),
    case("platform-8.3-limit-sqlite", "POST /artifacts/exists", "The identifiers and the organisation are bound: 32,765 pass SQLite, 32,766 don't.")
        .given(&[ACME, GW1])
        .steps(&[
            ask("gw1", EXISTS, r#"{"artifactIds":[$(32764 ids),""]}"#),
            status(200),
            ask("gw1", EXISTS, r#"{"artifactIds":[$(32764 ids),"",""]}"#),
            refused(500),
        ]),
    case("platform-8.3-limit-postgres", "POST /artifacts/exists", "65,534 pass Postgres, 65,535 don't.").postgres().given(&[ACME, GW1]).steps(&[
        ask("gw1", EXISTS, r#"{"artifactIds":[$(32764 ids),$(32764 ids),"","","","","",""]}"#),
        status(200),
        ask("gw1", EXISTS, r#"{"artifactIds":[$(32764 ids),$(32764 ids),"","","","","","",""]}"#),
        refused(500),
    ]),
    case("platform-8.3-store-fails", "POST /artifacts/exists", "A failed statement is a 500.").given(&[ACME, GW1]).steps(&[
        Step::Fails("platform store.find-artifacts"),
        ask("gw1", EXISTS, r#"{"artifactIds":["x"]}"#),
        refused(500),
    ]),
    case("platform-8.3-before-fix", "POST /artifacts/exists", "Before the fix there is no such route, and not even a gateway gets past the user's token.")
        .design("before-fix")
        .given(&[ACME, GW1])
        .steps(&[
            ask("gw1", EXISTS, r#"{"artifactIds":["x"]}"#),
            gives(401, r#"{"error":"Authorization header is required"}"#),
        ]),
    case("platform-8.4-rest", "GET /apis/api-keys", "A key as a list has it: hashes are an object here.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, &[ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#), status(201)]])
        .steps(&[ask("gw1", "GET /api/internal/v1/apis/api-keys", ""), gives(200, concat!("[", key!("one", "active"), "]"))]),
    case("platform-8.4-llm-provider", "GET /llm-providers/api-keys", "Those of LLM providers, and of no other kind.")
        .of("llm-provider")
        .given(&[ACME, GW1, NEW, D1, &[ask("alice", "POST /api/v1/llm-providers/openai/api-keys", r#"{"name":"one"}"#), status(201)]])
        .steps(&[
            ask("gw1", "GET /api/internal/v1/llm-providers/api-keys", ""),
            gives(200, concat!("[", key!("one", "active"), "]")),
            ask("gw1", "GET /api/internal/v1/llm-proxies/api-keys", ""),
            gives(200, "[]"),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, "[]"),
        ]),
    case("platform-8.4-llm-proxy", "GET /llm-proxies/api-keys", "Those of LLM proxies, and of no other kind.")
        .of("llm-proxy")
        .given(&[ACME, GW1, NEW, D1, &[ask("alice", "POST /api/v1/llm-proxies/chat/api-keys", r#"{"name":"one"}"#), status(201)]])
        .steps(&[
            ask("gw1", "GET /api/internal/v1/llm-proxies/api-keys", ""),
            gives(200, concat!("[", key!("one", "active"), "]")),
            ask("gw1", "GET /api/internal/v1/llm-providers/api-keys", ""),
            gives(200, "[]"),
        ]),
    case("platform-8.4-no-mcp", "no MCP variant", "There is no list of MCP keys.").given(&[ACME, GW1]).steps(&[
        ask("gw1", "GET /api/internal/v1/mcp-proxies/api-keys", ""),
        refused(404),
    ]),
    case("platform-8.4-row", "deployment_status", "Only while the artifact has a status row on the gateway, deployed or undeployed.")
        .of("rest-api")
        .given(&[ACME, GW1, GW2, LINE1, NEW, D1_TOLD, &[ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#), status(201)]])
        .steps(&[
            ask("gw2", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, "[]"),
            ask("alice", UNDEPLOY, ""),
            status(200),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, r#"["<any>"]"#),
            ask("alice", DELETE_D1, ""),
            status(204),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, "[]"),
        ]),
    case("platform-8.4-order", "order", "The newest first; revoked and expired ones too.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"a","name":"one"}"#),
            status(201),
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"b","name":"two","expiresAt":"2020-01-01T00:00:00Z"}"#),
            status(201),
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"c","name":"three"}"#),
            status(201),
            ask("alice", "DELETE /api/v1/rest-apis/petstore/api-keys/one", ""),
            status(204),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, concat!(
                "[", key!("three", "active"),
                r#",{"etag":"<any>","uuid":"<any>","name":"two","maskedApiKey":"<any>","apiKeyHashes":"<any>","artifactUuid":"<any>","status":"active","createdAt":"<any>","createdBy":"<any>","updatedAt":"<any>","expiresAt":"2020-01-01T00:00:00Z","source":"<any>","externalRefId":"<any>"},"#,
                key!("one", "revoked"), "]"
            )),
        ]),
    case("platform-8.4-issuer", "issuer", "An issuer is matched exactly.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"a","name":"one","issuer":"us"}"#),
            status(201),
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"b","name":"two"}"#),
            status(201),
            ask("gw1", "GET /api/internal/v1/apis/api-keys?issuer=us", ""),
            gives(200, r#"[{"etag":"<any>","uuid":"<any>","name":"one","maskedApiKey":"<any>","apiKeyHashes":"<any>","artifactUuid":"<any>","status":"active","createdAt":"<any>","createdBy":"<any>","updatedAt":"<any>","expiresAt":null,"source":"external","externalRefId":null,"issuer":"us"}]"#),
            ask("gw1", "GET /api/internal/v1/apis/api-keys?issuer=US", ""),
            gives(200, "[]"),
        ]),
    case("platform-8.4-targets", "allowed_targets", "Targets are not looked at.")
        .of("llm-provider")
        .given(&[ACME, GW1, GW2, NEW, D1])
        .steps(&[
            ask("alice", "POST /api/v1/llm-providers/openai/api-keys", r#"{"name":"one","allowedTargets":"gw2"}"#),
            status(201),
            ask("gw1", "GET /api/internal/v1/llm-providers/api-keys", ""),
            gives(200, concat!("[", key!("one", "active"), "]")),
        ]),
    case("platform-8.4-etag", "etag", "A digest of artifact, name and the instant of the last change, to the nanosecond.")
        .of("llm-provider")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", "POST /api/v1/llm-providers/openai/api-keys", r#"{"name":"one"}"#),
            status(201),
            ask("gw1", "GET /api/internal/v1/llm-providers/api-keys", ""),
            gives(200, concat!("[", key!("one", "active"), "]")),
            Step::KeyEtag { etag: "etag", artifact: "artifact", name: "one", updated: "updated" },
        ]),
    case("platform-8-empty-body", "bodies", "What is posted without a body is refused, not missed.").given(&[ACME, GW1]).steps(&[
        ask("gw1", EXISTS, ""),
        refuses(400, NO_IDS),
        Step::Accepting { accept: TAR, by: "gw1", call: BATCH, body: "" },
        Step::Gives(400, Body::Any),
    ]),
];
