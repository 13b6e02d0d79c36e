//! The parts of a plan, each a line of its script, and how some are taken away so that the rest still makes sense.
//!
//! What can't do without something else is known by the reader of scripts: whatever it complains of once a part is
//! gone goes too. So a gateway goes with all that is done to it, and an artifact with its keys.

use std::collections::BTreeSet;

use crate::boot;
use crate::plan::{Action, Plan, Start};
use crate::script::Script;

use super::addresses;
use super::trace::Trace;

/// A part of a plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Part {
    /// A setting, by its place.
    Setting(usize),
    /// A choice about the design of a node, by the places of both.
    Choice(usize, usize),
    /// A fault, by its place.
    Fault(usize),
    /// A step, by its place.
    Step(usize),
}

/// The parts of a plan, in the order in which they stand in its script.
pub(super) fn parts(plan: &Plan) -> Vec<Part> {
    let settings = (0..plan.settings.len()).map(Part::Setting);
    let choices = plan.nodes.iter().enumerate().flat_map(|(node, at)| {
        let places = 0..at.design.len();
        places.map(move |choice| Part::Choice(node, choice))
    });
    let faults = (0..plan.faults.len()).map(Part::Fault);
    let steps = (0..plan.steps.len()).map(Part::Step);
    settings.chain(choices).chain(faults).chain(steps).collect()
}

/// The line of each part, in the order of the parts.
pub(super) fn lines(plan: &Plan) -> Vec<String> {
    let script = plan.to_script();
    let lines: Vec<&str> = script.lines().collect();
    let (first, last) = (first_line(plan, lines.len()), lines.len().saturating_sub(1));
    lines[first..last].iter().map(|&line| line.to_owned()).collect()
}

/// The place of the first part among the lines of a plan's script, which ends in `---`.
fn first_line(plan: &Plan, lines: usize) -> usize {
    lines.saturating_sub(1 + parts(plan).len())
}

/// A plan as its script is read; none if it can't be.
pub(super) fn read(plan: &Plan) -> Option<Plan> {
    of_script(&plan.to_script())
}

/// The plan that a script says; none if it says none, or one that can't be run.
pub(super) fn of_script(script: &str) -> Option<Plan> {
    runnable(Script::parse("plan", script).ok()?.plan)
}

/// What a script can say may still not be possible: a replica on a file that only one process can have.
fn runnable(plan: Plan) -> Option<Plan> {
    (boot::nodes(&plan).is_ok() && boot::world_settings(&plan).is_ok()).then_some(plan)
}

/// A plan without some of its parts and whatever can't do without them; none if nothing that makes sense is left.
pub(super) fn without(plan: &Plan, trace: &Trace, taken: &BTreeSet<Part>) -> Option<Plan> {
    let mut left = plan.clone();
    let mut kept: Vec<usize> = (0..plan.steps.len()).collect();
    take(&mut left, &mut kept, taken);
    loop {
        let text = left.to_script();
        let mistakes = match Script::parse("plan", &text) {
            Ok(script) => {
                left = script.plan;
                break;
            }
            Err(mistakes) => mistakes,
        };
        let (all, first) = (parts(&left), first_line(&left, text.lines().count()));
        let wrong = mistakes.iter().filter_map(|mistake| all.get((mistake.line? - 1).checked_sub(first)?));
        let wrong: BTreeSet<Part> = wrong.copied().collect();
        if wrong.is_empty() {
            return None;
        }
        take(&mut left, &mut kept, &wrong);
    }
    addresses::recount(&mut left, plan, trace, &kept);
    runnable(left)
}

/// Takes these parts alone. `kept` are the steps there were in the beginning.
fn take(left: &mut Plan, kept: &mut Vec<usize>, taken: &BTreeSet<Part>) {
    let mut gone = BTreeSet::new();
    for part in taken.iter().rev() {
        match part {
            Part::Setting(at) => drop(left.settings.remove(*at)),
            Part::Choice(node, at) => drop(left.nodes[*node].design.remove(*at)),
            Part::Fault(at) => drop(left.faults.remove(*at)),
            Part::Step(at) => {
                kept.remove(*at);
                if let Action::Start { node, .. } = left.steps.remove(*at).action {
                    gone.insert(node);
                }
            }
        }
    }
    left.nodes.retain(|node| !gone.contains(&node.name));
    // The first has no other to begin with.
    if let Some(first) = left.steps.first_mut().filter(|first| first.start == Start::With) {
        first.start = Start::After;
    }
}
