//! Detection: how soon exploration catches a wrong design.
//!
//! A wrong design is caught by a property that it violates and the right one holds on the very same plan. What
//! both violate says nothing of the difference between them.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::design::Mutant;
use serde::Serialize;

use crate::generate::Profile;
use crate::outcome::Unrunnable;
use crate::parallel;
use crate::plan::Choice;

use super::{Subject, run_safely};

/// Seeds from which a mutant is searched for lie so far apart that no two searches see the same plan.
const APART: u64 = 1_000_000_000;

/// How mutants are searched for.
#[derive(Clone, PartialEq, Debug)]
pub struct Search {
    /// What plans are made of.
    pub profile: Profile,
    /// The seed of the first run of the first search.
    pub seed: u64,
    /// How many searches there are for each mutant.
    pub searches: u64,
    /// After how many runs a search is given up.
    pub runs_most: u64,
}

/// What the searches for one mutant came to.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Detection {
    /// How many searches found it.
    pub found: u64,
    /// How many there were.
    pub searches: u64,
    /// The median of the number of runs to the first detection; none if half of the searches or fewer found it.
    pub median_runs: Option<u64>,
    /// By property, how many searches it ended.
    pub caught_by: BTreeMap<&'static str, u64>,
}

/// The run in which a search ended, from 1, and the properties that ended it.
type First = Option<(u64, BTreeSet<&'static str>)>;

/// Searches for mutants on so many workers; `step` is called at the end of each search.
///
/// # Errors
/// When a plan can't be run, or the harness itself has failed.
pub fn detect(
    mutants: &[&Mutant],
    search: &Search,
    jobs: usize,
    step: impl Fn() + Sync,
) -> Result<Vec<Detection>, Unrunnable> {
    // All mutants from one seed come before any from the next: those that nothing finds take longest, and so
    // they don't stand together at the end.
    let work: Vec<(&Mutant, u64)> =
        (0..search.searches).flat_map(|n| mutants.iter().map(move |mutant| (*mutant, n))).collect();
    let ends = parallel::map(&work, jobs, |(mutant, n)| {
        let first = first(mutant, search, *n);
        step();
        first
    });
    let mut firsts: BTreeMap<&str, Vec<First>> = BTreeMap::new();
    for ((mutant, _), end) in work.iter().zip(ends) {
        firsts.entry(mutant.name).or_default().push(end?);
    }
    Ok(mutants.iter().map(|mutant| Detection::of(firsts.remove(mutant.name).unwrap_or_default())).collect())
}

/// One search for a mutant.
fn first(mutant: &Mutant, search: &Search, n: u64) -> Result<First, Unrunnable> {
    let subject = |design: &str| Subject {
        design: vec![Choice::Design(design.to_owned())],
        profile: search.profile.clone(),
        seed: search.seed.wrapping_add(n.wrapping_mul(APART)),
    };
    let (wrong, right) = (subject(mutant.name), subject(mutant.base));
    for run in 0..search.runs_most {
        let properties = told_apart(&wrong, &right, run)?;
        if !properties.is_empty() {
            return Ok(Some((run + 1, properties)));
        }
    }
    Ok(None)
}

/// The properties that a wrong design violates in a run, and the right one holds.
pub(crate) fn told_apart(
    wrong: &Subject,
    right: &Subject,
    run: u64,
) -> Result<BTreeSet<&'static str>, Unrunnable> {
    let violated = |subject: &Subject| -> Result<BTreeSet<&'static str>, Unrunnable> {
        let outcome = run_safely(&subject.plan(run))?;
        Ok(outcome.violated().map(|judgement| judgement.property).collect())
    };
    let wrongly = violated(wrong)?;
    if wrongly.is_empty() { Ok(wrongly) } else { Ok(&wrongly - &violated(right)?) }
}

impl Detection {
    fn of(firsts: Vec<First>) -> Self {
        let searches = firsts.len();
        let mut detection = Detection { searches: searches as u64, ..Detection::default() };
        let mut runs = Vec::new();
        for (run, properties) in firsts.into_iter().flatten() {
            runs.push(run);
            for property in properties {
                *detection.caught_by.entry(property).or_default() += 1;
            }
        }
        detection.found = runs.len() as u64;
        runs.sort_unstable();
        // A search that was given up would have taken longer than any that wasn't. The upper of two in the middle.
        detection.median_runs = runs.get(searches / 2).copied();
        detection
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_counts_searches_that_were_given_up() {
        let found = |run| Some((run, BTreeSet::from(["a-property"])));
        let median = |firsts: Vec<First>| Detection::of(firsts).median_runs;
        assert_eq!(median(vec![found(9), found(1), found(4)]), Some(4));
        assert_eq!(median(vec![found(9), None, found(1)]), Some(9));
        assert_eq!(median(vec![found(9), None, None]), None);
        assert_eq!(median(vec![]), None);
        let two = Detection::of(vec![found(9), None, found(1)]);
        assert_eq!((two.found, two.searches, two.caught_by["a-property"]), (2, 3, 2));
    }
}
