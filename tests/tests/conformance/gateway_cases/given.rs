//! What cases of the gateway begin with.

use super::super::gateway::{Gives, Step, answers};

/// The list of deployments.
pub const LIST: &str = "GET $(internal base)/deployments";
/// The fetch of many definitions.
pub const BATCH: &str = "POST $(internal base)/deployments/fetch-batch";
/// The question whether artifacts exist.
pub const EXISTS: &str = "POST $(internal base)/artifacts/exists";
/// The lists of keys, in the order in which they are asked for.
pub const KEYS: &[&str] = &[API_KEYS, PROVIDER_KEYS, PROXY_KEYS];
/// Those of REST APIs.
pub const API_KEYS: &str = "GET $(internal base)/apis/api-keys";
/// Those of LLM providers.
pub const PROVIDER_KEYS: &str = "GET $(internal base)/llm-providers/api-keys";
/// Those of LLM proxies.
pub const PROXY_KEYS: &str = "GET $(internal base)/llm-proxies/api-keys";
/// The list of plans.
pub const PLANS: &str = "GET $(internal base)/subscription-plans";
/// The list of an API's subscriptions, whatever the API.
pub const ANY_SUBSCRIPTIONS: &str = "GET $(internal base)/apis/*/subscriptions";
/// The manifest, under the identifier by which the platform greets.
pub const MANIFEST: &str = "POST $(internal base)/gateways/$(c8)/manifest";
/// The definition of the case's artifact.
pub const DEFINITION: &str = "GET $(internal base)/$(internal)/$(id)";

/// A cloud platform that has nothing.
pub const CLOUD: &[Step] = &[
    Step::Answers(
        "GET /internal/gateway/.well-known",
        401,
        Gives::Text(r#"{"error":"Authorization header is required"}"#),
    ),
    answers(LIST, r#"{"deployments":[]}"#),
    answers(API_KEYS, "[]"),
    answers(PROVIDER_KEYS, "[]"),
    answers(PROXY_KEYS, "[]"),
    answers(PLANS, "[]"),
    Step::Answers(MANIFEST, 204, Gives::Text("")),
    // They come with every connect, and most cases are about something else.
    Step::Overlooks(PLANS),
    Step::Overlooks(ANY_SUBSCRIPTIONS),
    Step::Overlooks(MANIFEST),
];

/// The gateway has booted and is connected, and asks for what there is.
pub const UP: &[Step] = &[
    Step::Boots,
    Step::Asks(&["GET /internal/gateway/.well-known", "GET $(internal base)/ws/gateways/connect"]),
    Step::Greets,
    Step::Asks(&[LIST]),
];

/// It has asked for the keys too.
pub const SYNCED: &[Step] = &[Step::Asks(KEYS)];

/// The artifact of the case's kind is here, deployed as `d1` at `t1`.
pub const HERE: &[Step] = &[Step::Holds(
    "$(kind) $(handle) $(id) deployed $(d1) $(t1)",
    driftless_model::gateway::tables::Origin::ControlPlane,
)];
/// The provider that an LLM proxy stands before; for the other kinds a provider that nobody speaks of.
pub const PROVIDER: &[Step] = &[Step::Holds(
    "LlmProvider $(provider handle) $(provider) deployed $(d5) $(t0)",
    driftless_model::gateway::tables::Origin::GatewayApi,
)];
/// It is listed as it is here, so that the sync leaves it alone.
pub const LISTED: &[Step] = &[answers(
    LIST,
    r#"{"deployments":[{"artifactId":"$(id)","deploymentId":"$(d1)","kind":"$(kind)","state":"DEPLOYED","deployedAt":"$(t1)","etag":"$(c1)"}]}"#,
)];

/// The provider's row.
pub const PROVIDER_ROW: &str = "LlmProvider $(provider handle) $(provider) deployed $(d5) $(t0) gateway_api";

/// An event about a deployment of the case's artifact.
macro_rules! event {
    ($verb:literal, $deployment:literal, $at:literal) => {
        concat!(
            r#"{"type":"$(event)."#,
            $verb,
            r#"","payload":{"$(field)":"$(id)","deploymentId":""#,
            $deployment,
            r#"","performedAt":""#,
            $at,
            r#""},"timestamp":"2026-01-01T00:00:00Z","correlationId":"$(c2)"}"#
        )
    };
}
pub(crate) use event;

/// An acknowledgement of the case's artifact.
macro_rules! ack {
    ($action:literal, $deployment:literal, $at:literal) => {
        concat!(
            r#"{"type":"deployment.ack","payload":{"deploymentId":""#,
            $deployment,
            r#"","artifactId":"$(id)","resourceType":"$(event)","action":""#,
            $action,
            r#"","status":"success","performedAt":""#,
            $at,
            r#""}}"#
        )
    };
    ($action:literal, $deployment:literal, $at:literal, $code:literal) => {
        concat!(
            r#"{"type":"deployment.ack","payload":{"deploymentId":""#,
            $deployment,
            r#"","artifactId":"$(id)","resourceType":"$(event)","action":""#,
            $action,
            r#"","status":"failed","performedAt":""#,
            $at,
            r#"","errorCode":""#,
            $code,
            r#""}}"#
        )
    };
}
pub(crate) use ack;

/// One entry of the platform's list.
macro_rules! entry {
    ($artifact:literal, $deployment:literal, $kind:literal, $state:literal, $at:literal, $etag:literal) => {
        concat!(
            r#"{"artifactId":""#,
            $artifact,
            r#"","deploymentId":""#,
            $deployment,
            r#"","kind":""#,
            $kind,
            r#"","state":""#,
            $state,
            r#"","deployedAt":""#,
            $at,
            r#"","etag":""#,
            $etag,
            r#""}"#
        )
    };
}
pub(crate) use entry;

/// A list of entries.
macro_rules! list {
    ($first:expr $(, $more:expr)*) => {
        concat!(r#"{"deployments":["#, $first, $(",", $more,)* "]}")
    };
}
pub(crate) use list;
