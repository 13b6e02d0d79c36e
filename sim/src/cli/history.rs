//! Recorded histories as files: one appears whole or not at all, and one that is damaged is told by its line.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::outcome::{Outcome, Unrunnable};
use crate::plan::Plan;
use crate::recording::Recording;

use super::load;

/// Writes the history of a run into a file, in place of what it held.
///
/// # Errors
/// When the file can't be written; it is then as it was.
pub fn write(file: &Path, script: &str, plan: &Plan, outcome: &Outcome) -> Result<(), Unrunnable> {
    let content = Recording::write(script, plan, outcome).map_err(Unrunnable::of)?;
    let beside = beside(file)
        .ok_or_else(|| Unrunnable(format!("--history {}: this names no file", file.display())))?;
    let written = put(&beside, &content).and_then(|()| fs::rename(&beside, file));
    written.map_err(|e| {
        // What is half written is nobody's history; if it can't be taken away there is nothing else to try.
        let _ = fs::remove_file(&beside);
        Unrunnable(format!("--history {}: {}", file.display(), load::words(&e)))
    })
}

fn put(file: &Path, content: &[u8]) -> io::Result<()> {
    let mut to = fs::File::create(file)?;
    to.write_all(content)?;
    to.sync_all()
}

/// The file beside it that becomes it once it is whole. Two processes have two.
fn beside(file: &Path) -> Option<PathBuf> {
    let name = file.file_name()?.to_string_lossy();
    Some(file.with_file_name(format!(".{name}.{}", std::process::id())))
}

/// Reads a recorded history.
///
/// # Errors
/// When the file can't be read, or isn't what was written.
pub fn read(file: &Path) -> Result<Recording, Unrunnable> {
    let name = file.display();
    let content = fs::read(file).map_err(|e| Unrunnable(format!("{name}: {}", load::words(&e))))?;
    Recording::read(&content).map_err(|e| Unrunnable(format!("{name}: {e}")))
}
