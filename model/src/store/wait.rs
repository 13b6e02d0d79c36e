//! Waiting for another transaction to end, and for how long.
//!
//! SQLite's driver gives up after its busy timeout, counted over all the waits of one statement; Postgres
//! waits for ever. There is no queue in either: whoever comes first after the release goes first.

use std::time::Duration;

use super::state::Ticket;
use super::{Database, Flavour};
use crate::cx::Cx;

/// A place among those who wait, given up when dropped.
pub(super) struct Waiter {
    database: Database,
    ticket: Ticket,
}

impl Waiter {
    pub fn new(database: &Database, ticket: Ticket) -> Self {
        Waiter { database: database.clone(), ticket }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.database.state().leave(self.ticket.number);
    }
}

/// How long one statement has waited.
#[derive(Default)]
pub(super) struct Patience {
    since: Option<Duration>,
    pub over: bool,
}

impl Patience {
    /// Waits for the release, or until it has waited long enough.
    pub async fn wait(&mut self, cx: &Cx, mut waiter: Waiter) {
        let settings = *waiter.database.settings();
        let released = &mut waiter.ticket.released;
        let by = match settings.flavour {
            Flavour::Postgres => Some(released.await),
            Flavour::Sqlite => {
                let now = cx.uptime();
                let waited = now.saturating_sub(*self.since.get_or_insert(now));
                cx.timeout(settings.busy_timeout.saturating_sub(waited), released).await
            }
        };
        match by {
            Some(Ok(crossing)) => cx.see(crossing),
            // The waiter's life has ended, and its next turn will not come.
            Some(Err(_)) => {}
            None => self.over = true,
        }
    }
}
