//! Folding: which crossings and effects need not be tried, since another plan of the sweep tries the same.
//!
//! **Periodic crossings** (polls, pings, the jobs of a ticker) count once for each state they find. While only
//! periodic crossings come, no row that anybody speaks of changes, no process begins or ends, nothing is sent but
//! pings, and nothing waits but timers: each poll finds what the one before it found. Whatever is put at one of
//! them therefore meets the same processes, the same disks and the same links, and what follows is the same by
//! everything but the clock, which decides only what comes first of two things. Two things can come in another
//! order: what the fault leads to, and what ends the stretch. That is why not only the first of a stretch stands for
//! it but the last as well, which what ends the stretch may overtake; those between are folded. What a fault
//! leads to lasts a few seconds by itself (a delay, a restart), and otherwise until the faults end, so that of
//! those between it is over before the stretch is, or goes on beyond it from each of them alike.
//!
//! **A process that dies** before a crossing dies after the one before it, if both are its own, nothing at all
//! crosses between, and the earlier one handed nothing to a link. It has done the same, and nobody else has done
//! anything.
//!
//! **Equal effects.** A question to a database whose answer is lost has failed, since it changes nothing. So has one
//! that is aborted while its work has written nothing, a statement that commits by itself, and a commit. Of two
//! alterations that make the same answer of an answer, one is tried; and none where it arrives as it was given.
//!
//! A sweep with `--unfolded` runs all of it, and a test sees that it finds the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::spots::Spot;
use crate::history::History;

/// Crossings that come again and again by a timer, whatever else happens.
const PERIODIC: &[&str] = &["hub.poll", "hub.cleanup", "ws.ping", "ws.pong", "store.list-stale"];

/// Why a plan is not run: another stands for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Fold {
    /// It is at a periodic crossing, and one that found the same is tried.
    Repeats,
    /// The process dies there as it does after the crossing before.
    Gap,
    /// Another effect does the same there.
    Equal,
}

/// How many plans are not run, by the reason.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Folded {
    /// At periodic crossings.
    pub periodic: u64,
    /// Deaths before a crossing that are deaths after another.
    pub gaps: u64,
    /// Effects that another is equal to.
    pub equal: u64,
}

impl Folded {
    pub(super) fn add(&mut self, fold: Fold) {
        match fold {
            Fold::Repeats => self.periodic += 1,
            Fold::Gap => self.gaps += 1,
            Fold::Equal => self.equal += 1,
        }
    }

    pub(super) fn merge(&mut self, other: Folded) {
        self.periodic += other.periodic;
        self.gaps += other.gaps;
        self.equal += other.equal;
    }
}

/// Marks the spots that another stands for: of those of one series in one stretch, all but the first and the last.
pub(super) fn mark(spots: &mut [Spot<'_>], history: &History) {
    let mut stretches: BTreeMap<(usize, u128, u8), Vec<usize>> = BTreeMap::new();
    let (mut stretch, mut at) = (0, 0);
    let crossings = history.crossings();
    for (index, spot) in spots.iter().enumerate() {
        while at < crossings.len() && crossings[at].id < spot.crossing.id {
            stretch += usize::from(!is_periodic(crossings[at].address.site));
            at += 1;
        }
        let address = &spot.crossing.address;
        if is_periodic(address.site) {
            let phase = address.phase.map_or(0, |phase| 1 + phase as u8);
            stretches.entry((stretch, address.series_hash(), phase)).or_default().push(index);
        }
    }
    for repeated in stretches.into_values() {
        for index in repeated.iter().skip(1).take(repeated.len().saturating_sub(2)) {
            spots[*index].repeats = true;
        }
    }
}

pub(crate) fn is_periodic(site: &str) -> bool {
    PERIODIC.contains(&site)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites;

    #[test]
    fn what_is_periodic_is_a_site() {
        assert!(PERIODIC.iter().all(|site| sites::ALL.contains(site)));
    }
}
