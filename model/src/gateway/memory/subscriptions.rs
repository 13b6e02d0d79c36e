//! The snapshot of subscriptions: those with which requests are let in (docs/spec/gateway.md section 9.4).
//!
//! It is made from the database alone, whatever memory holds, so it may know a subscription of an API that isn't
//! served, or miss one of an API that is. A subscription with a plan that isn't there spoils the whole snapshot,
//! and what was there before stays.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::hash;
use crate::gateway::tables::{Subscription, SubscriptionPlan};

/// A subscription that lets requests in.
#[derive(Clone, PartialEq, Debug)]
pub struct Subscribed {
    /// Its row.
    pub subscription: Arc<Subscription>,
    /// Its plan, if it has one.
    pub plan: Option<Arc<SubscriptionPlan>>,
}

/// A subscription refers to a plan that isn't there.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("subscription {subscription} refers to plan {plan}, which is not here")]
pub struct MissingPlan {
    /// The subscription.
    pub subscription: Uuid,
    /// Its plan.
    pub plan: Uuid,
}

/// A snapshot of subscriptions.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Subscriptions(BTreeMap<Uuid, Subscribed>);

impl Subscriptions {
    /// The snapshot of these subscriptions.
    ///
    /// # Errors
    /// If one of them has a plan that isn't among `plans`.
    pub fn compile(
        subscriptions: Vec<Arc<Subscription>>,
        plans: Vec<Arc<SubscriptionPlan>>,
    ) -> Result<Self, MissingPlan> {
        let plans: BTreeMap<Uuid, _> = plans.into_iter().map(|plan| (plan.uuid, plan)).collect();
        let subscribed = subscriptions.into_iter().map(|row| {
            let missing = |plan| MissingPlan { subscription: row.uuid, plan };
            let plan = row.subscription_plan_id.map(|plan| plans.get(&plan).cloned().ok_or(missing(plan)));
            Ok((row.uuid, Subscribed { plan: plan.transpose()?, subscription: row }))
        });
        subscribed.collect::<Result<_, _>>().map(Subscriptions)
    }

    /// Whether a request to the artifact with this token is let in.
    pub fn accepts(&self, artifact: Uuid, plain: &str) -> bool {
        let hash = hash(plain);
        self.iter().map(|subscribed| &subscribed.subscription).any(|subscription| {
            subscription.api_id == artifact && subscription.subscription_token_hash == hash
        })
    }

    /// Every subscription, by identifier.
    pub fn iter(&self) -> impl Iterator<Item = &Subscribed> {
        self.0.values()
    }
}
