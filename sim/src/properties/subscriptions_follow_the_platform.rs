//! The subscriptions that a gateway accepts, and the plans that it knows, are the platform's.
//!
//! Judged at rest. An active subscription to an API that is served opens it at every process, with its plan; one
//! that is inactive, revoked or deleted opens nothing. Every gateway of the organisation knows each of its plans
//! as the platform has it, whether or not anybody has subscribed to it.
//!
//! Subscriptions to APIs that are gone belong to `deletes-reach-every-gateway`.

use driftless_model::gateway::tables;
use driftless_model::platform::tables as platform;
use uuid::Uuid;

use crate::causes::join;
use crate::oracle::Standing;
use crate::outcome::{Evidence, Violation};

use super::rest::{self, AtRest};
use super::{Found, Modality, Property, trail};

/// Subscriptions and plans are the platform's.
pub(super) struct SubscriptionsFollowThePlatform;

impl Property for SubscriptionsFollowThePlatform {
    fn name(&self) -> &'static str {
        "subscriptions-follow-the-platform"
    }

    fn modality(&self) -> Modality {
        Modality::Eventually
    }

    fn sentence(&self) -> &'static str {
        "an active subscription opens what is served, any other opens nothing, and plans are the platform's"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["subscribed"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["key-sync-enumerates-memory", "orphan-without-exists-check", "plans-told-to-everybody"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        rest::judge(evidence, |gateway, found| {
            judge_subscriptions(evidence, gateway, found);
            if gateway.is_original() {
                judge_plans(evidence, gateway, found);
            }
        })
    }
}

fn judge_subscriptions(evidence: &Evidence, gateway: &AtRest<'_>, found: &mut Found) {
    let name = gateway.name;
    let subscribed = gateway.projections.subscriptions();
    // Where nothing is served no subscription opens anything, and none is to blame.
    let is_served = |api| gateway.projections.read(|state| state.routes.of(api).is_some());
    for ((api, token), ought) in &gateway.ought.subscriptions {
        if ought.standing == Standing::May || !is_served(*api) {
            continue;
        }
        found.relevant = true;
        let here = subscribed.iter().find(|one| {
            one.subscription.api_id == *api && one.subscription.subscription_token_hash == *token
        });
        let (seen, decision) = match here {
            None => (format!("{name} doesn't accept it"), "an active subscription refused"),
            Some(one) if one.subscription.subscription_plan_id != ought.plan => {
                (format!("{name} accepts it with another plan"), "another plan applied")
            }
            Some(_) => continue,
        };
        found.violations.push(Violation {
            expected: format!("{name} accepts the subscription {}", evidence.name(ought.subscription)),
            seen,
            decision: decision.to_owned(),
            ..about_subscription(evidence, gateway, *api, ought.subscription)
        });
    }
    for one in subscribed {
        let row = &one.subscription;
        if !gateway.ought.artifacts.contains_key(&row.api_id) || !is_served(row.api_id) {
            continue;
        }
        found.relevant = true;
        let place = (row.api_id, row.subscription_token_hash.clone());
        if !gateway.ought.subscriptions.contains_key(&place) {
            found.violations.push(Violation {
                expected: format!("{name} doesn't accept {}, which isn't active", evidence.name(row.uuid)),
                seen: format!("{name} accepts it"),
                decision: "accepted although it isn't active".to_owned(),
                ..about_subscription(evidence, gateway, row.api_id, row.uuid)
            });
        }
    }
}

fn judge_plans(evidence: &Evidence, gateway: &AtRest<'_>, found: &mut Found) {
    let name = gateway.name;
    let held = gateway.remains.database.look(|view| view.scan::<tables::SubscriptionPlan>(|_| true));
    for plan in gateway.ought.plans.values() {
        found.relevant = true;
        let (seen, decision) = match held.iter().find(|row| row.uuid == plan.uuid) {
            None => (format!("{name} doesn't know it"), "a plan unknown"),
            Some(row) if !is_alike(row, plan) => {
                (format!("{name} knows it as it was before"), "an older plan known")
            }
            Some(_) => continue,
        };
        found.violations.push(Violation {
            expected: format!("{name} knows the plan {} as it is", evidence.name(plan.uuid)),
            seen,
            decision: decision.to_owned(),
            ..about_plan(evidence, gateway, plan.uuid)
        });
    }
    for row in held.iter().filter(|row| !gateway.ought.plans.contains_key(&row.uuid)) {
        found.relevant = true;
        found.violations.push(Violation {
            expected: format!("{name} doesn't know the plan {}, which is gone", evidence.name(row.uuid)),
            seen: format!("{name} still has it"),
            decision: "a deleted plan known".to_owned(),
            ..about_plan(evidence, gateway, row.uuid)
        });
    }
}

/// Whether a plan is known as the platform has it, times left aside.
fn is_alike(here: &tables::SubscriptionPlan, there: &platform::SubscriptionPlan) -> bool {
    let throttle = there.throttle.as_ref();
    here.plan_name == there.plan_name
        && here.billing_plan == there.billing_plan
        && here.stop_on_quota_reach == there.stop_on_quota_reach
        && here.throttle_limit_count == throttle.map(|throttle| throttle.count)
        && here.throttle_limit_unit.as_deref() == throttle.map(|throttle| throttle.unit.as_str())
        && here.expiry_time == there.expiry_time
        && here.status.to_string() == there.status.word()
}

fn about_subscription(evidence: &Evidence, gateway: &AtRest<'_>, api: Uuid, id: Uuid) -> Violation {
    let changed = trail::last_change(evidence, |_| true, |row: &platform::Subscription| row.uuid == id);
    let last = trail::last_at(evidence, gateway.gateway(), |row: &tables::Subscription| row.uuid == id);
    let since = changed.map(|crossing| crossing.id).unwrap_or_default();
    let violation = trail::of_thing(evidence, gateway, id, changed, last);
    let stored = trail::stored_since(evidence, gateway.gateway(), api, since);
    Violation { chain: join(violation.chain, stored), ..violation }
}

fn about_plan(evidence: &Evidence, gateway: &AtRest<'_>, id: Uuid) -> Violation {
    let changed = trail::last_change(evidence, |_| true, |row: &platform::SubscriptionPlan| row.uuid == id);
    let last = trail::last_at(evidence, gateway.gateway(), |row: &tables::SubscriptionPlan| row.uuid == id);
    trail::of_thing(evidence, gateway, id, changed, last)
}
