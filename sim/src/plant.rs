//! Non-determinism put in on purpose, so that the check for it can be tested.
//!
//! Each is one of the ways in which a simulator loses its determinism without noticing. A plan can't ask for
//! one: a plan is always deterministic.

use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};

use driftless_model::cx::Record;

/// A source of non-determinism.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plant {
    /// A latency is drawn from the operating system.
    OutsideDraw,
    /// The order of something is that of a hash map with a random state.
    HashMapOrder,
    /// The run stops early, somewhere else each time.
    EarlyStop,
    /// As many draws as ever, but other data: an address in memory goes into the history.
    OtherData,
    /// The same history over other bytes: frame masks from the operating system.
    OtherBytes,
}

impl Plant {
    /// Each by the word for it.
    pub const ALL: &'static [(&'static str, Plant)] = &[
        ("outside-draw", Plant::OutsideDraw),
        ("hash-map-order", Plant::HashMapOrder),
        ("early-stop", Plant::EarlyStop),
        ("other-data", Plant::OtherData),
        ("other-bytes", Plant::OtherBytes),
    ];
}

/// Counts what was planted in this process, so that no two runs are alike.
static PLANTED: AtomicU64 = AtomicU64::new(0);

impl Plant {
    /// What a crossing is delayed by, in microseconds.
    pub(crate) fn delay_us(self) -> u64 {
        match self {
            Plant::OutsideDraw => u64::from(outside()) % 7,
            Plant::HashMapOrder => first_of_a_hash_map(),
            Plant::EarlyStop | Plant::OtherData | Plant::OtherBytes => 0,
        }
    }

    /// Whether the run stops after so many events.
    pub(crate) fn stops(self, events: u64) -> bool {
        self == Plant::EarlyStop && events > 200 && outside() == 0
    }

    /// Puts other data into what goes into the history.
    pub(crate) fn disturb(self, record: &mut Record) {
        if self == Plant::OtherData {
            let place = std::ptr::from_ref(record) as usize as u64 + PLANTED.fetch_add(1, Ordering::Relaxed);
            record.failed = record.failed.take().map(|why| format!("{why} at {place:x}"));
            record.status = record.status.or(Some((place % 1000) as u16));
        }
    }
}

/// A byte from the operating system's own generator, past every interception.
fn outside() -> u8 {
    let mut byte = [0];
    let read = File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut byte));
    read.map_or(PLANTED.fetch_add(1, Ordering::Relaxed) as u8, |()| byte[0])
}

#[allow(clippy::disallowed_types)]
fn first_of_a_hash_map() -> u64 {
    let state = std::collections::hash_map::RandomState::new();
    let mut map = std::collections::HashMap::with_hasher(state);
    map.extend((0..7).map(|number| (number, ())));
    map.into_keys().next().unwrap_or(0)
}
