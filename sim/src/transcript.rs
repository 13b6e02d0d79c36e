//! What a script shows: for each step its own answer, and then the story of the time until the next step.

use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::story::Story;

/// The lines that each step of a plan showed.
pub fn of(plan: &Plan, outcome: &Outcome) -> Vec<Vec<String>> {
    let story = Story::new(&outcome.evidence, &plan.faults);
    let mut lines: Vec<Vec<String>> = outcome.steps.iter().map(|step| step.lines.clone()).collect();
    // The step in whose time a crossing falls: of those that have begun, the one that began last.
    let mut begun: Vec<(u64, usize)> =
        outcome.steps.iter().enumerate().filter_map(|(index, step)| Some((step.begun_us?, index))).collect();
    begun.sort_unstable();
    for crossing in outcome.evidence.history.crossings() {
        let passed = begun.partition_point(|(at, _)| *at <= crossing.at_us);
        let Some((_, step)) = passed.checked_sub(1).and_then(|last| begun.get(last)) else { continue };
        lines[*step].extend(story.of(crossing));
    }
    lines
}
