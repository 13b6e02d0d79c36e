//! How long deletions and deployments took to show, by the kinds of faults that struck in their run.
//!
//! A run with several kinds counts for each of them, so a kind is told from none, and not from its company. Times
//! are kept in classes a quarter of a doubling wide: they can be added up, in any order and on any machine.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::visibility;

use super::coverage::add_up;

/// What runs without a fault are counted under.
const NONE: &str = "none";

/// Times by fault kind and by what was done.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Delays(BTreeMap<String, BTreeMap<String, Times>>);

/// How often something took how long.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Times {
    /// By class, how many were shown in such a time.
    classes: BTreeMap<u32, u64>,
    /// How many were not shown by the end of the run.
    pub never: u64,
}

/// What one run has to add: a fault kind, what was done, and how long it took, in microseconds.
pub(crate) type Delay = (&'static str, &'static str, Option<u64>);

/// What a run has to add.
pub(super) fn of(plan: &Plan, outcome: &Outcome) -> Vec<Delay> {
    let struck = plan.faults.iter().zip(&outcome.faults).filter(|(_, struck)| struck.is_some());
    let mut kinds: Vec<&str> = struck.map(|(fault, _)| fault.effect.word()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        kinds.push(NONE);
    }
    let shown = visibility::of(&outcome.evidence);
    let of_kind = |kind: &&'static str| {
        shown.iter().map(|one| (*kind, one.done.word(), one.took_us)).collect::<Vec<_>>()
    };
    kinds.iter().flat_map(of_kind).collect()
}

impl Delays {
    /// One more.
    pub(super) fn add(&mut self, (kind, done, took_us): Delay) {
        let times = self.0.entry(kind.to_owned()).or_default().entry(done.to_owned()).or_default();
        match took_us {
            Some(took_us) => *times.classes.entry(class(took_us / 1_000)).or_default() += 1,
            None => times.never += 1,
        }
    }

    /// Those of other runs too.
    pub(super) fn unite(&mut self, other: Delays) {
        for (kind, by) in other.0 {
            for (done, more) in by {
                let times = self.0.entry(kind.clone()).or_default().entry(done).or_default();
                add_up(&mut times.classes, more.classes);
                times.never += more.never;
            }
        }
    }

    /// Each fault kind and what was done, with its times.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Times)> {
        self.0.iter().flat_map(|(kind, by)| by.iter().map(move |(done, times)| (&**kind, &**done, times)))
    }
}

impl Times {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.classes.values().sum::<u64>() + self.never
    }

    /// The time, in milliseconds, within which so many percent were shown; none if more were never.
    pub fn within_ms(&self, percent: u64) -> Option<u64> {
        let (mut left, mut classes) = ((self.count() * percent).div_ceil(100), self.classes.iter());
        loop {
            let (class, count) = classes.next()?;
            left = left.saturating_sub(*count);
            if left == 0 {
                return Some(ends_ms(*class));
            }
        }
    }
}

/// The class of a time.
fn class(ms: u64) -> u32 {
    let ms = ms.max(1);
    let doublings = ms.ilog2();
    let quarter = if doublings < 2 { 0 } else { (ms >> (doublings - 2)) & 3 };
    doublings * 4 + u32::try_from(quarter).unwrap_or_default()
}

/// The time with which a class ends.
fn ends_ms(class: u32) -> u64 {
    let (doublings, quarter) = (class / 4, u64::from(class % 4));
    if doublings < 2 { 1 << (doublings + 1) } else { (quarter + 5) << (doublings - 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_lies_within_its_class() {
        for ms in 1..10_000 {
            let class = class(ms);
            assert!(ms < ends_ms(class), "{ms}");
            assert!(ms < 4 || ends_ms(class) * 4 <= ms * 5 + 5, "{ms} ends at {}", ends_ms(class));
        }
    }

    #[test]
    fn what_never_shows_is_within_no_time() {
        let mut delays = Delays::default();
        for took in [Some(1_000_000), Some(2_000_000), Some(3_000_000), None] {
            delays.add(("cut", "deletion", took));
        }
        let (kind, done, times) = delays.iter().next().expect("there is one");
        assert_eq!((kind, done, times.count(), times.never), ("cut", "deletion", 4, 1));
        // 2 s lie in the class that ends at 2.048 s, 3 s in the one that ends at 3.072 s.
        assert_eq!([50, 75, 76].map(|percent| times.within_ms(percent)), [Some(2_048), Some(3_072), None]);
    }
}
