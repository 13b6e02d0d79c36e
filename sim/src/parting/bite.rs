//! How much came of what two runs differ in: whether it bit, and how deep.
//!
//! The question is asked of a run with a fault and the same run without it, but of any two runs can be asked.
//! That a property held in one and had nothing to say in the other is no verdict that differs: nobody is worse
//! off, and what made it so is seen in the path.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Difference, Rest, Side, first};
use crate::outcome::{Outcome, Verdict};

/// How deep a difference goes. Each holds where none of the deeper ones does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bite {
    /// The runs are equal.
    Nothing,
    /// The same happens, at other times.
    Timing,
    /// Something else happens on the way to the same state at rest.
    Path,
    /// The nodes are left with something else.
    State,
    /// Another property is violated, or the world comes to rest in one run and not in the other.
    Verdict,
}

impl fmt::Display for Bite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Bite::Nothing => "nothing",
            Bite::Timing => "timing",
            Bite::Path => "path",
            Bite::State => "state",
            Bite::Verdict => "verdict",
        })
    }
}

/// How a run ended, as far as it is compared.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Ending {
    /// What became of each property.
    pub verdicts: BTreeMap<String, Verdict>,
    /// Why the world did not come to rest, if it didn't.
    pub stall: Option<String>,
    /// Panics of actors, in words.
    pub panics: Vec<String>,
    /// Whether a process died of one.
    pub died_of_a_panic: bool,
    /// What each step showed.
    pub shown: Vec<Vec<String>>,
    /// What the nodes were left with.
    pub rest: Rest,
}

impl From<&Outcome> for Ending {
    fn from(outcome: &Outcome) -> Self {
        let verdicts = outcome.judgements.iter().map(|judged| (judged.property.to_owned(), judged.verdict));
        Ending {
            verdicts: verdicts.collect(),
            stall: outcome.stall.clone(),
            panics: outcome.panics.iter().map(ToString::to_string).collect(),
            died_of_a_panic: outcome.died_of_a_panic(),
            shown: outcome.steps.iter().map(|step| step.lines.clone()).collect(),
            rest: Rest::of(&outcome.evidence),
        }
    }
}

impl Ending {
    /// The violated properties.
    pub fn violated(&self) -> impl Iterator<Item = &str> {
        let violated = self.verdicts.iter().filter(|(_, verdict)| **verdict == Verdict::Violated);
        violated.map(|(property, _)| property.as_str())
    }

    /// What is judged of it, without what amounts to the same.
    fn judged(&self) -> (Vec<&str>, bool, bool) {
        (self.violated().collect(), self.stall.is_some(), self.died_of_a_panic)
    }
}

/// How deep the difference of two runs goes.
pub fn bite(a: &Outcome, b: &Outcome) -> Bite {
    weigh((a.into(), &a.into()), (b.into(), &b.into()))
}

/// The same, of runs of which only that is known.
pub fn weigh((a, end_a): (Side<'_>, &Ending), (b, end_b): (Side<'_>, &Ending)) -> Bite {
    if end_a.judged() != end_b.judged() {
        return Bite::Verdict;
    }
    let same_state = if a.draws == b.draws {
        end_a.rest == end_b.rest
    } else {
        end_a.rest.undrawn() == end_b.rest.undrawn()
    };
    if !same_state {
        return Bite::State;
    }
    match first(a, b) {
        None if end_a.shown == end_b.shown => Bite::Nothing,
        Some(parting) if parting.difference == Difference::Time && end_a.shown == end_b.shown => Bite::Timing,
        None | Some(_) => Bite::Path,
    }
}
