//! The history: every crossing of a run in the order in which it took effect, its causes, and the digest.
//!
//! It is hashed as it grows. What is hashed is what is here: addresses, times, what was said and what was
//! written. Segments, byte counts, frame masks and the executor's own numbers are not.

use std::sync::Arc;

use driftless_model::cx::{CrossingId, Record};

use crate::address::Address;

/// Tables whose rows no property speaks of: they change for ever.
pub const HOUSEKEEPING: &[&str] = &["events", "gateway_states"];

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
        let mut text = Vec::with_capacity(256);
        write_line(&mut text, crossing);
        self.hasher.update(&text);
    }

    /// The digest of all that was hashed so far, in hexadecimal.
    pub fn digest(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }
}

/// What is hashed of a crossing. An address goes in by its own hash, and of a row that changed what it became:
/// what it was went in when it became that.
fn write_line(out: &mut Vec<u8>, crossing: &Crossing) {
    use std::io::Write;
    let record = &crossing.record;
    out.extend_from_slice(&crossing.at_us.to_le_bytes());
    out.extend_from_slice(&crossing.address.hash().to_le_bytes());
    for cause in &crossing.causes {
        out.extend_from_slice(&cause.0.to_le_bytes());
    }
    // Writing to memory can't fail.
    let _ = write!(out, "\0{:?}\0{:?}\0{:?}\0", crossing.fault, record.status, record.failed);
    out.extend_from_slice(record.body.as_deref().unwrap_or_default());
    for change in &record.changes {
        let _ = write!(out, "\0{}\0{}\0{:?}", change.table, change.key, change.after);
    }
    out.push(b'\n');
}
