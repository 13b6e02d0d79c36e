//! What cases of the platform begin with.

use super::super::platform::{Step, ask, gives, status};

/// A deployment as users see it (platform.md section 4.3).
macro_rules! deployment {
    ($id:literal, $status:literal) => {
        deployment!($id, $status, "null")
    };
    ($id:literal, $status:literal, $reason:literal) => {
        concat!(
            r#"{"deploymentId":""#,
            $id,
            r#"","name":"<text>","gatewayId":"$(gw1)","status":""#,
            $status,
            r#"","statusReason":"#,
            $reason,
            r#","baseDeploymentId":"<any>","createdAt":"<nanos>","updatedAt":"<any>"}"#
        )
    };
}
pub(crate) use deployment;

/// The list that gateways see with these entries (platform.md section 8.1).
macro_rules! listed {
    ($(($id:literal, $state:literal, $at:literal)),*) => {
        concat!(r#"{"deployments":["#, $(
            r#"{"artifactId":"<uuid7 as artifact>","deploymentId":""#, $id, r#"","kind":"$(kind)","state":""#, $state,
            r#"","deployedAt":""#, $at, r#"","etag":"<uuid7>"}"#,
        )* "]}")
    };
}
pub(crate) use listed;

/// An event about a deployment, as it comes (platform.md sections 6.8 and 7).
macro_rules! told {
    ($verb:literal, $deployment:literal) => {
        told!($verb, $deployment, "<millis as at>")
    };
    ($verb:literal, $deployment:literal, $at:literal) => {
        concat!(
            r#"{"type":"$(event)."#,
            $verb,
            r#"","payload":{"$(field)":"<uuid7 as artifact>","deploymentId":""#,
            $deployment,
            r#"","performedAt":""#,
            $at,
            r#""},"timestamp":"<seconds>","correlationId":"<uuid4 as correlation>"}"#
        )
    };
}
pub(crate) use told;

/// An acknowledgement by `gw1`.
macro_rules! ack {
    ($action:literal, $status:literal) => {
        ack!($action, $status, "$(d1)", "$(at)", "$(event)")
    };
    ($action:literal, $status:literal, $deployment:literal, $at:literal, $type:literal) => {
        concat!(
            r#"{"type":"deployment.ack","payload":{"deploymentId":""#,
            $deployment,
            r#"","artifactId":"$(artifact)","resourceType":""#,
            $type,
            r#"","action":""#,
            $action,
            r#"","status":""#,
            $status,
            r#"","performedAt":""#,
            $at,
            r#"","errorCode":"GATEWAY_PROCESSING_ERROR"}}"#
        )
    };
}
pub(crate) use ack;

/// The first frame of a connection of `gw1`.
pub const ACK: &str =
    r#"{"type":"connection.ack","gatewayId":"$(gw1)","connectionId":"<uuid4>","timestamp":"<seconds>"}"#;

/// The path of a gateway's list.
pub const LIST: &str = "GET /api/internal/v1/deployments";

/// A deploy of what is configured now.
pub const NOW: &str = r#"{"name":"one","base":"current","gatewayId":"$(gw1)"}"#;
/// The path of deploys.
pub const DEPLOYMENTS: &str = "POST /api/v1/$(public)/$(handle)/deployments";
/// An undeploy of `d1`.
pub const UNDEPLOY: &str =
    "POST /api/v1/$(public)/$(handle)/deployments/undeploy?deploymentId=$(d1)&gatewayId=$(gw1)";
/// A restore of `d1`.
pub const RESTORE: &str =
    "POST /api/v1/$(public)/$(handle)/deployments/restore?deploymentId=$(d1)&gatewayId=$(gw1)";
/// The deployment `d1`, to be deleted.
pub const DELETE_D1: &str = "DELETE /api/v1/$(public)/$(handle)/deployments/$(d1)";
/// The deployment `d1`, to be looked at.
pub const SHOW_D1: &str = "GET /api/v1/$(public)/$(handle)/deployments/$(d1)";
/// The artifact.
pub const DELETE: &str = "DELETE /api/v1/$(public)/$(handle)";

