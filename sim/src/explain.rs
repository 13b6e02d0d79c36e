//! A violation in words: what was expected, what was seen, and how it came about.

use std::fmt::Write;

use driftless_model::cx::CrossingId;

use crate::history::{Crossing, History};
use crate::outcome::{Judgement, Outcome, Verdict};
use crate::plan::Plan;
use crate::story::Story;

/// Columns that the names in a line take at most, with the comma that ends it.
const NAMES_WIDTH: usize = 90;

/// What became of each property: a line for each that didn't hold, and those that did, or that nothing could have
/// violated, together.
pub fn verdicts(judgements: &[Judgement]) -> Vec<String> {
    let of = |verdict: Verdict| judgements.iter().filter(move |one| one.verdict == verdict);
    let mut lines = Vec::new();
    for verdict in [Verdict::Violated, Verdict::Stalled, Verdict::NotJudged] {
        lines.extend(of(verdict).map(|one| format!("{verdict:<10} {}", one.property)));
    }
    for verdict in [Verdict::Held, Verdict::Vacuous] {
        let names = of(verdict).map(|one| one.property).collect::<Vec<_>>().join(", ");
        let heads = std::iter::once(verdict.to_string()).chain(std::iter::repeat(String::new()));
        let names = wrapped(&names, NAMES_WIDTH).into_iter().filter(|line| !line.is_empty());
        lines.extend(heads.zip(names).map(|(head, names)| format!("{head:<10} {names}")));
    }
    lines
}

/// A text in lines of at most so many characters, broken between words; a word that is longer has a line of its own.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a first line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.len() + 1 + word.len() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

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
        let history = &outcome.evidence.history;
        text.push_str(&chain(history, &violation.chain, |crossing| story.of(crossing)));
    }
    text
}

/// Crossings one below the other, each with what it tells.
pub fn chain(history: &History, chain: &[CrossingId], tells: impl Fn(&Crossing) -> Vec<String>) -> String {
    let mut text = String::new();
    for crossing in chain.iter().filter_map(|id| history.get(*id)) {
        for line in below(crossing, tells(crossing)) {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// A crossing for somebody who follows a run: when and where it is, and below that what it has to tell.
pub fn told(story: &Story<'_>, crossing: &Crossing) -> Vec<String> {
    below(crossing, story.of(crossing))
}

fn below(crossing: &Crossing, tells: Vec<String>) -> Vec<String> {
    let head = format!("{:>10}  {}", seconds(crossing.at_us), crossing.address);
    std::iter::once(head).chain(tells.into_iter().map(|line| format!("              {line}"))).collect()
}

/// A time since the run began, in seconds with milliseconds.
pub fn seconds(us: u64) -> String {
    format!("{}.{:03} s", us / 1_000_000, us % 1_000_000 / 1_000)
}
