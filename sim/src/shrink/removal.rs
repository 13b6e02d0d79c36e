//! Taking parts away: what the violation has nothing to do with at once, then whole things, then chunks that get
//! smaller until every single part was tried.

use std::collections::BTreeSet;

use crate::outcome::Unrunnable;
use crate::plan::{Action, Change, KeyChange, LocalChange, Plan, PlanChange, SubscriptionChange};

use super::Shrinking;
use super::parts::{Part, parts, without};
use super::trace::Trace;

/// Tries what the chain of the violation suggests: the more is taken away, the sooner.
pub(super) fn guess(shrinking: &mut Shrinking<'_>) -> Result<(), Unrunnable> {
    let (plan, trace) = (&shrinking.plan, &shrinking.trace);
    let late = late(trace);
    let faults: BTreeSet<Part> =
        (0..plan.faults.len()).filter(|fault| !trace.faults.contains(fault)).map(Part::Fault).collect();
    let all_faults: BTreeSet<Part> = (0..plan.faults.len()).map(Part::Fault).collect();
    let (idle, others, nodes) = (idle(plan, trace), other_artifacts(plan, trace), other_nodes(plan, trace));
    let together = |sets: &[&BTreeSet<Part>]| -> BTreeSet<Part> {
        sets.iter().flat_map(|set| set.iter().copied()).collect()
    };
    let guesses = [
        together(&[&all_faults, &late, &idle, &others, &nodes]),
        together(&[&faults, &late, &idle, &others, &nodes]),
        together(&[&faults, &late, &idle, &others]),
        together(&[&all_faults, &late, &others, &nodes]),
        together(&[&faults, &late, &others, &nodes]),
        together(&[&faults, &late, &others]),
        together(&[&faults, &late]),
    ];
    let plans: Vec<Plan> =
        guesses.iter().filter_map(|taken| without(&shrinking.plan, &shrinking.trace, taken)).collect();
    shrinking.take_first(plans)?;
    Ok(())
}

/// The steps that began after the violation had shown.
fn late(trace: &Trace) -> BTreeSet<Part> {
    let begun = trace.begun_us.iter().enumerate();
    begun
        .filter(|(_, begun)| begun.is_none_or(|at| at > trace.at_us))
        .map(|(step, _)| Part::Step(step))
        .collect()
}

/// The steps that the chain doesn't follow from, but for those by which something comes into being.
fn idle(plan: &Plan, trace: &Trace) -> BTreeSet<Part> {
    let steps = plan.steps.iter().enumerate();
    let idle = steps.filter(|(at, step)| {
        let founds = gives(&step.action) || matches!(step.action, Action::Deploy { .. });
        !founds && !trace.steps.contains(at)
    });
    idle.map(|(at, _)| Part::Step(at)).collect()
}

/// The steps that make artifacts which the violation isn't about.
fn other_artifacts(plan: &Plan, trace: &Trace) -> BTreeSet<Part> {
    let provider = plan.steps.iter().find_map(|step| match &step.action {
        Action::Create { artifact, provider, .. } if *artifact == trace.handle => provider.as_deref(),
        _ => None,
    });
    let others = plan.steps.iter().enumerate().filter(|(_, step)| match &step.action {
        Action::Create { artifact, .. } => *artifact != trace.handle && provider != Some(artifact),
        Action::Local { change: LocalChange::Create { .. }, artifact, .. } => *artifact != trace.handle,
        _ => false,
    });
    others.map(|(at, _)| Part::Step(at)).collect()
}

/// The steps that set up gateways on which the violation didn't show.
fn other_nodes(plan: &Plan, trace: &Trace) -> BTreeSet<Part> {
    let original = |name: &str| name.split(['/', '@']).next().map(str::to_owned);
    let shown = trace.node.as_deref().and_then(original);
    let others = plan.steps.iter().enumerate().filter(|(_, step)| match &step.action {
        Action::Start { node, .. } => {
            let node = original(node);
            node != shown && node.as_deref() != Some("platform")
        }
        _ => false,
    });
    others.map(|(at, _)| Part::Step(at)).collect()
}

