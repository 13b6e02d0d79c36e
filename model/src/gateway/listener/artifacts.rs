//! Artifacts: into memory and out of it.

use std::sync::Arc;

use uuid::Uuid;

use super::Dropped;
use crate::cx::{At, Cx};
use crate::gateway::memory::ConfigError;
use crate::gateway::replica::Replica;
use crate::wire::kind::Kind;

impl Replica {
    /// Takes up what the database has of an artifact. Its keys are not loaded again.
    pub(super) async fn apply_artifact(self: &Arc<Self>, cx: &Cx, artifact: Uuid) -> Result<(), Dropped> {
        let config = Arc::new(self.storage.find(cx, artifact).await?.ok_or(Dropped::NoRow)?);
        self.require_ingredients(cx, &config).await?;
        let at = At::site("memory.store").about(artifact);
        let stored = self.projections.cross_at(cx, at, |state| {
            match state.memory.get(artifact) {
                Some(_) => state.memory.update(config.clone()),
                None => state.memory.add(config.clone()),
            }?;
            state.memory.hydrate(artifact);
            if let Some(template) = config.template() {
                state.lazy_resources.map(artifact, &template);
            }
            Ok::<_, ConfigError>(())
        });
        let (stored, by) = stored.await?;
        stored?;
        self.rebuild_routes(cx, artifact, by);
        let at = At::site("memory.runtime-policy").about(artifact);
        self.projections.cross(cx, at, |state| state.runtime_policies.upsert(&config)).await?;
        Ok(())
    }

    /// Drops an artifact with its keys.
    ///
    /// The other kinds stop when memory doesn't have it, since the store's error doesn't say "not found". A
    /// REST API goes on, and leaves the policy engine alone if memory didn't have it: nobody knows its handle.
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
                state.lazy_resources.unmap(artifact);
            }
            removed
        });
        let (removed, by) = removed.await?;
        let known = match (kind, removed) {
            (_, Ok(config)) => Some(config),
            (Kind::RestApi, Err(ConfigError::Absent(_))) => None,
            (_, Err(error)) => return Err(error.into()),
        };
        if kind == Kind::RestApi {
            self.delete_leftover_subscriptions(cx, artifact).await;
            self.refresh_subscriptions_of_deleted(cx).await;
        }
        if known.is_some() {
            let at = At::site("memory.revoke-keys").about(artifact);
            self.projections.cross(cx, at, |state| state.policy_keys.revoke_all_of(artifact)).await?;
        }
        self.rebuild_routes(cx, artifact, by);
        if let Some(config) = known {
            self.remove_runtime_policy(cx, artifact, kind, &config.artifact.handle).await?;
        }
        Ok(())
    }
}
