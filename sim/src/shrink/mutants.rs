//! Every mutant, from the first plan made up that catches it to the smallest; from its own script where none does.
//!
//! A mutant is caught as in [`crate::campaign`]'s detection: by a property that it violates and its base holds on the
//! very same plan. What is left still tells the two apart.

use driftless_model::design::Mutant;
use serde::Serialize;

use crate::campaign::{Subject, told_apart};
use crate::generate::Profile;
use crate::mutants::try_out;
use crate::outcome::Unrunnable;
use crate::parallel;
use crate::plan::{Choice, Plan};

use super::proof::Seeds;
use super::size::Size;
use super::{Budget, aim, shrink};

/// How mutants are looked for.
#[derive(Clone, PartialEq, Debug)]
pub struct Hunt {
    /// What plans are made of.
    pub profile: Profile,
    /// The seed of the first.
    pub seed: u64,
    /// After how many plans a mutant is given up.
    pub runs_most: u64,
}

/// A plan that caught a mutant, before and after it was shrunk.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Caught {
    /// After how many plans it was caught; none if only its own script does.
    pub after_runs: Option<u64>,
    /// By which property.
    pub property: String,
    /// How large the plan was.
    pub before: Size,
    /// How large it is.
    pub after: Size,
    /// How many runs shrinking took.
    pub runs: u64,
    /// Under how many other seeds it fails.
    pub seeds: Seeds,
    /// The script that is left.
    pub script: String,
}

/// Catches mutants, each beside its own script, with plans made up, and shrinks what caught them; none where not even
/// the script does. `step` is called at the end of each.
///
/// # Errors
/// When a plan can't be run, or the harness itself has failed.
pub fn catch(
    mutants: &[(&Mutant, &Plan)],
    hunt: &Hunt,
    budget: Budget,
    step: impl Fn() + Sync,
) -> Result<Vec<Option<Caught>>, Unrunnable> {
    let each = Budget { jobs: 1, ..budget };
    let all = parallel::map(mutants, budget.jobs, |(mutant, script)| {
        let caught = one(mutant, script, hunt, each);
        step();
        caught
    });
    all.into_iter().collect()
}

fn one(mutant: &Mutant, script: &Plan, hunt: &Hunt, budget: Budget) -> Result<Option<Caught>, Unrunnable> {
    let subject = |design: &str| Subject {
        design: vec![Choice::Design(design.to_owned())],
        profile: hunt.profile.clone(),
        seed: hunt.seed,
    };
    let (wrong, right) = (subject(mutant.name), subject(mutant.base));
    for run in 0..hunt.runs_most {
        let Some(property) = told_apart(&wrong, &right, run)?.pop_first() else { continue };
        return smallest(mutant, &wrong.plan(run), property, budget, Some(run + 1)).map(Some);
    }
    let property = try_out(mutant, script)?.caught_by.pop_first();
    property.map(|property| smallest(mutant, &script.under(mutant.name), property, budget, None)).transpose()
}

/// What becomes of a plan that catches a mutant.
fn smallest(
    mutant: &Mutant,
    plan: &Plan,
    property: &str,
    budget: Budget,
    after_runs: Option<u64>,
) -> Result<Caught, Unrunnable> {
    let aim = aim(plan, Some(property))?.held_under(mutant.base);
    let shrunk = shrink(plan, aim, budget, &|_| ())?;
    Ok(Caught {
        after_runs,
        property: property.to_owned(),
        before: shrunk.before,
        after: shrunk.after,
        runs: shrunk.runs,
        seeds: shrunk.seeds,
        script: shrunk.script,
    })
}