/// Tries to do without each thing that a step gives a name to, and all that is done to it; and without each life
/// of an artifact, from its making to its deletion.
pub(super) fn things(shrinking: &mut Shrinking<'_>) -> Result<(), Unrunnable> {
    let mut next = shrinking.plan.steps.len();
    while next > 0 {
        let steps = &shrinking.plan.steps[..next];
        let (mut plans, mut places) = (Vec::new(), Vec::new());
        for (at, _) in steps.iter().enumerate().rev().filter(|(_, step)| gives(&step.action)) {
            let life = life(&shrinking.plan, at);
            for taken in [BTreeSet::from([Part::Step(at)]), life] {
                if let Some(plan) = without(&shrinking.plan, &shrinking.trace, &taken) {
                    plans.push(plan);
                    places.push(at);
                }
            }
        }
        match shrinking.take_first(plans)? {
            Some(taken) => next = places[taken].min(shrinking.plan.steps.len()),
            None => return Ok(()),
        }
    }
    Ok(())
}

/// The steps about an artifact from its making to its deletion.
fn life(plan: &Plan, made: usize) -> BTreeSet<Part> {
    let Action::Create { artifact, .. } = &plan.steps[made].action else { return BTreeSet::new() };
    let is_about = |action: &Action| action.words().split(' ').any(|word| word == artifact);
    let mut life = BTreeSet::new();
    for (at, step) in plan.steps.iter().enumerate().skip(made) {
        if is_about(&step.action) {
            life.insert(Part::Step(at));
        }
        if matches!(&step.action, Action::Delete { artifact: gone } if gone == artifact) {
            break;
        }
    }
    life
}

/// Whether a step gives something a name.
fn gives(action: &Action) -> bool {
    match action {
        Action::Start { .. }
        | Action::Organisation { .. }
        | Action::Project { made: true, .. }
        | Action::Create { .. }
        | Action::Key { change: KeyChange::Create, .. }
        | Action::Plan { change: PlanChange::Create, .. }
        | Action::Subscription { change: SubscriptionChange::Create { .. }, .. }
        | Action::Application { change: Change::Create, .. }
        | Action::Local { change: LocalChange::Create { .. } | LocalChange::CreateKey(_), .. } => true,
        Action::Project { .. }
        | Action::Update { .. }
        | Action::Associate { .. }
        | Action::Deploy { .. }
        | Action::Undeploy(_)
        | Action::Restore(_)
        | Action::DeleteDeployment(_)
        | Action::Delete { .. }
        | Action::Key { .. }
        | Action::Plan { .. }
        | Action::Subscription { .. }
        | Action::Application { .. }
        | Action::Mapping { .. }
        | Action::CreateToken { .. }
        | Action::RevokeToken { .. }
        | Action::DeleteGateway { .. }
        | Action::Local { .. }
        | Action::Crash { .. }
        | Action::PowerLoss { .. }
        | Action::Stop { .. }
        | Action::Restart { .. }
        | Action::Partition { .. }
        | Action::Heal
        | Action::Wait(_)
        | Action::Settle
        | Action::Probe { .. }
        | Action::Show { .. }
        | Action::Own(_) => false,
    }
}

/// Delta debugging over the parts of one sort: chunks of half of them, and ever smaller ones down to a single part.
/// From the end, since what comes later depends on what comes before.
pub(super) fn chunks(
    shrinking: &mut Shrinking<'_>,
    largest: usize,
    sort: fn(&Part) -> bool,
) -> Result<(), Unrunnable> {
    let count = |plan: &Plan| parts(plan).into_iter().filter(sort).count();
    let mut size = count(&shrinking.plan).div_ceil(2).min(largest);
    while size > 0 {
        let mut end = count(&shrinking.plan);
        while end > 0 {
            let all: Vec<Part> = parts(&shrinking.plan).into_iter().filter(sort).collect();
            let begins: Vec<usize> = (0..end.min(all.len())).rev().step_by(size).collect();
            let begins = begins.into_iter().map(|last| (last + 1).saturating_sub(size));
            let (mut plans, mut places) = (Vec::new(), Vec::new());
            for begin in begins {
                let chunk = all[begin..(begin + size).min(all.len())].iter().copied().collect();
                if let Some(plan) = without(&shrinking.plan, &shrinking.trace, &chunk) {
                    plans.push(plan);
                    places.push(begin);
                }
            }
            end = shrinking.take_first(plans)?.map_or(0, |taken| places[taken]);
        }
        size /= 2;
    }
    Ok(())
}
