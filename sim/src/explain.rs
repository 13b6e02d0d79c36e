//! A violation in words: what was expected, what was seen, and how it came about.

use std::fmt::Write;

use crate::history::Crossing;
use crate::outcome::{Judgement, Outcome, Violation};
use crate::plan::Plan;
use crate::story::Story;

/// Explains every violation of a run.
pub fn violations(plan: &Plan, outcome: &Outcome) -> String {
    let story = Story::new(&outcome.evidence, &plan.faults);
    outcome.violated().map(|judgement| judgement_of(&story, outcome, judgement)).collect()
}

/// Explains every violation of one property.
pub fn violations_of(plan: &Plan, outcome: &Outcome, judgement: &Judgement) -> String {
    judgement_of(&Story::new(&outcome.evidence, &plan.faults), outcome, judgement)
}

fn judgement_of(story: &Story<'_>, outcome: &Outcome, judgement: &Judgement) -> String {
    let mut text = String::new();
    for violation in &judgement.violations {
        let head = format!("{} violated on {}", judgement.property, violation.node);
        // Writing to a string can't fail.
        let _ = writeln!(text, "{head}: {}", violation.subject);
        let _ = writeln!(text, "  expected  {}", violation.expected);
        let _ = writeln!(text, "  seen      {}", violation.seen);
        let _ = writeln!(text, "  because");
        text.push_str(&chain(story, outcome, violation));
    }
    text
}

fn chain(story: &Story<'_>, outcome: &Outcome, violation: &Violation) -> String {
    let mut text = String::new();
    for crossing in violation.chain.iter().filter_map(|id| outcome.evidence.history.get(*id)) {
        for line in told(story, crossing) {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// A crossing for somebody who follows a run: when and where it is, and below that what it has to tell.
pub fn told(story: &Story<'_>, crossing: &Crossing) -> Vec<String> {
    let head = format!("{:>10}  {}", seconds(crossing.at_us), crossing.address);
    let tells = story.of(crossing).into_iter().map(|line| format!("              {line}"));
    std::iter::once(head).chain(tells).collect()
}

/// A time since the run began, in seconds with milliseconds.
pub fn seconds(us: u64) -> String {
    format!("{}.{:03} s", us / 1_000_000, us % 1_000_000 / 1_000)
}
