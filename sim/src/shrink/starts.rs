//! When steps begin: times, crossings and companions become the plain order of the script, or at least crossings.

use crate::outcome::Unrunnable;
use crate::plan::{Plan, Start, Step};

use super::Shrinking;
use super::parts::read;
use super::trace::Trace;

/// Tries to have each step begin when the one before it has ended: all at once, then one by one.
pub(super) fn simplify(shrinking: &mut Shrinking<'_>) -> Result<(), Unrunnable> {
    let all = in_order(&shrinking.plan, &shrinking.trace);
    shrinking.take_first(all.into_iter().collect())?;
    for place in (0..shrinking.plan.steps.len()).rev() {
        let plans = variants(&shrinking.plan, &shrinking.trace, place);
        shrinking.take_first(plans)?;
    }
    Ok(())
}

/// All steps one after the other, in the order in which they began.
fn in_order(plan: &Plan, trace: &Trace) -> Option<Plan> {
    let mut order: Vec<usize> = (0..plan.steps.len()).collect();
    order.sort_by_key(|step| trace.begun_us.get(*step).copied().flatten().unwrap_or(u64::MAX));
    let steps = order.into_iter().filter_map(|step| plan.steps.get(step));
    let steps = steps.map(|step| Step { start: Start::After, action: step.action.clone() }).collect();
    read(&Plan { steps, ..plan.clone() })
}

/// A step that begins in a simpler way, the simplest first.
fn variants(plan: &Plan, trace: &Trace, place: usize) -> Vec<Plan> {
    let Some(step) = plan.steps.get(place) else { return Vec::new() };
    let moved = || moved(plan, trace, place);
    let starts = |start: Start| {
        let mut changed = plan.clone();
        changed.steps[place].start = start;
        changed
    };
    let plans = match &step.start {
        Start::After => Vec::new(),
        Start::With => vec![starts(Start::After)],
        Start::When(_) => vec![moved(), starts(Start::After)],
        Start::At(time) => {
            let beside = trace.beside.get(time).into_iter().flatten();
            let at_crossings = beside.map(|at| starts(Start::When(at.clone())));
            [moved(), starts(Start::After)].into_iter().chain(at_crossings).collect()
        }
    };
    plans.iter().filter_map(read).collect()
}

/// A step where it stood in the course of the run: after the last of the others that had begun by then.
fn moved(plan: &Plan, trace: &Trace, place: usize) -> Plan {
    let mut changed = plan.clone();
    let step = changed.steps.remove(place);
    let begun = |step: usize| trace.begun_us.get(step).copied().flatten();
    let before = |other: &usize| begun(*other).is_some_and(|at| begun(place).is_none_or(|own| at <= own));
    let last = (0..plan.steps.len()).rev().filter(|other| *other != place).find(before);
    let to = last.map_or(0, |last| if last > place { last } else { last + 1 });
    changed.steps.insert(to, Step { start: Start::After, action: step.action });
    changed
}
