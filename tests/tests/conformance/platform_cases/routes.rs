//! platform.md sections 3.2, 3.3, 3.6, 4.1 to 4.3, 8 and 9: which artifact a route finds, what it needs to be
//! told, where its limits are, and which routes there aren't.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, refuses, status};
use super::given::*;

/// What who shows no token is told.
const NO_TOKEN: &str = "API key is required. Provide 'api-key' header.";

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-3.3-kind-unchecked-rest", "restore", "The route of REST APIs restores an LLM provider, and tells of a REST API.")
        .of("llm-provider")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            Step::InOrder(&["gw1"], "llmprovider.undeployed"),
            ask("alice", "POST /api/v1/rest-apis/openai/deployments/restore?deploymentId=$(d1)&gatewayId=$(gw1)", ""),
            gives(200, deployment!("$(d1)", "DEPLOYED")),
            Step::Hears("gw1", r#"{"type":"api.deployed","payload":{"apiId":"$(artifact)","deploymentId":"$(d1)","performedAt":"<millis>"},"timestamp":"<seconds>","correlationId":"<uuid4>"}"#),
        ]),
    case("platform-3.6-lookup-any-kind-verbs", "handle -> uuid lookup", "The routes of REST APIs show, undeploy and delete deployments of any kind, and tell of a REST API.")
        .of("mcp-proxy")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", "GET /api/v1/rest-apis/tools/deployments/$(d1)", ""),
            gives(200, deployment!("$(d1)", "DEPLOYED")),
            ask("alice", "POST /api/v1/rest-apis/tools/deployments/undeploy?deploymentId=$(d1)&gatewayId=$(gw1)", ""),
            gives(200, deployment!("$(d1)", "UNDEPLOYED")),
            Step::Hears("gw1", r#"{"type":"api.undeployed","payload":{"apiId":"$(artifact)","deploymentId":"$(d1)","performedAt":"<millis>"},"timestamp":"<seconds>","correlationId":"<uuid4>"}"#),
            ask("alice", "DELETE /api/v1/rest-apis/tools/deployments/$(d1)", ""),
            Step::Gives(204, Body::Empty),
        ]),
    case("platform-3.6-lookup-own-kind-verbs", "handle -> uuid lookup", "Those of LLM providers and proxies find nothing of another kind, whatever is asked for.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", "POST /api/v1/llm-providers/petstore/deployments", NOW),
            refused(404),
            ask("alice", "POST /api/v1/llm-proxies/petstore/deployments", NOW),
            refused(404),
            ask("alice", "POST /api/v1/llm-providers/petstore/deployments/undeploy?deploymentId=$(d1)&gatewayId=$(gw1)", ""),
            refused(404),
            ask("alice", "POST /api/v1/llm-proxies/petstore/deployments/restore?deploymentId=$(d1)&gatewayId=$(gw1)", ""),
            refused(404),
            ask("alice", "GET /api/v1/llm-providers/petstore/deployments/$(d1)", ""),
            refused(404),
            ask("alice", "DELETE /api/v1/llm-proxies/petstore/deployments/$(d1)", ""),
            refused(404),
        ]),
    case("platform-3.6-unknown-handle-verbs", "unknown handle on deployment routes", "For REST APIs and MCP proxies it is a 500, for LLM providers and proxies a 404, on each of the routes.")
        .given(&[ACME, GW1])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/none/deployments/undeploy?deploymentId=$(nobody)&gatewayId=$(gw1)", ""),
            refused(500),
            ask("alice", "POST /api/v1/mcp-proxies/none/deployments/undeploy?deploymentId=$(nobody)&gatewayId=$(gw1)", ""),
            refused(500),
            ask("alice", "POST /api/v1/rest-apis/none/deployments/restore?deploymentId=$(nobody)&gatewayId=$(gw1)", ""),
            refused(500),
            ask("alice", "POST /api/v1/mcp-proxies/none/deployments/restore?deploymentId=$(nobody)&gatewayId=$(gw1)", ""),
            refused(500),
            ask("alice", "DELETE /api/v1/rest-apis/none/deployments/$(nobody)", ""),
            refused(500),
            ask("alice", "DELETE /api/v1/mcp-proxies/none/deployments/$(nobody)", ""),
            refused(500),
            ask("alice", "POST /api/v1/llm-providers/none/deployments/undeploy?deploymentId=$(nobody)&gatewayId=$(gw1)", ""),
            refused(404),
            ask("alice", "POST /api/v1/llm-proxies/none/deployments/restore?deploymentId=$(nobody)&gatewayId=$(gw1)", ""),
            refused(404),
            ask("alice", "DELETE /api/v1/llm-providers/none/deployments/$(nobody)", ""),
            refused(404),
        ]),
    case("platform-3.6-other-kinds", "WebSubApi", "A REST API of another kind can't be made; letters may be of either case.").given(&[ACME]).steps(&[
        ask("alice", "POST /api/v1/rest-apis", r#"{"id":"b","name":"b","version":"v1","context":"/b","projectId":"$(project)","kind":"WebSubApi","upstream":{"main":{"url":"http://up"}}}"#),
        status(400),
        ask("alice", "POST /api/v1/rest-apis", r#"{"id":"b","name":"b","version":"v1","context":"/b","projectId":"$(project)","kind":"LlmProxy","upstream":{"main":{"url":"http://up"}}}"#),
        status(400),
        ask("alice", "POST /api/v1/rest-apis", r#"{"id":"b","name":"b","version":"v1","context":"/b","projectId":"$(project)","kind":"restAPI","upstream":{"main":{"url":"http://up"}}}"#),
        status(201),
    ]),
    case("platform-4.1-project-name", "POST, PUT /projects", "A project needs a name.").given(&[ACME]).steps(&[
        ask("alice", "POST /api/v1/projects", "{}"),
        refused(400),
        ask("alice", "PUT /api/v1/projects/$(project)", r#"{"name":""}"#),
        refused(400),
    ]),
    case("platform-4.1-project-organisation", "POST /projects", "A project of an unknown organisation is refused.").steps(&[
        ask("alice", "POST /api/v1/projects", r#"{"name":"first"}"#),
        refused(404),
    ]),
    case("platform-4.1-gateway-missing", "POST /gateways", "A gateway needs a name, a name for people, a virtual host and a type.").given(&[ACME]).steps(&[
        ask("alice", "POST /api/v1/gateways", r#"{"displayName":"G","vhost":"v","functionalityType":"regular"}"#),
        refused(400),
        ask("alice", "POST /api/v1/gateways", r#"{"name":"gw1","vhost":"v","functionalityType":"regular"}"#),
        refused(400),
        ask("alice", "POST /api/v1/gateways", r#"{"name":"gw1","displayName":"G","functionalityType":"regular"}"#),
        refused(400),
        ask("alice", "POST /api/v1/gateways", r#"{"name":"gw1","displayName":"G","vhost":"v"}"#),
        refused(400),
    ]),
    case("platform-4.1-gateway-optional", "POST /gateways", "Description, criticality and properties may be said.").given(&[ACME]).steps(&[
        ask("alice", "POST /api/v1/gateways", r#"{"name":"gw1","displayName":"One","vhost":"v","functionalityType":"ai","description":"first","isCritical":true,"properties":{"a":1}}"#),
        gives(201, r#"{"id":"<uuid7>","organizationId":"$(acme)","name":"gw1","displayName":"One","description":"first","vhost":"v","isCritical":true,"functionalityType":"ai","isActive":false,"properties":{"a":1},"createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
    ]),
    case("platform-4.1-token-of-another", "DELETE /gateways/{id}/tokens/{tokenId}", "A token is revoked under its own gateway only.").given(&[ACME, GW1, GW2]).steps(&[
        ask("alice", "DELETE /api/v1/gateways/$(gw2)/tokens/$(token1)", ""),
        refused(404),
        ask("gw1", LIST, ""),
        status(200),
    ]),
    case("platform-4.2-missing", "create", "What lacks everything is a mistake in the request.").each().given(&[ACME]).steps(&[
        ask("alice", "POST /api/v1/$(public)", "{}"),
        status(400),
        ask("alice", "POST /api/v1/$(public)", "["),
        status(400),
        ask("alice", "GET /api/v1/$(public)", ""),
        gives(200, r#"{"count":0,"list":[]}"#),
    ]),
    case("platform-4.2-missing-fields-llm", "create", "So is an LLM provider without template, and an LLM proxy without a provider.").given(&[ACME]).steps(&[
        ask("alice", "POST /api/v1/llm-providers", r#"{"id":"a","name":"a","version":"v1","upstream":{"url":"http://up"},"accessControl":{}}"#),
        refused(400),
        ask("alice", "POST /api/v1/llm-providers", r#"{"id":"a","name":"a","version":"v1","template":"gpt","accessControl":{}}"#),
        refused(400),
        ask("alice", "POST /api/v1/llm-providers", r#"{"id":"a","name":"a","version":"v1","template":"gpt","upstream":{"url":"http://up"}}"#),
        refused(400),
        ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"a","name":"a","version":"v1","projectId":"$(project)"}"#),
        refused(400),
        ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"a","name":"a","version":"v1","upstream":{}}"#),
        refused(400),
    ]),
    case("platform-4.2-shown", "read", "An artifact is shown under its handle, as it was said; its identifier isn't shown.").each().given(&[ACME, NEW]).steps(&[
        ask("alice", "GET /api/v1/$(public)/$(handle)", ""),
        gives(200, "$(shown)"),
        ask("alice", "GET /api/v1/$(public)", ""),
        gives(200, r#"{"count":1,"list":[$(shown)]}"#),
    ]),
    case("platform-4.3-list-limit-gateways", "GET /deployments", "The cut is for each gateway by itself, and is a setting.")
        .set(&[("deployments.max_per_api_gateway", "2")])
        .of("rest-api")
        .given(&[ACME, GW1, GW2, NEW])
        .steps(&[
            Step::Repeat(3, &[ask("alice", DEPLOYMENTS, NOW), status(201)]),
            ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"current","gatewayId":"$(gw2)"}"#),
            status(201),
            ask("alice", "GET /api/v1/rest-apis/petstore/deployments", ""),
            gives(200, r#"{"count":3,"list":["<any>","<any>","<any>"]}"#),
            ask("alice", "GET /api/v1/rest-apis/petstore/deployments?gatewayId=$(gw1)", ""),
            gives(200, r#"{"count":2,"list":["<any>","<any>"]}"#),
        ]),
    case("platform-3.2-limit-setting", "step 3, limit", "The hard limit is 5 above the setting.")
        .set(&[("deployments.max_per_api_gateway", "2")])
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            Step::Repeat(6, &[ask("alice", DEPLOYMENTS, NOW), status(201)]),
            ask("alice", SHOW_D1, ""),
            status(200),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            ask("alice", SHOW_D1, ""),
            status(404),
        ]),
    case("platform-8-no-token-definitions", "auth", "Without a token no route of any kind is open.").each().given(&[ACME, GW1, NEW, D1]).steps(&[
        ask("nobody", "GET /api/internal/v1/$(internal)/$(artifact)", ""),
        refuses(401, NO_TOKEN),
        ask("alice", "GET /api/internal/v1/$(internal)/$(artifact)", ""),
        refuses(401, NO_TOKEN),
    ]),
    case("platform-8.5-no-applications", "applications", "There is no list of applications for gateways, not even an exempt path.").given(&[ACME, GW1]).steps(&[
        ask("gw1", "GET /api/internal/v1/applications", ""),
        status(401),
        ask("alice", "GET /api/internal/v1/applications", ""),
        status(404),
    ]),
    case("platform-9-overridden-paths", "JWT_SKIP_PATHS", "A deployment that overrides the list of exempt paths goes on refusing the question whether artifacts exist.")
        .set(&[("jwt.skip_artifacts", "false")])
        .given(&[ACME, GW1])
        .steps(&[
            ask("gw1", "POST /api/internal/v1/artifacts/exists", r#"{"artifactIds":["x"]}"#),
            gives(401, r#"{"error":"Authorization header is required"}"#),
            ask("gw1", LIST, ""),
            status(200),
        ]),
    case("platform-8.2-limit-postgres", "POST /deployments/fetch-batch", "65,533 pass Postgres, 65,534 don't.").postgres().given(&[ACME, GW1]).steps(&[
        Step::Accepting { accept: "application/x-tar+gzip", by: "gw1", call: "POST /api/internal/v1/deployments/fetch-batch", body: r#"{"deploymentIds":[$(32764 ids),$(32764 ids),"","","","",""]}"# },
        status(200),
        Step::Accepting { accept: "application/x-tar+gzip", by: "gw1", call: "POST /api/internal/v1/deployments/fetch-batch", body: r#"{"deploymentIds":[$(32764 ids),$(32764 ids),"","","","","",""]}"# },
        refused(500),
    ]),
    case("platform-8-large-body", "bodies", "A body may be as large as it likes.").given(&[ACME, GW1]).steps(&[
        ask("gw1", "POST /api/internal/v1/artifacts/exists", r#"{"artifactIds":["$(mebibyte)$(mebibyte)$(mebibyte)"]}"#),
        status(200),
    ]),
    case("platform-8.1-removed", "`since`", "What has gone is not in the list, and nothing says so.").of("rest-api").given(&[ACME, GW1, NEW, D1]).steps(&[
        ask("alice", UNDEPLOY, ""),
        status(200),
        ask("alice", DELETE_D1, ""),
        status(204),
        ask("gw1", "GET /api/internal/v1/deployments?since=2025-01-01T00:00:00Z", ""),
        gives(200, r#"{"deployments":[]}"#),
    ]),
];
