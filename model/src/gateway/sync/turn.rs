//! Catching up with the platform: one sync after the other, each about everything.
//!
//! Whatever may have changed asks for a sync: a connect, an event, a ping with another revision. One that waits for
//! its turn covers all who ask meanwhile, since it asks the platform only when it begins. Of several replicas on one
//! database the last to begin writes ([`crate::gateway::tables::SyncTurn`]).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cx::Cx;
use crate::design::{EventContent, FullSync, SyncWrites};
use crate::gateway::replica::Replica;

/// Whose turn it is in this process, and how far it has come.
#[derive(Default)]
pub(in crate::gateway) struct Turns {
    one: tokio::sync::Mutex<()>,
    waiting: AtomicBool,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// What the newest ping said.
    heard: Option<String>,
    /// What it said when the sync that is under way began.
    trying: Option<String>,
    /// What the platform said when the last sync began that left nothing to be done.
    synced: Option<String>,
    /// How often the platform has refused since it last answered.
    refusals: u32,
}

/// Whoever was refused so often asks again when there is something else to ask about.
const REFUSALS_MAX: u32 = 8;

/// What became of a sync.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Synced {
    /// A later one writes in its place.
    Overtaken,
    /// All was asked and written that the platform knew at this revision; none if something is lacking, or if the
    /// platform tells none.
    AsOf(Option<String>),
    /// The platform doesn't say what is deployed here.
    Refused,
}

impl Turns {
    /// Enters the queue; false if somebody waits there already.
    fn enter(&self) -> bool {
        !self.waiting.swap(true, Ordering::Relaxed)
    }

    /// Begins the turn of whoever waited.
    fn begin(&self) {
        self.waiting.store(false, Ordering::Relaxed);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Replica {
    /// Brings everything to what the platform says, unless somebody waits to do so already.
    pub async fn catch_up(&self, cx: &Cx) {
        if !self.turns.enter() {
            return;
        }
        let _turn = self.turns.one.lock().await;
        self.turns.begin();
        {
            let mut known = self.turns.known();
            known.trying = known.heard.clone();
        }
        let synced = self.sync_all(cx).await;
        let mut known = self.turns.known();
        let trying = known.trying.take();
        match synced {
            Synced::Overtaken => {}
            // Where something is lacking the next ping says so.
            Synced::AsOf(revision) => (known.synced, known.refusals) = (revision, 0),
            Synced::Refused => {
                known.refusals += 1;
                known.synced = trying.filter(|_| known.refusals >= REFUSALS_MAX);
            }
        }
    }

    async fn sync_all(&self, cx: &Cx) -> Synced {
        match self.design.sync_writes {
            SyncWrites::OneByOne => {
                let heard = self.turns.known().heard.clone();
                self.sync_one_by_one(cx).await;
                Synced::AsOf(heard)
            }
            SyncWrites::InTurn => self.sync_in_turn(cx).await,
        }
    }

    /// Whether everything is asked for whenever it may be another.
    pub(super) fn syncs_whenever_it_differs(&self) -> bool {
        match self.design.full_sync {
            FullSync::AtFirstConnect => false,
            FullSync::WheneverItDiffers => true,
        }
    }

    /// A ping has come, and says how new what the platform has is.
    pub fn on_ping(self: &Arc<Self>, cx: &Cx, body: &[u8]) {
        let revision = std::str::from_utf8(body).unwrap_or_default();
        if revision.is_empty() || !self.syncs_whenever_it_differs() {
            return;
        }
        let mut known = self.turns.known();
        known.heard = Some(revision.to_owned());
        if [&known.synced, &known.trying].into_iter().flatten().any(|known| known == revision) {
            return;
        }
        drop(known);
        let replica = self.clone();
        self.client.spawn(cx, "resync", |cx| async move { replica.catch_up(&cx).await });
    }

    /// Whether an event is a reason to ask, and nothing beyond that.
    pub fn asks_about_events(&self) -> bool {
        match self.design.event_content {
            EventContent::IsApplied => false,
            EventContent::IsAskedAbout => true,
        }
    }

    /// Asks because of an event, beside whoever reads the next one.
    pub fn ask_because(self: &Arc<Self>, cx: Cx) {
        let (replica, running) = (self.clone(), self.client.one_more());
        let of = cx.clone();
        cx.spawn_as_is(async move {
            replica.catch_up(&of).await;
            drop(running);
        });
    }
}
