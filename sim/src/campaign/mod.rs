//! A campaign: many plans, each run once, and what they found.
//!
//! Run *n* of a campaign is the plan that its profile makes of the seed *S + n*, so any run can be had again
//! alone. What runs found is merged in the order of the seeds, whichever ends first, and what is saved is always the
//! first so many of them: a campaign that was stopped and resumed is the campaign that wasn't.
//!
//! * this file: the loop; `tally`: what it has so far; `finding`, `signature`: what makes two violations one;
//! * `coverage`: what was seen; `delays`: how long it took to show; `canary`: whether it can be trusted; `summary`: what it comes to;
//! * `folder`, `record`: what is kept; `detection`: how soon a wrong design is caught.

mod canary;
mod coverage;
mod delays;
mod detection;
mod finding;
mod folder;
mod record;
mod signature;
pub mod summary;
mod tally;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::files::stopwatch;
use crate::generate::Profile;
use crate::outcome::{Outcome, Unrunnable};
use crate::plan::{Choice, Plan};
use crate::run::run;
use crate::{generate, parallel};

pub use canary::Canary;
pub use coverage::Coverage;
pub use delays::{Delays, Times};
pub use detection::{Detection, Search, detect};
pub use finding::Finding;
pub use folder::Folder;
pub use signature::Signature;
pub use tally::Tally;

use record::Record;

/// How long a campaign goes on before it is saved again, at least.
const SAVED_EVERY: Duration = Duration::from_secs(2);
/// Saving may take one part in so many of the time.
const SAVING_PART: u32 = 20;

/// What is explored.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Subject {
    /// The design of every node, as a person names it, and decisions taken otherwise.
    pub design: Vec<Choice>,
    /// What plans are made of.
    pub profile: Profile,
    /// The seed of the first run.
    pub seed: u64,
}

/// When a campaign ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Goal {
    /// After so many runs.
    Runs(u64),
    /// After so long on the wall.
    For(Duration),
}

impl Subject {
    /// The plan of run `n`.
    pub fn plan(&self, n: u64) -> Plan {
        let mut plan = generate::plan_of(&self.profile, self.seed.wrapping_add(n));
        for node in &mut plan.nodes {
            node.design.splice(0..0, self.design.iter().cloned());
        }
        plan
    }
}

/// What watches over a campaign as it goes.
pub trait Watcher {
    /// A run was merged into what there is by now.
    fn ran(&mut self, _tally: &Tally) {}
    /// A finding that is neither known nor was found before.
    fn found(&mut self, _finding: &Finding) {}
    /// Whether somebody wants the campaign to end.
    fn asks_to_stop(&self) -> bool {
        false
    }
}

/// Explores until the goal is reached, from where `tally` left off.
///
/// # Errors
/// When the folder can't be written, or the harness itself has failed; the words hold the plan that shows it.
pub fn explore(
    subject: &Subject,
    goal: Goal,
    known: &BTreeSet<String>,
    jobs: usize,
    tally: &mut Tally,
    folder: Option<&Folder>,
    watcher: &mut impl Watcher,
) -> Result<(), Unrunnable> {
    let (begun, before) = (stopwatch(), tally.took);
    tally.demands = subject.profile.demanded();
    if tally.canary.is_none() {
        tally.canary = Some(canary::fly(subject, jobs)?);
    }
    let runs = match goal {
        Goal::Runs(runs) => tally.runs..runs,
        Goal::For(_) => tally.runs..u64::MAX,
    };
    let is_over = |tally: &Tally, watcher: &_| {
        Watcher::asks_to_stop(watcher) || matches!(goal, Goal::For(time) if tally.took >= time)
    };
    if is_over(tally, watcher) {
        return Ok(());
    }
    // What runs before this one found needs no record; those after it aren't here until it has been merged.
    let told: BTreeSet<String> = known.iter().chain(tally.findings.keys()).cloned().collect();
    let told = Mutex::new(told);
    let is_new = |finding: &Finding| {
        let told = told.lock().unwrap_or_else(PoisonError::into_inner);
        !told.contains(&finding.signature.id())
    };
    let mut next_save = SAVED_EVERY;
    let carry_out = |n| one(subject, n, |finding| folder.is_some() && is_new(finding));
    let ended = parallel::in_order(runs, jobs, carry_out, |result| {
        let merged = result.and_then(|(ran, record)| {
            for finding in tally.add(ran, known) {
                if let (Some(folder), Some(record)) = (folder, &record) {
                    folder.keep(&finding, record)?;
                }
                watcher.found(&finding);
                told.lock().unwrap_or_else(PoisonError::into_inner).insert(finding.signature.id());
            }
            tally.took = before + begun.elapsed();
            if begun.elapsed() >= next_save {
                next_save = save(folder, tally, &begun)?;
            }
            watcher.ran(tally);
            Ok(is_over(tally, watcher))
        });
        match merged {
            Ok(false) => ControlFlow::Continue(()),
            Ok(true) => ControlFlow::Break(Ok(())),
            Err(why) => ControlFlow::Break(Err(why)),
        }
    });
    if let ControlFlow::Break(Err(why)) = ended {
        return Err(why);
    }
    folder.map_or(Ok(()), |folder| folder.save(tally))
}

/// Saves what the campaign has so far. When to do it again, from when it was begun.
fn save(folder: Option<&Folder>, tally: &Tally, begun: &Instant) -> Result<Duration, Unrunnable> {
    let at = begun.elapsed();
    if let Some(folder) = folder {
        folder.save(tally)?;
    }
    let took = begun.elapsed() - at;
    Ok(begun.elapsed() + SAVED_EVERY.max(took * SAVING_PART))
}

/// What one run has to tell.
pub(crate) struct Ran {
    pub(crate) findings: Vec<Finding>,
    pub(crate) shown: coverage::Shown,
    /// The properties that something in the run could have violated.
    pub(crate) relevant: Vec<&'static str>,
    /// How long what users did took to show.
    pub(crate) delays: Vec<delays::Delay>,
}

/// Carries out one run, and records it if it found something to be kept.
fn one(
    subject: &Subject,
    n: u64,
    is_kept: impl Fn(&Finding) -> bool,
) -> Result<(Ran, Option<Record>), Unrunnable> {
    let plan = subject.plan(n);
    let outcome = run_safely(&plan)?;
    let ran = Ran {
        findings: finding::of(&plan, &outcome, n),
        shown: coverage::Shown::of(&outcome),
        relevant: relevant(&outcome),
        delays: delays::of(&plan, &outcome),
    };
    let record = ran.findings.iter().any(is_kept).then(|| Record::of(&plan, &outcome)).transpose()?;
    Ok((ran, record))
}

/// Runs a plan. A panic of the harness itself becomes an error that shows the plan.
fn run_safely(plan: &Plan) -> Result<Outcome, Unrunnable> {
    let ran = std::panic::catch_unwind(AssertUnwindSafe(|| run(plan)));
    ran.unwrap_or_else(|panic| {
        let words = crate::panics::words(&*panic);
        Err(Unrunnable(format!(
            "the harness itself has failed: {words}\nthe plan that shows it:\n\n{}",
            plan.to_script()
        )))
    })
}

fn relevant(outcome: &Outcome) -> Vec<&'static str> {
    use crate::outcome::Verdict;
    let judged = outcome.judgements.iter();
    judged
        .filter(|one| matches!(one.verdict, Verdict::Held | Verdict::Violated))
        .map(|one| one.property)
        .collect()
}
