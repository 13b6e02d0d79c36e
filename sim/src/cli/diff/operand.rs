//! One of the two that are compared: a script that was run, or a recorded history.

use std::path::Path;

use super::args::Changes;
use crate::history::Crossing;
use crate::outcome::{Outcome, Unrunnable};
use crate::parting::{Ending, Side};
use crate::plan::Plan;
use crate::recording::Recording;
use crate::run::run;
use crate::story::Story;

use super::load;
use crate::cli::history;

/// One of the two.
pub struct Operand {
    /// What people call it.
    pub name: String,
    from: From,
}

enum From {
    Run { plan: Plan, outcome: Box<Outcome>, ending: Box<Ending> },
    Recorded(Box<Recording>),
}

impl Operand {
    /// What a path names: a recorded history, or a script, which is run with these changes.
    ///
    /// # Errors
    /// When it can't be read or run.
    pub fn of(path: &Path, changes: &Changes) -> Result<Self, Unrunnable> {
        if Recording::is_called_so(path) {
            let recording = Box::new(history::read(path)?);
            return Ok(Operand { name: path.display().to_string(), from: From::Recorded(recording) });
        }
        let script = load::script(path)?;
        Operand::run(format!("{}{}", script.name, changes.as_options()), load::plan(&script, changes)?)
    }

    /// A plan that is run.
    ///
    /// # Errors
    /// When it can't be.
    pub fn run(name: String, plan: Plan) -> Result<Self, Unrunnable> {
        let outcome = Box::new(run(&plan)?);
        let ending = Box::new(Ending::from(&*outcome));
        Ok(Operand { name, from: From::Run { plan, outcome, ending } })
    }

    /// What is compared of it.
    pub fn side(&self) -> Side<'_> {
        match &self.from {
            From::Run { outcome, .. } => (&**outcome).into(),
            From::Recorded(recording) => (&**recording).into(),
        }
    }

    /// How it ended.
    pub fn ending(&self) -> &Ending {
        match &self.from {
            From::Run { ending, .. } => ending,
            From::Recorded(recording) => &recording.ending,
        }
    }

    /// Its digest.
    pub fn digest(&self) -> &str {
        match &self.from {
            From::Run { outcome, .. } => &outcome.digest,
            From::Recorded(recording) => &recording.header.digest,
        }
    }

    /// What tells of its crossings.
    pub fn telling(&self) -> Box<dyn Fn(&Crossing) -> Vec<String> + '_> {
        match &self.from {
            From::Run { plan, outcome, .. } => {
                let story = Story::new(&outcome.evidence, &plan.faults);
                Box::new(move |crossing| story.of(crossing))
            }
            From::Recorded(recording) => Box::new(|crossing| recording.told(crossing).to_vec()),
        }
    }
}
