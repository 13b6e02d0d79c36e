//! The proof: whether each part that is left is needed, and how often the plan fails under other seeds.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::outcome::Unrunnable;
use crate::parallel;
use crate::plan::Plan;

use super::aim::Aim;
use super::parts::{Part, lines, parts, without};
use super::trace::Trace;
use super::trials::Trials;
use super::{Budget, designs};

/// Whether a part of a plan is needed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Needed {
    /// The part, as the script says it.
    pub line: String,
    /// Whether the violation is gone without it, and without what can't do without it; none if the budget didn't
    /// allow to find out.
    pub needed: Option<bool>,
}

/// Whether each part of a plan is needed: the plan is run without it.
pub(super) fn needed(plan: &Plan, trace: &Trace, trials: &mut Trials) -> Result<Vec<Needed>, Unrunnable> {
    let mut all = Vec::new();
    // One design for every node is what is tried, and not a part of it.
    let told = designs::of_all(plan).is_some();
    for (part, line) in parts(plan).into_iter().zip(lines(plan)) {
        if told && matches!(part, Part::Choice(..)) {
            continue;
        }
        let needed = match without(plan, trace, &BTreeSet::from([part])) {
            None => Some(true),
            Some(less) => trials.shows(&less)?.map(|shows| !shows),
        };
        all.push(Needed { line, needed });
    }
    Ok(all)
}

/// Under how many other seeds a plan shows the same violation.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Seeds {
    /// How many were tried: those that follow the plan's own.
    pub tried: u64,
    /// Under how many it failed in the same way.
    pub failed: u64,
    /// The share of all seeds that this speaks for, at least (95 %, Wilson's interval).
    pub at_least: f64,
    /// The same at most.
    pub at_most: f64,
}

impl Seeds {
    /// Runs a plan under the seeds that follow its own.
    pub(super) fn of(plan: &Plan, aim: &Aim, budget: Budget) -> Result<Self, Unrunnable> {
        let seeds: Vec<u64> = (1..=budget.seeds).map(|n| plan.seed.wrapping_add(n)).collect();
        let under = |seed: &u64| aim.shown_by(&Plan { seed: *seed, ..plan.clone() });
        let mut failed = 0;
        for shown in parallel::map(&seeds, budget.jobs, under) {
            failed += u64::from(shown?.is_some());
        }
        let (at_least, at_most) = wilson(failed, budget.seeds);
        Ok(Seeds { tried: budget.seeds, failed, at_least, at_most })
    }
}

/// The share of all that `some` of `of` speak for, at a confidence of 95 %. Unlike the plain interval it says
/// something where all or none of them do.
fn wilson(some: u64, of: u64) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (n, share, z) = (of as f64, some as f64 / of as f64, 1.96_f64);
    let spread = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let (middle, all) = (share + z * z / (2.0 * n), 1.0 + z * z / n);
    (((middle - spread) / all).max(0.0), ((middle + spread) / all).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the tables of the interval: 0 of 10, 5 of 10 and 100 of 100.
    #[test]
    fn the_interval_is_wilsons() {
        for (some, of, least, most) in
            [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (100, 100, 0.9630, 1.0), (0, 0, 0.0, 1.0)]
        {
            let (at_least, at_most) = wilson(some, of);
            assert!((at_least - least).abs() < 1e-4 && (at_most - most).abs() < 1e-4, "{at_least} {at_most}");
        }
    }
}
