//! Scripts beside designs, for the eye: what each script violates under each design, and whether that is what its
//! header states.
//!
//! It has the first violation of a property with what led to it, and how many more there are. The whole of a run is
//! on the page of that run, and each cell has the command that makes it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::explain;
use crate::outcome::{Judgement, Outcome};
use crate::plan::Plan;

/// Scripts beside designs.
#[derive(Debug, Serialize)]
pub struct Matrix {
    /// What is compared.
    pub title: String,
    /// The command that does it again.
    pub again: String,
    /// What each column is of, from the left; a cell beyond them says itself what it is of.
    pub columns: Vec<String>,
    /// Every property, with the word it goes by in a cell.
    pub properties: Vec<(&'static str, &'static str)>,
    /// The rows, by what they belong to.
    pub groups: Vec<Group>,
}

/// Rows that belong together: those of a folder, or of a decision.
#[derive(Debug, Serialize)]
pub struct Group {
    /// What they belong to.
    pub name: String,
    /// What is to be said where there are no rows.
    pub note: String,
    /// One for each script.
    pub rows: Vec<Row>,
}

/// A script.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its path.
    pub script: String,
    /// What it says of itself.
    pub about: String,
    /// One for each column, and those beyond.
    pub cells: Vec<Cell>,
}

/// A script under a design.
#[derive(Debug, Serialize)]
pub struct Cell {
    /// The design.
    pub design: String,
    /// What it violates, in the order of the properties.
    pub violated: Vec<Violated>,
    /// Whether no process died of a panic.
    pub sound: bool,
    /// What the header says that it violates; none if it says nothing of this.
    pub stated: Option<BTreeSet<String>>,
    /// Whether that is the case.
    pub is_true: bool,
    /// The command that runs it again.
    pub again: String,
}

/// A property that is violated.
#[derive(Clone, Debug, Serialize)]
pub struct Violated {
    /// The property.
    pub property: &'static str,
    /// Where and how it was first violated, in a sentence.
    pub sentence: String,
    /// The same with what was expected, and what led there.
    pub explanation: String,
    /// In how many other ways it was violated too.
    pub more: usize,
}

impl Violated {
    /// Every property that a run violates.
    pub fn all(plan: &Plan, outcome: &Outcome) -> Vec<Self> {
        let violated = outcome.violated().filter_map(|judgement| {
            let (first, rest) = judgement.violations.split_first()?;
            let alone = Judgement { violations: vec![first.clone()], ..judgement.clone() };
            Some(Violated {
                property: judgement.property,
                sentence: format!("{} on {}: {}", first.subject, first.node, first.seen),
                explanation: explain::violations_of(plan, outcome, &alone),
                more: rest.len(),
            })
        });
        violated.collect()
    }
}

/// What a script says of itself: the first paragraph of the comment it begins with.
pub fn about(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix('#').map(str::trim));
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn a_script_says_what_it_is_about_in_its_first_paragraph() {
        assert_eq!(
            about("# One thing,\n# in two lines.\n#\n# More.\nformat 1\n"),
            "One thing, in two lines."
        );
        assert_eq!(about("format 1\n# Of a step.\n"), "");
    }
}
