//! Artifacts: into memory and out of it.

use std::sync::Arc;

use uuid::Uuid;

use super::Dropped;
use crate::cx::{At, Cx};
use crate::gateway::memory::{ConfigError, Projected, StoredConfig};
use crate::gateway::replica::Replica;
use crate::wire::kind::Kind;

impl Replica {
    /// Takes up what the database has of an artifact. Its keys are not loaded again.
    pub(super) async fn apply_artifact(self: &Arc<Self>, cx: &Cx, artifact: Uuid) -> Result<(), Dropped> {
        let config = Arc::new(self.storage.find(cx, artifact).await?.ok_or(Dropped::NoRow)?);
        self.hydrate(cx, &config).await?;
        let at = At::site("memory.store").about(artifact);
        let stored = self.projections.cross_at(cx, at, |state| match state.memory.get(artifact) {
            Some(_) => state.memory.update(config),
            None => state.memory.add(config),
        });
        let (stored, by) = stored.await?;
        stored?;
        self.rebuild_routes(cx, artifact, by);
        Ok(())
    }

    /// Finds what an artifact is translated with: the provider of an LLM proxy, in memory or else in the
    /// database.
    async fn hydrate(&self, cx: &Cx, config: &StoredConfig) -> Result<(), Dropped> {
        let Some(handle) = config.provider() else { return Ok(()) };
        let at = At::site("memory.find-provider").about(config.artifact.uuid);
        let known = |state: &Projected| state.memory.by_handle(Kind::LlmProvider, &handle).is_some();
        if self.projections.look(cx, at, known).await? {
            return Ok(());
        }
        let stored = self.storage.find_by_handle(cx, Kind::LlmProvider, &handle).await?;
        stored.map(drop).ok_or(Dropped::NoProvider)
    }

    /// Drops an artifact with its keys.
    ///
    /// The other kinds stop when memory doesn't have it, since the store's error doesn't say "not found". A
    /// REST API goes on, and leaves the policy engine's keys alone if memory didn't have it.
    pub(super) async fn apply_removal(
        self: &Arc<Self>,
        cx: &Cx,
        kind: Kind,
        artifact: Uuid,
    ) -> Result<(), Dropped> {
        let at = At::site("memory.remove").about(artifact);
        let removed = self.projections.cross_at(cx, at, |state| {
            let removed = state.memory.delete(artifact);
            if removed.is_ok() || kind == Kind::RestApi {
                state.memory.remove_keys_of(artifact);
            }
            removed
        });
        let (removed, by) = removed.await?;
        let was_known = match (kind, removed) {
            (_, Ok(_)) => true,
            (Kind::RestApi, Err(ConfigError::Absent(_))) => false,
            (_, Err(error)) => return Err(error.into()),
        };
        if kind == Kind::RestApi {
            if let Err(error) = self.storage.delete_subscriptions_of(cx, artifact).await {
                tracing::warn!(%error, "the subscriptions of a deleted API stay");
            }
            self.refresh_subscriptions(cx).await;
        }
        if was_known {
            let at = At::site("memory.revoke-keys").about(artifact);
            self.projections.cross(cx, at, |state| state.policy_keys.revoke_all_of(artifact)).await?;
        }
        self.rebuild_routes(cx, artifact, by);
        Ok(())
    }
}
