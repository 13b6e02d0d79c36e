//! What the platform tells a gateway, before it is addressed to one (docs/spec/platform.md section 7).

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::statements::MappedKey;
use super::tables::{
    APPLICATION_TYPE, ApiKey, Application, DeploymentStatus, Subscription, SubscriptionPlan,
};
use crate::wire::event::{
    ApplicationUpdated, KeyCreated, KeyMapping, KeyRevoked, KeyUpdated, PlanChanged, PlanDeleted,
    SubscriptionChanged, deleted_payload, deployment_payload,
};
use crate::wire::kind::Kind;
use crate::wire::time;

/// An event.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Event {
    /// Such as `api.deployed`.
    pub name: String,
    /// What it says.
    pub payload: Value,
    /// What it is about: an artifact mostly, else a subscription, a plan or an application.
    pub about: Uuid,
    /// Who acted, where gateways are told.
    pub user: String,
    /// How often it is tried. Only events of keys and applications are tried again, at once.
    pub attempts: u32,
}

impl Event {
    /// An event that is tried once and doesn't say who acted.
    fn once(name: impl Into<String>, about: Uuid, payload: Value) -> Self {
        Event { name: name.into(), payload, about, user: String::new(), attempts: 1 }
    }

    /// An event that is tried again and says who acted.
    fn twice(name: impl Into<String>, about: Uuid, user: &str, payload: Value) -> Self {
        Event { name: name.into(), payload, about, user: user.to_owned(), attempts: 2 }
    }

    fn of_artifact(kind: Kind, what: &str, artifact: Uuid, payload: Value) -> Self {
        Event::once(format!("{}.{what}", kind.event_prefix()), artifact, payload)
    }

    /// A deployment has become the current one.
    pub fn deployed(kind: Kind, status: &DeploymentStatus) -> Self {
        Event::of_artifact(kind, "deployed", status.artifact, Event::payload_of(kind, status))
    }

    /// The current deployment is no longer to be served.
    pub fn undeployed(kind: Kind, status: &DeploymentStatus) -> Self {
        Event::of_artifact(kind, "undeployed", status.artifact, Event::payload_of(kind, status))
    }

    /// The same event, with the handle of its artifact wherever it has the UUID.
    pub fn by_handle(mut self, handle: &str) -> Self {
        let uuid = Value::from(self.about.to_string());
        let fields = self.payload.as_object_mut().into_iter().flat_map(|payload| payload.values_mut());
        fields.filter(|field| **field == uuid).for_each(|field| *field = handle.into());
        self
    }

    fn payload_of(kind: Kind, status: &DeploymentStatus) -> Value {
        deployment_payload(kind, status.artifact, status.deployment, &status.performed_at)
    }

    /// An artifact is no more.
    pub fn deleted(kind: Kind, artifact: Uuid) -> Self {
        Event::of_artifact(kind, "deleted", artifact, deleted_payload(kind, artifact))
    }

    /// There is a new key.
    pub fn key_created(user: &str, key: &ApiKey, external_ref_id: Option<String>) -> Self {
        let payload = KeyCreated {
            uuid: Some(key.uuid),
            api_id: key.artifact.to_string(),
            name: Some(key.name.clone()),
            api_key_hashes: hashes(key),
            masked_api_key: key.masked_api_key.clone(),
            external_ref_id,
            expires_at: key.expires_at.clone(),
            expires_in: None,
            issuer: key.issuer.clone(),
            created_at: time::seconds(&key.created_at),
            updated_at: time::seconds(&key.updated_at),
        };
        Event::twice("apikey.created", key.artifact, user, value(&payload))
    }

    /// A key has another secret. Its identifier is left out.
    pub fn key_updated(user: &str, key: &ApiKey, external_ref_id: Option<String>) -> Self {
        let payload = KeyUpdated {
            api_id: key.artifact.to_string(),
            key_name: key.name.clone(),
            api_key_hashes: hashes(key),
            masked_api_key: key.masked_api_key.clone(),
            external_ref_id,
            expires_at: key.expires_at.clone(),
            expires_in: None,
            issuer: key.issuer.clone(),
            updated_at: time::seconds(&key.updated_at),
        };
        Event::twice("apikey.updated", key.artifact, user, value(&payload))
    }

    /// A key opens nothing any more.
    pub fn key_revoked(user: &str, key: &ApiKey) -> Self {
        let payload = KeyRevoked { api_id: key.artifact.to_string(), key_name: key.name.clone() };
        Event::twice("apikey.revoked", key.artifact, user, value(&payload))
    }

    /// Somebody subscribes to an API.
    pub fn subscription_created(row: &Subscription) -> Self {
        Event::once("subscription.created", row.uuid, value(&subscription(row)))
    }

    /// A subscription is another.
    pub fn subscription_updated(row: &Subscription) -> Self {
        Event::once("subscription.updated", row.uuid, value(&subscription(row)))
    }

    /// A subscription is no more. Its plan and its status are left out.
    pub fn subscription_deleted(row: &Subscription) -> Self {
        let payload = SubscriptionChanged {
            subscription_plan_id: String::new(),
            status: String::new(),
            ..subscription(row)
        };
        Event::once("subscription.deleted", row.uuid, value(&payload))
    }

    /// There is a new plan.
    pub fn plan_created(row: &SubscriptionPlan) -> Self {
        Event::once("subscriptionPlan.created", row.uuid, value(&plan(row)))
    }

    /// A plan is another.
    pub fn plan_updated(row: &SubscriptionPlan) -> Self {
        Event::once("subscriptionPlan.updated", row.uuid, value(&plan(row)))
    }

    /// A plan is no more.
    pub fn plan_deleted(row: &SubscriptionPlan) -> Self {
        let payload = PlanDeleted { plan_id: row.uuid.to_string(), plan_name: row.plan_name.clone() };
        Event::once("subscriptionPlan.deleted", row.uuid, value(&payload))
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
        Event::twice("application.updated", row.uuid, user, value(&payload))
    }
}

fn value(payload: &impl Serialize) -> Value {
    serde_json::to_value(payload).expect("a wire type serialises")
}

/// The hashes of a key as events carry them: JSON within JSON.
fn hashes(key: &ApiKey) -> String {
    serde_json::to_string(&key.api_key_hashes).expect("a map of texts serialises")
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
