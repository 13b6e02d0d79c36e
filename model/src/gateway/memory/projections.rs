//! [`Projections`]: the volatile state of one replica's process, as others see it.
//!
//! The actor changes it in crossings of its own; whoever judges a run reads it, and never writes. A process
//! that starts again begins with new projections.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::{
    ConfigStore, LazyResources, PolicyKeys, Route, Routes, RuntimePolicies, RuntimePolicy, StoredConfig,
    Subscribed, Subscriptions,
};
use crate::cx::{At, Broken, CrossingId, Cx};
use crate::gateway::tables::ApiKey;
use crate::wire::kind::Kind;
use crate::wire::time::Instant;

/// Where the control-plane client stands (docs/spec/gateway.md section 3.3).
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum LinkStatus {
    /// It has not started.
    #[default]
    Disconnected,
    /// It is dialling, or waits for the platform's first frame.
    Connecting,
    /// It reads events.
    Connected,
    /// It lost a connection, or waits before the next attempt.
    Reconnecting,
}

/// How far the syncs of this process have come.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SyncProgress {
    /// The deployment sync of the first connect has begun. It never begins again in this process.
    pub begun: bool,
    /// The deployment sync of the first connect has ended, whatever it achieved.
    pub ended: bool,
    /// How many key syncs have ended. They are the last thing that a connect asks for.
    pub key_syncs: u64,
}

/// All of it.
#[derive(Clone, Default, Debug)]
pub struct Projected {
    /// Grows with every change.
    pub version: u64,
    /// Artifacts and keys.
    pub memory: ConfigStore,
    /// The keys that let requests in.
    pub policy_keys: PolicyKeys,
    /// What the policy engine knows of artifacts.
    pub runtime_policies: RuntimePolicies,
    /// What LLM providers are translated with.
    pub lazy_resources: LazyResources,
    /// The subscriptions that let requests in.
    pub subscriptions: Subscriptions,
    /// What is served.
    pub routes: Routes,
    /// The connection to the platform.
    pub link: LinkStatus,
    /// The syncs.
    pub sync: SyncProgress,
}

/// The volatile state of one replica's process.
#[derive(Default, Debug)]
pub struct Projections(Mutex<Projected>);

impl Projections {
    /// A number that grows with every change.
    pub fn version(&self) -> u64 {
        self.lock().version
    }

    /// What is served under a handle.
    pub fn route(&self, handle: &str) -> Option<Route> {
        self.lock().routes.iter().find(|route| route.handle == handle).cloned()
    }

    /// Everything that is served, by artifact.
    pub fn routes(&self) -> Vec<Route> {
        self.lock().routes.iter().cloned().collect()
    }

    /// Every artifact in memory, by identifier.
    pub fn artifacts(&self) -> Vec<Arc<StoredConfig>> {
        self.lock().memory.artifacts().cloned().collect()
    }

    /// Every key in memory, by artifact and name.
    pub fn memory_keys(&self) -> Vec<Arc<ApiKey>> {
        self.lock().memory.keys().cloned().collect()
    }

    /// Every key that the policy engine knows, by artifact and name.
    pub fn keys(&self) -> Vec<Arc<ApiKey>> {
        self.lock().policy_keys.keys().cloned().collect()
    }

    /// Whether a request to the artifact with this key is let in at that moment.
    pub fn accepts_key(&self, artifact: Uuid, plain: &str, now: Instant) -> bool {
        self.lock().policy_keys.accepts(artifact, plain, now)
    }

    /// What the policy engine knows of the artifact of that kind under a handle.
    pub fn runtime_policy(&self, kind: Kind, handle: &str) -> Option<RuntimePolicy> {
        self.lock().runtime_policies.get(kind, handle)
    }

    /// Everything that the policy engine knows of artifacts, by kind and handle.
    pub fn runtime_policies(&self) -> Vec<(Kind, String, RuntimePolicy)> {
        let owned = |(kind, handle, policy): (Kind, &str, _)| (kind, handle.to_owned(), policy);
        self.lock().runtime_policies.iter().map(owned).collect()
    }

    /// The handles of the templates in memory.
    pub fn templates(&self) -> Vec<String> {
        self.lock().lazy_resources.templates().map(|template| template.handle.clone()).collect()
    }

    /// Every subscription that lets requests in, by identifier.
    pub fn subscriptions(&self) -> Vec<Subscribed> {
        self.lock().subscriptions.iter().cloned().collect()
    }

    /// Whether a request to the artifact with this subscription token is let in.
    pub fn accepts_token(&self, artifact: Uuid, plain: &str) -> bool {
        self.lock().subscriptions.accepts(artifact, plain)
    }

    /// Where the control-plane client stands.
    pub fn link(&self) -> LinkStatus {
        self.lock().link
    }

    /// How far the syncs have come.
    pub fn sync(&self) -> SyncProgress {
        self.lock().sync
    }

    /// Reads what the accessors don't show.
    pub fn read<R>(&self, read: impl FnOnce(&Projected) -> R) -> R {
        read(&self.lock())
    }

    /// Reads in a crossing, where the real code takes a lock for that reading alone.
    pub(in crate::gateway) async fn look<R>(
        &self,
        cx: &Cx,
        at: At<'_>,
        read: impl FnOnce(&Projected) -> R,
    ) -> Result<R, Broken> {
        cx.cross(at, |_, _| read(&self.lock())).await
    }

    /// Changes it in a crossing.
    pub(in crate::gateway) async fn cross<R>(
        &self,
        cx: &Cx,
        at: At<'_>,
        change: impl FnOnce(&mut Projected) -> R,
    ) -> Result<R, Broken> {
        cx.cross(at, |_, _| self.change(change)).await
    }

    /// Changes it in a crossing, and says which one that was.
    pub(in crate::gateway) async fn cross_at<R>(
        &self,
        cx: &Cx,
        at: At<'_>,
        change: impl FnOnce(&mut Projected) -> R,
    ) -> Result<(R, CrossingId), Broken> {
        cx.cross(at, |id, _| (self.change(change), id)).await
    }

    /// Changes it within the step that the caller is in.
    pub(in crate::gateway) fn change<R>(&self, change: impl FnOnce(&mut Projected) -> R) -> R {
        let mut state = self.lock();
        state.version += 1;
        change(&mut state)
    }

    fn lock(&self) -> MutexGuard<'_, Projected> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
