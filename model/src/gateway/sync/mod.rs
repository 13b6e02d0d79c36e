//! What a gateway asks the platform for after connecting.
//!
//! The first connect of a process brings the deployments up to date, then plans, subscriptions and keys; every
//! later one only the latter three. Nothing repeats what failed, and nothing keeps two of these tasks from
//! overlapping each other or the live events: what one has listed is applied over what another has just written.

mod answers;
mod deletions;
mod deployments;
mod diff;
mod event_id;
mod fetches;
mod keys;
mod plans;
mod scope;
mod statuses;
mod subscriptions;
mod told;
mod turn;
mod writing;

pub(super) use turn::Turns;

use crate::design::PremisesSync;

use crate::cx::Cx;
use crate::gateway::replica::Replica;

#[cfg(test)]
pub(in crate::gateway) use diff::diff;
#[cfg(test)]
pub(in crate::gateway) use event_id::deterministic;

impl Replica {
    /// After the first connect of the process.
    pub async fn first_sync(&self, cx: &Cx) {
        self.catch_up(cx).await;
    }

    /// Step by step, beside whatever else goes on.
    pub(super) async fn sync_one_by_one(&self, cx: &Cx) {
        self.projections.change(|state| state.sync.begun = true);
        self.sync_deployments(cx).await;
        self.projections.change(|state| state.sync.ended = true);
        self.later_sync(cx).await;
    }

    /// After every other connect.
    pub async fn sync_again(&self, cx: &Cx) {
        if self.syncs_whenever_it_differs() { self.catch_up(cx).await } else { self.later_sync(cx).await }
    }

    /// Whether the platform has lists of keys and plans and an answer to which artifacts exist, as far as the design
    /// knows of them.
    pub(super) fn has_lists(&self) -> bool {
        match self.design.premises_sync {
            PremisesSync::Deployments => !self.platform.is_on_premises(),
            PremisesSync::Everything => true,
        }
    }

    /// Plans, subscriptions and keys. Each step is taken whatever became of the one before it.
    pub async fn later_sync(&self, cx: &Cx) {
        self.sync_plans(cx).await;
        self.sync_subscriptions(cx).await;
        self.sync_keys(cx).await;
        self.projections.change(|state| state.sync.key_syncs += 1);
    }
}
