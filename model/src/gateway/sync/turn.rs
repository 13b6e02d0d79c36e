//! Catching up with the platform: one sync after the other, each about everything.
//!
//! Whatever may have changed asks for a sync: a connect, an event, a ping with another revision. One that waits for
//! its turn covers all who ask meanwhile, since it asks the platform only when it begins. Of several replicas on one
//! database the last to begin writes ([`crate::gateway::tables::SyncTurn`]).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::cx::Cx;
use crate::design::{EventContent, FailedSync, FullSync, SyncWrites};
use crate::gateway::replica::Replica;

/// The first pause before a sync is repeated; each further one is twice as long.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// How often a sync is repeated.
const REPETITIONS_MAX: u32 = 8;

/// Whose turn it is in this process, and how far it has come.
#[derive(Default)]
pub(in crate::gateway) struct Turns {
    one: tokio::sync::Mutex<()>,
    waiting: watch::Sender<bool>,
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
}

/// What became of a sync.
#[derive(Clone, Debug)]
pub(in crate::gateway) enum Synced {
    /// All was asked and written, by this one or by a later one.
    Done,
    /// The same, and what the platform had said says that it knows.
    AsOf(Option<String>),
    /// Something was not asked or not written.
    Partly,
}

impl Turns {
    /// Enters the queue; false if somebody waits there already.
    fn enter(&self) -> bool {
        self.waiting.send_if_modified(|waiting| !std::mem::replace(waiting, true))
    }

    /// Begins the turn of whoever waited.
    fn begin(&self) {
        self.waiting.send_replace(false);
    }

    /// Waits until somebody waits.
    async fn somebody_waits(&self) {
        // The sender is a field of `self`.
        let _ = self.waiting.subscribe().wait_for(|waiting| *waiting).await;
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
        self.try_until_synced(cx).await;
        self.turns.known().trying = None;
    }

    async fn try_until_synced(&self, cx: &Cx) {
        let heard = self.turns.known().heard.clone();
        self.turns.known().trying = heard.clone();
        let mut pause = PAUSE;
        for repetition in 0..=REPETITIONS_MAX {
            match self.sync_all(cx).await {
                Synced::Done => return,
                Synced::AsOf(revision) => {
                    self.turns.known().synced = revision;
                    return;
                }
                Synced::Partly => self.turns.known().synced = None,
            }
            if !self.repeats_syncs() {
                return;
            }
            if repetition == REPETITIONS_MAX {
                // Whoever is refused so often asks again when there is something else to ask about.
                self.turns.known().synced = heard;
                return;
            }
            tokio::select! {
                biased;
                () = self.client.asked() => return,
                // Whoever waits does the same, and sooner.
                () = self.turns.somebody_waits() => return,
                () = cx.sleep(pause) => {}
            }
            pause = (pause * 2).min(PAUSE_MAX);
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

    fn repeats_syncs(&self) -> bool {
        match self.design.failed_sync {
            FailedSync::IsGivenUp => false,
            FailedSync::IsRepeated => true,
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
