//! Rebuilding the snapshot of subscriptions from the database (docs/spec/gateway.md section 9.4).
//!
//! Whoever changed something does it, and nothing keeps two of them apart: what is read and what is set are
//! separate steps, so an older snapshot can be set over a newer one. Subscriptions and plans are two readings,
//! and a plan that comes and goes in between can be missed.

use crate::cx::{At, Broken, Cx};
use crate::gateway::memory::{MissingPlan, Subscriptions};
use crate::gateway::replica::Replica;
use crate::store::StoreError;

/// Why the snapshot stays as it was.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(in crate::gateway) enum SnapshotError {
    #[error(transparent)]
    Plan(#[from] MissingPlan),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl Replica {
    /// Sets the snapshot that the database has, at that crossing.
    pub async fn rebuild_subscriptions(&self, cx: &Cx, set: At<'_>) -> Result<(), SnapshotError> {
        let active = self.storage.active_subscriptions(cx).await?;
        let plans = self.storage.plans(cx).await?;
        let snapshot = Subscriptions::compile(active, plans)?;
        self.projections.cross(cx, set, |state| state.subscriptions = snapshot).await?;
        Ok(())
    }

    /// The same where a failure is noted and nobody acts on it.
    pub async fn refresh_subscriptions(&self, cx: &Cx) {
        if let Err(error) = self.rebuild_subscriptions(cx, At::site("memory.subscriptions")).await {
            tracing::warn!(%error, "the snapshot of subscriptions was not rebuilt");
        }
    }
}
