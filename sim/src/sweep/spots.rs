//! Spots: the crossings of a run at which something can be put.
//!
//! Left out are those that come when the faults have ended and progress is demanded; those that a fault of the plan
//! has struck, since it decides there; and those that no address tells from an earlier one. What happens to
//! processes, links and steps is no crossing of an actor: nothing can go wrong with it by itself.

use std::collections::BTreeSet;

use driftless_model::cx::{CrossingId, Phase};

use super::folding;
use crate::address::Pattern;
use crate::history::Crossing;
use crate::outcome::Outcome;
use crate::plan::{Plan, Start};
use crate::sites::Class;

/// A crossing at which something can be put.
pub(super) struct Spot<'a> {
    pub crossing: &'a Crossing,
    /// The address by which a fault finds it.
    pub at: Pattern,
    pub class: Class,
    /// The node at which it happens: the other end's, for what arrives there.
    pub node: String,
    /// How many steps had begun by then.
    pub begun: usize,
    /// Whether the process at `node` can die there; the user's can't.
    pub mortal: bool,
    /// Whether another spot of the same series found the same (see [`folding`]).
    pub repeats: bool,
    /// The class and the site of the spot right before it, if that is at the same node, nothing lies between, and
    /// whoever dies after that one dies at once.
    pub behind: Option<(Class, &'static str)>,
}

/// The spots of a run of a plan, of those after a crossing if one is given.
pub(super) fn of<'a>(plan: &Plan, outcome: &'a Outcome, after: Option<CrossingId>) -> Vec<Spot<'a>> {
    let history = &outcome.evidence.history;
    let end_us = end_us(plan, outcome);
    let begun_us: Vec<Option<u64>> = outcome.steps.iter().map(|step| step.begun_us).collect();
    let mut addressed: BTreeSet<Pattern> = BTreeSet::new();
    let mut spots: Vec<Spot<'a>> = Vec::new();
    for crossing in history.crossings() {
        let (at, class) = (Pattern::from(&crossing.address), Class::of(crossing.address.site));
        let is_spot = class != Class::Event
            && after.is_none_or(|after| crossing.id > after)
            && crossing.at_us <= end_us
            && crossing.fault.is_none();
        let is_first = is_vague(&at) || addressed.insert(at.clone());
        if !is_spot || !is_first || (is_vague(&at) && fits_earlier(&at, crossing, history.crossings())) {
            continue;
        }
        let node = node_of(crossing);
        let mortal = plan.nodes.iter().any(|one| one.name == node);
        let last = spots.last().filter(|last| last.crossing.id.0 + 1 == crossing.id.0 && last.node == node);
        let last = last.filter(|last| !hands_over(last.crossing));
        let behind = last.map(|last| (last.class, last.crossing.address.site));
        let begun = begun_us.iter().rposition(|begun| begun.is_some_and(|begun| begun <= crossing.at_us));
        let begun = begun.map_or(0, |last| last + 1);
        spots.push(Spot { crossing, at, class, node, begun, mortal, repeats: false, behind });
    }
    folding::mark(&mut spots, history);
    spots
}

/// When the last step ended for which a run waits: from then on nothing goes wrong any more.
fn end_us(plan: &Plan, outcome: &Outcome) -> u64 {
    let waited =
        plan.steps.iter().zip(&outcome.steps).filter(|(step, _)| !matches!(step.start, Start::When(_)));
    waited.filter_map(|(_, shown)| shown.ended_us).max().unwrap_or(0)
}

/// The node at which a crossing happens. Its address is that of whoever began the exchange.
fn node_of(crossing: &Crossing) -> String {
    let address = &crossing.address;
    let elsewhere = match address.phase {
        None | Some(Phase::Sent | Phase::AnswerReceived) => None,
        Some(Phase::Received | Phase::Answered) => address.peer.as_deref(),
    };
    elsewhere.unwrap_or(address.node_name()).to_owned()
}

/// Whether it hands something to a link. Whoever dies after that lives until it has left, which may take a dial.
fn hands_over(crossing: &Crossing) -> bool {
    matches!(crossing.address.phase, Some(Phase::Sent | Phase::Answered))
}

/// Whether an address leaves something out that could fit another crossing too.
fn is_vague(at: &Pattern) -> bool {
    at.subject().is_none() || at.peer().is_none()
}

fn fits_earlier(at: &Pattern, crossing: &Crossing, history: &[Crossing]) -> bool {
    let phase = crossing.address.phase.unwrap_or(Phase::Sent);
    history.iter().take_while(|one| one.id < crossing.id).any(|one| at.fits_at(&one.address, phase))
}
