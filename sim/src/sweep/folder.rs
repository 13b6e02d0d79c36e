//! What a sweep keeps on disk (docs/sweeps.md).
//!
//! ```text
//! sweep.json                 what it is: format, version, what is swept
//! state.json                 what it has so far
//! findings/ID/script         the plan of the first run that showed it
//! findings/ID/history.jsonl  every crossing of that run
//! findings/ID/verdicts.json  how it was judged
//! findings/ID/finding.json   its signature, explanation and digest; the last to be written
//! certificate.json, .txt     what it comes to, written whenever it ends
//! ```
//!
//! As in a campaign each file appears whole or not at all, and a finding is kept before the state that counts it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Certificate, Subject, Tally, table};
use crate::campaign::{Finding, Record};
use crate::files;
use crate::outcome::Unrunnable;

/// What the first file of a sweep says that it is.
const FORMAT: &str = "driftless-sweep-folder";
/// The version of what is written here.
const VERSION: u32 = 1;

/// A sweep's folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Label {
    format: String,
    version: u32,
    subject: Subject,
}

impl Folder {
    /// A new sweep in a folder that isn't there yet or is empty.
    ///
    /// # Errors
    /// When the folder holds something, or can't be written.
    pub fn create(path: &Path, subject: &Subject) -> Result<Self, Unrunnable> {
        let bad = |e: std::io::Error| Unrunnable(format!("{}: {e}", path.display()));
        if path.exists() && fs::read_dir(path).map_err(bad)?.next().is_some() {
            let why = match Folder::label(path) {
                Ok(_) => "holds a sweep; expected --resume to go on with it, or another folder",
                Err(_) => "holds something else; expected an empty folder, or one that isn't there yet",
            };
            return Err(Unrunnable(format!("{}: this folder {why}", path.display())));
        }
        fs::create_dir_all(path).map_err(bad)?;
        let folder = Folder { path: path.to_owned() };
        let label = Label { format: FORMAT.into(), version: VERSION, subject: subject.clone() };
        folder.write("sweep.json", &json(&label)?)?;
        Ok(folder)
    }

    /// The sweep that a folder holds, and how far it has come.
    ///
    /// # Errors
    /// When the folder holds none, or one of something else, or one that is damaged.
    pub fn resume(path: &Path, subject: &Subject) -> Result<(Self, Tally), Unrunnable> {
        let label = Folder::label(path)?;
        if label.subject != *subject {
            let (then, now) = (&label.subject, subject);
            let differs = [
                ("script", then.script != now.script),
                ("plan or design", then.plan != now.plan),
                ("what is put into it", then.wanted != now.wanted),
            ];
            let differs: Vec<_> =
                differs.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect();
            return Err(Unrunnable(format!(
                "{}: this sweep is another; what differs: {}. Expected the arguments it was begun with",
                path.display(),
                differs.join(", ")
            )));
        }
        let state = path.join("state.json");
        let tally = match fs::read_to_string(&state) {
            Ok(text) => serde_json::from_str(&text).map_err(|e| {
                Unrunnable(format!("{}: this is damaged: {e}; nothing was changed", state.display()))
            })?,
            Err(e) if e.kind() == ErrorKind::NotFound => Tally::default(),
            Err(e) => return Err(Unrunnable(format!("{}: {e}", state.display()))),
        };
        Ok((Folder { path: path.to_owned() }, tally))
    }

    fn label(path: &Path) -> Result<Label, Unrunnable> {
        let file = path.join("sweep.json");
        let bad = |why: String| Unrunnable(format!("{}: {why}", file.display()));
        let text = fs::read_to_string(&file).map_err(|e| match e.kind() {
            ErrorKind::NotFound => bad("there is no sweep here".into()),
            _ => bad(e.to_string()),
        })?;
        let value: serde_json::Value =
            serde_json::from_str(&text).map_err(|e| bad(format!("this isn't a sweep: {e}")))?;
        if value["format"] != FORMAT || value["version"] != VERSION {
            return Err(bad(format!(
                "this isn't a sweep; expected the format \"{FORMAT}\", version {VERSION}"
            )));
        }
        serde_json::from_value(value).map_err(|e| bad(format!("this is damaged: {e}")))
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps a finding and the run that showed it.
    pub(super) fn keep(&self, finding: &Finding, record: &Record) -> Result<(), Unrunnable> {
        let name = format!("findings/{}", finding.signature.id());
        let folder = self.path.join(&name);
        fs::create_dir_all(&folder).map_err(|e| Unrunnable(format!("{}: {e}", folder.display())))?;
        self.write(&format!("{name}/script"), finding.script.as_bytes())?;
        self.write(&format!("{name}/history.jsonl"), &record.history)?;
        self.write(&format!("{name}/verdicts.json"), &record.verdicts)?;
        self.write(&format!("{name}/finding.json"), &json(finding)?)
    }

    /// Keeps what the sweep has so far.
    pub(super) fn save(&self, tally: &Tally) -> Result<(), Unrunnable> {
        self.write("state.json", &serde_json::to_vec(tally).map_err(Unrunnable::of)?)
    }

    /// Keeps what the sweep comes to.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn conclude(&self, certificate: &Certificate) -> Result<(), Unrunnable> {
        self.write("certificate.json", certificate.to_json()?.as_bytes())?;
        self.write("certificate.txt", table::text(certificate).as_bytes())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Unrunnable> {
        let place = self.path.join(name);
        files::write_whole(&place, bytes).map_err(|e| {
            Unrunnable(format!(
                "{}: {e}; what was written before is whole, and --resume goes on from it",
                place.display()
            ))
        })
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Unrunnable> {
    serde_json::to_vec_pretty(value).map_err(Unrunnable::of)
}
