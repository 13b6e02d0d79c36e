//! Which crossing of one history is which of another.
//!
//! Two crossings are the same if their addresses are the same but for the number, and as many of the kind came
//! before them. The number of a periodic crossing counts time, so by the number alone a life that learns of
//! something a poll later would have done something else; by the count it did the same, later.

use std::collections::BTreeMap;

use crate::history::{Crossing, History};

/// The series that a crossing is one of: its address without the number.
type Series = (u128, u8);

/// For every crossing of either history the place of the same one in the other.
pub struct Pairs {
    /// Of the first history.
    pub of_a: Vec<Option<usize>>,
    /// Of the second.
    pub of_b: Vec<Option<usize>>,
}

impl Pairs {
    /// Pairs the crossings of two histories.
    pub fn of(a: &History, b: &History) -> Self {
        let mut series: BTreeMap<Series, Vec<usize>> = BTreeMap::new();
        for (at, crossing) in b.crossings().iter().enumerate() {
            series.entry(of(crossing)).or_default().push(at);
        }
        let mut counts: BTreeMap<Series, usize> = BTreeMap::new();
        let mut of_b = vec![None; b.crossings().len()];
        let mut of_a = Vec::with_capacity(a.crossings().len());
        for (at, crossing) in a.crossings().iter().enumerate() {
            let count = counts.entry(of(crossing)).or_insert(0);
            let same = series.get(&of(crossing)).and_then(|all| all.get(*count)).copied();
            *count += 1;
            if let Some(same) = same {
                of_b[same] = Some(at);
            }
            of_a.push(same);
        }
        Pairs { of_a, of_b }
    }
}

fn of(crossing: &Crossing) -> Series {
    (crossing.address.series_hash(), crossing.address.phase.map_or(0, |phase| 1 + phase as u8))
}
