//! Views: a run or a campaign as something to look at.
//!
//! A [`Picture`] is one run for the eye: who was there, what each did, what went over the links and what was lost,
//! what went wrong, and how far each gateway was from what the platform said, at every moment. It is made once, of
//! the outcome and of what was [`Watched`] on the way, and knows nothing of the forms it is given out in:
//!
//! * [`page`]: one HTML file with everything in it, for a run, a campaign or a comparison;
//! * [`mermaid`]: a sequence diagram to paste into an issue;
//! * [`perfetto`]: trace events for the viewers of Chrome and Perfetto.
//!
//! In reading order: `lane` who is there; `message` what travels; `watched` and `judge` what gateways hold beside
//! what they ought to, as each `band` shows it; `region` what goes wrong, and how long; `chain` what led to a violation. [`Search`] is what a campaign or a
//! sweep comes to and [`Matrix`] scripts beside designs, each for the page of it.
//!
//! Nothing here judges: verdicts and chains are those of the outcome, and what a gateway ought to hold is what the
//! oracle says at that moment.

mod band;
mod chain;
mod judge;
mod lane;
pub mod matrix;
pub mod mermaid;
mod message;
pub mod page;
pub mod perfetto;
mod region;
mod search;
mod seen;
#[cfg(test)]
mod tests;
mod watched;

use serde::Serialize;

use crate::outcome::{Outcome, Verdict};
use crate::plan::Plan;
use crate::recording::Header;

pub use band::{Band, Layer, Span, Stands};
pub use chain::Chain;
pub use lane::{Lane, Life, Part};
pub use matrix::Matrix;
pub use message::{Fate, Message, What};
pub use region::{Region, Sort};
pub use search::Search;
pub use seen::{Seen, Work};
pub use watched::Watched;

/// One run for the eye. Times are in microseconds since the run began; crossings are named by their numbers, from 1,
/// and everything else by its place in its list, from 0.
#[derive(Debug, Serialize)]
pub struct Picture {
    /// What was run.
    pub header: Header,
    /// The command that shows it again.
    pub again: String,
    /// How long the run took.
    pub lasted_us: u64,
    /// Each property with what became of it.
    pub verdicts: Vec<(&'static str, Verdict)>,
    /// What else is to be said of the run: a stall, a panic.
    pub notes: Vec<String>,
    /// Who is there: users, then platforms, then gateways.
    pub lanes: Vec<Lane>,
    /// What each does, one piece of work after the other.
    pub works: Vec<Work>,
    /// The artifacts, by name.
    pub artifacts: Vec<String>,
    /// Every crossing.
    pub crossings: Vec<Seen>,
    /// What travels from one lane to another.
    pub messages: Vec<Message>,
    /// What is held, and how it stands beside what the platform says.
    pub bands: Vec<Band>,
    /// What goes wrong.
    pub regions: Vec<Region>,
    /// What led to each violation.
    pub chains: Vec<Chain>,
}

impl Picture {
    /// The picture of a run that was watched.
    pub fn of(script: &str, again: &str, plan: &Plan, outcome: &Outcome, watched: &Watched) -> Self {
        let lanes = lane::all(&outcome.evidence);
        let artifacts = watched.artifacts(&outcome.evidence);
        let (works, crossings) = seen::all(plan, outcome, &lanes, &artifacts);
        let stalled = outcome.stall.iter().map(|why| format!("the world did not come to rest: {why}"));
        let panicked = outcome.panics.iter().map(|panic| format!("panicked: {panic}"));
        Picture {
            header: Header::of(script, plan, outcome),
            again: again.to_owned(),
            lasted_us: outcome.lasted_us,
            verdicts: outcome.judgements.iter().map(|one| (one.property, one.verdict)).collect(),
            notes: stalled.chain(panicked).collect(),
            messages: message::all(&outcome.evidence, &crossings, &lanes, outcome.lasted_us),
            bands: watched.bands(&outcome.evidence, &lanes, &artifacts, outcome.lasted_us),
            regions: region::all(plan, &outcome.evidence, &lanes),
            chains: chain::all(outcome, &lanes),
            works,
            crossings,
            lanes,
            artifacts,
        }
    }

    /// The crossing of that number.
    pub fn crossing(&self, n: u64) -> Option<&Seen> {
        self.crossings.get(usize::try_from(n).ok()?.checked_sub(1)?)
    }
}
