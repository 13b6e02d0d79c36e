//! What a campaign keeps on disk, so that nothing that was found is lost (docs/campaigns.md).
//!
//! ```text
//! campaign.json              what it is: format, version, build, what is explored, which shard
//! state.json                 what it has so far, written anew every now and then
//! findings/ID/script         the smallest plan that showed it
//! findings/ID/history.jsonl  every crossing of that run
//! findings/ID/verdicts.json  how it was judged
//! findings/ID/finding.json   its signature, explanation and digest; the last to be written
//! summary.txt, summary.json  what it comes to, written at its end
//! ```
//!
//! Each file is written beside its place and moved there, so a kill at any moment leaves the old one or the new
//! one. A finding is kept before the state that counts it: a resumed campaign finds it again and writes the same.
//! Where a smaller plan takes the place of another, all its files do at once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::build::Build;
use crate::files;
use crate::outcome::Unrunnable;
use crate::shard::Shard;

use super::record::{Record, SCRIPT};
use super::{Finding, Shards, Subject, Tally, summary};

/// What the first file of a campaign says that it is.
const FORMAT: &str = "driftless-campaign";
/// The version of what is written here.
const VERSION: u32 = 4;
/// The first file of a campaign.
const LABEL: &str = "campaign.json";
/// What a campaign has so far.
const STATE: &str = "state.json";
/// How the name of a finding's folder ends while another takes its place.
const REPLACED: &str = ".old";
/// What lies beside what says of a finding what it is.
const BESIDE: [&str; 3] = [SCRIPT, "history.jsonl", "verdicts.json"];
/// The folder of what was found.
const FINDINGS: &str = "findings";
/// What says of a finding what it is.
const FINDING: &str = "finding.json";

/// A campaign's folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

/// What a folder is.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Label {
    pub(super) format: String,
    pub(super) version: u32,
    /// By which build it is made.
    pub(super) build: Build,
    pub(super) subject: Subject,
    /// Which part of it this is; none where parts were merged.
    pub(super) shard: Option<Shard>,
}

/// In what two campaigns differ.
pub(super) fn differences(one: &Label, other: &Label) -> Vec<&'static str> {
    let (a, b) = (&one.subject, &other.subject);
    let differs = [
        ("version", one.build.version != other.build.version),
        ("commit", one.build.commit != other.build.commit),
        ("design", a.design != b.design),
        ("profile", a.profile != b.profile),
        ("seed", a.seed != b.seed),
        ("shard", one.shard != other.shard),
    ];
    differs.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect()
}

impl Folder {
    /// A new campaign, or a shard of one, in a folder that isn't there yet or is empty.
    ///
    /// # Errors
    /// When the folder holds something, or can't be written.
    pub fn create(path: &Path, subject: &Subject, shard: Shard) -> Result<(Self, Tally), Unrunnable> {
        let label = Label {
            format: FORMAT.into(),
            version: VERSION,
            build: Build::this(),
            subject: subject.clone(),
            shard: Some(shard),
        };
        let folder = Folder::begin(path, &label)?;
        Ok((folder, Tally { shards: Shards::one(shard), ..Tally::default() }))
    }

    /// A folder with a label, and nothing else yet.
    pub(super) fn begin(path: &Path, label: &Label) -> Result<Self, Unrunnable> {
        Folder::expect_empty(path)?;
        let bad = |e: std::io::Error| Unrunnable(format!("{}: {e}", path.display()));
        fs::create_dir_all(path).map_err(bad)?;
        let folder = Folder::at(path);
        // First of all: without it the folder would be somebody else's from now on.
        folder.write(LABEL, &json(label)?)?;
        fs::create_dir_all(path.join(FINDINGS)).map_err(bad)?;
        Ok(folder)
    }

    /// The campaign at a path.
    pub(super) fn at(path: &Path) -> Self {
        Folder { path: path.to_owned() }
    }

