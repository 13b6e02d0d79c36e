//! Everything that can be put into a plan of which a run is known, in the order of its crossings.
//!
//! The order is that of the run and of the table of effects, so it is the same wherever the sweep is carried out:
//! the n-th addition is the same one for whoever resumes a sweep or audits it.

use driftless_model::cx::CrossingId;

use super::addition::{Addition, What};
use super::effects::Field;
use super::folding::{Fold, Folded};
use super::operations;
use super::spots::{self, Spot};
use super::wanted::Wanted;
use crate::outcome::Outcome;
use crate::plan::Plan;

/// What can be put into a plan.
#[derive(Clone, Default)]
pub(super) struct Additions {
    pub all: Vec<Addition>,
    /// How many more there are that another stands for.
    pub folded: Folded,
}

/// What can be put into a plan at the crossings of its run, or at those after one of them.
pub(super) fn of(plan: &Plan, outcome: &Outcome, after: Option<CrossingId>, wanted: &Wanted) -> Additions {
    let mut found = Additions::default();
    let mut field = Field::new(outcome);
    for spot in spots::of(plan, outcome, after) {
        if !wanted.has_site(spot.crossing.address.site) {
            continue;
        }
        for (effect, fold) in field.at(&spot, &|effect, class, site| wanted.has(effect, class, site)) {
            found.put(&spot, What::Effect(effect), fold, wanted);
        }
        let place = operations::place(plan, spot.begun);
        for action in operations::of(&wanted.operations, plan, spot.begun) {
            let fold = spot.repeats.then_some(Fold::Repeats);
            found.put(&spot, What::Operation { action, place }, fold, wanted);
        }
    }
    found
}

impl Additions {
    fn put(&mut self, spot: &Spot<'_>, what: What, fold: Option<Fold>, wanted: &Wanted) {
        match fold.filter(|_| !wanted.unfolded) {
            Some(fold) => self.folded.add(fold),
            None => self.all.push(Addition { at: spot.at.clone(), what, node: spot.node.clone() }),
        }
    }
}
