//! Recorded histories as files: one appears whole or not at all, and one that is damaged is told by its line.

use std::fs;
use std::path::Path;

use crate::files;
use crate::outcome::{Outcome, Unrunnable};
use crate::plan::Plan;
use crate::recording::Recording;

/// Writes the history of a run into a file, in place of what it held.
///
/// # Errors
/// When the file can't be written; it is then as it was.
pub fn write(file: &Path, script: &str, plan: &Plan, outcome: &Outcome) -> Result<(), Unrunnable> {
    let content = Recording::write(script, plan, outcome).map_err(Unrunnable::of)?;
    files::write_whole(file, &content)
        .map_err(|e| Unrunnable(format!("--history {}: {}", file.display(), files::words(&e))))
}

/// Reads a recorded history.
///
/// # Errors
/// When the file can't be read, or isn't what was written.
pub fn read(file: &Path) -> Result<Recording, Unrunnable> {
    let name = file.display();
    let content = fs::read(file).map_err(|e| Unrunnable(format!("{name}: {}", files::words(&e))))?;
    Recording::read(&content).map_err(|e| Unrunnable(format!("{name}: {e}")))
}
