//! Polling (docs/spec/gateway.md sections 9.2 and 9.3).
//!
//! The cursor is a timestamp of the publishers' own clocks and lives in memory: a new process begins with the
//! last two minutes. Delivered means put into the channel; what the listener makes of an event is not asked.
//! A replica that follows the database as a whole reads no events, and is told that the version is another.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{Delivered, Hub};
use crate::cx::{At, Broken, Cx};
use crate::design::MemoryFollows;
use crate::gateway::storage::earlier;
use crate::gateway::tables::Event;
use crate::store::StoreError;
use crate::ticker::Ticker;
use crate::wire::time::Instant;

/// How far back the first poll of a process looks.
const FIRST_POLL_WINDOW: TimeDelta = TimeDelta::seconds(120);

/// How far a replica has read.
#[derive(Clone, Default, Debug)]
pub(in crate::gateway) struct Cursor {
    /// The version that has been read to its end.
    known_version: String,
    /// The timestamp of the last event that was delivered; none before the first.
    last: Option<Instant>,
}

/// Why a poll came to nothing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(in crate::gateway) enum PollError {
    /// The database's own word.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The delivery did not take place.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl Hub {
    pub(super) async fn poll_loop(&self, cx: &Cx) {
        let mut cursor = Cursor::default();
        let mut ticker = Ticker::new(cx, self.poll_interval);
        loop {
            let Some(k) = ticker.tick_unless(cx, self.loops.asked()).await else { return };
            if let Err(error) = self.poll(cx, &mut cursor, k).await {
                tracing::warn!(%error, "poll failed");
            }
        }
    }

    /// One poll, the `k`th of this process.
    pub async fn poll(&self, cx: &Cx, cursor: &mut Cursor, k: u64) -> Result<(), PollError> {
        let version = self.version(cx, At::site("hub.poll").nth(k)).await?.unwrap_or_default();
        if version.is_empty() || version == cursor.known_version {
            return Ok(());
        }
        match self.follows {
            MemoryFollows::Events => self.read_on(cx, cursor, version, k).await,
            // Whoever reads everything needs no event, and so no clock to know which are new.
            MemoryFollows::Database => {
                let at = At::site("hub.deliver").nth(k);
                if cx.cross(at, |by, _| self.give(Delivered { event: None, by })).await? {
                    cursor.known_version = version;
                }
                Ok(())
            }
        }
    }

    /// Hands on the events since the last that was handed on.
    async fn read_on(&self, cx: &Cx, cursor: &mut Cursor, version: String, k: u64) -> Result<(), PollError> {
        let since = cursor.last.unwrap_or_else(|| cx.wall() - FIRST_POLL_WINDOW);
        let mut events = self.events_since(cx, since, k).await?;
        if cursor.last.is_some() && is_alone_at_the_boundary(&events, since) {
            events.remove(0);
        }
        let mut delivered = 0;
        if !events.is_empty() {
            let at = At::site("hub.deliver").nth(k);
            delivered = cx.cross(at, |id, _| self.deliver(&events, id)).await?;
        }
        if let Some(last) = delivered.checked_sub(1).map(|last| &events[last]) {
            cursor.last = Some(last.processed_timestamp);
        }
        // A full channel keeps the version unknown, so that the next poll goes on from here.
        if delivered == events.len() {
            cursor.known_version = version;
        }
        Ok(())
    }

    async fn events_since(&self, cx: &Cx, since: Instant, k: u64) -> Result<Vec<Arc<Event>>, StoreError> {
        let flavour = self.pool.settings().flavour;
        let wanted = |event: &Event| {
            event.gateway_id == self.gateway_id && !earlier(flavour, &event.processed_timestamp, &since)
        };
        let at = At::site("hub.read-events").nth(k);
        let mut events = self.database()?.read(cx, at, |view| view.scan(wanted)).await?;
        // By time and then by identifier, which is the order of the scan.
        events.sort_by(|a, b| {
            let (a, b) = (&a.processed_timestamp, &b.processed_timestamp);
            earlier(flavour, b, a).cmp(&earlier(flavour, a, b))
        });
        Ok(events)
    }
}

/// One event at the cursor was delivered before. Of several, some may be new, and all are delivered again.
fn is_alone_at_the_boundary(events: &[Arc<Event>], cursor: Instant) -> bool {
    events.iter().take_while(|event| event.processed_timestamp == cursor).count() == 1
}
