//! The runtime store: what the policy engine knows of artifacts (docs/spec/gateway.md sections 1 and 9.4).
//!
//! It is kept by kind and handle and not by identifier, and is written beside the routes and not with them:
//! either may be there without the other. A handle that an artifact no longer has stays until something
//! takes it.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::StoredConfig;
use super::routes::{Digest, digest};
use crate::wire::kind::Kind;

/// What the policy engine knows of one artifact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuntimePolicy {
    /// The artifact.
    pub artifact: Uuid,
    /// The digest of the definition it was derived from.
    pub digest: Digest,
}

/// What the policy engine knows, by kind and handle.
#[derive(Clone, Default, Debug)]
pub struct RuntimePolicies(BTreeMap<(Kind, String), RuntimePolicy>);

impl RuntimePolicies {
    /// Takes up what an artifact's definition says, whether or not it is to be served.
    pub fn upsert(&mut self, config: &StoredConfig) {
        let policy = RuntimePolicy { artifact: config.artifact.uuid, digest: digest(&config.configuration) };
        self.0.insert((config.artifact.kind, config.artifact.handle.clone()), policy);
    }

    /// Drops what is kept under a handle, whoever put it there.
    pub fn remove(&mut self, kind: Kind, handle: &str) {
        self.0.remove(&(kind, handle.to_owned()));
    }

    /// What is kept under a handle.
    pub fn get(&self, kind: Kind, handle: &str) -> Option<RuntimePolicy> {
        self.0.get(&(kind, handle.to_owned())).copied()
    }

    /// All of it, by kind and handle.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, &str, RuntimePolicy)> {
        self.0.iter().map(|((kind, handle), policy)| (*kind, handle.as_str(), *policy))
    }
}
