//! Runs of smaller plans: each plan once, within a budget, and several at once where there are cores for it.
//!
//! Of several candidates the first in their order that shows the violation is taken, whichever run ends first, and
//! a run counts when its result is asked for. So what comes out, and what it cost, is the same for any number of
//! workers: what others have run ahead is thrown away, or kept for the moment in which it is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::outcome::Unrunnable;
use crate::parallel;
use crate::plan::Plan;

use super::aim::Aim;
use super::trace::Trace;

/// What became of a plan: how it came to the violation, if it did.
type Shown = Option<Arc<Trace>>;

/// Runs of smaller plans.
pub(super) struct Trials {
    aim: Aim,
    jobs: usize,
    most: u64,
    /// What is known, by the script of the plan.
    known: BTreeMap<String, Shown>,
    /// What was asked for.
    asked: BTreeSet<String>,
    spent: bool,
}

impl Trials {
    /// Nothing has been run; `most` may be.
    pub(super) fn new(aim: Aim, jobs: usize, most: u64) -> Self {
        Trials { aim, jobs: jobs.max(1), most, known: BTreeMap::new(), asked: BTreeSet::new(), spent: false }
    }

    /// How many runs were asked for.
    pub(super) fn runs(&self) -> u64 {
        self.asked.len() as u64
    }

    /// Whether a run was wanted that the budget didn't allow.
    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }

    /// The first of these plans that shows the violation.
    ///
    /// # Errors
    /// When the harness itself has failed.
    pub(super) fn first(&mut self, plans: &[Plan]) -> Result<Option<(usize, Arc<Trace>)>, Unrunnable> {
        for (chunk, plans) in plans.chunks(self.jobs).enumerate() {
            self.run(plans)?;
            for (place, plan) in plans.iter().enumerate() {
                let script = plan.to_script();
                if !self.asked.contains(&script) && self.runs() >= self.most {
                    self.spent = true;
                    return Ok(None);
                }
                let shown = self.known.get(&script).cloned().flatten();
                self.asked.insert(script);
                if let Some(trace) = shown {
                    return Ok(Some((chunk * self.jobs + place, trace)));
                }
            }
        }
        Ok(None)
    }

    /// Whether a plan shows the violation; none if the budget doesn't allow to find out.
    ///
    /// # Errors
    /// When the harness itself has failed.
    pub(super) fn shows(&mut self, plan: &Plan) -> Result<Option<bool>, Unrunnable> {
        let before = std::mem::take(&mut self.spent);
        let shown = self.first(std::slice::from_ref(plan))?.is_some();
        let answered = !self.spent;
        self.spent |= before;
        Ok(answered.then_some(shown))
    }

    fn run(&mut self, plans: &[Plan]) -> Result<(), Unrunnable> {
        let left = usize::try_from(self.most.saturating_sub(self.runs())).unwrap_or(usize::MAX);
        let mut new: Vec<(String, &Plan)> = Vec::new();
        for plan in plans {
            let script = plan.to_script();
            if !self.known.contains_key(&script) && new.iter().all(|(other, _)| *other != script) {
                new.push((script, plan));
            }
        }
        new.truncate(left);
        let aim = &self.aim;
        let shown = parallel::map(&new, self.jobs, |(_, plan)| aim.shown_by(plan));
        for ((script, _), shown) in new.into_iter().zip(shown) {
            self.known.insert(script, shown?.map(Arc::new));
        }
        Ok(())
    }
}
