//! A violation in words: what was expected, what was seen, and how it came about.

use std::fmt::Write;

use crate::outcome::{Outcome, Violation};
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
            text.push_str(&chain(&story, outcome, violation));
        }
    }
    text
}

fn chain(story: &Story<'_>, outcome: &Outcome, violation: &Violation) -> String {
    let mut text = String::new();
    for crossing in violation.chain.iter().filter_map(|id| outcome.evidence.history.get(*id)) {
        let _ = writeln!(text, "    {:>10}  {}", seconds(crossing.at_us), crossing.address);
        for line in story.of(crossing) {
            let _ = writeln!(text, "                  {line}");
        }
    }
    text
}

/// A time since the run began, in seconds with milliseconds.
pub fn seconds(us: u64) -> String {
    format!("{}.{:03} s", us / 1_000_000, us % 1_000_000 / 1_000)
}
