//! Views as files: each appears whole or not at all.

use std::path::{Path, PathBuf};

use crate::files;
use crate::outcome::{Outcome, Unrunnable};
use crate::plan::Plan;
use crate::run::{run, run_watched};
use crate::view::{Matrix, Picture, Search, Watched, mermaid, page, perfetto};

use super::args::Views;

impl Views {
    /// The files that are wanted, each with its option.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &PathBuf)> {
        let all = [("--html", &self.html), ("--mermaid", &self.mermaid), ("--perfetto", &self.perfetto)];
        all.into_iter().filter_map(|(option, file)| Some((option, file.as_ref()?)))
    }

    /// Runs a plan, and watches it if there is to be a view of it.
    ///
    /// # Errors
    /// When the plan can't be run.
    pub fn run(&self, plan: &Plan) -> Result<(Outcome, Watched), Unrunnable> {
        let mut watched = Watched::default();
        let outcome = match self.files().next() {
            None => run(plan),
            Some(_) => run_watched(plan, &mut |world| watched.look(world)),
        };
        Ok((outcome?, watched))
    }

    /// Writes the views that are wanted of a run.
    ///
    /// # Errors
    /// When a file can't be written; it is then as it was.
    pub fn write(
        &self,
        script: &str,
        again: &str,
        plan: &Plan,
        (outcome, watched): (&Outcome, &Watched),
    ) -> Result<(), Unrunnable> {
        if self.files().next().is_none() {
            return Ok(());
        }
        let picture = Picture::of(script, again, plan, outcome, watched);
        for (option, file) in self.files() {
            let content = match option {
                "--html" => page::of_run(&picture),
                "--mermaid" => Ok(mermaid::text(&picture)),
                _ => perfetto::text(&picture),
            };
            write(option, file, &content.map_err(Unrunnable::of)?)?;
        }
        Ok(())
    }
}

/// Writes the page of a campaign or a sweep, if one is wanted.
///
/// # Errors
/// When the file can't be written; it is then as it was.
pub fn search(file: Option<&PathBuf>, search: impl FnOnce() -> Search) -> Result<(), Unrunnable> {
    let Some(file) = file else { return Ok(()) };
    let content = page::of_search(&search()).map_err(Unrunnable::of)?;
    write("--html", file, &content)
}

/// Writes the page of scripts beside designs, if one is wanted.
///
/// # Errors
/// When the file can't be written; it is then as it was.
pub fn matrix(file: Option<&PathBuf>, matrix: impl FnOnce() -> Matrix) -> Result<(), Unrunnable> {
    let Some(file) = file else { return Ok(()) };
    let content = page::of_matrix(&matrix()).map_err(Unrunnable::of)?;
    write("--html", file, &content)
}

fn write(option: &str, file: &Path, content: &str) -> Result<(), Unrunnable> {
    files::write_whole(file, content.as_bytes())
        .map_err(|e| Unrunnable(format!("{option} {}: {}", file.display(), files::words(&e))))?;
    eprintln!("wrote {}", file.display());
    Ok(())
}
