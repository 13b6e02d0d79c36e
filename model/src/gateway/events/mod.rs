//! What a live event does: one file for each family (docs/spec/gateway.md section 8).
//!
//! An event that can't be understood, or lacks what it must have, is dropped without an ack, like those of
//! unknown types.

mod applications;
mod deleted;
mod deployed;
mod deployment;
mod expiry;
mod keys;
mod plans;
mod subscriptions;
mod undeployed;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::cx::{CrossingId, Cx, Subject};
use crate::design::ApiDeleted;
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
    SubscriptionCreated,
    SubscriptionUpdated,
    SubscriptionDeleted,
    PlanCreated,
    PlanUpdated,
    PlanDeleted,
    ApplicationUpdated,
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
            ("subscription", "created", _) => Some(Verb::SubscriptionCreated),
            ("subscription", "updated", _) => Some(Verb::SubscriptionUpdated),
            ("subscription", "deleted", _) => Some(Verb::SubscriptionDeleted),
            ("subscriptionPlan", "created", _) => Some(Verb::PlanCreated),
            ("subscriptionPlan", "updated", _) => Some(Verb::PlanUpdated),
            ("subscriptionPlan", "deleted", _) => Some(Verb::PlanDeleted),
            ("application", "updated", _) => Some(Verb::ApplicationUpdated),
            _ => None,
        }
    }

    /// The field of the payload that says what it is about.
    fn subject_field(self) -> &'static str {
        match self {
            Verb::Deployed(kind) | Verb::Undeployed(kind) | Verb::Deleted(kind) => kind.event_id_field(),
            // Whatever the artifact's kind.
            Verb::KeyCreated | Verb::KeyUpdated | Verb::KeyRevoked => "apiId",
            Verb::SubscriptionCreated | Verb::SubscriptionUpdated | Verb::SubscriptionDeleted => {
                "subscriptionId"
            }
            Verb::PlanCreated | Verb::PlanUpdated | Verb::PlanDeleted => "planId",
            Verb::ApplicationUpdated => "applicationUuid",
        }
    }
}

impl Replica {
    /// Deals with one message of the platform, to the end.
    pub async fn handle_message(self: &Arc<Self>, cx: &Cx, begun: CrossingId, message: Value) {
        let Some(event) = message.get("type").and_then(Value::as_str).map(str::to_owned) else { return };
        let Some(verb) = Verb::of(&event).filter(|verb| self.knows(*verb)) else {
            return tracing::debug!(event, "unknown type of event, dropped");
        };
        let Ok(incoming) = Incoming::deserialize(message) else {
            return tracing::warn!(event, "unreadable event, dropped");
        };
        let Some(subject) = incoming.identifier(verb.subject_field()) else {
            return tracing::warn!(event, "an event that doesn't say what it is about, dropped");
        };
        if self.asks_about_events() {
            let because = format!("sync after {event}");
            return self.ask_because(cx.caused_by(begun, &because, Subject::Id(subject)));
        }
        let cx = cx.caused_by(begun, &format!("event {event}"), Subject::Id(subject));
        match verb {
            Verb::Deployed(kind) => self.on_deployed(&cx, kind, subject, incoming).await,
            Verb::Undeployed(kind) => self.on_undeployed(&cx, kind, subject, incoming).await,
            Verb::Deleted(kind) => self.on_deleted(&cx, kind, subject, incoming).await,
            Verb::KeyCreated => self.on_key_created(&cx, subject, incoming).await,
            Verb::KeyUpdated => self.on_key_updated(&cx, subject, incoming).await,
            Verb::KeyRevoked => self.on_key_revoked(&cx, subject, incoming).await,
            Verb::SubscriptionCreated => self.on_subscription_created(&cx, subject, incoming).await,
            Verb::SubscriptionUpdated => self.on_subscription_updated(&cx, subject, incoming).await,
            Verb::SubscriptionDeleted => self.on_subscription_deleted(&cx, subject, incoming).await,
            Verb::PlanCreated => self.on_plan_created(&cx, subject, incoming).await,
            Verb::PlanUpdated => self.on_plan_updated(&cx, subject, incoming).await,
            Verb::PlanDeleted => self.on_plan_deleted(&cx, subject, incoming).await,
            Verb::ApplicationUpdated => self.on_application_updated(&cx, subject, incoming).await,
        }
    }

    /// Whether there is a handler for it.
    fn knows(&self, verb: Verb) -> bool {
        match self.design.api_deleted {
            ApiDeleted::IsHandled => true,
            ApiDeleted::IsUnknown => verb != Verb::Deleted(Kind::RestApi),
        }
    }
}

impl Incoming {
    fn identifier(&self, field: &str) -> Option<Uuid> {
        self.payload.get(field)?.as_str()?.parse().ok()
    }
}
