//! What the platform tells a gateway, before it is addressed to one (docs/spec/platform.md section 7).

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::tables::DeploymentStatus;
use crate::wire::event::{KeyCreated, KeyRevoked, KeyUpdated, deleted_payload, deployment_payload};
use crate::wire::kind::Kind;

/// An event.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Event {
    /// Such as `api.deployed`.
    pub name: String,
    /// What it says.
    pub payload: Value,
    /// The artifact it is about.
    pub artifact: Uuid,
    /// Who acted, where gateways are told.
    pub user: String,
    /// How often it is tried. Only key events are tried again, at once.
    pub attempts: u32,
}

impl Event {
    fn once(kind: Kind, what: &str, artifact: Uuid, payload: Value) -> Self {
        let name = format!("{}.{what}", kind.event_prefix());
        Event { name, payload, artifact, user: String::new(), attempts: 1 }
    }

    fn of_key(what: &str, artifact: Uuid, user: &str, payload: &impl Serialize) -> Self {
        let payload = serde_json::to_value(payload).expect("a wire type serialises");
        Event { name: format!("apikey.{what}"), payload, artifact, user: user.to_owned(), attempts: 2 }
    }

    /// A deployment has become the current one.
    pub fn deployed(kind: Kind, status: &DeploymentStatus) -> Self {
        Event::once(kind, "deployed", status.artifact, Event::payload_of(kind, status))
    }

    /// The current deployment is no longer to be served.
    pub fn undeployed(kind: Kind, status: &DeploymentStatus) -> Self {
        Event::once(kind, "undeployed", status.artifact, Event::payload_of(kind, status))
    }

    fn payload_of(kind: Kind, status: &DeploymentStatus) -> Value {
        deployment_payload(kind, status.artifact, status.deployment, &status.performed_at)
    }

    /// An artifact is no more.
    pub fn deleted(kind: Kind, artifact: Uuid) -> Self {
        Event::once(kind, "deleted", artifact, deleted_payload(kind, artifact))
    }

    /// There is a new key.
    pub fn key_created(artifact: Uuid, user: &str, key: &KeyCreated) -> Self {
        Event::of_key("created", artifact, user, key)
    }

    /// A key has another secret.
    pub fn key_updated(artifact: Uuid, user: &str, key: &KeyUpdated) -> Self {
        Event::of_key("updated", artifact, user, key)
    }

    /// A key opens nothing any more.
    pub fn key_revoked(artifact: Uuid, user: &str, name: &str) -> Self {
        let payload = KeyRevoked { api_id: artifact.to_string(), key_name: name.to_owned() };
        Event::of_key("revoked", artifact, user, &payload)
    }
}
