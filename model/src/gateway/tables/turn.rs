//! Turns of syncs: which of several that share a database may write.
//!
//! No table of the real system. A sync that begins takes the next turn, and what it was answered it writes only if the
//! turn is still its own; so nothing is written over what a later question has brought.

use crate::store::{Key, Row};

/// A row of `sync_turns`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct SyncTurn {
    /// The partition.
    pub gateway_id: String,
    /// Grows with every sync that begins.
    pub turn: u64,
}

impl Row for SyncTurn {
    const TABLE: &'static str = "sync_turns";

    fn key(&self) -> Key {
        self.gateway_id.as_str().into()
    }
}
