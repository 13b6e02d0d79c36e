//! What of a plan takes place: the faults that strike, and the steps whose crossing is reached.
//!
//! A script has neither in vain, so whatever doesn't take place is lost. A plan that was made up has many that
//! never came to anything; of a finding only what did in its recorded run can be lost.

use crate::outcome::Outcome;
use crate::plan::{Plan, Start};
use crate::recording::Recording;

/// What doesn't take place, each in words. With a recording: what took place in it, and doesn't any more.
pub(super) fn lost(plan: &Plan, outcome: &Outcome, recording: Option<&Recording>) -> Vec<String> {
    let recorded = recording.map(|recording| recording.history.crossings());
    let struck = |fault: usize| {
        recorded.is_none_or(|crossings| crossings.iter().any(|crossing| crossing.fault == Some(fault)))
    };
    let met = if recording.is_some() { "no longer met" } else { "never met" };
    let mut lost = Vec::new();
    for (index, (fault, strikes)) in plan.faults.iter().zip(&outcome.faults).enumerate() {
        if strikes.is_none() && struck(index) {
            lost.push(format!("fault {} is {met}: fault {fault}", index + 1));
        }
    }
    for (step, shown) in plan.steps.iter().zip(&outcome.steps) {
        let Start::When(at) = &step.start else { continue };
        let was_reached =
            recorded.is_none_or(|crossings| crossings.iter().any(|crossing| at.fits(&crossing.address)));
        if shown.begun_us.is_none() && was_reached {
            lost.push(format!("the crossing of a step is {met}: {}", step.to_command()));
        }
    }
    lost
}
