//! Memory made after the database as a whole.
//!
//! Whatever an event tells of: all is read in one statement and taken up in one step, so memory, keys and routes are
//! what the database had at one moment, and nothing is dropped because something older is in its way. Whoever does it
//! holds [`Replica::following`], so that an older reading is never taken up after a newer one.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::Dropped;
use crate::cx::{At, Cx};
use crate::design::MemoryFollows;
use crate::gateway::boot::hydrate;
use crate::gateway::hub::Delivered;
use crate::gateway::memory::{
    ConfigStore, LazyResources, PolicyKeys, Projected, Routes, RuntimePolicies, Subscriptions,
};
use crate::gateway::replica::Replica;
use crate::gateway::storage::Stored;
use crate::gateway::tables::KeyStatus;

impl Replica {
    /// Whether memory is made after the database as a whole.
    pub(super) fn follows_database(&self) -> bool {
        match self.design.memory {
            MemoryFollows::Events => false,
            MemoryFollows::Database => true,
        }
    }

    /// Makes memory anew after a sync, where it doesn't go by events; says whether it could.
    pub(in crate::gateway) async fn follow(&self, cx: &Cx) -> bool {
        if !self.follows_database() {
            return true;
        }
        let followed = self.take_up_all(cx).await;
        if let Err(error) = &followed {
            tracing::warn!(%error, "memory stays as it was");
        }
        followed.is_ok()
    }

    /// Makes memory anew, as often as it takes: nobody tells of the same thing twice.
    pub(super) async fn follow_until_it_could(&self, cx: &Cx) {
        while !self.follow(cx).await {
            tokio::select! {
                biased;
                () = self.listening.asked() => return,
                () = cx.sleep(self.settings.poll_interval) => {}
            }
        }
    }

    /// Takes up all that is stored, and drops whatever isn't.
    pub(super) async fn take_up_all(&self, cx: &Cx) -> Result<(), Dropped> {
        let _following = self.following.lock().await;
        let stored = self.storage.load_all(cx, At::site("store.load-all")).await?;
        cx.cross(At::site("memory.take-up"), |_, record| {
            self.projections.change(|state| {
                let before = std::mem::take(&mut state.routes);
                replace(state, stored);
                record.changes = state.routes.changes_from(&before);
            });
        })
        .await?;
        Ok(())
    }

    /// Takes the events that wait beside one that has been taken: one reading is for all of them.
    pub(super) fn drain(events: &mut mpsc::Receiver<Delivered>, cx: &Cx) {
        while let Ok(delivered) = events.try_recv() {
            cx.see(delivered.by);
        }
    }
}

fn replace(state: &mut Projected, stored: Stored) {
    let Stored { artifacts, templates, keys, subscriptions, plans } = stored;
    state.memory = ConfigStore::default();
    state.policy_keys = PolicyKeys::default();
    state.runtime_policies = RuntimePolicies::default();
    state.lazy_resources = LazyResources::default();
    templates.into_iter().for_each(|template| state.lazy_resources.store(template));
    let artifacts: Vec<_> = artifacts.into_iter().map(Arc::new).collect();
    for config in &artifacts {
        if let Err(error) = state.memory.add(config.clone()) {
            tracing::warn!(%error, "not taken into memory");
        }
    }
    for config in &artifacts {
        match hydrate(state, config) {
            Ok(()) => state.runtime_policies.upsert(config),
            Err(why) => tracing::warn!("not translated: {why}"),
        }
    }
    for key in keys {
        if let Err(error) = state.memory.store_key(key.clone()) {
            tracing::warn!(%error, "not taken into memory");
        }
        if key.status == KeyStatus::Active {
            state.policy_keys.store(key);
        }
    }
    match Subscriptions::compile(subscriptions, plans) {
        Ok(snapshot) => state.subscriptions = snapshot,
        Err(error) => tracing::warn!(%error, "the snapshot of subscriptions stays"),
    }
    state.routes = Routes::translate(&state.memory);
}
