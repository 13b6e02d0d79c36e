//! What a gateway asks the platform for after connecting.
//!
//! The first connect of a process brings the deployments up to date and then the keys; every later one the
//! keys only. Nothing repeats what failed, and nothing keeps two of these tasks from overlapping each other
//! or the live events. Subscription plans and subscriptions, which the real gateway asks for in between, and
//! the policy manifest, which it sends, are not here yet.

mod deletions;
mod deployments;
mod diff;
mod event_id;
mod fetches;
mod keys;
mod statuses;

use crate::cx::Cx;
use crate::gateway::replica::Replica;

#[cfg(test)]
pub(in crate::gateway) use diff::diff;

impl Replica {
    /// After the first connect of the process.
    pub async fn first_sync(&self, cx: &Cx) {
        self.projections.change(|state| state.sync.begun = true);
        self.sync_deployments(cx).await;
        self.projections.change(|state| state.sync.ended = true);
        self.sync_keys(cx).await;
    }

    /// After every other connect.
    pub async fn later_sync(&self, cx: &Cx) {
        self.sync_keys(cx).await;
    }
}
