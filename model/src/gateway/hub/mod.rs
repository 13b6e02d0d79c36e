//! The event hub: how replicas that share a database learn what one of them has written.
//!
//! Whoever writes an artifact publishes an event; every replica, the publisher included, polls for events and hands
//! them to its listener. Between the two lies the poll interval. As merged an event is a transaction of its own, and
//! nothing makes up for one that is lost: not for the publish that fails, not for the crash before it.

mod cleanup;
mod news;
mod poll;
mod publish;
mod state;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};

pub(in crate::gateway) use news::News;
#[cfg(test)]
pub(in crate::gateway) use poll::Cursor;
pub(in crate::gateway) use publish::{Announcement, key_of};

use crate::cx::{At, Broken, CrossingId, Cx, Record};
use crate::design::MemoryFollows;
use crate::gateway::storage::Pool;
use crate::gateway::tables::Event;
use crate::settings::GatewaySettings;
use crate::store::{Database, StoreError};
use crate::tasks::Tasks;

/// What is in a subscriber's channel.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Delivered {
    /// The event; none for whoever is only told that there is something new.
    pub event: Option<Arc<Event>>,
    /// The crossing that put it there.
    pub by: CrossingId,
}

/// One replica's end of the hub.
pub(in crate::gateway) struct Hub {
    /// Its own, beside that of the storage.
    pool: Pool,
    loops: Tasks,
    closed: AtomicBool,
    gateway_id: String,
    poll_interval: Duration,
    cleanup_interval: Duration,
    retention: Duration,
    /// How many events a subscriber may leave waiting (docs/spec/gateway.md section 2).
    channel: usize,
    /// Whether events are read, or only that there are some.
    follows: MemoryFollows,
    subscribers: Mutex<Vec<mpsc::Sender<Delivered>>>,
}

impl Hub {
    /// A hub without subscribers that doesn't poll yet.
    pub fn new(
        database: Database,
        gateway_id: &str,
        settings: &GatewaySettings,
        follows: MemoryFollows,
    ) -> Self {
        Hub {
            pool: Pool::new(database),
            loops: Tasks::default(),
            closed: AtomicBool::new(false),
            gateway_id: gateway_id.to_owned(),
            poll_interval: settings.poll_interval,
            cleanup_interval: settings.cleanup_interval,
            retention: settings.retention_period,
            channel: usize::try_from(settings.channel).unwrap_or(usize::MAX).clamp(1, Semaphore::MAX_PERMITS),
            follows,
            subscribers: Mutex::default(),
        }
    }

    /// Starts its two loops. The first poll happens one interval from now.
    pub fn start(self: &Arc<Self>, cx: &Cx) {
        let hub = self.clone();
        self.loops.spawn(cx, "poll", |cx| async move { hub.poll_loop(&cx).await });
        let hub = self.clone();
        self.loops.spawn(cx, "cleanup", |cx| async move { hub.cleanup_loop(&cx).await });
    }

    /// A channel that is given every event from now on.
    pub async fn subscribe(&self, cx: &Cx, at: At<'_>) -> Result<mpsc::Receiver<Delivered>, Broken> {
        let (sender, receiver) = mpsc::channel(self.channel);
        cx.cross(at, |_, _| self.subscribers.lock().unwrap_or_else(PoisonError::into_inner).push(sender))
            .await?;
        Ok(receiver)
    }

    /// Gives up a channel, with whatever is still in it.
    pub async fn unsubscribe(&self, cx: &Cx, channel: mpsc::Receiver<Delivered>) {
        drop(channel);
        let forget = |_, _: &mut Record| {
            self.subscribers.lock().unwrap_or_else(PoisonError::into_inner).retain(|to| !to.is_closed());
        };
        if let Err(error) = cx.cross(At::site("hub.unsubscribe"), forget).await {
            tracing::warn!(%error, "a subscriber was not forgotten");
        }
    }

    /// Ends both loops and gives up the database: nothing is published from now on.
    pub async fn close(&self, cx: &Cx) {
        self.loops.ask();
        self.loops.ended().await;
        let close = |_, _: &mut Record| self.closed.store(true, Ordering::Relaxed);
        if let Err(error) = cx.cross(At::site("hub.close"), close).await {
            tracing::warn!(%error, "the hub was not closed");
        }
    }

    /// The database, until the hub was closed.
    fn database(&self) -> Result<&Pool, StoreError> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(StoreError::Broken("sql: database is closed".into()));
        }
        Ok(&self.pool)
    }

    /// Gives every subscriber the events in order until one channel is full; says how many went out.
    fn deliver(&self, events: &[Arc<Event>], by: CrossingId) -> usize {
        let taken = |event: &&Arc<Event>| self.give(Delivered { event: Some(Arc::clone(event)), by });
        events.iter().take_while(taken).count()
    }

    /// Gives it to every subscriber; false if a channel is full.
    fn give(&self, delivered: Delivered) -> bool {
        let subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.iter().all(|to| to.try_send(delivered.clone()).is_ok())
    }
}
