//! The plan so far as a script with its transcript, in a file.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

use crate::outcome::Unrunnable;
use crate::plan::Plan;
use crate::run::run;
use crate::script::{Script, golden};
use crate::transcript;

use super::{Refusal, Shell};

impl Shell {
    /// Writes the script; in place of a file that is there only `over` it.
    pub(super) fn save(&self, file: &str, over: bool) -> Result<Vec<String>, Refusal> {
        let text = written(&self.draft.plan)?;
        let mut options = OpenOptions::new();
        options.write(true);
        if over {
            options.create(true).truncate(true)
        } else {
            options.create_new(true)
        };
        let saved = options.open(file).and_then(|mut to| to.write_all(text.as_bytes()));
        saved.map_err(|e| match e.kind() {
            ErrorKind::AlreadyExists => {
                Refusal::Impossible(format!("{file} is there already; `save! {file}` writes over it"))
            }
            _ => Refusal::Impossible(format!("{file}: {e}")),
        })?;
        let unsaid = self.draft.unsaid().map(|line| format!("without `{line}`: there is no such node"));
        Ok(unsaid.chain([format!("saved: driftless run {file}")]).collect())
    }
}

/// A plan as a script that says what it shows.
fn written(plan: &Plan) -> Result<String, Unrunnable> {
    let text = plan.to_script();
    let script = Script::parse("script", &text).map_err(|errors| {
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Unrunnable(told.join("\n"))
    })?;
    let outcome = run(&script.plan)?;
    let shown = script.shown(&transcript::of(&script.plan, &outcome));
    golden::transcript(&text, &shown).map_err(Unrunnable::of)
}
