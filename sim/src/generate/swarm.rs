//! Swarms: for each plan some of what there is is off, and the rest is unevenly weighted.
//!
//! A plan with a little of everything seldom gets far into anything: what one operation builds up another takes
//! down. Groce and others (ISSTA 2012, *Swarm Testing*) found that leaving things out at random finds more.

use std::collections::BTreeMap;

use crate::draw::Draws;

/// The weights of one plan: of each name it is off in a third of the plans, and otherwise once, twice or four
/// times as heavy.
pub(super) fn weights(draws: Draws, stream: &str, all: &BTreeMap<String, u32>) -> BTreeMap<String, u32> {
    let factor = |name: &str| match draws.within(stream, crate::draw::of(name), &(0..6)) {
        0 | 1 => 0,
        2 | 3 => 1,
        4 => 2,
        _ => 4,
    };
    let swarm: BTreeMap<String, u32> =
        all.iter().map(|(name, weight)| (name.clone(), weight * factor(name))).collect();
    // A plan that could do nothing at all does anything.
    if swarm.values().any(|weight| *weight > 0) { swarm } else { all.clone() }
}