    /// That a folder isn't there yet or is empty.
    ///
    /// # Errors
    /// When it isn't, with what it holds.
    pub(super) fn expect_empty(path: &Path) -> Result<(), Unrunnable> {
        let bad = |e: std::io::Error| Unrunnable(format!("{}: {e}", path.display()));
        if path.exists() {
            let mut entries = fs::read_dir(path).map_err(bad)?;
            // What a kill has left half written is nobody's.
            let is_left = |name: &str| name.starts_with(&format!(".{LABEL}."));
            let is_whole = |entry: &fs::DirEntry| !is_left(&entry.file_name().to_string_lossy());
            if entries.any(|entry| entry.as_ref().map_or(true, is_whole)) {
                let why = match Folder::label(path) {
                    Ok(_) => "holds a campaign; expected --resume to go on with it, or another folder",
                    Err(_) => "holds something else; expected an empty folder, or one that isn't there yet",
                };
                return Err(Unrunnable(format!("{}: this folder {why}", path.display())));
            }
        }
        Ok(())
    }

    /// The campaign that a folder holds, and how far it has come.
    ///
    /// # Errors
    /// When the folder holds none, or one of another version or of something else, or one that is damaged.
    pub fn resume(path: &Path, subject: &Subject, shard: Shard) -> Result<(Self, Tally), Unrunnable> {
        let label = Folder::label(path)?;
        let differs = differences(
            &label,
            &Label {
                build: label.build.clone(),
                subject: subject.clone(),
                shard: Some(shard),
                ..label.clone()
            },
        );
        if !differs.is_empty() {
            let message = format!(
                "{}: this campaign is another; what differs: {}. Expected the arguments it was begun with",
                path.display(),
                differs.join(", ")
            );
            return Err(Unrunnable(message));
        }
        let folder = Folder::at(path);
        folder.put_back()?;
        let mut tally = match Folder::state(path)? {
            Some(tally) => tally,
            None => Tally { shards: Shards::one(shard), ..Tally::default() },
        };
        folder.read_texts(&mut tally)?;
        Ok((folder, tally))
    }