/// The organisation `acme` and its project.
pub const ACME: &[Step] = &[
    ask(
        "alice",
        "POST /api/v1/organizations",
        r#"{"id":"$(acme)","handle":"acme","name":"Acme","region":"eu"}"#,
    ),
    status(201),
    ask("alice", "GET /api/v1/projects", ""),
    gives(
        200,
        r#"{"count":1,"list":[{"id":"<any as project>","name":"default","organizationId":"$(acme)","createdAt":"<nanos>"}]}"#,
    ),
    ask("alice", "POST /api/v1/llm-provider-templates", r#"{"id":"gpt","name":"GPT"}"#),
    status(201),
];

/// Another organisation, of `mallory`.
pub const OTHER: &[Step] = &[
    ask(
        "mallory",
        "POST /api/v1/organizations",
        r#"{"id":"$(other)","handle":"other","name":"O","region":"eu"}"#,
    ),
    status(201),
];

/// The gateway `gw1` and its token.
pub const GW1: &[Step] = &[
    ask(
        "alice",
        "POST /api/v1/gateways",
        r#"{"name":"gw1","displayName":"One","vhost":"gw1.example.org","functionalityType":"regular"}"#,
    ),
    gives(
        201,
        r#"{"id":"<uuid7 as gw1>","organizationId":"$(acme)","name":"gw1","displayName":"One","vhost":"gw1.example.org","isCritical":false,"functionalityType":"regular","isActive":false,"properties":{},"createdAt":"<nanos>","updatedAt":"<nanos>"}"#,
    ),
    ask("alice", "POST /api/v1/gateways/$(gw1)/tokens", ""),
    gives(
        201,
        r#"{"id":"<any as token1>","token":"<secret as gw1.token>","createdAt":"<nanos>","message":"<text>"}"#,
    ),
];

/// The gateway `gw2`, of another type.
pub const GW2: &[Step] = &[
    ask(
        "alice",
        "POST /api/v1/gateways",
        r#"{"name":"gw2","displayName":"Two","vhost":"gw2.example.org","functionalityType":"ai"}"#,
    ),
    gives(
        201,
        r#"{"id":"<uuid7 as gw2>","organizationId":"$(acme)","name":"gw2","displayName":"Two","vhost":"gw2.example.org","isCritical":false,"functionalityType":"ai","isActive":false,"properties":{},"createdAt":"<nanos>","updatedAt":"<nanos>"}"#,
    ),
    ask("alice", "POST /api/v1/gateways/$(gw2)/tokens", ""),
    gives(201, r#"{"id":"<any>","token":"<secret as gw2.token>","createdAt":"<nanos>","message":"<text>"}"#),
];

/// The gateway `gw9` of the other organisation.
pub const GW9: &[Step] = &[
    ask(
        "mallory",
        "POST /api/v1/gateways",
        r#"{"name":"gw9","displayName":"Nine","vhost":"gw9.example.org","functionalityType":"regular"}"#,
    ),
    gives(
        201,
        r#"{"id":"<uuid7 as gw9>","organizationId":"$(other)","name":"gw9","displayName":"<any>","vhost":"<any>","isCritical":false,"functionalityType":"regular","isActive":false,"properties":{},"createdAt":"<nanos>","updatedAt":"<nanos>"}"#,
    ),
    ask("mallory", "POST /api/v1/gateways/$(gw9)/tokens", ""),
    gives(201, r#"{"id":"<any>","token":"<secret as gw9.token>","createdAt":"<nanos>","message":"<text>"}"#),
];

/// `gw1` is connected by the line of that name.
pub const LINE1: &[Step] = &[Step::Connect { line: "gw1", by: "gw1" }, status(101), Step::Hears("gw1", ACK)];

/// `gw2` is connected by the line of that name.
pub const LINE2: &[Step] = &[
    Step::Connect { line: "gw2", by: "gw2" },
    status(101),
    Step::Hears(
        "gw2",
        r#"{"type":"connection.ack","gatewayId":"$(gw2)","connectionId":"<uuid4>","timestamp":"<seconds>"}"#,
    ),
];

/// The artifact of the case's kind.
pub const NEW: &[Step] = &[
    ask("alice", "$(first)", "$(a llm-provider)"),
    ask("alice", "POST /api/v1/$(public)", "$(new)"),
    status(201),
];

/// Its first deployment, `d1`, on `gw1`. Whoever is connected is told.
pub const D1: &[Step] = &[
    ask("alice", DEPLOYMENTS, NOW),
    gives(201, deployment!("<uuid7 as d1>", "DEPLOYED")),
    ask("gw1", LIST, ""),
    gives(200, listed!(("$(d1)", "DEPLOYED", "<millis as at1>"))),
];

/// The same where `gw1` is connected.
pub const D1_TOLD: &[Step] = &[
    ask("alice", DEPLOYMENTS, NOW),
    gives(201, deployment!("<uuid7 as d1>", "DEPLOYED")),
    Step::Hears("gw1", told!("deployed", "$(d1)")),
];

/// A second deployment, `d2`.
pub const D2: &[Step] =
    &[ask("alice", DEPLOYMENTS, NOW), gives(201, deployment!("<uuid7 as d2>", "DEPLOYED"))];
