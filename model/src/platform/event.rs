//! What the platform tells a gateway, before it is addressed to one (docs/spec/platform.md section 7).

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::statements::MappedKey;
use super::tables::{APPLICATION_TYPE, Application, DeploymentStatus, Subscription, SubscriptionPlan};
use crate::wire::event::{
    ApplicationUpdated, KeyCreated, KeyMapping, KeyRevoked, KeyUpdated, PlanChanged, PlanDeleted,
    SubscriptionChanged, deleted_payload, deployment_payload,
};
use crate::wire::kind::Kind;

/// An event.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Event {
    /// Such as `api.deployed`.
    pub name: String,
    /// What it says.
    pub payload: Value,
    /// What it is about: an artifact mostly, else a subscription, a plan or an application.
    pub artifact: Uuid,
    /// Who acted, where gateways are told.
    pub user: String,
    /// How often it is tried. Only events of keys and applications are tried again, at once.
    pub attempts: u32,
}

impl Event {
    fn once(kind: Kind, what: &str, artifact: Uuid, payload: Value) -> Self {
        let name = format!("{}.{what}", kind.event_prefix());
        Event { name, payload, artifact, user: String::new(), attempts: 1 }
    }

    fn of_key(what: &str, artifact: Uuid, user: &str, payload: &impl Serialize) -> Self {
        let payload = value(payload);
        Event { name: format!("apikey.{what}"), payload, artifact, user: user.to_owned(), attempts: 2 }
    }

    fn unsigned(name: &str, about: Uuid, payload: &impl Serialize) -> Self {
        let payload = value(payload);
        Event { name: name.to_owned(), payload, artifact: about, user: String::new(), attempts: 1 }
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

    /// Somebody subscribes to an API.
    pub fn subscription_created(row: &Subscription) -> Self {
        Event::unsigned("subscription.created", row.uuid, &subscription(row))
    }

    /// A subscription is another.
    pub fn subscription_updated(row: &Subscription) -> Self {
        Event::unsigned("subscription.updated", row.uuid, &subscription(row))
    }

    /// A subscription is no more. Its plan and its status are left out.
    pub fn subscription_deleted(row: &Subscription) -> Self {
        let payload = SubscriptionChanged {
            subscription_plan_id: String::new(),
            status: String::new(),
            ..subscription(row)
        };
        Event::unsigned("subscription.deleted", row.uuid, &payload)
    }

    /// There is a new plan.
    pub fn plan_created(row: &SubscriptionPlan) -> Self {
        Event::unsigned("subscriptionPlan.created", row.uuid, &plan(row))
    }

    /// A plan is another.
    pub fn plan_updated(row: &SubscriptionPlan) -> Self {
        Event::unsigned("subscriptionPlan.updated", row.uuid, &plan(row))
    }

    /// A plan is no more.
    pub fn plan_deleted(row: &SubscriptionPlan) -> Self {
        let payload = PlanDeleted { plan_id: row.uuid.to_string(), plan_name: row.plan_name.clone() };
        Event::unsigned("subscriptionPlan.deleted", row.uuid, &payload)
    }

    /// An application is another, or has other keys: here are all it has.
    pub fn application_updated(user: &str, row: &Application, keys: &[MappedKey]) -> Self {
        let mapping = |mapped: &MappedKey| KeyMapping { api_key_uuid: mapped.key.uuid.to_string() };
        let payload = ApplicationUpdated {
            application_id: row.handle.clone(),
            application_uuid: row.uuid.to_string(),
            application_name: row.name.clone(),
            application_type: APPLICATION_TYPE.to_owned(),
            mappings: keys.iter().map(mapping).collect(),
        };
        let name = "application.updated".to_owned();
        Event { name, payload: value(&payload), artifact: row.uuid, user: user.to_owned(), attempts: 2 }
    }
}

fn value(payload: &impl Serialize) -> Value {
    serde_json::to_value(payload).expect("a wire type serialises")
}

fn subscription(row: &Subscription) -> SubscriptionChanged {
    SubscriptionChanged {
        api_id: row.api.to_string(),
        subscription_id: row.uuid.to_string(),
        application_id: row.application.clone().unwrap_or_default(),
        subscription_token: row.token.clone(),
        subscription_plan_id: row.plan.map(|plan| plan.to_string()).unwrap_or_default(),
        status: row.status.word().to_owned(),
    }
}

fn plan(row: &SubscriptionPlan) -> PlanChanged {
    PlanChanged {
        plan_id: row.uuid.to_string(),
        plan_name: row.plan_name.clone(),
        billing_plan: row.billing_plan.clone(),
        stop_on_quota_reach: row.stop_on_quota_reach,
        throttle_limit_count: row.throttle.as_ref().map(|throttle| throttle.count),
        throttle_limit_unit: row.throttle.as_ref().map(|throttle| throttle.unit.clone()),
        expiry_time: row.expiry_time.clone(),
        status: row.status.word().to_owned(),
    }
}
