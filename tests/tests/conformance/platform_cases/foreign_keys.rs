//! platform.md sections 2.2 to 2.4: what a delete takes along, and what is left where the database doesn't
//! enforce its foreign keys.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, refuses, status};
use super::given::*;

/// A SQLite pool that has aged.
const OFF: &[(&str, &str)] = &[("database.foreign_keys", "off")];
/// One that will.
const AGING: &[(&str, &str)] = &[("database.foreign_keys", "aging")];
/// The current deployment is undeployed and deleted.
const GONE: &[Step] =
    &[ask("alice", UNDEPLOY, ""), status(200), ask("alice", DELETE_D1, ""), Step::Gives(204, Body::Empty)];

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-2.2-base", "deployments.base_deployment_id", "Who took a deployment's content stays when that is deleted, and no longer says from which.")
        .each()
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", DEPLOYMENTS, r#"{"name":"one","base":"$(d1)","gatewayId":"$(gw1)"}"#),
            gives(201, r#"{"deploymentId":"<uuid7 as d2>","name":"one","gatewayId":"$(gw1)","status":"DEPLOYED","statusReason":null,"baseDeploymentId":"$(d1)","createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
            ask("alice", DELETE_D1, ""),
            status(204),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments/$(d2)", ""),
            gives(200, r#"{"deploymentId":"$(d2)","name":"one","gatewayId":"$(gw1)","status":"DEPLOYED","statusReason":null,"baseDeploymentId":null,"createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
        ]),
    case("platform-2.3-api-keys", "delete of a REST API", "Its keys and their mappings go along, and only `api.deleted` says so.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, &[
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            ask("alice", "POST /api/v1/applications", r#"{"id":"assistant","name":"Assistant","type":"genai"}"#),
            status(201),
            ask("alice", "POST /api/v1/applications/assistant/api-keys", r#"{"apiKeys":[{"keyId":"one","associatedEntity":{"id":"petstore"}}]}"#),
            status(201),
            Step::InOrder(&["gw1"], "apikey.created"),
        ]])
        .steps(&[
            ask("alice", DELETE, ""),
            status(204),
            Step::InOrder(&["gw1"], "api.deleted"),
            Step::Silent("gw1"),
            ask("alice", "GET /api/v1/me/api-keys", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
            ask("alice", "GET /api/v1/applications/assistant/api-keys", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
        ]),
    case("platform-2.3-llm-keys", "delete of an LLM proxy", "Its keys go along; only its own event says so.")
        .of("llm-proxy")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, &[
            ask("alice", "POST /api/v1/llm-proxies/chat/api-keys", r#"{"name":"one"}"#),
            status(201),
            Step::InOrder(&["gw1"], "apikey.created"),
        ]])
        .steps(&[
            ask("alice", DELETE, ""),
            status(204),
            Step::InOrder(&["gw1"], "llmproxy.deleted"),
            Step::Silent("gw1"),
            ask("alice", "GET /api/v1/me/api-keys", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
        ]),
    case("platform-2.3-deployments", "delete of an artifact", "Its deployments go along, so they can't be fetched any more.")
        .each()
        .given(&[ACME, GW1, NEW, D1, D2])
        .steps(&[
            ask("alice", DELETE, ""),
            status(204),
            Step::Accepting { accept: "application/x-tar+gzip", by: "gw1", call: "POST /api/internal/v1/deployments/fetch-batch", body: r#"{"deploymentIds":["$(d1)","$(d2)"]}"# },
            status(200),
            Step::Batch(&[]),
            ask("gw1", "GET /api/internal/v1/$(internal)/$(artifact)", ""),
            refused(404),
        ]),
    case("platform-2.3-organisation", "organisation", "No route changes or deletes one.").given(&[ACME]).steps(&[
        ask("alice", "DELETE /api/v1/organizations/$(acme)", ""),
        status(404),
        ask("alice", "PUT /api/v1/organizations/$(acme)", r#"{"name":"B"}"#),
        status(404),
        ask("alice", "DELETE /api/v1/organizations", ""),
        status(404),
        ask("alice", "GET /api/v1/organizations", ""),
        status(200),
    ]),
    case("platform-2.4-current", "delete of the current deployment", "The status row stays where foreign keys aren't enforced, and names a deployment that is gone.")
        .set(OFF)
        .each()
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            Step::Repeat(1, GONE),
            ask("alice", SHOW_D1, ""),
            refused(404),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "UNDEPLOYED", "<millis>"))),
            Step::Accepting { accept: "application/x-tar+gzip", by: "gw1", call: "POST /api/internal/v1/deployments/fetch-batch", body: r#"{"deploymentIds":["$(d1)"]}"# },
            Step::Batch(&[]),
        ]),
    case("platform-2.4-recipients", "delete of the current deployment", "So before the fix its gateway is told of the delete after all.")
        .set(OFF)
        .each()
        .design("before-fix")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            Step::Repeat(1, GONE),
            Step::InOrder(&["gw1"], "$(event).undeployed"),
            ask("alice", DELETE, ""),
            status(204),
            Step::InOrder(&["gw1"], "$(event).deleted"),
        ]),
    case("platform-2.4-restrict-template", "RESTRICT", "A template that is used can be deleted.")
        .set(OFF)
        .of("llm-provider")
        .given(&[ACME, NEW])
        .steps(&[ask("alice", "DELETE /api/v1/llm-provider-templates/gpt", ""), Step::Gives(204, Body::Empty)]),
    case("platform-2.4-restrict-provider", "RESTRICT", "So can a provider before which a proxy stands, and gateways are told.")
        .set(OFF)
        .of("llm-proxy")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", "DELETE /api/v1/llm-providers/openai", ""),
            Step::Gives(204, Body::Empty),
            Step::InOrder(&["gw1"], "llmprovider.deleted"),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "$(at)"))),
        ]),
    case("platform-2.4-restrict-plan", "RESTRICT", "So can a plan that a subscription names; and nobody looks whether a plan is there at all.")
        .set(OFF)
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", "POST /api/v1/subscription-plans", r#"{"planName":"gold"}"#),
            gives(201, r#"{"id":"<uuid7 as gold>","organizationId":"$(acme)","planName":"gold","billingPlan":null,"stopOnQuotaReach":true,"throttleLimitCount":null,"throttleLimitUnit":null,"expiryTime":null,"status":"ACTIVE","createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
            ask("alice", "POST /api/v1/subscriptions", r#"{"apiId":"petstore","subscriberId":"bob","subscriptionPlanId":"$(gold)"}"#),
            status(201),
            ask("alice", "DELETE /api/v1/subscription-plans/$(gold)", ""),
            Step::Gives(204, Body::Empty),
            ask("alice", "POST /api/v1/subscriptions", r#"{"apiId":"petstore","subscriberId":"carol","subscriptionPlanId":"$(gold)"}"#),
            status(201),
        ]),
    case("platform-2.4-aging", "a pool that ages", "A fresh pool enforces, and after 300 s none of its connections does.")
        .set(AGING)
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            Step::Repeat(1, GONE),
            ask("gw1", LIST, ""),
            gives(200, r#"{"deployments":[]}"#),
            Step::Repeat(1, D1),
            Step::Passes(301),
            Step::Repeat(1, GONE),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "UNDEPLOYED", "<millis>"))),
        ]),
    case("platform-3.3-unknown-gateway", "restore", "The gateway of a deployment may be gone where foreign keys aren't enforced: 404.")
        .set(OFF)
        .each()
        .given(&[ACME, GW1, NEW, D1, D2, &[ask("alice", "DELETE /api/v1/gateways/$(gw1)", ""), status(204)]])
        .steps(&[ask("alice", SHOW_D1, ""), status(200), ask("alice", RESTORE, ""), refuses(404, "Gateway not found")]),
    case("platform-3.4-unknown-gateway", "undeploy", "The same.")
        .set(OFF)
        .each()
        .given(&[ACME, GW1, NEW, D1, &[ask("alice", "DELETE /api/v1/gateways/$(gw1)", ""), status(204)]])
        .steps(&[ask("alice", SHOW_D1, ""), status(200), ask("alice", UNDEPLOY, ""), refuses(404, "Gateway not found")]),
];
