//! What a campaign keeps on disk, so that nothing that was found is lost (docs/campaigns.md).
//!
//! ```text
//! campaign.json              what it is: format, version, what is explored
//! state.json                 what it has so far, written anew every now and then
//! findings/ID/script         the plan of the first run that showed it
//! findings/ID/history.jsonl  every crossing of that run
//! findings/ID/verdicts.json  how it was judged
//! findings/ID/finding.json   its signature, explanation and digest; the last to be written
//! summary.txt, summary.json  what it comes to, written at its end
//! ```
//!
//! Each file is written beside its place and moved there, so a kill at any moment leaves the old one or the new
//! one. A finding is kept before the state that counts it: a resumed campaign finds it again and writes the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files;
use crate::outcome::Unrunnable;

use super::record::{Record, SCRIPT};
use super::{Finding, Subject, Tally, summary};

/// What the first file of a campaign says that it is.
const FORMAT: &str = "driftless-campaign";
/// The version of what is written here.
const VERSION: u32 = 3;
/// The first file of a campaign.
const LABEL: &str = "campaign.json";
/// The folder of what was found.
const FINDINGS: &str = "findings";
/// What says of a finding what it is.
const FINDING: &str = "finding.json";

/// A campaign's folder.
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
    /// A new campaign in a folder that isn't there yet or is empty.
    ///
    /// # Errors
    /// When the folder holds something, or can't be written.
    pub fn create(path: &Path, subject: &Subject) -> Result<Self, Unrunnable> {
        let bad = |e: std::io::Error| Unrunnable(format!("{}: {e}", path.display()));
        if path.exists() {
            let mut entries = fs::read_dir(path).map_err(bad)?;
            if entries.next().is_some() {
                let why = match Folder::label(path) {
                    Ok(_) => "holds a campaign; expected --resume to go on with it, or another folder",
                    Err(_) => "holds something else; expected an empty folder, or one that isn't there yet",
                };
                return Err(Unrunnable(format!("{}: this folder {why}", path.display())));
            }
        }
        fs::create_dir_all(path).map_err(bad)?;
        let folder = Folder { path: path.to_owned() };
        let label = Label { format: FORMAT.into(), version: VERSION, subject: subject.clone() };
        // First of all: without it the folder would be somebody else's from now on.
        folder.write(LABEL, &json(&label)?)?;
        fs::create_dir_all(path.join(FINDINGS)).map_err(bad)?;
        Ok(folder)
    }

    /// The campaign that a folder holds, and how far it has come.
    ///
    /// # Errors
    /// When the folder holds none, or one of another version or of something else, or one that is damaged.
    pub fn resume(path: &Path, subject: &Subject) -> Result<(Self, Tally), Unrunnable> {
        let label = Folder::label(path)?;
        if label.subject != *subject {
            let differs = [
                ("design", label.subject.design != subject.design),
                ("profile", label.subject.profile != subject.profile),
                ("seed", label.subject.seed != subject.seed),
            ];
            let differs: Vec<_> =
                differs.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect();
            let message = format!(
                "{}: this campaign is another; what differs: {}. Expected the arguments it was begun with",
                path.display(),
                differs.join(", ")
            );
            return Err(Unrunnable(message));
        }
        let state = path.join("state.json");
        let tally = match fs::read_to_string(&state) {
            Ok(text) => serde_json::from_str(&text).map_err(|e| {
                Unrunnable(format!("{}: this is damaged: {e}; nothing was changed", state.display()))
            })?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Tally::default(),
            Err(e) => return Err(Unrunnable(format!("{}: {e}", state.display()))),
        };
        Ok((Folder { path: path.to_owned() }, tally))
    }

    fn label(path: &Path) -> Result<Label, Unrunnable> {
        let file = path.join(LABEL);
        let bad = |why: String| Unrunnable(format!("{}: {why}", file.display()));
        let text = fs::read_to_string(&file).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => bad("there is no campaign here".into()),
            _ => bad(e.to_string()),
        })?;
        let value: serde_json::Value =
            serde_json::from_str(&text).map_err(|e| bad(format!("this isn't a campaign: {e}")))?;
        if value["format"] != FORMAT {
            return Err(bad(format!("this isn't a campaign; expected the format \"{FORMAT}\"")));
        }
        if value["version"] != VERSION {
            let found = &value["version"];
            return Err(bad(format!("this campaign is of version {found}; expected {VERSION}")));
        }
        serde_json::from_value(value).map_err(|e| bad(format!("this is damaged: {e}")))
    }

    /// Whether a folder is a campaign's, whole or not.
    pub fn is_at(path: &Path) -> bool {
        path.join(LABEL).exists()
    }

    /// The signatures of the findings that a campaign has kept.
    ///
    /// # Errors
    /// When the folder holds no campaign.
    pub fn known(path: &Path) -> Result<BTreeSet<String>, Unrunnable> {
        Folder::label(path)?;
        let folder = path.join(FINDINGS);
        let bad = |e: std::io::Error| Unrunnable(format!("{}: {e}", folder.display()));
        let mut known = BTreeSet::new();
        if !folder.exists() {
            // It was ended before it began.
            return Ok(known);
        }
        for entry in fs::read_dir(&folder).map_err(bad)? {
            let entry = entry.map_err(bad)?;
            // One without it was cut short, and its campaign hasn't told it.
            if entry.path().join(FINDING).exists() {
                known.insert(entry.file_name().to_string_lossy().into_owned());
            }
        }
        Ok(known)
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps a finding and the run that showed it.
    pub(super) fn keep(&self, finding: &Finding, record: &Record) -> Result<(), Unrunnable> {
        let name = format!("{FINDINGS}/{}", finding.signature.id());
        let folder = self.path.join(&name);
        fs::create_dir_all(&folder).map_err(|e| Unrunnable(format!("{}: {e}", folder.display())))?;
        self.write(&format!("{name}/{SCRIPT}"), finding.script.as_bytes())?;
        self.write(&format!("{name}/history.jsonl"), &record.history)?;
        self.write(&format!("{name}/verdicts.json"), &record.verdicts)?;
        self.write(&format!("{name}/{FINDING}"), &json(finding)?)
    }

    /// Keeps what the campaign comes to.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn conclude(&self, tally: &Tally) -> Result<(), Unrunnable> {
        self.write("summary.json", &json(&summary::json(tally))?)?;
        self.write("summary.txt", summary::text(tally, Some(self)).as_bytes())
    }

    /// Keeps what the campaign has so far.
    pub(super) fn save(&self, tally: &Tally) -> Result<(), Unrunnable> {
        self.write("state.json", &json(tally)?)
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