    /// What a campaign had when it was last saved, without the texts of its findings; none if it never was.
    ///
    /// # Errors
    /// When that can't be read.
    pub(super) fn state(path: &Path) -> Result<Option<Tally>, Unrunnable> {
        let state = path.join(STATE);
        match fs::read(&state) {
            Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|e| {
                Unrunnable(format!("{}: this is damaged: {e}; nothing was changed", state.display()))
            }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Unrunnable(format!("{}: {e}", state.display()))),
        }
    }

    /// Reads the texts of the findings that have files of their own.
    pub(super) fn read_texts(&self, tally: &mut Tally) -> Result<(), Unrunnable> {
        for (id, finding) in &mut tally.findings {
            if finding.script.is_empty() {
                let Finding { script, explanation, .. } = self.finding(id)?;
                (finding.script, finding.explanation) = (script, explanation);
            }
        }
        Ok(())
    }

    /// A finding as it was kept.
    fn finding(&self, id: &str) -> Result<Finding, Unrunnable> {
        let file = self.path.join(FINDINGS).join(id).join(FINDING);
        let bad = |why: String| Unrunnable(format!("{}: {why}", file.display()));
        let text = fs::read(&file).map_err(|e| bad(format!("{e}; the state of the campaign counts it")))?;
        serde_json::from_slice(&text).map_err(|e| bad(format!("this is damaged: {e}")))
    }

    /// That all files of a finding are there.
    ///
    /// # Errors
    /// When one isn't, or can't be read.
    pub(super) fn expect_finding(path: &Path, id: &str) -> Result<(), Unrunnable> {
        let folder = Folder::at(path);
        folder.finding(id)?;
        for name in BESIDE {
            let file = path.join(FINDINGS).join(id).join(name);
            fs::metadata(&file).map_err(|e| Unrunnable(format!("{}: {e}", file.display())))?;
        }
        Ok(())
    }

    /// Puts back what was to be replaced when a kill came.
    fn put_back(&self) -> Result<(), Unrunnable> {
        let folder = self.path.join(FINDINGS);
        let bad = |e: std::io::Error| Unrunnable(format!("{}: {e}", folder.display()));
        if !folder.exists() {
            return fs::create_dir_all(&folder).map_err(bad);
        }
        for entry in fs::read_dir(&folder).map_err(bad)? {
            let entry = entry.map_err(bad)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(id) = name.strip_prefix('.').and_then(|name| name.strip_suffix(REPLACED)) {
                let place = folder.join(id);
                if !place.join(FINDING).exists() {
                    let _ = fs::remove_dir_all(&place);
                    fs::rename(entry.path(), place).map_err(bad)?;
                    continue;
                }
            }
            if name.starts_with('.') {
                fs::remove_dir_all(entry.path()).map_err(bad)?;
            }
        }
        Ok(())
    }

    pub(super) fn label(path: &Path) -> Result<Label, Unrunnable> {
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
            let id = entry.file_name().to_string_lossy().into_owned();
            // One without it was cut short, and its campaign hasn't told it; one that is hidden was to be replaced.
            if entry.path().join(FINDING).exists() && !id.starts_with('.') {
                known.insert(id);
            }
        }
        Ok(known)
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps a finding and the run that showed it. What was kept of it before goes when all of this is there.
    pub(super) fn keep(&self, finding: &Finding, record: &Record) -> Result<(), Unrunnable> {
        let id = finding.signature.id();
        self.put(&id, |folder| {
            self.write(&format!("{folder}/{SCRIPT}"), finding.script.as_bytes())?;
            self.write(&format!("{folder}/history.jsonl"), &record.history)?;
            self.write(&format!("{folder}/verdicts.json"), &record.verdicts)?;
            self.write(&format!("{folder}/{FINDING}"), &json(finding)?)
        })
    }

    /// Takes over a finding from the folder of another campaign.
    pub(super) fn take_over(&self, id: &str, other: &Path) -> Result<(), Unrunnable> {
        let from = other.join(FINDINGS).join(id);
        let read = |name: &str| {
            let file = from.join(name);
            fs::read(&file).map_err(|e| Unrunnable(format!("{}: {e}", file.display())))
        };
        self.put(id, |folder| {
            for name in BESIDE.iter().chain(&[FINDING]) {
                self.write(&format!("{folder}/{name}"), &read(name)?)?;
            }
            Ok(())
        })
    }

    /// Puts the folder of a finding in its place, whole.
    fn put(&self, id: &str, fill: impl FnOnce(&str) -> Result<(), Unrunnable>) -> Result<(), Unrunnable> {
        let (place, fresh) = (format!("{FINDINGS}/{id}"), format!("{FINDINGS}/.{id}.new"));
        let replaced = format!("{FINDINGS}/.{id}{REPLACED}");
        let bad =
            |name: &str, e: std::io::Error| Unrunnable(format!("{}: {e}", self.path.join(name).display()));
        let at = |name: &str| self.path.join(name);
        if at(&fresh).exists() {
            fs::remove_dir_all(at(&fresh)).map_err(|e| bad(&fresh, e))?;
        }
        fs::create_dir_all(at(&fresh)).map_err(|e| bad(&fresh, e))?;
        fill(&fresh)?;
        let is_there = at(&place).exists();
        if is_there {
            fs::rename(at(&place), at(&replaced)).map_err(|e| bad(&replaced, e))?;
        }
        fs::rename(at(&fresh), at(&place)).map_err(|e| bad(&place, e))?;
        if is_there {
            fs::remove_dir_all(at(&replaced)).map_err(|e| bad(&replaced, e))?;
        }
        Ok(())
    }

    /// Keeps what the campaign comes to.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn conclude(&self, tally: &Tally) -> Result<(), Unrunnable> {
        self.write("summary.json", &json(&summary::json(tally))?)?;
        self.write("summary.txt", summary::text(tally).as_bytes())
    }

    /// Keeps what the campaign has so far.
    pub(super) fn save(&self, tally: &Tally) -> Result<(), Unrunnable> {
        self.write(STATE, &json(&tally.without_texts(false))?)
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
