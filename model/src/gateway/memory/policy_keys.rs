//! The keys that the policy engine knows: those with which requests are let in.
//!
//! It is less strict than the [`super::ConfigStore`]: a key replaces whatever has its artifact and name. The
//! artifacts themselves are not known here, so a key opens nothing by itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::hash;
use crate::gateway::tables::{ApiKey, KeyStatus};
use crate::wire::time::Instant;

/// The keys of the policy engine.
#[derive(Clone, Default, Debug)]
pub struct PolicyKeys {
    keys: BTreeMap<(Uuid, String), Arc<ApiKey>>,
}

impl PolicyKeys {
    /// Takes up a key in place of the one with its artifact and name.
    pub fn store(&mut self, key: Arc<ApiKey>) {
        self.keys.insert((key.artifact_uuid, key.name.clone()), key);
    }

    /// Drops a key.
    pub fn revoke(&mut self, artifact: Uuid, name: &str) {
        self.keys.remove(&(artifact, name.to_owned()));
    }

    /// Drops every key of an artifact.
    pub fn revoke_all_of(&mut self, artifact: Uuid) {
        self.keys.retain(|(of, _), _| *of != artifact);
    }

    /// Every key, by artifact and name.
    pub fn keys(&self) -> impl Iterator<Item = &Arc<ApiKey>> {
        self.keys.values()
    }

    /// Whether a request to the artifact with this key is let in at that moment.
    pub fn accepts(&self, artifact: Uuid, plain: &str, now: Instant) -> bool {
        let hash = hash(plain);
        self.keys().any(|key| {
            key.artifact_uuid == artifact
                && key.api_key == hash
                && key.status == KeyStatus::Active
                && key.expires_at.is_none_or(|end| now < end)
        })
    }
}
