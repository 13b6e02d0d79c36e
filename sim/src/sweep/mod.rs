//! A sweep: one plan, and everything that can be put into it, each run once.
//!
//! Random search can't say that there is nothing more. A sweep can: the run of a plan has so many crossings, at each
//! so many things can go wrong or be done, and each makes one more plan, which is run and judged. What comes out is
//! counted, grouped as in a campaign, and certified.
//!
//! The plan is taken as it is: its own faults and operations stay, and what it violates by itself is known. With two
//! additions the second is put at the crossings of the run that has the first, behind where that struck: those that
//! exist only because of it included, and no two plans twice.
//!
//! * this file: the loop;
//! * `wanted`, `rule`: what is to be tried; `spots`: where something can be put; `effects`, `operations`: what;
//!   `folding`: what another plan stands for, and why; `additions` and `addition`: all of it in order, and one;
//! * `base`: what becomes of a plan beside the one without additions; `tally`: what the sweep has so far;
//! * `row`, `number`: which plans there are, and which part of a sweep has them; `kind`: a sweep as work that can be
//!   divided ([`crate::parts`]);
//! * `certificate`: what it comes to; `audit`: whether that is true; `table`: the same for people.
//!
//! Not here: faults on links and nodes, which are at work over a time and at no crossing; other seeds.

mod addition;
mod additions;
mod audit;
mod base;
mod certificate;
mod effects;
mod folding;
mod kind;
mod number;
mod operations;
mod row;
mod rule;
mod spots;
pub mod table;
mod tally;
mod wanted;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::campaign::{Finding, Record, run_safely};
use crate::outcome::Unrunnable;
use crate::parallel;
use crate::parts::{self, Saving};
use crate::plan::Plan;
use crate::shard::Shard;

pub use addition::{Addition, What};
pub use audit::{Audit, audit};
pub use base::Count;
pub use certificate::Certificate;
pub use folding::Folded;
pub(crate) use folding::is_periodic;
pub use kind::Sweep;
pub use number::Number;
pub use operations::words as operations;
pub use row::Row;
pub use rule::Rule;
pub use tally::{Table, Tally};
pub use wanted::Wanted;

use additions::Additions;
use base::{Base, Ran};

/// A sweep's folder.
pub type Folder = parts::Folder<Sweep>;

/// Plans of a block for each worker: the workers wait for one another only at its end.
const BLOCK: usize = 32;

/// What is swept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Subject {
    /// Where the plan comes from, as people say it.
    pub script: String,
    /// The plan.
    pub plan: Plan,
    /// What is put into it.
    pub wanted: Wanted,
}

/// What watches over a sweep as it goes.
pub trait Watcher: Sync {
    /// A plan was run.
    fn ran(&self) {}
    /// A block has ended, with what is known by then.
    fn block(&mut self, _tally: &Tally) {}
    /// A finding that was not found before.
    fn found(&mut self, _finding: &Finding) {}
    /// Whether somebody wants the sweep to end.
    fn asks_to_stop(&self) -> bool {
        false
    }
}

