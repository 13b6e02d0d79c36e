//! What a run tells about what could be left out of its plan: which steps and faults led to the violation, when
//! each began, and which crossings stand beside the times that the plan names.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use driftless_model::cx::{CrossingId, Phase};

use crate::address::Pattern;
use crate::campaign::Signature;
use crate::fault::Moment;
use crate::history::Crossing;
use crate::outcome::{Outcome, Violation};
use crate::plan::{Plan, Start};
use crate::steps::task_names;

/// Crossings that are offered in the place of a time: so many before it, and so many after.
const BESIDE: (usize, usize) = (3, 2);

/// What a run that shows the violation tells about its plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Trace {
    /// What makes the violation what it is.
    pub signature: Signature,
    /// The artifact that it is about, by its handle.
    pub handle: String,
    /// The node on which it showed; none for a panic.
    pub node: Option<String>,
    /// When it showed, in microseconds since the run began.
    pub at_us: u64,
    /// When each step began.
    pub begun_us: Vec<Option<u64>>,
    /// The steps that the chain follows from.
    pub steps: BTreeSet<usize>,
    /// The faults that struck on the way there.
    pub faults: BTreeSet<usize>,
    /// Every life of a node.
    pub lives: Vec<Life>,
    /// When and where each fault struck first.
    pub struck: Vec<Option<(u64, Pattern)>>,
    /// The crossings beside each time that the plan names, best first.
    pub beside: BTreeMap<Duration, Vec<Pattern>>,
    /// How many crossings there were.
    pub crossings: usize,
}

/// A life of a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Life {
    /// The node.
    pub node: String,
    /// Which of its lives, from 1.
    pub number: u64,
    /// The step that began it, if one did.
    pub step: Option<usize>,
}

impl Trace {
    /// What a run tells of how it came to a violation.
    pub(super) fn of(
        plan: &Plan,
        outcome: &Outcome,
        signature: Signature,
        violation: Option<&Violation>,
    ) -> Self {
        let history = &outcome.evidence.history;
        let (steps, faults) = causes(plan, outcome, violation.map_or(&[], |violation| &violation.chain));
        let struck = outcome.faults.iter().map(|at| {
            let crossing = history.get((*at)?)?;
            Some((crossing.at_us, Pattern::from(&crossing.address)))
        });
        let subject = violation.map_or("", |violation| &violation.subject);
        Trace {
            signature,
            handle: subject.split(['.', '@']).next().unwrap_or_default().to_owned(),
            node: violation.map(|violation| violation.node.clone()),
            at_us: violation.map_or(outcome.lasted_us, |violation| violation.at_us),
            begun_us: outcome.steps.iter().map(|step| step.begun_us).collect(),
            steps,
            faults,
            lives: lives(plan, outcome),
            struck: struck.collect(),
            beside: times(plan).into_iter().map(|time| (time, beside(history.crossings(), time))).collect(),
            crossings: history.crossings().len(),
        }
    }
}

/// The steps and the faults that a chain follows from.
fn causes(plan: &Plan, outcome: &Outcome, chain: &[CrossingId]) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let names = task_names(&plan.steps);
    let (mut steps, mut faults) = (BTreeSet::new(), BTreeSet::new());
    let (mut open, mut seen) = (chain.to_vec(), BTreeSet::new());
    while let Some(id) = open.pop() {
        let Some(crossing) = outcome.evidence.history.get(id).filter(|_| seen.insert(id)) else { continue };
        open.extend(crossing.causes.iter().copied());
        faults.extend(crossing.fault);
        if crossing.address.site == "step.begin" {
            steps.extend(names.iter().position(|name| **name == *crossing.address.task));
        }
    }
    (steps, faults)
}

/// Every life there was.
fn lives(plan: &Plan, outcome: &Outcome) -> Vec<Life> {
    let names = task_names(&plan.steps);
    let history = &outcome.evidence.history;
    let begun = history.crossings().iter().filter(|crossing| crossing.address.site == "life.start");
    let lives = begun.filter_map(|crossing| {
        let label = &crossing.address.node;
        let mut causes = crossing.causes.iter().filter_map(|id| history.get(*id));
        Some(Life {
            node: crossing.address.node_name().to_owned(),
            number: label.split_once('@').map_or(Some(1), |(_, number)| number.parse().ok())?,
            step: causes.find_map(|cause| names.iter().position(|name| **name == *cause.address.task)),
        })
    });
    lives.collect()
}

/// Every time that a plan names, from the beginning of the run.
fn times(plan: &Plan) -> BTreeSet<Duration> {
    let starts = plan.steps.iter().filter_map(|step| match step.start {
        Start::At(time) => Some(time),
        Start::After | Start::With | Start::When(_) => None,
    });
    let time = |moment: &Option<Moment>| match moment {
        Some(Moment::Time(time)) => Some(*time),
        None | Some(Moment::Crossing(_) | Moment::Never) => None,
    };
    let windows = plan.faults.iter().flat_map(|fault| {
        let from = time(&fault.window.from);
        let ends = from.zip(fault.window.for_).map(|(from, lasts)| from + lasts);
        [from, time(&fault.window.until), ends]
    });
    starts.chain(windows.flatten()).collect()
}

/// The crossings beside a time that a person might have named: what was just committed, answered or said, and what
/// comes next.
fn beside(crossings: &[Crossing], time: Duration) -> Vec<Pattern> {
    let is_named = |crossing: &&Crossing| {
        let site = crossing.address.site;
        let answered = crossing.address.phase == Some(Phase::AnswerReceived) && site.starts_with("http.");
        let said = site == "ws.send" && crossing.address.phase != Some(Phase::Received);
        let wrote = site.starts_with("store.") && !crossing.record.changes.is_empty();
        answered || said || wrote || site == "life.start"
    };
    let passed = crossings.partition_point(|crossing| u128::from(crossing.at_us) <= time.as_micros());
    let (before, after) = crossings.split_at(passed);
    let mut named = Vec::new();
    let before = before.iter().rev().filter(is_named).take(BESIDE.0);
    for crossing in before.chain(after.iter().filter(is_named).take(BESIDE.1)) {
        let pattern = Pattern::from(&crossing.address);
        if !named.contains(&pattern) {
            named.push(pattern);
        }
    }
    named
}
