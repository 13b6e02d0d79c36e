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
    lines.into_iter().map(folded).collect()
}

/// Equal lines one after the other as one, with their number.
pub(crate) fn folded(lines: Vec<String>) -> Vec<String> {
    let runs = lines.chunk_by(|one, next| one == next);
    let fold = |run: &[String]| match run {
        [one] => one.clone(),
        many => format!("{} ({} times)", many[0], many.len()),
    };
    runs.map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn equal_lines_in_a_row_are_folded() {
        let lines = ["a", "a", "b", "a"].map(str::to_owned).to_vec();
        assert_eq!(folded(lines), ["a (2 times)", "b", "a"]);
    }
}
