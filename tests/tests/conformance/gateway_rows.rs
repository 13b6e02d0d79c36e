//! Rows of a gateway as the lines that a case has them in, and definitions from their words.

use driftless_model::gateway;
use driftless_model::gateway::tables::{
    ApiKey, Application, ApplicationKey, Artifact, DesiredState, Event, KeyStatus, Origin, Subscription,
    SubscriptionPlan,
};
use driftless_model::wire::time;

/// A definition by its words: kind, handle, name, version, and for a proxy its provider, for a provider its
/// template. Anything else is text that is no definition.
pub fn definition(said: &str) -> String {
    let [kind, handle, name, version, rest @ ..] = &said.split_whitespace().collect::<Vec<_>>()[..] else {
        return said.to_owned();
    };
    let more = |made_of: &&str| match *kind {
        "LlmProvider" => format!("  template: {made_of}\n"),
        _ => format!("  provider:\n    id: {made_of}\n"),
    };
    let more = rest.first().map(more).unwrap_or_default();
    format!(
        "apiVersion: gateway.api-platform.wso2.com/v1alpha1\nkind: {kind}\nmetadata:\n  name: {handle}\nspec:\n  \
         displayName: {name}\n  version: {version}\n  context: /{handle}\n{more}"
    )
}

/// An artifact.
pub fn artifact_line(row: &Artifact) -> String {
    let state = match row.desired_state {
        DesiredState::Deployed => "deployed",
        DesiredState::Undeployed => "undeployed",
    };
    let origin = match row.origin {
        Origin::ControlPlane => "control_plane",
        Origin::GatewayApi => "gateway_api",
    };
    let deployment = row.deployment_id.map_or("-".to_owned(), |id| id.to_string());
    let at = row.deployed_at.as_ref().map_or("-".to_owned(), time::nanos);
    format!("{} {} {} {state} {deployment} {at} {origin}", row.kind.name(), row.handle, row.uuid)
}

/// A key.
pub fn key_line(row: &ApiKey) -> String {
    let status = match row.status {
        KeyStatus::Active => "active",
        KeyStatus::Revoked => "revoked",
    };
    let ApiKey { name, artifact_uuid, uuid, api_key, created_by, source, .. } = row;
    format!("{name} {artifact_uuid} {uuid} {status} {api_key} {created_by} {source}")
}

/// A plan.
pub fn plan_line(row: &SubscriptionPlan) -> String {
    format!("{} {} {}", row.plan_name, row.uuid, row.status)
}

/// A subscription.
pub fn subscription_line(row: &Subscription) -> String {
    let plan = row.subscription_plan_id.map_or("-".to_owned(), |plan| plan.to_string());
    let application = row.application_id.as_deref().unwrap_or("-");
    let Subscription { uuid, api_id, subscription_token_hash, status, .. } = row;
    format!("{uuid} {api_id} {subscription_token_hash} {plan} {status} {application}")
}

/// The line of a subscription with its token as a row has it.
pub fn hashed(line: &str) -> String {
    let words: Vec<_> = line.split(' ').collect();
    let words =
        words.iter().enumerate().map(|(n, word)| if n == 2 { sha256(word) } else { (*word).to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

/// SHA-256 in hexadecimal.
pub fn sha256(text: &str) -> String {
    gateway::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An application.
pub fn application_line(row: &Application) -> String {
    format!("{} {} {} {}", row.application_id, row.uuid, row.name, row.kind)
}

/// A key of an application.
pub fn mapping_line(row: &ApplicationKey) -> String {
    format!("{} {}", row.application, row.api_key)
}

/// What was published.
pub fn event_line(row: &Event) -> String {
    format!("{} {} {} {}", row.entity_type, row.action, row.entity_id, row.event_id)
}
