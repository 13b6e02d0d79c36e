//! The history: every crossing of a run in the order in which it took effect, its causes, and the digest.
//!
//! It is hashed as it grows. What is hashed is what is here: addresses, times, what was said and what was
//! written. Segments, byte counts, frame masks and the executor's own numbers are not.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use driftless_model::cx::{CrossingId, Record};
use xxhash_rust::xxh3::xxh3_64;

use crate::address::Address;

/// Tables whose rows no property speaks of: they change for ever.
pub const HOUSEKEEPING: &[&str] = &["events", "gateway_states", "sync_turns"];

/// Bytes that are hashed at once: in blocks of this size the hash is several times as fast as line by line.
const BLOCK: usize = 32 * 1024;

/// One crossing, or one thing that happened to a node or a link.
#[derive(Clone, Debug)]
pub struct Crossing {
    /// Its number, from 1.
    pub id: CrossingId,
    /// When, in microseconds since the run began.
    pub at_us: u64,
    /// Where.
    pub address: Address,
    /// The crossings it follows from, nearest first in its own task.
    pub causes: Vec<CrossingId>,
    /// What it did.
    pub record: Arc<Record>,
    /// The fault of the plan that struck here, by its place in the plan.
    pub fault: Option<usize>,
}

/// Every crossing of a run.
#[derive(Debug, Default)]
pub struct History {
    crossings: Vec<Crossing>,
    hasher: blake3::Hasher,
    /// Lines that are still to be hashed.
    unhashed: Lines,
}

impl History {
    /// The crossings in their order.
    pub fn crossings(&self) -> &[Crossing] {
        &self.crossings
    }

    /// The crossing of that number.
    pub fn get(&self, id: CrossingId) -> Option<&Crossing> {
        self.crossings.get(usize::try_from(id.0).ok()?.checked_sub(1)?)
    }

    /// The number the next crossing gets.
    pub fn next_id(&self) -> CrossingId {
        CrossingId(self.crossings.len() as u64 + 1)
    }

    /// Begins a crossing; what it did is not known yet.
    pub fn begin(&mut self, at_us: u64, address: Address, causes: Vec<CrossingId>, fault: Option<usize>) {
        let (id, record) = (self.next_id(), Arc::default());
        self.crossings.push(Crossing { id, at_us, address, causes, record, fault });
    }

    /// Ends a crossing with what it did, and hashes it.
    pub fn end(&mut self, id: CrossingId, record: Record) {
        let Some(index) = usize::try_from(id.0).ok().and_then(|id| id.checked_sub(1)) else { return };
        let crossing = &mut self.crossings[index];
        for seen in &record.seen {
            if *seen != id && *seen != CrossingId(0) && !crossing.causes.contains(seen) {
                crossing.causes.push(*seen);
            }
        }
        crossing.record = Arc::new(record);
        write_line(&mut self.unhashed, crossing);
        crate::log::crossing(crossing);
        if self.unhashed.0.len() >= BLOCK {
            self.hasher.update(&self.unhashed.0);
            self.unhashed.0.clear();
        }
    }

    /// The digest of all that was hashed so far, in hexadecimal.
    pub fn digest(&self) -> String {
        self.hasher.clone().update(&self.unhashed.0).finalize().to_hex().to_string()
    }
}

/// What is hashed of a crossing. An address goes in by its own hash, and of a row that changed what it became:
/// what it was went in when it became that.
fn write_line(out: &mut Lines, crossing: &Crossing) {
    let record = &crossing.record;
    out.write_u64(crossing.at_us);
    out.write_u128(crossing.address.hash());
    crossing.causes.iter().for_each(|cause| out.write_u64(cause.0));
    (crossing.fault, record.status, record.failed.as_deref(), record.body.as_deref()).hash(out);
    for change in &record.changes {
        change.table.hash(out);
        change.key.hash(out);
        match &change.after {
            Some(row) => row.hash_to(out),
            None => out.write_u8(0),
        }
    }
}

/// What rows and other values give to a hasher, one after the other.
#[derive(Debug, Default)]
struct Lines(Vec<u8>);

impl Hasher for Lines {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Nobody asks for this: what was written is hashed with all that was written before.
    fn finish(&self) -> u64 {
        xxh3_64(&self.0)
    }
}
