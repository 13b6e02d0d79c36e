//! What goes wrong, said more simply: a restart in the place of a fault that kills, no options, and windows that
//! open and close at crossings, or aren't said at all.

use crate::fault::{Effect, Fault, Moment, Target, Window};
use crate::outcome::Unrunnable;
use crate::plan::{Action, Plan, Start, Step};

use super::Shrinking;
use super::parts::read;
use super::trace::Trace;

/// How often one fault is said more simply in a row.
const WAYS_MOST: usize = 8;

/// Tries simpler faults, one place after the other.
pub(super) fn simplify(shrinking: &mut Shrinking<'_>) -> Result<(), Unrunnable> {
    for place in (0..shrinking.plan.faults.len()).rev() {
        let plans = as_restart(&shrinking.plan, &shrinking.trace, place);
        if shrinking.take_first(plans)?.is_some() {
            continue;
        }
        // What is simpler in one way may be in another too, but not without end.
        for _ in 0..WAYS_MOST {
            let (plan, trace) = (&shrinking.plan, &shrinking.trace);
            let faults = plan.faults.get(place).map_or(Vec::new(), |fault| simpler(fault, trace, place));
            let plans = faults.into_iter().filter_map(|fault| with(plan, place, fault)).collect();
            if shrinking.take_first(plans)?.is_none() {
                break;
            }
        }
    }
    Ok(())
}

fn with(plan: &Plan, place: usize, fault: Fault) -> Option<Plan> {
    let mut changed = plan.clone();
    changed.faults[place] = fault;
    read(&changed)
}

/// A step that restarts the process that a fault kills: after those that had begun by then, or at the same crossing.
fn as_restart(plan: &Plan, trace: &Trace, place: usize) -> Vec<Plan> {
    let (Some(fault), Some(Some((at_us, at)))) = (plan.faults.get(place), trace.struck.get(place)) else {
        return Vec::new();
    };
    if !kills(&fault.effect) {
        return Vec::new();
    }
    let node = match &fault.target {
        Target::Node(node) => node.clone(),
        Target::Crossing(at) => at.node_name().to_owned(),
        Target::Link(_) => return Vec::new(),
    };
    let begun = trace.begun_us.iter().rposition(|begun| begun.is_some_and(|begun| begun <= *at_us));
    let restart = |start: Start| {
        let mut changed = plan.clone();
        changed.faults.remove(place);
        let action = Action::Restart { node: node.clone(), design: None };
        changed.steps.insert(begun.map_or(0, |last| last + 1), Step { start, action });
        changed
    };
    let plans = [restart(Start::After), restart(Start::When(at.clone()))];
    plans.iter().filter_map(read).collect()
}

/// Whether an effect ends a process and does nothing else.
fn kills(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::CrashBefore { .. }
            | Effect::CrashAfter { .. }
            | Effect::PowerLossBefore { .. }
            | Effect::PowerLossAfter { .. }
            | Effect::Down
            | Effect::Dark
            | Effect::CrashLoop { .. }
    )
}

/// Simpler faults in the place of one, the simplest first.
fn simpler(fault: &Fault, trace: &Trace, place: usize) -> Vec<Fault> {
    let windows = windows(fault, trace);
    let windows = windows.into_iter().map(|window| Fault { window, ..fault.clone() });
    let effect = without_option(&fault.effect).map(|effect| Fault { effect, ..fault.clone() });
    windows.chain(effect).chain(where_it_struck(fault, trace, place)).collect()
}

/// The same effect without what may be left out.
fn without_option(effect: &Effect) -> Option<Effect> {
    match effect {
        Effect::CrashBefore { restart: Some(_) } => Some(Effect::CrashBefore { restart: None }),
        Effect::CrashAfter { restart: Some(_) } => Some(Effect::CrashAfter { restart: None }),
        Effect::PowerLossBefore { restart: Some(_) } => Some(Effect::PowerLossBefore { restart: None }),
        Effect::PowerLossAfter { restart: Some(_) } => Some(Effect::PowerLossAfter { restart: None }),
        Effect::Slow { by, jitter: Some(_) } => Some(Effect::Slow { by: *by, jitter: None }),
        _ => None,
    }
}

/// A fault at a crossing that is counted among others, at the very one where it struck.
fn where_it_struck(fault: &Fault, trace: &Trace, place: usize) -> Option<Fault> {
    let Target::Crossing(at) = &fault.target else { return None };
    let is_vague = at.to_string().contains(['#', '*']);
    let (_, struck) = trace.struck.get(place)?.as_ref()?;
    let changed = Fault { target: Target::Crossing(struck.clone()), ..fault.clone() };
    (is_vague && struck != at).then_some(changed)
}

/// Windows of which less is said, and then those that name crossings in the place of times.
fn windows(fault: &Fault, trace: &Trace) -> Vec<Window> {
    let window = &fault.window;
    if window.is_default() {
        return Vec::new();
    }
    let mut simpler = vec![
        Window::default(),
        Window { from: window.from.clone(), ..Window::default() },
        Window { from: None, ..window.clone() },
        Window { dwell: None, ..window.clone() },
    ];
    let beside = |moment: &Option<Moment>| match moment {
        Some(Moment::Time(time)) => trace.beside.get(time).cloned().unwrap_or_default(),
        None | Some(Moment::Crossing(_) | Moment::Never) => Vec::new(),
    };
    for at in beside(&window.from) {
        simpler.push(Window { from: Some(Moment::Crossing(at)), ..window.clone() });
    }
    for at in beside(&window.until) {
        simpler.push(Window { until: Some(Moment::Crossing(at)), ..window.clone() });
    }
    simpler.retain(|simpler| simpler != window);
    simpler
}
