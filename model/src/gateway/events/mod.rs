//! What a live event does: one file for each family (docs/spec/gateway.md section 8).
//!
//! An event that can't be understood, or lacks what it must have, is dropped without an ack. Subscriptions,
//! plans and applications are not known here yet; their events are dropped like those of unknown types.

mod deleted;
mod deployed;
mod deployment;
mod keys;
mod undeployed;

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::cx::{CrossingId, Cx, Subject};
use crate::gateway::replica::Replica;
use crate::wire::kind::Kind;

/// An event as it came, apart from its type.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::gateway) struct Incoming {
    #[serde(default)]
    payload: Value,
    /// The idempotency key of what is published because of it.
    #[serde(rename = "correlationId", default)]
    correlation_id: String,
    /// Who acted.
    #[serde(rename = "userId", default)]
    user_id: String,
}

/// What an event asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verb {
    Deployed(Kind),
    Undeployed(Kind),
    Deleted(Kind),
    KeyCreated,
    KeyUpdated,
    KeyRevoked,
}

impl Verb {
    fn of(event: &str) -> Option<Verb> {
        let (family, verb) = event.split_once('.')?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.event_prefix() == family);
        match (family, verb, kind) {
            (_, "deployed", Some(kind)) => Some(Verb::Deployed(kind)),
            (_, "undeployed", Some(kind)) => Some(Verb::Undeployed(kind)),
            (_, "deleted", Some(kind)) => Some(Verb::Deleted(kind)),
            ("apikey", "created", _) => Some(Verb::KeyCreated),
            ("apikey", "updated", _) => Some(Verb::KeyUpdated),
            ("apikey", "revoked", _) => Some(Verb::KeyRevoked),
            _ => None,
        }
    }

    /// The field of the payload that says which artifact it is about.
    fn artifact_field(self) -> &'static str {
        match self {
            Verb::Deployed(kind) | Verb::Undeployed(kind) | Verb::Deleted(kind) => kind.event_id_field(),
            // Whatever the artifact's kind.
            Verb::KeyCreated | Verb::KeyUpdated | Verb::KeyRevoked => "apiId",
        }
    }
}

impl Replica {
    /// Deals with one message of the platform, to the end.
    pub async fn handle_message(&self, cx: &Cx, begun: CrossingId, message: Value) {
        let Some(event) = message.get("type").and_then(Value::as_str).map(str::to_owned) else { return };
        let Some(verb) = Verb::of(&event) else {
            return tracing::debug!(event, "unknown type of event, dropped");
        };
        let Ok(incoming) = Incoming::deserialize(message) else {
            return tracing::warn!(event, "unreadable event, dropped");
        };
        let Some(artifact) = incoming.artifact(verb.artifact_field()) else {
            return tracing::warn!(event, "an event without its artifact, dropped");
        };
        let cx = cx.caused_by(begun, &format!("event {event}"), Subject::Id(artifact));
        match verb {
            Verb::Deployed(kind) => self.on_deployed(&cx, kind, artifact, incoming).await,
            Verb::Undeployed(kind) => self.on_undeployed(&cx, kind, artifact, incoming).await,
            Verb::Deleted(kind) => self.on_deleted(&cx, kind, artifact, incoming).await,
            Verb::KeyCreated => self.on_key_created(&cx, artifact, incoming).await,
            Verb::KeyUpdated => self.on_key_updated(&cx, artifact, incoming).await,
            Verb::KeyRevoked => self.on_key_revoked(&cx, artifact, incoming).await,
        }
    }
}

impl Incoming {
    fn artifact(&self, field: &str) -> Option<Uuid> {
        self.payload.get(field)?.as_str()?.parse().ok()
    }
}
