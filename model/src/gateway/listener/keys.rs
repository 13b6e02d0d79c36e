//! API keys: into memory and the policy engine, and out of them.

use std::sync::Arc;

use uuid::Uuid;

use super::Dropped;
use crate::cx::{At, Cx};
use crate::gateway::hub::key_of;
use crate::gateway::replica::Replica;

impl Replica {
    /// Takes up what the database has of a key, if its artifact is here.
    pub(super) async fn apply_key(&self, cx: &Cx, entity: &str) -> Result<(), Dropped> {
        let (artifact, uuid) = key_of(entity).ok_or_else(|| Dropped::Entity(entity.to_owned()))?;
        let key = self.storage.find_key(cx, uuid).await?.ok_or(Dropped::NoRow)?;
        let at = At::site("memory.store-key").about(uuid);
        self.projections.cross(cx, at, |state| state.memory.store_key(key.clone())).await??;
        self.require_in_memory(cx, artifact).await?;
        let at = At::site("memory.policy-key").about(uuid);
        self.projections.cross(cx, at, |state| state.policy_keys.store(key.clone())).await?;
        Ok(())
    }

    /// Drops a key. Its row is gone by now, so only memory knows its name.
    pub(super) async fn apply_key_removal(&self, cx: &Cx, entity: &str) -> Result<(), Dropped> {
        let (artifact, uuid) = key_of(entity).ok_or_else(|| Dropped::Entity(entity.to_owned()))?;
        let at = At::site("memory.remove-key").about(uuid);
        let name = self
            .projections
            .cross(cx, at, |state| state.memory.remove_key(artifact, uuid).map(|key| key.name.clone()));
        let name = name.await?.ok_or(Dropped::NoName)?;
        self.require_in_memory(cx, artifact).await?;
        let at = At::site("memory.revoke-key").about(uuid);
        self.projections.cross(cx, at, |state| state.policy_keys.revoke(artifact, &name)).await?;
        Ok(())
    }

    /// Finds the artifact of a key in memory, or else in the database; in that case it is added to memory on
    /// the way, and no routes are made of it.
    async fn require_in_memory(&self, cx: &Cx, artifact: Uuid) -> Result<(), Dropped> {
        let at = At::site("memory.find-artifact").about(artifact);
        if self.projections.look(cx, at, |state| state.memory.get(artifact).is_some()).await? {
            return Ok(());
        }
        let config = Arc::new(self.storage.find(cx, artifact).await?.ok_or(Dropped::NoArtifact)?);
        let at = At::site("memory.store").about(artifact);
        if let Err(error) = self.projections.cross(cx, at, |state| state.memory.add(config)).await? {
            tracing::warn!(%error, "an artifact was not added to memory");
        }
        Ok(())
    }
}
