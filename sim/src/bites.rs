//! Whether the faults of a run bit, and how deep: the plan is run again without each of them.
//!
//! A fault that is idle alone may not be with its fellows: of two cuts of one link either could be taken away
//! and nothing would change. So what made no difference is asked again without the others that made none; if
//! the two together do make one, they cover each other.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::outcome::{Outcome, Unrunnable};
use crate::parting::{self, Bite};
use crate::plan::Plan;
use crate::run::run;

/// What became of a fault.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effectiveness {
    /// Nothing came by where it waited.
    Unreached,
    /// Without it the run differs so much.
    Bit(Bite),
    /// Without it alone the run is the same, and without these too it isn't.
    Covered {
        /// Which of the plan's faults, by their place.
        by: Vec<usize>,
    },
}

/// What became of each fault of a plan whose outcome is known.
///
/// # Errors
/// As [`run`].
pub fn of(plan: &Plan, outcome: &Outcome) -> Result<Vec<Effectiveness>, Unrunnable> {
    let mut bites = Vec::new();
    for (fault, struck) in outcome.faults.iter().enumerate() {
        bites.push(match struck {
            None => Effectiveness::Unreached,
            Some(_) => Effectiveness::Bit(without(plan, outcome, &[fault])?),
        });
    }
    let idle: Vec<usize> =
        (0..bites.len()).filter(|fault| bites[*fault] == Effectiveness::Bit(Bite::Nothing)).collect();
    for fault in &idle {
        let mut by = Vec::new();
        for other in idle.iter().filter(|other| *other != fault) {
            if without(plan, outcome, &[*fault, *other])? != Bite::Nothing {
                by.push(*other);
            }
        }
        if !by.is_empty() {
            bites[*fault] = Effectiveness::Covered { by };
        }
    }
    Ok(bites)
}

/// How much the run differs without these faults.
fn without(plan: &Plan, outcome: &Outcome, faults: &[usize]) -> Result<Bite, Unrunnable> {
    let kept = plan.faults.iter().enumerate().filter(|(fault, _)| !faults.contains(fault));
    let plan = Plan { faults: kept.map(|(_, fault)| fault.clone()).collect(), ..plan.clone() };
    Ok(parting::bite(&run(&plan)?, outcome))
}

impl fmt::Display for Effectiveness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effectiveness::Unreached => f.write_str("unreached: nothing came by"),
            Effectiveness::Bit(bite) => write!(f, "{bite}: {}", meaning(*bite)),
            Effectiveness::Covered { by } => {
                let by: Vec<_> = by.iter().map(|fault| format!("fault {}", fault + 1)).collect();
                write!(f, "covered by {}: without both the run is another", by.join(" and "))
            }
        }
    }
}

fn meaning(bite: Bite) -> &'static str {
    match bite {
        Bite::Nothing => "without it the run is the same",
        Bite::Timing => "without it the same happens at other times",
        Bite::Path => "without it something else happens on the way to the same state",
        Bite::State => "without it the nodes are left with something else",
        Bite::Verdict => "without it another property is violated, or none",
    }
}
