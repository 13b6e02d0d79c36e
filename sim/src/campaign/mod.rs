//! A campaign: many plans, each run once, and what they found.
//!
//! Run *n* of a campaign is the plan that its profile makes of the seed *S + n*, so any run can be had again
//! alone. What runs found is merged in the order of the seeds, whichever ends first, and what is saved is always the
//! first so many of them: a campaign that was stopped and resumed is the campaign that wasn't.
//!
//! * this file: the loop; `tally`: what it has so far; `finding`, `signature`, `news`, `cause`: what makes two violations one;
//! * `known`: what was known before;
//! * `coverage`: what was seen; `delays`: how long it took to show; `canary`: whether it can be trusted; `summary`: what it comes to;
//! * `kind`: a campaign as work that can be divided ([`crate::parts`]); `record`: what is kept of a run;
//! * `detection`: how soon a wrong design is caught.

mod canary;
mod cause;
mod coverage;
mod delays;
mod detection;
mod finding;
mod kind;
mod known;
mod news;
mod record;
mod signature;
pub mod summary;
mod tally;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::generate::Profile;
use crate::outcome::{Outcome, Unrunnable};
use crate::parts::{self, Saving};
use crate::plan::{Choice, Plan};
use crate::run::run;
use crate::shard::Shard;
use crate::{generate, parallel};

pub use canary::Canary;
pub use cause::Cause;
pub use coverage::Coverage;
pub(crate) use coverage::add_up;
pub use delays::{Delays, Times};
pub(crate) use detection::told_apart;
pub use detection::{Detection, Search, detect};
pub use finding::Finding;
pub(crate) use finding::{PANIC, all as findings_of, of_panic, signatures};
pub use kind::Campaign;
pub use known::Known;
pub use news::News;
pub use signature::{Chain, Signature};
pub use tally::Tally;

pub(crate) use record::{Record, SCRIPT};

