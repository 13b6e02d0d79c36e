//! A run that stops in its midst, and what is there then.
//!
//! A run is pure and takes milliseconds, so whoever wants to see its midst runs the plan up to there, looks,
//! and throws the world away; to go on is to run the plan further. Nothing is ended on account of the stop:
//! faults stay, links stay cut, nobody judges.

use std::collections::BTreeMap;
use std::sync::Arc;

use driftless_model::cx::Phase;

use crate::address::Pattern;
use crate::driver::Stop;
use crate::gate::{Entry, Errand, What};
use crate::history::Crossing;
use crate::look;
use crate::outcome::{Evidence, Shown};
use crate::run;
use crate::steps::Runner;
use crate::world::World;

/// How far a run goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Until {
    /// To its end: after the last step what is wrong is mended, and the world comes to rest.
    Rest,
    /// Until all steps have ended and the next could begin.
    Steps,
    /// Until the step of that place in the plan has ended.
    Step(usize),
    /// Until so many crossings have taken effect.
    Crossing(usize),
    /// Up to and with that time, in microseconds since the run began.
    Time(u64),
    /// Until a crossing fits that isn't one of the first so many. An address without a number is that of each.
    Fits {
        /// The crossing.
        at: Pattern,
        /// How many don't count.
        after: usize,
    },
}

impl Until {
    /// Whether the run has come so far. `seen` is how many crossings were looked at before.
    pub(crate) fn is_reached(&self, world: &World, runner: &Runner, seen: &mut usize) -> bool {
        let state = world.lock();
        let crossings = state.history.crossings();
        match self {
            Until::Rest | Until::Steps => false,
            Until::Step(index) => {
                drop(state);
                runner.has_ended(*index)
            }
            Until::Crossing(count) => crossings.len() >= *count,
            Until::Time(time_us) => state.gate.next_us().is_none_or(|next| next > *time_us),
            Until::Fits { at, after } => {
                let new = crossings.get(std::mem::replace(seen, crossings.len()).max(*after)..);
                new.unwrap_or_default().iter().any(|crossing| fits(at, crossing))
            }
        }
    }
}

fn fits(at: &Pattern, crossing: &Crossing) -> bool {
    at.fits_each_at(&crossing.address, Phase::Sent)
}

/// The world where a run stopped.
pub struct Stopped {
    /// Why it stopped there.
    pub stop: Stop,
    /// When, in microseconds since the run began.
    pub now_us: u64,
    /// Everything that has happened, and the nodes as they are.
    pub evidence: Evidence,
    /// What each step has shown so far.
    pub steps: Vec<Shown>,
    /// What each node holds, by name.
    pub holds: BTreeMap<Arc<str>, Vec<String>>,
    /// What waits in the gate, in order.
    pub waiting: Vec<Waits>,
}

/// Something that waits in the gate.
pub struct Waits {
    /// When its turn comes, in microseconds since the run began.
    pub at_us: u64,
    /// What it is, in words.
    pub what: String,
    /// Whether it belongs to a series that never ends.
    pub periodic: bool,
}

impl Stopped {
    /// Looks at a world in which nothing can run, and takes from it what there is to see.
    pub(crate) fn at(world: &World, runner: &Runner, stop: Stop, _events: u64) -> Self {
        let state = world.lock();
        let now_us = state.gate.now_us();
        let nodes = state.nodes.iter().filter(|(_, node)| node.role.is_some());
        let holds = nodes.map(|(name, _)| (name.clone(), look::show(&state, name))).collect();
        let waits = |(at_us, entry): (u64, &Entry)| Waits {
            at_us,
            what: words(&entry.what),
            periodic: entry.periodic,
        };
        let waiting = state.gate.waiting().map(waits).collect();
        drop(state);
        let steps = runner.take_report().shown;
        Stopped { stop, now_us, evidence: run::evidence(world), steps, holds, waiting }
    }

    /// Whether all steps have ended.
    pub fn ended(&self) -> bool {
        match self.stop {
            Stop::Asked => false,
            Stop::Done | Stop::Idle | Stop::Budget => true,
        }
    }

    /// The last crossing that fits. An address without a number is that of each.
    pub fn last_that_fits(&self, at: &Pattern) -> Option<&Crossing> {
        self.crossings().iter().rfind(|crossing| fits(at, crossing))
    }

    /// The crossings so far.
    pub fn crossings(&self) -> &[Crossing] {
        self.evidence.history.crossings()
    }
}

fn words(what: &What) -> String {
    match what {
        What::Task(address) => address.to_string(),
        What::Transit { from, to } => format!("bytes from {from} to {to}"),
        What::Errand(Errand::Open(fault)) => format!("fault {} begins", fault + 1),
        What::Errand(Errand::Close(fault)) => format!("fault {} ends", fault + 1),
        What::Errand(Errand::Again(fault)) => format!("fault {} strikes again", fault + 1),
        What::Errand(Errand::Snapshot(fault)) => format!("fault {} keeps what a database holds", fault + 1),
        What::Errand(Errand::Start(node)) => format!("{node} is started"),
    }
}
