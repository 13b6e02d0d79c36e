//! An addition: one thing that is put into a plan at one crossing, a fault or an operation.
//!
//! It names the crossing by its address, as a person would in a script, so that the plan with it is a script that
//! anybody can run. An operation begins when its crossing is reached; it stands in the plan behind the steps that
//! had begun by then, so that the script makes sense in its order.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::address::Pattern;
use crate::fault::{Effect, Fault};
use crate::outcome::Outcome;
use crate::plan::{Action, Plan, Start, Step};
use driftless_model::cx::CrossingId;

/// One thing that is put into a plan at one crossing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Addition {
    /// The crossing.
    pub at: Pattern,
    /// What it is.
    pub what: What,
    /// The node at which it happens: the other end's, for what arrives there.
    pub node: String,
}

/// What is put there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum What {
    /// A fault strikes the crossing.
    Effect(Effect),
    /// An operation begins when it is reached.
    Operation {
        /// What is done.
        action: Action,
        /// Its place among the steps.
        place: usize,
    },
}

impl Addition {
    /// The word for what it is: that of its effect, or the command's.
    pub fn kind(&self) -> String {
        match &self.what {
            What::Effect(effect) => effect.word().to_owned(),
            What::Operation { action, .. } => {
                let command = action.to_command();
                command.split(' ').next().unwrap_or_default().to_owned()
            }
        }
    }

    /// The plan with it. What the plan has of its own stays, and decides first where both meet.
    #[must_use]
    pub fn to(&self, plan: &Plan) -> Plan {
        let mut plan = plan.clone();
        match &self.what {
            What::Effect(effect) => plan.faults.push(Fault::once(self.at.clone(), effect.clone())),
            What::Operation { action, place } => {
                let start = Start::When(self.at.clone());
                plan.steps.insert(*place, Step { start, action: action.clone() });
            }
        }
        plan
    }

    /// The last crossing of a run that it had nothing to do with, if it came to anything. The run is of a plan to
    /// which it was the last addition.
    pub fn struck(&self, outcome: &Outcome) -> Option<CrossingId> {
        match &self.what {
            What::Effect(_) => outcome.faults.last().copied().flatten(),
            What::Operation { place, .. } => {
                let begun_us = outcome.steps.get(*place)?.begun_us?;
                let crossings = outcome.evidence.history.crossings();
                crossings.iter().take_while(|crossing| crossing.at_us <= begun_us).last().map(|last| last.id)
            }
        }
    }
}

impl fmt::Display for Addition {
    /// As a line of a script.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Effect(effect) => write!(f, "fault {:?} {effect}", self.at.to_string()),
            What::Operation { action, .. } => {
                write!(f, "when {:?} {}", self.at.to_string(), action.to_command())
            }
        }
    }
}
