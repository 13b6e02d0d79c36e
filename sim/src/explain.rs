//! A violation in words: what was expected, what was seen, and how it came about.

use std::fmt::Write;

use driftless_model::cx::CrossingId;

use crate::history::{Crossing, History};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::story::Story;

/// Explains every violation of a run.
pub fn violations(plan: &Plan, outcome: &Outcome) -> String {
    let story = Story::new(&outcome.evidence, &plan.faults);
    let mut text = String::new();
    for judgement in outcome.violated() {
        for violation in &judgement.violations {
            let head = format!("{} violated on {}", judgement.property, violation.node);
            // Writing to a string can't fail.
            let _ = writeln!(text, "{head}: {}", violation.subject);
            let _ = writeln!(text, "  expected  {}", violation.expected);
            let _ = writeln!(text, "  seen      {}", violation.seen);
            let _ = writeln!(text, "  because");
            let history = &outcome.evidence.history;
            text.push_str(&chain(history, &violation.chain, |crossing| story.of(crossing)));
        }
    }
    text
}

/// Crossings one below the other, each with what it tells.
pub fn chain(history: &History, chain: &[CrossingId], told: impl Fn(&Crossing) -> Vec<String>) -> String {
    let mut text = String::new();
    for crossing in chain.iter().filter_map(|id| history.get(*id)) {
        let _ = writeln!(text, "    {:>10}  {}", seconds(crossing.at_us), crossing.address);
        for line in told(crossing) {
            let _ = writeln!(text, "                  {line}");
        }
    }
    text
}

/// A time since the run began, in seconds with milliseconds.
pub fn seconds(us: u64) -> String {
    format!("{}.{:03} s", us / 1_000_000, us % 1_000_000 / 1_000)
}
