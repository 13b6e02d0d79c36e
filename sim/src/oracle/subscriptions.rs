//! Which subscriptions let requests in on a gateway: the active ones, to APIs that are served there.

use std::collections::BTreeMap;

use driftless_model::platform::tables::{Subscription, SubscriptionStatus};
use driftless_model::store::View;
use uuid::Uuid;

use super::{Kept, Standing, standing};

/// A subscription that opens something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubscriptionOught {
    /// The subscription.
    pub subscription: Uuid,
    /// Its plan.
    pub plan: Option<Uuid>,
    /// Whether it has to.
    pub standing: Standing,
}

pub(super) fn of(
    view: &View<'_>,
    artifacts: &BTreeMap<Uuid, Kept>,
) -> BTreeMap<(Uuid, String), SubscriptionOught> {
    let active = view.scan::<Subscription>(|row| row.status == SubscriptionStatus::Active);
    let ought = |row: &Subscription| {
        let standing = standing(&artifacts.get(&row.api)?.place);
        let ought = SubscriptionOught { subscription: row.uuid, plan: row.plan, standing };
        Some(((row.api, row.token_hash.clone()), ought))
    };
    active.iter().filter_map(|row| ought(row)).collect()
}
