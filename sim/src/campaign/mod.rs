//! A campaign: many plans, each run once, and what they found.
//!
//! Run *n* of a campaign is the plan that its profile makes of the seed *S + n*, so any run can be had again
//! alone. Runs go in blocks: whatever a block found is merged in the order of the seeds, and only then counts,
//! so a campaign that was stopped and resumed is the campaign that wasn't.
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
use std::panic::AssertUnwindSafe;
use std::time::Duration;

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

pub(crate) use finding::of as findings_of;
pub(crate) use record::Record;

/// Runs of a block for each worker: the workers wait for one another only at its end.
const BLOCK: u64 = 32;

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
pub trait Watcher: Sync {
    /// A run has ended.
    fn ran(&self) {}
    /// A block has ended, with what is known by then.
    fn block(&mut self, _tally: &Tally) {}
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
    let begun = stopwatch();
    let before = tally.took;
    tally.demands = subject.profile.demanded();
    if tally.canary.is_none() {
        tally.canary = Some(canary::fly(subject, jobs)?);
    }
    loop {
        let left = match goal {
            Goal::Runs(runs) => runs.saturating_sub(tally.runs),
            Goal::For(time) if tally.took < time => u64::MAX,
            Goal::For(_) => 0,
        };
        if left == 0 || watcher.asks_to_stop() {
            return Ok(());
        }
        let size = left.min(BLOCK * jobs as u64);
        let numbers: Vec<u64> = (tally.runs..tally.runs + size).collect();
        let watch: &_ = &*watcher;
        let earlier: &Tally = &*tally;
        let is_new = |finding: &Finding| {
            let id = finding.signature.id();
            !known.contains(&id) && !earlier.findings.contains_key(&id)
        };
        let results = parallel::map(&numbers, jobs, |n| {
            let result = one(subject, *n, |finding| folder.is_some() && is_new(finding));
            watch.ran();
            result
        });
        for result in results {
            let (ran, record) = result?;
            for finding in tally.add(ran, known) {
                if let (Some(folder), Some(record)) = (folder, &record) {
                    folder.keep(&finding, record)?;
                }
                watcher.found(&finding);
            }
        }
        tally.took = before + begun.elapsed();
        if let Some(folder) = folder {
            folder.save(tally)?;
        }
        watcher.block(tally);
    }
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
pub(crate) fn run_safely(plan: &Plan) -> Result<Outcome, Unrunnable> {
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
