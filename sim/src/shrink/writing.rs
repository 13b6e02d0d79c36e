//! The script that is left: what is expected under which design, the story of the violation, and the transcript.

use std::fmt::Write;

use driftless_model::design::Design;

use crate::campaign::run_safely;
use crate::outcome::{Outcome, Unrunnable, Violation};
use crate::plan::Plan;
use crate::script::{Script, golden};
use crate::story::Story;
use crate::transcript;

use super::aim::{self, Aim};
use super::designs;
use super::proof::{Needed, Seeds};

/// How wide comments are at most.
const WIDTH: usize = 100;

/// The script of a plan that shows what is aimed at, ready to be kept.
///
/// Where all nodes have one design it isn't said of each: the header says what is expected under it.
pub(super) fn script(plan: &Plan, aim: &Aim, needed: &[Needed], seeds: &Seeds) -> Result<String, Unrunnable> {
    let design = designs::of_all(plan);
    let mut written = plan.clone();
    if design.is_some() {
        written.nodes.iter_mut().for_each(|node| node.design.clear());
    }
    let mutant = design.filter(|design| !Design::NAMES.contains(design));
    for name in Design::NAMES.iter().copied().chain(mutant) {
        let outcome = run_safely(&written.under(name))?;
        let violated = outcome.violated().map(|judgement| judgement.property.to_owned()).collect();
        written.expect.insert(name.to_owned(), violated);
    }
    written.expect.retain(|_, properties| !properties.is_empty());
    let mut text = comment(plan, aim, design, needed, seeds)?;
    text.push('\n');
    text.push_str(&written.to_script());
    let script = Script::parse("script", &text).map_err(|errors| {
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Unrunnable(told.join("\n"))
    })?;
    let outcome = run_safely(&script.plan)?;
    golden::transcript(&text, &script.shown(&transcript::of(&script.plan, &outcome))).map_err(Unrunnable::of)
}

/// What happens, in words, and how sure that is.
fn comment(
    plan: &Plan,
    aim: &Aim,
    design: Option<&str>,
    needed: &[Needed],
    seeds: &Seeds,
) -> Result<String, Unrunnable> {
    let outcome = run_safely(plan)?;
    let shown = aim::shown(plan, &outcome).into_iter().find(|(signature, _)| aim.is_met_by(signature));
    let mut text = String::new();
    let under = design.map(|design| format!(" under {design}")).unwrap_or_default();
    paragraph(&mut text, &format!("{}{under}: {}.", aim.property, aim.decision));
    text.push_str("#\n");
    if let Some(violation) = shown.and_then(|(_, violation)| violation) {
        paragraph(&mut text, &format!("Expected: {}. Seen: {}.", violation.expected, violation.seen));
        for line in told(plan, &outcome, violation) {
            // Writing into a string doesn't fail.
            let _ = writeln!(text, "#   {line}");
        }
        text.push_str("#\n");
    }
    let mut proof = match needed.iter().filter(|part| part.needed != Some(true)).count() {
        0 => "Without any one of its lines it doesn't come to that.".to_owned(),
        some => format!("Of {some} of the lines it isn't known whether they are needed."),
    };
    if seeds.tried > 0 {
        let (at_least, at_most) = (percent(seeds.at_least), percent(seeds.at_most));
        let Seeds { tried, failed, .. } = seeds;
        let _ = write!(proof, " It does under {failed} of {tried} other seeds ({at_least} to {at_most}).");
    }
    paragraph(&mut text, &proof);
    Ok(text)
}

/// The story of the chain that led to a violation.
fn told(plan: &Plan, outcome: &Outcome, violation: &Violation) -> Vec<String> {
    let story = Story::new(&outcome.evidence, &plan.faults);
    let chain = violation.chain.iter().filter_map(|id| outcome.evidence.history.get(*id));
    let lines = chain.flat_map(|crossing| match crossing.address.site {
        "step.begin" => vec![format!("user: {}", without_number(&crossing.address.task))],
        _ => story.of(crossing),
    });
    transcript::folded(lines.collect())
}

/// What a step's work is called without the number that tells it from others alike.
fn without_number(task: &str) -> &str {
    task.rsplit_once(' ').map_or(task, |(words, _)| words)
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// Writes words as a comment, as wide as comments are.
fn paragraph(text: &mut String, words: &str) {
    let mut line = String::from("#");
    for word in words.split(' ') {
        if line.len() + 1 + word.len() > WIDTH && line.len() > 1 {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}
