//! platform.md section 3: the artifact lifecycle.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, status};
use super::given::*;

/// `gw1` is connected and has `d1`.
const LIVE: &[&[Step]] = &[ACME, GW1, LINE1, NEW, D1_TOLD];
/// `gw1` has `d1` and is not connected.
const AWAY: &[&[Step]] = &[ACME, GW1, NEW, D1];

/// A failed one.
const FAILED: Step = Step::Says("gw1", ack!("deploy", "failed"));
/// `d1` as users see it, unchanged.
const STILL_DEPLOYED: &[Step] =
    &[Step::Passes(1), ask("alice", SHOW_D1, ""), gives(200, deployment!("$(d1)", "DEPLOYED"))];

/// The cases of section 3.
pub const CASES: &[Case<Step>] = &[
    case("platform-3.1-deploy", "deploy", "A deployment is DEPLOYED at once, and its gateway is told; the one before is ARCHIVED.")
        .each()
        .given(LIVE)
        .steps(&[
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d2>", "DEPLOYED")),
            Step::Hears("gw1", told!("deployed", "$(d2)", "<millis as at2>")),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "ARCHIVED")),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d2)", "DEPLOYED", "$(at2)"))),
            Step::Silent("gw1"),
        ]),
    case("platform-3.1-undeploy", "undeploy", "The row is kept and says UNDEPLOYED; the gateway is told.")
        .each()
        .given(LIVE)
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            gives(200, deployment!("$(d1)", "UNDEPLOYED")),
            Step::Hears("gw1", told!("undeployed", "$(d1)", "<millis as at2>")),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "UNDEPLOYED", "$(at2)"))),
            Step::Differ("at", "at2"),
        ]),
    case("platform-3.1-restore-undeployed", "restore", "What was undeployed is DEPLOYED again, by an event that says deployed.")
        .each()
        .given(LIVE)
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            Step::Hears("gw1", told!("undeployed", "$(d1)")),
            ask("alice", RESTORE, ""),
            gives(200, deployment!("$(d1)", "DEPLOYED")),
            Step::Hears("gw1", told!("deployed", "$(d1)", "<millis as at2>")),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "$(at2)"))),
        ]),
    case("platform-3.1-restore-archived", "restore", "An archived deployment becomes the current one, and the current one archived.")
        .each()
        .given(&[ACME, GW1, NEW, D1, D2])
        .steps(&[
            ask("alice", RESTORE, ""),
            gives(200, deployment!("$(d1)", "DEPLOYED")),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments/$(d2)", ""),
            gives(200, deployment!("$(d2)", "ARCHIVED")),
        ]),
    case("platform-3.1-delete-undeployed", "delete deployment", "Deleting the current deployment takes the status row along and tells nobody.")
        .each()
        .given(LIVE)
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            Step::Hears("gw1", told!("undeployed", "$(d1)")),
            ask("alice", DELETE_D1, ""),
            Step::Gives(204, Body::Empty),
            Step::Silent("gw1"),
            ask("gw1", LIST, ""),
            gives(200, r#"{"deployments":[]}"#),
        ]),
    case("platform-3.1-delete-archived", "delete deployment", "Deleting an archived deployment leaves the current one.")
        .each()
        .given(&[ACME, GW1, NEW, D1, D2])
        .steps(&[
            ask("alice", DELETE_D1, ""),
            Step::Gives(204, Body::Empty),
            ask("alice", SHOW_D1, ""),
            refused(404),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d2)", "DEPLOYED", "<millis>"))),
        ]),
    case("platform-3.1-delete-failed", "delete deployment", "A FAILED deployment can be deleted.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[FAILED, Step::Passes(1), ask("alice", DELETE_D1, ""), Step::Gives(204, Body::Empty)]),
    case("platform-3.1-failure-ack", "failure ack with equal performed_at", "The row is FAILED with the error code as its reason, and keeps its instant.")
        .each()
        .given(LIVE)
        .steps(&[
            FAILED,
            Step::Passes(1),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "FAILED", r#""GATEWAY_PROCESSING_ERROR""#)),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "FAILED", "$(at)"))),
        ]),
    case("platform-3.1-success-ack", "success ack", "A success changes nothing while statuses are final from the start.")
        .each()
        .given(LIVE)
        .steps(&[
            Step::Says("gw1", ack!("deploy", "success")),
            Step::Says("gw1", ack!("undeploy", "success")),
            Step::Repeat(1, STILL_DEPLOYED),
        ]),
    case("platform-3.1-restore-failed", "restore", "A FAILED deployment can be restored, and its reason is gone.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            FAILED,
            Step::Passes(1),
            ask("alice", RESTORE, ""),
            gives(200, deployment!("$(d1)", "DEPLOYED")),
            Step::Hears("gw1", told!("deployed", "$(d1)")),
        ]),
    case("platform-3.2-no-name", "step 1, validation", "A deploy without a name is refused.")
        .each()
        .given(&[ACME, GW1, NEW])
        .steps(&[ask("alice", DEPLOYMENTS, r#"{"base":"current","gatewayId":"$(gw1)"}"#), refused(400)]),
    case("platform-3.2-no-base", "step 1, validation", "A deploy without a base is refused.")
        .each()
        .given(&[ACME, GW1, NEW])
        .steps(&[ask("alice", DEPLOYMENTS, r#"{"name":"one","gatewayId":"$(gw1)"}"#), refused(400)]),
    case("platform-3.2-no-gateway", "step 1, validation", "A deploy without a gateway is refused.")
        .each()
        .given(&[ACME, GW1, NEW])
        .steps(&[ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"current"}"#), refused(400)]),
    case("platform-3.2-unknown-gateway", "step 1, gateway", "A gateway that doesn't exist is unknown.")
        .each()
        .given(&[ACME, GW1, NEW])
        .steps(&[
            ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"current","gatewayId":"$(nobody)"}"#),
            refused(404),
        ]),
    case("platform-3.2-foreign-gateway", "step 1, gateway", "A gateway of another organisation is unknown.")
        .each()
        .given(&[ACME, OTHER, GW9, NEW])
        .steps(&[
            ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"current","gatewayId":"$(gw9)"}"#),
            refused(404),
        ]),
    case("platform-3.2-unknown-base", "step 2, base", "A base that is no deployment is unknown.")
        .each()
        .given(&[ACME, GW1, NEW])
        .steps(&[
            ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"$(nobody)","gatewayId":"$(gw1)"}"#),
            refused(404),
        ]),
    case("platform-3.2-base-of-another", "step 2, base", "A base must be a deployment of the same artifact.")
        .of("rest-api")
        .given(&[
            ACME,
            GW1,
            NEW,
            D1,
            &[ask("alice", "POST /api/v1/llm-providers", "$(a llm-provider)"), status(201)],
        ])
        .steps(&[
            ask(
                "alice",
                "POST /api/v1/llm-providers/openai/deployments",
                r#"{"name":"one","base":"$(d1)","gatewayId":"$(gw1)"}"#,
            ),
            refused(404),
        ]),
    case("platform-3.2-base-content", "step 2, base", "The content of the base is used, from any gateway and in any state, whatever is configured now.")
        .of("rest-api")
        .given(&[ACME, GW1, GW2, NEW, D1, D2])
        .steps(&[
            ask("alice", "PUT /api/v1/rest-apis/petstore", r#"{"context":"/animals"}"#),
            status(200),
            ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"$(d1)","gatewayId":"$(gw2)"}"#),
            gives(
                201,
                r#"{"deploymentId":"<uuid7>","name":"one","gatewayId":"$(gw2)","status":"DEPLOYED","statusReason":null,"baseDeploymentId":"$(d1)","createdAt":"<nanos>","updatedAt":"<nanos>"}"#,
            ),
            ask("gw2", "GET /api/internal/v1/apis/$(artifact)", ""),
            Step::Zip("api-$(artifact).yaml", &["context: /pets"]),
        ]),
    case("platform-3.2-current-content", "step 2, base", "`current` is what is configured now.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("alice", "PUT /api/v1/rest-apis/petstore", r#"{"context":"/animals"}"#),
            status(200),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            ask("gw1", "GET /api/internal/v1/apis/$(artifact)", ""),
            Step::Zip("api-$(artifact).yaml", &["context: /animals"]),
        ]),
    case("platform-3.2-rest-overrides", "step 2, metadata", "A deploy of a REST API may override endpoint and virtual host, and shows its metadata.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask(
                "alice",
                DEPLOYMENTS,
                r#"{"name":"one","base":"current","gatewayId":"$(gw1)","metadata":{"endpointUrl":"http://there","vhostMain":"pets.example.org"}}"#,
            ),
            gives(
                201,
                r#"{"deploymentId":"<uuid7>","name":"one","gatewayId":"$(gw1)","status":"DEPLOYED","statusReason":null,"baseDeploymentId":null,"metadata":{"endpointUrl":"http://there","vhostMain":"pets.example.org"},"createdAt":"<nanos>","updatedAt":"<nanos>"}"#,
            ),
            ask("gw1", "GET /api/internal/v1/apis/$(artifact)", ""),
            Step::Zip("api-$(artifact).yaml", &["url: http://there", "main: pets.example.org"]),
            // They are instead of what is configured, and not beside it.
            Step::ZipLacks(&["url: http://up", "main: _gateway_default_"]),
        ]),
    case("platform-3.2-rest-bad-override", "step 2, metadata", "A bad override of a REST API is a 500.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"current","gatewayId":"$(gw1)","metadata":{"endpointUrl":7}}"#),
            refused(500),
        ]),
    case("platform-3.2-vhost-sentinel", "step 2, `current`", "Without an override the virtual host is a sentinel.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("gw1", "GET /api/internal/v1/apis/$(artifact)", ""),
            Step::Zip("api-$(artifact).yaml", &["main: _gateway_default_"]),
        ]),
    case("platform-3.2-mcp-override", "step 2, metadata", "A deploy of an MCP proxy may override its endpoint.")
        .of("mcp-proxy")
        .given(AWAY)
        .steps(&[
            ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"current","gatewayId":"$(gw1)","metadata":{"endpointUrl":"http://there"}}"#),
            status(201),
            ask("gw1", "GET /api/internal/v1/mcp-proxies/$(artifact)", ""),
            Step::Zip("mcp-proxy-$(artifact).yaml", &["url: http://there"]),
            Step::ZipLacks(&["url: http://up"]),
        ]),
    case("platform-3.2-mcp-bad-override", "step 2, metadata", "A bad override of an MCP proxy is a 400.")
        .of("mcp-proxy")
        .given(AWAY)
        .steps(&[
            ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"current","gatewayId":"$(gw1)","metadata":{"endpointUrl":7}}"#),
            refused(400),
        ]),
    case("platform-3.2-llm-metadata", "step 2, metadata", "The metadata of LLM providers is kept and not interpreted.")
        .of("llm-provider")
        .given(AWAY)
        .steps(&[
            ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"current","gatewayId":"$(gw1)","metadata":{"endpointUrl":7}}"#),
            status(201),
            ask("gw1", "GET /api/internal/v1/llm-providers/$(artifact)", ""),
            Step::Zip("llm-provider-$(artifact).yaml", &["url: http://up"]),
        ]),
    case("platform-3.2-limit", "step 3, limit", "At 25 deployments the 5 oldest archived ones go before the next is inserted.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d2>", "DEPLOYED")),
            Step::Repeat(3, &[ask("alice", DEPLOYMENTS, NOW), gives(201, deployment!("<uuid7 as d5>", "DEPLOYED"))]),
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d6>", "DEPLOYED")),
            Step::Repeat(19, &[ask("alice", DEPLOYMENTS, NOW), status(201)]),
            ask("alice", SHOW_D1, ""),
            status(200),
            // The 26th.
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            ask("alice", SHOW_D1, ""),
            status(404),
            ask("alice", "GET /api/v1/rest-apis/petstore/deployments/$(d5)", ""),
            status(404),
            ask("alice", "GET /api/v1/rest-apis/petstore/deployments/$(d6)", ""),
            status(200),
        ]),
    case("platform-3.2-limit-spares-current", "step 3, limit", "The current deployment never goes, however old.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            Step::Repeat(24, &[ask("alice", DEPLOYMENTS, NOW), status(201)]),
            ask("alice", RESTORE, ""),
            status(200),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "ARCHIVED")),
        ]),
    case("platform-3.2-instant", "step 5", "The event and the list have the same instant, in whole milliseconds.")
        .each()
        .given(LIVE)
        .steps(&[ask("gw1", LIST, ""), gives(200, listed!(("$(d1)", "DEPLOYED", "$(at)")))]),
    case("platform-3.2-not-connected", "step 6", "A gateway that isn't connected fails nothing.")
        .each()
        .given(&[ACME, GW1, NEW])
        .steps(&[ask("alice", DEPLOYMENTS, NOW), gives(201, deployment!("<uuid7>", "DEPLOYED"))]),
    case("platform-3.3-unknown", "restore", "A deployment that doesn't exist is unknown.")
        .each()
        .given(AWAY)
        .steps(&[
            ask("alice", "POST /api/v1/$(public)/$(handle)/deployments/restore?deploymentId=$(nobody)&gatewayId=$(gw1)", ""),
            refused(404),
        ]),
    case("platform-3.3-other-gateway", "restore", "A gateway that isn't the deployment's is refused.")
        .each()
        .given(&[ACME, GW1, GW2, NEW, D1, D2])
        .steps(&[
            ask("alice", "POST /api/v1/$(public)/$(handle)/deployments/restore?deploymentId=$(d1)&gatewayId=$(gw2)", ""),
            refused(400),
        ]),
    case("platform-3.3-already", "restore", "What is current and DEPLOYED can't be restored.")
        .each()
        .given(AWAY)
        .steps(&[ask("alice", RESTORE, ""), refused(409)]),
    case("platform-3.3-same-deployment", "restore", "No new deployment is made, and its creation stays where it was.")
        .each()
        .given(&[ACME, GW1, NEW, D1, D2])
        .steps(&[
            ask("alice", SHOW_D1, ""),
            gives(200, r#"{"deploymentId":"$(d1)","name":"one","gatewayId":"$(gw1)","status":"ARCHIVED","statusReason":null,"baseDeploymentId":null,"createdAt":"<nanos as created>","updatedAt":null}"#),
            ask("alice", RESTORE, ""),
            gives(200, r#"{"deploymentId":"$(d1)","name":"one","gatewayId":"$(gw1)","status":"DEPLOYED","statusReason":null,"baseDeploymentId":null,"createdAt":"$(created)","updatedAt":"<nanos>"}"#),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments", ""),
            gives(200, r#"{"count":2,"list":["<any>","<any>"]}"#),
        ]),
    case("platform-3.3-kind-unchecked", "restore", "The route of MCP proxies restores a REST API, and tells of an MCP proxy.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            Step::Hears("gw1", told!("undeployed", "$(d1)")),
            ask("alice", "POST /api/v1/mcp-proxies/petstore/deployments/restore?deploymentId=$(d1)&gatewayId=$(gw1)", ""),
            status(200),
            Step::Hears(
                "gw1",
                r#"{"type":"mcpproxy.deployed","payload":{"proxyId":"$(artifact)","deploymentId":"$(d1)","performedAt":"<millis>"},"timestamp":"<seconds>","correlationId":"<uuid4>"}"#,
            ),
        ]),
    case("platform-3.4-unknown", "undeploy", "A deployment that doesn't exist is unknown.")
        .each()
        .given(AWAY)
        .steps(&[
            ask("alice", "POST /api/v1/$(public)/$(handle)/deployments/undeploy?deploymentId=$(nobody)&gatewayId=$(gw1)", ""),
            refused(404),
        ]),
    case("platform-3.4-other-gateway", "undeploy", "A gateway that isn't the deployment's is refused.")
        .each()
        .given(&[ACME, GW1, GW2, NEW, D1])
        .steps(&[
            ask("alice", "POST /api/v1/$(public)/$(handle)/deployments/undeploy?deploymentId=$(d1)&gatewayId=$(gw2)", ""),
            refused(400),
        ]),
    case("platform-3.4-twice", "undeploy", "What is UNDEPLOYED can't be undeployed.")
        .each()
        .given(AWAY)
        .steps(&[ask("alice", UNDEPLOY, ""), status(200), ask("alice", UNDEPLOY, ""), refused(409)]),
    case("platform-3.4-failed", "undeploy", "What is FAILED can't be undeployed.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[FAILED, Step::Passes(1), ask("alice", UNDEPLOY, ""), refused(409)]),
    case("platform-3.4-archived", "undeploy", "What is ARCHIVED can't be undeployed.")
        .each()
        .given(&[ACME, GW1, NEW, D1, D2])
        .steps(&[ask("alice", UNDEPLOY, ""), refused(409)]),
    case("platform-3.5-deployed", "delete deployment", "A DEPLOYED deployment can't be deleted.")
        .each()
        .given(AWAY)
        .steps(&[ask("alice", DELETE_D1, ""), refused(409)]),
    case("platform-3.5-unknown-deployment", "delete deployment", "A deployment that doesn't exist is unknown.")
        .each()
        .given(AWAY)
        .steps(&[ask("alice", "DELETE /api/v1/$(public)/$(handle)/deployments/$(nobody)", ""), refused(404)]),
    case("platform-3.5-everyone", "delete artifact, recipients", "Every gateway of the organisation is told, of whatever type, deployed there or not, the newest first.")
        .each()
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, GW2, LINE2])
        .steps(&[
            ask("alice", DELETE, ""),
            Step::Gives(204, Body::Empty),
            Step::InOrder(&["gw2", "gw1"], "$(event).deleted"),
            ask("alice", "GET /api/v1/$(public)/$(handle)", ""),
            refused(404),
            ask("gw1", LIST, ""),
            gives(200, r#"{"deployments":[]}"#),
        ]),
    case("platform-3.5-orphan", "delete artifact, recipients", "A gateway whose deployment was deleted before is told (issue 1).")
        .each()
        .given(LIVE)
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            Step::Hears("gw1", told!("undeployed", "$(d1)")),
            ask("alice", DELETE_D1, ""),
            status(204),
            ask("alice", DELETE, ""),
            status(204),
            Step::InOrder(&["gw1"], "$(event).deleted"),
        ]),
    case("platform-3.5-orphan-before-fix", "delete artifact, recipients", "Before the fix only gateways with a status row were told.")
        .each()
        .design("before-fix")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, GW2, LINE2])
        .steps(&[
            ask("alice", DELETE, ""),
            status(204),
            Step::InOrder(&["gw1"], "$(event).deleted"),
            Step::Silent("gw2"),
        ]),
    case("platform-3.5-unknown", "delete artifact", "An artifact that doesn't exist is unknown.")
        .each()
        .given(LIVE)
        .steps(&[
            ask("alice", DELETE, ""),
            status(204),
            Step::InOrder(&["gw1"], "$(event).deleted"),
            ask("alice", DELETE, ""),
            refused(404),
            Step::Silent("gw1"),
        ]),
    case("platform-3.5-no-recipients", "delete artifact, recipients", "When the gateways can't be listed the delete goes on, and nobody is told.")
        .each()
        .given(LIVE)
        .steps(&[
            Step::Fails("platform store.list-gateways"),
            ask("alice", DELETE, ""),
            Step::Gives(204, Body::Empty),
            Step::Silent("gw1"),
            ask("alice", "GET /api/v1/$(public)/$(handle)", ""),
            refused(404),
        ]),
    case("platform-3.5-failed-delete", "delete artifact, transaction", "When the transaction fails nothing is deleted and nobody is told.")
        .each()
        .given(LIVE)
        .steps(&[
            Step::Fails("platform store.commit-delete"),
            ask("alice", DELETE, ""),
            refused(500),
            Step::Silent("gw1"),
            ask("alice", "GET /api/v1/$(public)/$(handle)", ""),
            status(200),
        ]),
    case("platform-3.5-failed-send", "delete artifact, broadcast", "A gateway that can't be told doesn't keep the next from being told.")
        .each()
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, GW2, LINE2])
        .steps(&[
            Step::Fails("platform ws.send"),
            ask("alice", DELETE, ""),
            Step::Gives(204, Body::Empty),
            Step::InOrder(&["gw1"], "$(event).deleted"),
            Step::Silent("gw2"),
        ]),
    case("platform-3.6-no-limit", "create limits", "An organisation may have more than 5 REST APIs.")
        .given(&[ACME])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis", "$(a rest-api)"),
            status(201),
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"b","name":"b","version":"v1","context":"/b","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"c","name":"c","version":"v1","context":"/c","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"d","name":"d","version":"v1","context":"/d","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"e","name":"e","version":"v1","context":"/e","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"f","name":"f","version":"v1","context":"/f","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
        ]),
    case("platform-3.6-provider-limit", "create limits", "A sixth LLM provider is refused.")
        .given(&[ACME])
        .steps(&[
            ask("alice", "POST /api/v1/llm-providers", r#"{"id":"a","name":"a","version":"v1","template":"gpt","upstream":{"url":"http://up"},"accessControl":{}}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-providers", r#"{"id":"b","name":"b","version":"v1","template":"gpt","upstream":{"url":"http://up"},"accessControl":{}}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-providers", r#"{"id":"c","name":"c","version":"v1","template":"gpt","upstream":{"url":"http://up"},"accessControl":{}}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-providers", r#"{"id":"d","name":"d","version":"v1","template":"gpt","upstream":{"url":"http://up"},"accessControl":{}}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-providers", r#"{"id":"e","name":"e","version":"v1","template":"gpt","upstream":{"url":"http://up"},"accessControl":{}}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-providers", r#"{"id":"f","name":"f","version":"v1","template":"gpt","upstream":{"url":"http://up"},"accessControl":{}}"#),
            refused(409),
        ]),
    case("platform-3.6-proxy-limit", "create limits", "A sixth LLM proxy is refused.")
        .given(&[ACME, &[ask("alice", "POST /api/v1/llm-providers", "$(a llm-provider)"), status(201)]])
        .steps(&[
            ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"a","name":"a","version":"v1","projectId":"$(project)","provider":{"id":"openai"}}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"b","name":"b","version":"v1","projectId":"$(project)","provider":{"id":"openai"}}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"c","name":"c","version":"v1","projectId":"$(project)","provider":{"id":"openai"}}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"d","name":"d","version":"v1","projectId":"$(project)","provider":{"id":"openai"}}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"e","name":"e","version":"v1","projectId":"$(project)","provider":{"id":"openai"}}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"f","name":"f","version":"v1","projectId":"$(project)","provider":{"id":"openai"}}"#),
            refused(409),
        ]),
    case("platform-3.6-mcp-limit", "create limits", "A sixth MCP proxy is refused.")
        .given(&[ACME])
        .steps(&[
            ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"a","name":"a","version":"v1","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
            ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"b","name":"b","version":"v1","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
            ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"c","name":"c","version":"v1","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
            ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"d","name":"d","version":"v1","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
            ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"e","name":"e","version":"v1","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
            ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"f","name":"f","version":"v1","upstream":{"main":{"url":"http://up"}}}"#),
            refused(409),
        ]),
    case("platform-3.6-duplicate", "duplicate handle (same kind)", "A handle that another of the kind has is taken.")
        .each()
        .given(&[ACME, NEW])
        .steps(&[ask("alice", "POST /api/v1/$(public)", "$(new)"), refused(409)]),
    case("platform-3.6-handle-of-another-kind-rest", "handle taken by another kind", "For a REST API it is the database that refuses: a 500.")
        .given(&[ACME, &[ask("alice", "POST /api/v1/mcp-proxies", "$(a mcp-proxy)"), status(201)]])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"tools","name":"b","version":"v1","context":"/b","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            refused(500),
        ]),
    case("platform-3.6-handle-of-another-kind-sqlite", "handle taken by another kind", "The other kinds recognise SQLite's words: a 409.")
        .given(&[ACME, &[ask("alice", "POST /api/v1/rest-apis", "$(a rest-api)"), status(201)]])
        .steps(&[
            ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"petstore","name":"a","version":"v1","upstream":{"main":{"url":"http://up"}}}"#),
            refused(409),
            ask("alice", "POST /api/v1/llm-providers", r#"{"id":"petstore","name":"a","version":"v1","template":"gpt","upstream":{"url":"http://up"},"accessControl":{}}"#),
            refused(409),
        ]),
    case("platform-3.6-handle-of-another-kind-postgres", "handle taken by another kind", "They don't recognise those of Postgres: a 500.")
        .postgres()
        .given(&[ACME, &[ask("alice", "POST /api/v1/rest-apis", "$(a rest-api)"), status(201)]])
        .steps(&[
            ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"petstore","name":"a","version":"v1","upstream":{"main":{"url":"http://up"}}}"#),
            refused(500),
            ask("alice", "POST /api/v1/llm-providers", r#"{"id":"petstore","name":"a","version":"v1","template":"gpt","upstream":{"url":"http://up"},"accessControl":{}}"#),
            refused(500),
        ]),
    case("platform-3.6-lookup-any-kind", "handle -> uuid lookup", "The routes of REST APIs find deployments of any kind.")
        .of("llm-provider")
        .given(AWAY)
        .steps(&[
            ask("alice", "GET /api/v1/rest-apis/openai/deployments", ""),
            gives(200, concat!(r#"{"count":1,"list":["#, deployment!("$(d1)", "DEPLOYED"), "]}")),
        ]),
    case("platform-3.6-lookup-own-kind", "handle -> uuid lookup", "Those of LLM providers and proxies only of their own.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("alice", "GET /api/v1/llm-providers/petstore/deployments", ""),
            refused(404),
            ask("alice", "GET /api/v1/llm-proxies/petstore/deployments", ""),
            refused(404),
        ]),
    case("platform-3.6-mcp-checks-kind", "handle -> uuid lookup", "Deploy, undeploy, get and delete of MCP proxies look at the kind.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("alice", "POST /api/v1/mcp-proxies/petstore/deployments", NOW),
            refused(404),
            ask("alice", "GET /api/v1/mcp-proxies/petstore/deployments/$(d1)", ""),
            refused(404),
            ask("alice", "POST /api/v1/mcp-proxies/petstore/deployments/undeploy?deploymentId=$(d1)&gatewayId=$(gw1)", ""),
            refused(404),
            ask("alice", "DELETE /api/v1/mcp-proxies/petstore/deployments/$(d1)", ""),
            refused(404),
        ]),
    case("platform-3.6-unknown-handle-unmapped", "unknown handle on deployment routes", "For REST APIs and MCP proxies it is a 500.")
        .given(&[ACME, GW1])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/none/deployments", NOW),
            refused(500),
            ask("alice", "GET /api/v1/rest-apis/none/deployments", ""),
            refused(500),
            ask("alice", "POST /api/v1/mcp-proxies/none/deployments", NOW),
            refused(500),
            ask("alice", "GET /api/v1/mcp-proxies/none/deployments/$(nobody)", ""),
            refused(500),
        ]),
    case("platform-3.6-unknown-handle-llm", "unknown handle on deployment routes", "For LLM providers and proxies it is a 404.")
        .given(&[ACME, GW1])
        .steps(&[
            ask("alice", "POST /api/v1/llm-providers/none/deployments", NOW),
            refused(404),
            ask("alice", "GET /api/v1/llm-providers/none/deployments", ""),
            refused(404),
            ask("alice", "POST /api/v1/llm-proxies/none/deployments", NOW),
            refused(404),
        ]),
    case("platform-3.6-unknown-project", "unknown provider/template/project on create", "A REST API or an LLM proxy of an unknown project: 404; an MCP proxy: 400.")
        .given(&[ACME, &[ask("alice", "POST /api/v1/llm-providers", "$(a llm-provider)"), status(201)]])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"b","name":"b","version":"v1","context":"/b","projectId":"$(nobody)","upstream":{"main":{"url":"http://up"}}}"#),
            refused(404),
            ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"a","name":"a","version":"v1","projectId":"$(nobody)","provider":{"id":"openai"}}"#),
            refused(404),
            ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"a","name":"a","version":"v1","projectId":"$(nobody)","upstream":{"main":{"url":"http://up"}}}"#),
            refused(400),
        ]),
    case("platform-3.6-unknown-template", "unknown provider/template/project on create", "An LLM provider of an unknown template is a mistake in the request.")
        .given(&[ACME])
        .steps(&[
            ask("alice", "POST /api/v1/llm-providers", r#"{"id":"a","name":"a","version":"v1","template":"none","upstream":{"url":"http://up"},"accessControl":{}}"#),
            refused(400),
        ]),
    case("platform-3.6-unknown-provider", "unknown provider/template/project on create", "An LLM proxy of an unknown provider is a mistake in the request.")
        .given(&[ACME])
        .steps(&[
            ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"a","name":"a","version":"v1","projectId":"$(project)","provider":{"id":"none"}}"#),
            refused(400),
        ]),
    case("platform-3.6-status-fails-rest", "status set-up failure (TX 2)", "A REST API is deployed and told of all the same.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            Step::Fails("platform store.set-status"),
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d1>", "DEPLOYED")),
            Step::Hears("gw1", told!("deployed", "$(d1)")),
        ]),
    case("platform-3.6-status-fails-llm-proxy", "status set-up failure (TX 2)", "An LLM proxy is deployed and told of all the same.")
        .of("llm-proxy")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            Step::Fails("platform store.set-status"),
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d1>", "DEPLOYED")),
            Step::Hears("gw1", told!("deployed", "$(d1)")),
        ]),
    case("platform-3.6-status-fails-llm-provider", "status set-up failure (TX 2)", "A deploy of an LLM provider fails, and nobody is told.")
        .of("llm-provider")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            Step::Fails("platform store.set-status"),
            ask("alice", DEPLOYMENTS, NOW),
            refused(500),
            Step::Silent("gw1"),
        ]),
    case("platform-3.6-status-fails-mcp-proxy", "status set-up failure (TX 2)", "A deploy of an MCP proxy fails, and nobody is told.")
        .of("mcp-proxy")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            Step::Fails("platform store.set-status"),
            ask("alice", DEPLOYMENTS, NOW),
            refused(500),
            Step::Silent("gw1"),
        ]),
    case("platform-3.6-referenced", "delete while referenced", "An LLM provider that a proxy stands before can't be deleted, and nobody is told.")
        .of("llm-proxy")
        .given(LIVE)
        .steps(&[
            ask("alice", "DELETE /api/v1/llm-providers/openai", ""),
            refused(500),
            Step::Silent("gw1"),
            ask("alice", "GET /api/v1/llm-providers/openai", ""),
            status(200),
        ]),
    case("platform-3.6-association", "association row on deploy", "A deploy associates a REST API with the gateway, as often as it is deployed.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            Step::InOrder(&["gw1"], "api.deployed"),
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            Step::InOrder(&["gw1"], "apikey.created"),
            Step::Silent("gw1"),
        ]),
    case("platform-3.6-update", "update", "An update tells nobody and leaves what is deployed.")
        .each()
        .given(LIVE)
        .steps(&[
            ask("alice", "PUT /api/v1/$(public)/$(handle)", r#"{"context":"/elsewhere"}"#),
            status(200),
            Step::Silent("gw1"),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "$(at)"))),
            ask("gw1", "GET /api/internal/v1/$(internal)/$(artifact)", ""),
            Step::Zip("$(file)-$(artifact).yaml", &["kind: $(kind)", "name: $(handle)"]),
        ]),
    case("platform-3.7-no-connection", "no connection for the gateway", "Nothing is kept for later: who connects afterwards hears nothing of it.")
        .each()
        .given(&[ACME, GW1, NEW, D1, LINE1])
        .steps(&[Step::Silent("gw1")]),
    case("platform-3.9-instant", "performedAt", "An acknowledgement of another instant changes nothing.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            Step::Says("gw1", ack!("deploy", "failed", "$(d1)", "2026-01-01T00:00:00.001Z", "api")),
            Step::Repeat(1, STILL_DEPLOYED),
        ]),
    case("platform-3.9-other-row", "key", "A gateway's acknowledgement touches only its own row.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, GW2, LINE2, NEW, D1_TOLD])
        .steps(&[Step::Says("gw2", ack!("deploy", "failed")), Step::Repeat(1, STILL_DEPLOYED)]),
    case("platform-3.9-no-deployment", "required members", "One without a deployment is dropped.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            Step::Says("gw1", ack!("deploy", "failed", "", "$(at)", "api")),
            Step::Repeat(1, STILL_DEPLOYED),
        ]),
    case("platform-3.9-deployment-unused", "deploymentId", "Which deployment it names is of no account.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            Step::Says("gw1", ack!("deploy", "failed", "$(nobody)", "$(at)", "api")),
            Step::Passes(1),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "FAILED", r#""GATEWAY_PROCESSING_ERROR""#)),
        ]),
    case("platform-3.9-resource-type", "resourceType", "Which type it names is of no account.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            Step::Says("gw1", ack!("deploy", "failed", "$(d1)", "$(at)", "mcpproxy")),
            Step::Passes(1),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "FAILED", r#""GATEWAY_PROCESSING_ERROR""#)),
        ]),
    case("platform-3.9-unknown-status", "unknown action or status", "One with an unknown status is dropped.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[Step::Says("gw1", ack!("deploy", "perhaps")), Step::Repeat(1, STILL_DEPLOYED)]),
    case("platform-3.9-unknown-action", "unknown action or status", "A failure with an unknown action is a failure; only a success needs a known one.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            Step::Says("gw1", ack!("dance", "success")),
            Step::Repeat(1, STILL_DEPLOYED),
            Step::Says("gw1", ack!("dance", "failed")),
            Step::Passes(1),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "FAILED", r#""GATEWAY_PROCESSING_ERROR""#)),
        ]),
    case("platform-3.9-bad-json", "bad JSON", "What can't be read is dropped, and the connection stays open.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            Step::Says("gw1", "{"),
            Step::Says("gw1", r#"{"type":"deployment.ack","payload":7}"#),
            FAILED,
            Step::Passes(1),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "FAILED", r#""GATEWAY_PROCESSING_ERROR""#)),
        ]),
    case("platform-3.9-zone-sqlite", "performedAt on SQLite", "SQLite compares texts: the same instant in another zone is another.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            Step::Says("gw1", ack!("deploy", "failed", "$(d1)", "$(at in India)", "api")),
            Step::Repeat(1, STILL_DEPLOYED),
        ]),
    case("platform-3.9-zone-postgres", "performedAt on Postgres", "Postgres drops the offset: the same reading in another zone is the same.")
        .of("rest-api")
        .postgres()
        .given(LIVE)
        .steps(&[
            Step::Says("gw1", ack!("deploy", "failed", "$(d1)", "$(at read in India)", "api")),
            Step::Passes(1),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "FAILED", r#""GATEWAY_PROCESSING_ERROR""#)),
        ]),
];
