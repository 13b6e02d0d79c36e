//! Whether foreign keys are enforced, where that is a matter of the connection a statement comes by
//! (docs/spec/platform.md section 2.4).
//!
//! SQLite enforces them on a connection that was told to. The platform tells one connection of its pool, once,
//! and the pool drops it when it is 300 s old. Here that is the connection which a process uses whenever it is
//! free; whatever comes meanwhile goes by another, which never was told.
//!
//! Approximated: a pool of any size, in which the first connection is taken first. The real one hands out the
//! connection that was returned last, so that after two were in use at once it is a matter of chance which of
//! them is used alone. A statement has its connection from its call to its turn, a transaction from its begin.

use std::time::Duration;

use super::{Database, Flavour};
use crate::cx::{Cx, LifeId};

/// How old a connection of the pool grows (docs/spec/platform.md section 1, `CONN_MAX_LIFETIME`).
const LIFETIME: Duration = Duration::from_secs(300);

/// Whether a store enforces foreign keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ForeignKeys {
    /// On every connection.
    On,
    /// On none.
    Off,
    /// In SQLite on the first connection of each process, while it lasts; in Postgres always.
    Aging,
}

impl From<bool> for ForeignKeys {
    fn from(enforced: bool) -> Self {
        if enforced { ForeignKeys::On } else { ForeignKeys::Off }
    }
}

/// A connection of the pool, given back when dropped.
pub(super) struct Lease {
    /// Whose first connection it is, if it is one.
    first: Option<(Database, LifeId)>,
    /// Whether it was told to enforce foreign keys.
    told: bool,
}

impl Lease {
    /// Takes the first connection of the caller's process, or another if that is in use.
    pub fn take(database: &Database, cx: &Cx) -> Self {
        let life = cx.task().life;
        let ages = database.settings().flavour == Flavour::Sqlite;
        if !ages || !database.state().first_in_use.insert(life) {
            return Lease { first: None, told: !ages };
        }
        Lease { first: Some((database.clone(), life)), told: cx.uptime() < LIFETIME }
    }

    /// Whether what comes by this connection is held to foreign keys.
    pub fn enforces(&self, keys: ForeignKeys) -> bool {
        match keys {
            ForeignKeys::On => true,
            ForeignKeys::Off => false,
            ForeignKeys::Aging => self.told,
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some((database, life)) = self.first.take() {
            database.state().first_in_use.remove(&life);
        }
    }
}
