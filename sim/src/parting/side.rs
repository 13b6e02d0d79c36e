//! One of two runs that are compared: its history, and what it takes to read it.

use crate::draw::Draws;
use crate::history::HOUSEKEEPING;
use crate::history::{Crossing, History};
use crate::names::Names;
use crate::outcome::Outcome;

/// One of two runs.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// Every crossing.
    pub history: &'a History,
    /// What the plan calls things. A recorded history says names already.
    pub names: Option<&'a Names>,
    /// Where its random numbers come from.
    pub draws: Draws,
}

impl<'a> From<&'a Outcome> for Side<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        let names = &outcome.evidence.names;
        Side { history: &outcome.evidence.history, names: Some(names), draws: names.draws() }
    }
}

impl Side<'_> {
    /// When its last crossing took place.
    pub(super) fn end_us(&self) -> u64 {
        self.history.crossings().last().map_or(0, |last| last.at_us)
    }

    /// Whether a crossing is only more of what both do all the time: it comes after the other run's end, is not
    /// the first of its kind, and changes nothing that anybody speaks of.
    pub(super) fn only_goes_on(&self, crossing: &Crossing, other: &Side<'_>) -> bool {
        let quiet = crossing.record.changes.iter().all(|change| HOUSEKEEPING.contains(&change.table));
        quiet && crossing.at_us > other.end_us() && crossing.record.failed.is_none() && crossing.address.n > 1
    }
}