/// Sweeps to the end or for so long, from where `tally` left off, the shard that it is of.
///
/// # Errors
/// When the plan can't be run, the folder can't be written, or the harness itself has failed.
pub fn sweep(
    subject: &Subject,
    limit: Option<Duration>,
    jobs: usize,
    tally: &mut Tally,
    folder: Option<&Folder>,
    watcher: &mut impl Watcher,
) -> Result<(), Unrunnable> {
    let (mut saving, before) = (Saving::begin(), tally.took);
    let ground = Ground::of(subject)?;
    tally.begin(&ground.base);
    let shard = tally.shards.only().unwrap_or(Shard::WHOLE);
    for number in row::numbers(shard, ground.rows()) {
        if number > 0 && tally.rows.get(&number).is_some_and(Row::is_done) {
            continue;
        }
        let row = ground.row(number)?;
        let places = row::places(shard, number, row.seconds.all.len());
        loop {
            if watcher.asks_to_stop() || limit.is_some_and(|limit| tally.took >= limit) {
                return folder.map_or(Ok(()), |folder| folder.save(tally));
            }
            let done = usize::try_from(tally.row(number, &row.seconds).done).unwrap_or(usize::MAX);
            let block = &places[done.min(places.len())..];
            let block = &block[..block.len().min(BLOCK * jobs)];
            if block.is_empty() {
                break;
            }
            let (watch, earlier): (&_, &Tally) = (&*watcher, &*tally);
            let is_new = |finding: &Finding| !earlier.findings.contains_key(&finding.signature.id());
            let results = parallel::map(block, jobs, |place| {
                let is_kept = |finding: &Finding| folder.is_some() && is_new(finding);
                let ran = ground.run(&row, &row.seconds.all[*place], Number::at(number, *place), is_kept);
                watch.ran();
                ran
            });
            let mut marks = Vec::new();
            for (place, ran) in block.iter().zip(results) {
                let mut ran = ran?;
                marks.push(ran.mark);
                let record = ran.record.take();
                for finding in tally.add(&row.with(&row.seconds.all[*place]), ran) {
                    note(&finding, record.as_ref(), folder, watcher)?;
                }
            }
            let (size, counted) = (row::leaf_size(number), tally.row(number, &row.seconds));
            for (places, marks) in block.chunks(size).zip(marks.chunks(size)) {
                counted.put(places[0] / size, row::leaf(marks.iter()));
            }
            counted.done += marks.len() as u64;
            tally.took = before + saving.elapsed();
            saving.save(folder, tally)?;
            watcher.block(tally);
        }
    }
    folder.map_or(Ok(()), |folder| folder.save(tally))
}

/// A finding is new. Whoever makes its plan smaller first does so here, before it is kept and told.
fn note(
    finding: &Finding,
    record: Option<&Record>,
    folder: Option<&Folder>,
    watcher: &mut impl Watcher,
) -> Result<(), Unrunnable> {
    if let (Some(folder), Some(record)) = (folder, record) {
        folder.keep(finding, record)?;
    }
    watcher.found(finding);
    Ok(())
}

/// What a sweep and its audit stand on: the run without additions, and what can be added to it.
struct Ground<'a> {
    subject: &'a Subject,
    base: Base,
    singles: Additions,
}

/// The plans with one first addition, or those with one addition in all.
struct GroundRow<'a> {
    /// The plan to which each second is added.
    plan: Plan,
    first: Option<&'a Addition>,
    seconds: Additions,
}

impl<'a> Ground<'a> {
    fn of(subject: &'a Subject) -> Result<Self, Unrunnable> {
        let base = Base::of(&subject.plan)?;
        let singles = additions::of(&subject.plan, &base.outcome, None, &subject.wanted);
        Ok(Ground { subject, base, singles })
    }

    fn rows(&self) -> usize {
        if self.subject.wanted.faults < 2 { 1 } else { 1 + self.singles.all.len() }
    }

    /// The row of that number. Of all but the first it is known only once the plan with its first addition is run.
    fn row(&self, number: usize) -> Result<GroundRow<'_>, Unrunnable> {
        let Some(first) = number.checked_sub(1).and_then(|at| self.singles.all.get(at)) else {
            let (plan, seconds) = (self.subject.plan.clone(), self.singles.clone());
            return Ok(GroundRow { plan, first: None, seconds });
        };
        let plan = first.to(&self.subject.plan);
        let outcome = run_safely(&plan)?;
        let seconds = match first.struck(&outcome) {
            Some(after) => additions::of(&plan, &outcome, Some(after), &self.subject.wanted),
            // What came to nothing makes room for nothing.
            None => Additions::default(),
        };
        Ok(GroundRow { plan, first: Some(first), seconds })
    }

    fn run(
        &self,
        row: &GroundRow<'_>,
        addition: &Addition,
        number: Number,
        is_kept: impl Fn(&Finding) -> bool,
    ) -> Result<Ran, Unrunnable> {
        self.base.run(&addition.to(&row.plan), &row.with(addition), number, is_kept)
    }
}

impl GroundRow<'_> {
    /// What is added to the plan in all.
    fn with<'a>(&'a self, addition: &'a Addition) -> Vec<&'a Addition> {
        self.first.into_iter().chain([addition]).collect()
    }
}
