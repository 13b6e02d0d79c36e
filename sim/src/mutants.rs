//! Whether a mutant is told from the design that it is otherwise: where its run parts, and which property sees it.
//!
//! One plan is run under both. To part is the least that can be asked: a plan whose two runs are equal never
//! comes to the decision. A property that only the mutant violates is what would have found the defect.

use std::collections::BTreeSet;

use driftless_model::design::Mutant;
use serde::Serialize;

use crate::history::Crossing;
use crate::outcome::{Outcome, Unrunnable};
use crate::parting::{self, Difference, Parting};
use crate::plan::Plan;
use crate::run::run;

/// What became of a plan under a mutant, beside what becomes of it under the base.
#[derive(Clone, Debug, Serialize)]
pub struct Trial {
    /// Where the two runs part; none if they are equal.
    pub parts: Option<Parts>,
    /// The properties that the mutant violates and its base doesn't.
    pub caught_by: BTreeSet<&'static str>,
}

/// The first crossing at which the two runs part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Parts {
    /// Where it is.
    pub at: String,
    /// In what they differ; the base is the first of the two.
    pub difference: Difference,
    /// The same in words.
    pub how: String,
}

/// Runs a plan under a mutant and under its base.
///
/// # Errors
/// When the plan can't be run.
pub fn try_out(mutant: &Mutant, plan: &Plan) -> Result<Trial, Unrunnable> {
    let base = run(&plan.under(mutant.base))?;
    let changed = run(&plan.under(mutant.name))?;
    let violated = |outcome: &Outcome| outcome.violated().map(|judged| judged.property).collect();
    let (unseen, seen): (BTreeSet<_>, BTreeSet<_>) = (violated(&base), violated(&changed));
    let parts = parting::first(&base, &changed);
    Ok(Trial {
        parts: parts.map(|parting| parts_of(mutant, &parting, &base, &changed)),
        caught_by: &seen - &unseen,
    })
}

fn parts_of(mutant: &Mutant, parting: &Parting, base: &Outcome, changed: &Outcome) -> Parts {
    let a = parting.a.and_then(|id| base.evidence.history.get(id));
    let b = parting.b.and_then(|id| changed.evidence.history.get(id));
    let status = |crossing: Option<&Crossing>| crossing.and_then(|crossing| crossing.record.status);
    let failure = |crossing: Option<&Crossing>| crossing.and_then(|crossing| crossing.record.failed.clone());
    let name = mutant.base;
    let how = match parting.difference {
        Difference::OnlyInA => format!("happens in {name} only"),
        Difference::OnlyInB => "happens in the mutant only".to_owned(),
        Difference::Failure => match failure(b) {
            Some(why) => format!("fails, since {why}"),
            None => format!("succeeds, and fails in {name}"),
        },
        Difference::Answer => match (status(a), status(b)) {
            (Some(one), Some(other)) if one != other => format!("is answered {other}, and {one} in {name}"),
            (_, _) => format!("says something else than in {name}"),
        },
        Difference::Rows => format!("commits something else than in {name}"),
        Difference::Time => format!("comes at another time than in {name}"),
    };
    let at = a.or(b).map(|crossing| crossing.address.to_string()).unwrap_or_default();
    Parts { at, difference: parting.difference, how }
}
