//! A recorded history: a run as a file, to be read by people, by other programs, and by `driftless diff`.
//!
//! One JSON object a line: a header, a line for each crossing, and an end (docs/history.md). Whatever has a name
//! is called by it. What a crossing tells in the words of the domain is written down with it, since rows are
//! kept as text and the story needs them as they were.
//!
//! The digest of a run is that of the history as it grew, identifiers included, and can't be computed again from
//! the names. So the end carries a hash of the lines before it: what was read is what was written, or an error.

mod line;
mod read;
mod row;
mod write;

use std::path::Path;

use crate::history::{Crossing, History};
use crate::outcome::Outcome;
use crate::parting::{Ending, Side};
use crate::plan::Plan;
use crate::story::Story;

pub use line::{AnyLine, CrossingLine, Header};
pub use read::Damaged;

/// What the first line says that the file is.
pub const FORMAT: &str = "driftless-history";

/// The version of the format that this build writes and reads.
pub const VERSION: u32 = 1;

/// A run as a file holds it.
#[derive(Debug)]
pub struct Recording {
    /// What was run.
    pub header: Header,
    /// Every crossing. Rows and bodies are text. Its own digest says nothing: the run's is in the header.
    pub history: History,
    /// What each crossing tells, in the order of the history.
    pub told: Vec<Vec<String>>,
    /// How the run ended.
    pub ending: Ending,
}

impl Recording {
    /// The file's content for a run of a plan.
    pub fn write(script: &str, plan: &Plan, outcome: &Outcome) -> serde_json::Result<Vec<u8>> {
        let story = Story::new(&outcome.evidence, &plan.faults);
        write::content(&Header::of(script, plan, outcome), outcome, |crossing| story.of(crossing))
    }

    /// Reads what [`Recording::write`] wrote.
    ///
    /// # Errors
    /// When it is something else, was cut short, or was changed; the line is named.
    pub fn read(content: &[u8]) -> Result<Recording, Damaged> {
        read::recording(content)
    }

    /// What a crossing tells.
    pub fn told(&self, crossing: &Crossing) -> &[String] {
        let at = usize::try_from(crossing.id.0).ok().and_then(|n| n.checked_sub(1));
        at.and_then(|at| self.told.get(at)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a file is called as recorded histories are.
    pub fn is_called_so(path: &Path) -> bool {
        path.extension().is_some_and(|extension| extension == "jsonl")
    }
}

impl<'a> From<&'a Recording> for Side<'a> {
    fn from(recording: &'a Recording) -> Self {
        let draws = crate::draw::Draws::new(recording.header.seed);
        Side { history: &recording.history, names: None, draws }
    }
}
