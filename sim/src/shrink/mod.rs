//! Shrinking: from a plan that violates a property to the smallest that violates it in the same way.
//!
//! Every pass offers smaller plans, simplest first, and the first of them that still shows the violation is taken.
//! What is offered makes sense as a script, is never longer than what it would replace, and goes through the same
//! few passes until none of them gets any further:
//!
//! * `aim`: what counts as the same violation; `trials`: the runs, and what they may cost; `trace`: what a run tells
//!   about what could be left out;
//! * `parts`, `removal`: less of everything: what the chain doesn't name, whole things, then ever smaller chunks;
//!   `addresses` that count what was before them are counted anew;
//! * `starts`, `actions`, `faults`, `designs`, `names`: the same said more simply;
//! * [`proof`]: that each part is needed, and under how many other seeds it fails;
//! * `writing`: the script that is left, with its story and its transcript; [`size`]: how much smaller it is;
//! * [`mutants`]: all of this for every mutant.
//!
//! Not here: a search for another plan that shows the same. What can't be had by leaving things out or saying them
//! more simply stays as it is.

pub mod aim;
pub mod mutants;
pub mod proof;
pub mod size;

mod actions;
mod addresses;
mod designs;
mod faults;
mod names;
mod parts;
mod removal;
mod starts;
mod trace;
mod trials;
mod writing;

use std::sync::Arc;

use crate::campaign::run_safely;
use crate::outcome::Unrunnable;
use crate::plan::Plan;

use aim::Aim;
use parts::Part;
use proof::{Needed, Seeds};
use size::Size;
use trace::Trace;
use trials::Trials;

/// How often all passes are gone through at most. The later ones find what the earlier made possible.
const ROUNDS_MOST: u32 = 5;

/// What shrinking may cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Runs of smaller plans at most; what was reached by then is the result.
    pub runs: u64,
    /// Runs under other seeds.
    pub seeds: u64,
    /// Runs at once.
    pub jobs: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { runs: 1000, seeds: 100, jobs: 1 }
    }
}

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// What is being tried.
    pub pass: &'static str,
    /// Runs so far.
    pub runs: u64,
    /// The smallest plan so far.
    pub size: Size,
}

/// A plan that was shrunk.
#[derive(Clone, PartialEq, Debug)]
pub struct Shrunk {
    /// What it still shows.
    pub aim: Aim,
    /// The plan, as it shows it.
    pub plan: Plan,
    /// The design that all its nodes have; none where they differ, or where it is the default.
    pub design: Option<String>,
    /// How large the plan was.
    pub before: Size,
    /// How large it is.
    pub after: Size,
    /// How many runs of smaller plans that took.
    pub runs: u64,
    /// Whether the budget ended it, so that smaller ones may not have been tried.
    pub spent: bool,
    /// Whether each of its parts is needed.
    pub needed: Vec<Needed>,
    /// Under how many other seeds it shows the same.
    pub seeds: Seeds,
    /// The script, with its story and its transcript. Where all nodes have one design, its header says what is
    /// expected under it, and its transcript is that of the default one.
    pub script: String,
}

/// What shrinking a plan aims at: the violation of a property, or the first that there is if none is named.
///
/// # Errors
/// When the plan doesn't violate it, or the harness itself has failed.
pub fn aim(plan: &Plan, property: Option<&str>) -> Result<Aim, Unrunnable> {
    Aim::of(plan, &run_safely(plan)?, property)
}

/// Shrinks a plan to what is aimed at.
///
/// # Errors
/// When the plan doesn't show it, or the harness itself has failed.
pub fn shrink(
    plan: &Plan,
    aim: Aim,
    budget: Budget,
    watch: &dyn Fn(&Standing),
) -> Result<Shrunk, Unrunnable> {
    let whole = Plan { expect: Default::default(), ..plan.clone() };
    let mut trials = Trials::new(aim.clone(), budget.jobs, budget.runs);
    let Some((_, trace)) = trials.first(std::slice::from_ref(&whole))? else {
        return Err(Unrunnable(aim.missed()));
    };
    let before = Size::of(&whole, trace.crossings);
    let mut shrinking = Shrinking { plan: whole, trace, trials, pass: "", watch };
    shrinking.shrink()?;
    let Shrinking { plan, trace, mut trials, .. } = shrinking;
    let needed = proof::needed(&plan, &trace, &mut trials)?;
    let seeds = Seeds::of(&plan, &aim, budget)?;
    let script = writing::script(&plan, &aim, &needed, &seeds)?;
    Ok(Shrunk {
        design: designs::of_all(&plan).map(str::to_owned),
        before,
        after: Size { lines: size::commands(&script), ..Size::of(&plan, trace.crossings) },
        runs: trials.runs(),
        spent: trials.is_spent(),
        needed,
        seeds,
        script,
        plan,
        aim,
    })
}

/// A plan on its way to the smallest.
struct Shrinking<'a> {
    plan: Plan,
    trace: Arc<Trace>,
    trials: Trials,
    pass: &'static str,
    watch: &'a dyn Fn(&Standing),
}

impl Shrinking<'_> {
    /// Goes through all passes until none gets any further.
    fn shrink(&mut self) -> Result<(), Unrunnable> {
        self.pass("seed", designs::seed)?;
        self.pass("chain", removal::guess)?;
        // Before steps go: a step at a time stands somewhere else among the others once some of them are gone.
        self.pass("times", starts::simplify)?;
        self.pass("things", removal::things)?;
        self.pass("names", names::usual)?;
        let mut largest = usize::MAX;
        for _ in 0..ROUNDS_MOST {
            let before = self.plan.clone();
            self.pass("faults", |me| removal::chunks(me, largest, |part| matches!(part, Part::Fault(_))))?;
            self.pass("steps", |me| removal::chunks(me, largest, |part| matches!(part, Part::Step(_))))?;
            self.pass("settings", |me| {
                removal::chunks(me, largest, |part| matches!(part, Part::Setting(_)))
            })?;
            self.pass("designs", designs::simplify)?;
            self.pass("one of each", names::merge)?;
            self.pass("times", starts::simplify)?;
            self.pass("windows", faults::simplify)?;
            self.pass("actions", actions::simplify)?;
            self.pass("names", names::usual)?;
            self.pass("seed", designs::seed)?;
            if self.plan == before || self.trials.is_spent() {
                break;
            }
            // Large chunks were tried, and what has changed since are details.
            largest = 2;
        }
        Ok(())
    }

    fn pass(
        &mut self,
        name: &'static str,
        pass: impl FnOnce(&mut Self) -> Result<(), Unrunnable>,
    ) -> Result<(), Unrunnable> {
        self.pass = name;
        self.tell();
        pass(self)
    }

    fn tell(&self) {
        let size = Size::of(&self.plan, self.trace.crossings);
        (self.watch)(&Standing { pass: self.pass, runs: self.trials.runs(), size });
    }

    /// Takes the first of these plans that shows the violation in the place of the one there is, and tells which.
    /// A plan that is longer isn't tried.
    fn take_first(&mut self, plans: Vec<Plan>) -> Result<Option<usize>, Unrunnable> {
        let lines = size::lines(&self.plan);
        let smaller = |plan: &Plan| *plan != self.plan && size::lines(plan) <= lines;
        let (places, plans): (Vec<usize>, Vec<Plan>) =
            plans.into_iter().enumerate().filter(|(_, plan)| smaller(plan)).unzip();
        let Some((taken, trace)) = self.trials.first(&plans)? else { return Ok(None) };
        self.plan = plans[taken].clone();
        self.trace = trace;
        self.tell();
        Ok(Some(places[taken]))
    }
}
