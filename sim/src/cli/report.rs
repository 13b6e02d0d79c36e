//! What a command gives out beside what it prints: a file for whatever reads JUnit's XML, annotations for hosted CI.

use crate::files;
use crate::outcome::Unrunnable;
use crate::report::{Case, End, Place, Suite, Trouble, annotations, junit};

use super::args::{Annotate, Reports};
use super::load::Unreadable;

/// Gives out what was judged, if somebody wants it. Annotations go where they disturb nobody who reads JSON.
///
/// # Errors
/// When the file can't be written.
pub fn give_out(to: &Reports, json: bool, judged: impl FnOnce() -> Suite) -> Result<(), Unrunnable> {
    let annotate = to.annotate.unwrap_or_else(hosted);
    if to.junit.is_none() && annotate == Annotate::None {
        return Ok(());
    }
    let suite = judged();
    if let Some(file) = &to.junit {
        let xml = junit::xml(&suite).map_err(Unrunnable::of)?;
        files::write_whole(file, xml.as_bytes())
            .map_err(|e| Unrunnable(format!("--junit {}: {}", file.display(), files::words(&e))))?;
    }
    match annotate {
        Annotate::None => {}
        Annotate::Github => {
            for line in annotations::github(&suite) {
                if json { eprintln!("{line}") } else { say!("{line}") }
            }
        }
    }
    Ok(())
}

/// Who reads annotations where this runs.
fn hosted() -> Annotate {
    match std::env::var("GITHUB_ACTIONS").as_deref() {
        Ok("true") => Annotate::Github,
        Ok(_) | Err(_) => Annotate::None,
    }
}

/// The cases of files that aren't the scripts they should be, one a mistake.
pub fn unreadable(files: &[Unreadable], again: &str) -> Vec<Case> {
    let case = |wrong: &crate::script::ScriptError| Case {
        place: Some(Place { file: wrong.file.clone(), line: wrong.line, column: wrong.column }),
        ..Case::of_script(
            &wrong.file,
            "",
            End::Broken(Trouble {
                kind: "unreadable".to_owned(),
                message: wrong.message.clone(),
                details: wrong.to_string(),
                again: format!("{again} {}", wrong.file),
            }),
        )
    };
    files.iter().flat_map(|file| &file.0).map(case).collect()
}