/// A campaign's folder.
pub type Folder = parts::Folder<Campaign>;

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
        self.under_its_design(generate::plan_of(&self.profile, self.seed.wrapping_add(n)))
    }

    /// A plan with the explored design on every node, but for what the plan itself says of it.
    fn under_its_design(&self, mut plan: Plan) -> Plan {
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

/// Explores until the goal is reached, from where `tally` left off, the shard that it is of.
///
/// # Errors
/// When the folder can't be written, or the harness itself has failed; the words hold the plan that shows it.
pub fn explore(
    subject: &Subject,
    goal: Goal,
    known: &Known,
    jobs: usize,
    tally: &mut Tally,
    folder: Option<&Folder>,
    watcher: &mut impl Watcher,
) -> Result<(), Unrunnable> {
    let (mut saving, before) = (Saving::begin(), tally.took);
    tally.demands = subject.profile.demanded();
    if tally.canary.is_none() {
        tally.canary = Some(canary::fly(subject, jobs)?);
    }
    let shard = tally.shards.only().unwrap_or(Shard::WHOLE);
    tally.shards.goal = match goal {
        Goal::Runs(runs) => Some(runs),
        Goal::For(_) => None,
    };
    let places = tally.runs..shard.share(tally.shards.goal.unwrap_or(u64::MAX));
    let runs = places.map(|place| shard.at(place));
    let is_over = |tally: &Tally, watcher: &_| {
        Watcher::asks_to_stop(watcher) || matches!(goal, Goal::For(time) if tally.took >= time)
    };
    if is_over(tally, watcher) {
        return Ok(());
    }
    // What runs before this one showed by a plan as small needs no telling; what those after it find isn't here
    // before it is merged.
    let sizes = tally.findings.iter().map(|(id, finding)| (id.clone(), finding.size)).collect();
    let told: Mutex<BTreeMap<String, usize>> = Mutex::new(sizes);
    let is_news = |signature: &Signature, size: usize| {
        let told = told.lock().unwrap_or_else(PoisonError::into_inner);
        known.script(signature).is_none() && told.get(&signature.id()).is_none_or(|least| size < *least)
    };
    let carry_out = |n| one(subject, n, known, is_news, folder.is_some());
    let ended = parallel::in_order(runs, jobs, carry_out, |result| {
        let merged = result.and_then(|(ran, record)| {
            for finding in &ran.findings {
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                let least = told.entry(finding.signature.id()).or_insert(finding.size);
                *least = finding.size.min(*least);
            }
            for (finding, why) in tally.add(ran, known) {
                if let (Some(folder), Some(record)) = (folder, &record) {
                    folder.keep(&finding, record)?;
                }
                if why == tally::News::First {
                    watcher.found(&finding);
                }
            }
            tally.took = before + saving.elapsed();
            saving.save(folder, tally)?;
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

/// What one run has to tell.
pub(crate) struct Ran {
    /// What it found.
    pub(crate) signatures: Vec<Signature>,
    /// Of that, what was new when it ended.
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
    known: &Known,
    is_news: impl Fn(&Signature, usize) -> bool,
    is_kept: bool,
) -> Result<(Ran, Option<Record>), Unrunnable> {
    let plan = subject.plan(n);
    let outcome = run_safely(&plan)?;
    let signatures = finding::signatures(&plan, &outcome);
    let size = finding::size(&plan);
    let new = signatures.iter().filter(|signature| is_news(signature, size));
    let finding = |signature| Finding::of(signature, &plan, &outcome, n, known.is_kept(signature));
    let findings: Vec<Finding> = new.map(finding).collect();
    let is_recorded = is_kept && findings.iter().any(|finding| !finding.known);
    let record = is_recorded.then(|| Record::of(&plan, &outcome)).transpose()?;
    let ran = Ran {
        signatures,
        findings,
        shown: coverage::Shown::of(&outcome),
        relevant: relevant(&outcome),
        delays: delays::of(&plan, &outcome),
    };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::Count;

    struct Nobody;

    impl Watcher for Nobody {}

    fn subject() -> Subject {
        let design = vec![Choice::Design("before-fix".to_owned())];
        Subject { design, profile: Profile::default(), seed: 40 }
    }

    /// What thirty runs come to, or one part of them.
    fn explored(shard: Shard) -> Tally {
        let subject = subject();
        let mut tally = Tally::of_shard(shard);
        explore(&subject, Goal::Runs(30), &Known::default(), 1, &mut tally, None, &mut Nobody)
            .expect("it runs");
        tally.without_time()
    }

    #[test]
    fn parts_add_up_to_the_whole_in_any_order() {
        let whole = explored(Shard::WHOLE);
        assert!(whole.findings.len() > 3 && !whole.relevant.is_empty(), "{whole:?}");
        let parts = [2, 3, 1].map(|index| explored(Shard::new(index, 3).expect("there are three")));
        let sum = parts.into_iter().fold(Tally::none(), Tally::united);
        assert_eq!(sum.shards.missing(), Vec::<String>::new());
        assert_eq!(Tally { shards: whole.shards.clone(), ..sum }, whole);
    }

    #[test]
    fn of_a_finding_the_smallest_plan_is_kept_and_the_first_run_named() {
        let whole = explored(Shard::WHOLE);
        let one = whole.findings.values().find(|finding| finding.count > 2).expect("something is frequent");
        let of = |first_run, run, size| Finding { first_run, run, size, count: 1, ..one.clone() };
        let mut kept = of(4, 4, 30);
        for (other, kept_run) in [(of(2, 2, 31), 4), (of(9, 9, 12), 9), (of(7, 7, 12), 7), (of(8, 8, 12), 7)]
        {
            kept.unite(other);
            assert_eq!(kept.run, kept_run);
        }
        assert_eq!((kept.first_run, kept.count, kept.size), (2, 5, 12));
        // What the campaign has kept is no larger than what any other of its runs shows.
        let shows = |n| {
            let plan = subject().plan(n);
            let outcome = run(&plan).expect("it runs");
            finding::signatures(&plan, &outcome).contains(&one.signature).then(|| finding::size(&plan))
        };
        let sizes: Vec<usize> = (0..30).filter_map(shows).collect();
        assert_eq!(sizes.len() as u64, one.count);
        assert_eq!(sizes.iter().min(), Some(&one.size));
        assert!(sizes.iter().any(|size| *size > one.size), "all plans are as small: {sizes:?}");
    }
}
