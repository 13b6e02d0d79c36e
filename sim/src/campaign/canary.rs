//! The canary: a design that must be caught by the same plans, or the campaign can't be trusted.
//!
//! A campaign that finds nothing may have nothing to find, or may not be looking. So its plans are first run under
//! a design that is known to be wrong. It counts as caught when it violates a property that the explored design
//! holds on the very same plan.

use std::ops::ControlFlow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::outcome::Unrunnable;
use crate::parallel;
use crate::plan::Choice;

use super::Subject;
use super::detection::told_apart;

/// The design that must be caught, and the one in its place where it is itself explored.
const CANARIES: [&str; 2] = ["no-delete-handler", "before-fix"];
/// Runs after which an uncaught canary is missed.
const RUNS_MOST: u64 = 200;

/// What became of the canary.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Canary {
    /// The design that must be caught.
    pub design: String,
    /// How many runs it was given.
    pub runs: u64,
    /// The property by which it was caught, if it was.
    pub caught_by: Option<String>,
}

/// Runs the canary until it is caught or missed.
pub(super) fn fly(subject: &Subject, jobs: usize) -> Result<Canary, Unrunnable> {
    let own = |name: &str| subject.design.iter().any(|choice| *choice == Choice::Design(name.to_owned()));
    let design = if own(CANARIES[0]) { CANARIES[1] } else { CANARIES[0] };
    let wrong = Subject { design: vec![Choice::Design(design.to_owned())], ..subject.clone() };
    let mut runs = 0;
    let end = parallel::in_order(
        0..RUNS_MOST,
        jobs,
        |n| told_apart(&wrong, subject, n),
        |caught| {
            runs += 1;
            match caught.map(|properties| properties.first().copied()) {
                Ok(None) => ControlFlow::Continue(()),
                Ok(Some(property)) => ControlFlow::Break(Ok(property.to_owned())),
                Err(why) => ControlFlow::Break(Err(why)),
            }
        },
    );
    let caught_by = end.break_value().transpose()?;
    Ok(Canary { design: design.to_owned(), runs, caught_by })
}
