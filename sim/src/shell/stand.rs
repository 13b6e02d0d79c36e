//! Where the shell stands in a run, and where a command that is typed there goes.
//!
//! At the end of the steps a command is the next one. In the midst of a run it begins at the crossing that has
//! just taken effect, by its address; where that has none of its own, or has long passed, at the time.

use std::time::Duration;

use driftless_model::settings::Value;

use crate::address::Pattern;
use crate::explain::seconds;
use crate::plan::{Plan, Start};
use crate::sites;
use crate::stopped::{Stopped, Until};

/// Where the shell stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Stand {
    /// After so many crossings.
    Crossing(usize),
    /// At a time, in microseconds since the run began.
    Time(u64),
    /// After the last step.
    End,
}

/// Where a step goes: before which other, and what stands before its command.
pub(super) struct Place {
    pub(super) index: usize,
    pub(super) begin: String,
}

impl Stand {
    /// Where a run stopped.
    pub(super) fn of(stopped: &Stopped) -> Self {
        let crossings = stopped.crossings();
        let just = crossings.last().is_some_and(|last| last.at_us == stopped.now_us);
        match (stopped.ended(), just) {
            (true, _) => Stand::End,
            (false, true) => Stand::Crossing(crossings.len()),
            (false, false) => Stand::Time(stopped.now_us),
        }
    }

    /// How far a run goes to get there.
    pub(super) fn until(&self) -> Until {
        match self {
            Stand::Crossing(count) => Until::Crossing(*count),
            Stand::Time(time_us) => Until::Time(*time_us),
            Stand::End => Until::Steps,
        }
    }

    /// When that is, in microseconds since the run began.
    pub(super) fn time_us(&self, stopped: &Stopped) -> u64 {
        match self {
            // The clock goes from one thing to the next, and may have stopped before.
            Stand::Time(time_us) => *time_us,
            Stand::Crossing(_) | Stand::End => stopped.now_us,
        }
    }

    /// The same in words.
    pub(super) fn words(&self, stopped: &Stopped) -> String {
        let at = seconds(self.time_us(stopped));
        match (self, stopped.crossings().last()) {
            (Stand::Crossing(_), Some(last)) => format!("at {at}: {}", last.address),
            (Stand::End, _) => format!("at {at}: after the last step"),
            (Stand::Crossing(_) | Stand::Time(_), _) => format!("at {at}"),
        }
    }

    /// Where a step that is typed here goes.
    pub(super) fn place(&self, plan: &Plan, stopped: &Stopped) -> Place {
        let at_time = || format!("[{}] ", Duration::from_micros(self.time_us(stopped)).write());
        match self {
            Stand::End => Place { index: plan.steps.len(), begin: String::new() },
            Stand::Time(_) => Place { index: next(plan, stopped), begin: at_time() },
            Stand::Crossing(_) => {
                let begin = address(stopped).map(|at| format!("when {:?} ", at.to_string()));
                Place { index: next(plan, stopped), begin: begin.unwrap_or_else(at_time) }
            }
        }
    }
}

/// The step that begins when those that go on have ended. Whatever stands before it is already waited for.
fn next(plan: &Plan, stopped: &Stopped) -> usize {
    let to_come = |(index, step): (usize, &crate::plan::Step)| {
        step.start == Start::After && stopped.steps.get(index).is_none_or(|shown| shown.begun_us.is_none())
    };
    plan.steps.iter().enumerate().position(to_come).unwrap_or(plan.steps.len())
}

/// The address of the last crossing of this instant that a step can wait for, and that no earlier one fits too.
fn address(stopped: &Stopped) -> Option<Pattern> {
    let crossings = stopped.crossings();
    let now = crossings.iter().enumerate().rev().take_while(|(_, crossing)| crossing.at_us == stopped.now_us);
    // What the world itself does is no crossing that somebody could wait for.
    let mut actors = now.filter(|(_, crossing)| !crossing.address.task.is_empty());
    actors.find_map(|(index, crossing)| {
        let at = Pattern::from(&crossing.address);
        let earlier = crossings[..index].iter().any(|earlier| at.fits(&earlier.address));
        (sites::ALL.contains(&crossing.address.site) && !earlier).then_some(at)
    })
}
