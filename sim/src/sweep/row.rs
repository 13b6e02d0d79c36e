//! A row: the plans with one first addition, or those with one addition in all.
//!
//! A plan belongs to the part of a sweep to which the number of its first addition does. So the plans of the first
//! row are divided among the parts, and each of the other rows is of one.

use serde::{Deserialize, Serialize};

use super::folding::Folded;
use crate::shard::Shard;

/// Plans with two additions that one leaf stands for. One with one addition has a leaf of its own.
const LEAF: usize = 32;
/// What stands where a leaf will be, or would be if another part were here.
pub(super) const NONE: &str = "-";

/// The plans with one first addition, or those with one addition in all.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Row {
    /// How many there are.
    pub plans: u64,
    /// How many were run.
    pub done: u64,
    /// How many more there are that another stands for.
    pub folded: Folded,
    /// What stands for their outcomes, in their order: each leaf for as many plans as the sweep says, `-` for one of
    /// which nothing is here.
    pub leaves: Vec<String>,
}

impl Row {
    /// Whether all of its plans were run.
    pub fn is_done(&self) -> bool {
        self.done == self.plans
    }

    /// One more leaf, at its place.
    pub(super) fn put(&mut self, place: usize, leaf: String) {
        if self.leaves.len() <= place {
            self.leaves.resize(place + 1, NONE.to_owned());
        }
        self.leaves[place] = leaf;
    }

    /// What another part of the sweep has of it too.
    pub(super) fn unite(&mut self, other: Row) {
        self.done += other.done;
        for (place, leaf) in other.leaves.into_iter().enumerate().filter(|(_, leaf)| leaf != NONE) {
            self.put(place, leaf);
        }
    }

    /// How many plans of the first row a shard has run.
    pub(super) fn done_by(&self, shard: Shard) -> u64 {
        let leaves = (0..).zip(&self.leaves).filter(|(place, leaf)| shard.holds(*place) && *leaf != NONE);
        leaves.count() as u64
    }
}

/// How many plans of a row one leaf stands for.
pub(super) fn leaf_size(row: usize) -> usize {
    if row == 0 { 1 } else { LEAF }
}

/// The numbers of the rows of which a shard has plans, in their order.
pub(super) fn numbers(shard: Shard, rows: usize) -> impl Iterator<Item = usize> {
    (0..rows).filter(move |row| row.checked_sub(1).is_none_or(|first| shard.holds(first as u64)))
}

/// The places of a row whose plans a shard runs.
pub(super) fn places(shard: Shard, row: usize, plans: usize) -> Vec<usize> {
    (0..plans).filter(|place| row > 0 || shard.holds(*place as u64)).collect()
}

/// What stands for some plans and all that came of them.
pub(super) fn leaf<'a>(marks: impl Iterator<Item = &'a [u8; 32]>) -> String {
    let mut hasher = blake3::Hasher::new();
    marks.for_each(|mark| {
        hasher.update(mark);
    });
    hasher.finalize().to_hex()[..12].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plan_is_of_one_part() {
        for of in 1..=5 {
            let shards: Vec<_> = (1..=of).filter_map(|index| Shard::new(index, of)).collect();
            for plans in 0..12 {
                let mut singles: Vec<_> = shards.iter().flat_map(|shard| places(*shard, 0, plans)).collect();
                singles.sort_unstable();
                assert_eq!(singles, (0..plans).collect::<Vec<_>>());
                let mut rows: Vec<_> = shards.iter().flat_map(|shard| numbers(*shard, 1 + plans)).collect();
                rows.sort_unstable();
                // All have the first, and each of the others is of one.
                assert_eq!(rows[..of as usize], vec![0; of as usize]);
                assert_eq!(rows[of as usize..], (1..=plans).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn what_is_not_here_leaves_its_place_free() {
        let part = |place: usize| {
            let mut row = Row { plans: 4, done: 1, ..Row::default() };
            row.put(place, format!("{place}"));
            row
        };
        let mut row = part(3);
        row.unite(part(1));
        assert_eq!((row.leaves.join(" ").as_str(), row.done), ("- 1 - 3", 2));
        let even = Shard::new(2, 2).expect("it is one");
        assert_eq!((row.done_by(even), row.done_by(Shard::WHOLE)), (2, 2));
    }
}
