//! What work keeps on disk, so that nothing that was found is lost (docs/campaigns.md, docs/sweeps.md).
//!
//! ```text
//! campaign.json, sweep.json  what it is: format, version, build, what it is about, which part of it
//! state.json                 what it has so far, written anew every now and then
//! findings/ID/script         the smallest plan that showed it
//! findings/ID/history.jsonl  every crossing of that run
//! findings/ID/verdicts.json  how it was judged
//! findings/ID/finding.json   its signature, explanation and digest; the last to be written
//! summary.*, certificate.*   what it comes to, written at its end
//! ```
//!
//! Each file is written beside its place and moved there, so a kill at any moment leaves the old one or the new
//! one. A finding is kept before the state that counts it: work that goes on finds it again and writes the same.
//! Where a smaller plan takes the place of another, all its files do at once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::build::Build;
use crate::campaign::{Finding, Record, SCRIPT};
use crate::files;
use crate::outcome::Unrunnable;
use crate::shard::Shard;

use super::label::Label;
use super::{Count, Kind};

/// What it has so far.
const STATE: &str = "state.json";
/// How the name of a finding's folder ends while another takes its place.
const REPLACED: &str = ".old";
/// What lies beside what says of a finding what it is.
const BESIDE: [&str; 3] = [SCRIPT, "history.jsonl", "verdicts.json"];
/// The folder of what was found.
const FINDINGS: &str = "findings";
/// What says of a finding what it is.
const FINDING: &str = "finding.json";

/// The folder of a campaign, a sweep, or a part of one.
pub struct Folder<K: Kind> {
    path: PathBuf,
    label: Label<K::Subject>,
}

impl<K: Kind> Folder<K> {
    /// New work, or a shard of it, in a folder that isn't there yet or is empty.
    ///
    /// # Errors
    /// When the folder holds something, or can't be written.
    pub fn create(path: &Path, subject: &K::Subject, shard: Shard) -> Result<(Self, K::Count), Unrunnable> {
        let folder = Self::begin(path, Label::new::<K>(subject, shard))?;
        Ok((folder, K::Count::of_shard(shard)))
    }

    /// A folder with a label, and nothing else yet.
    pub(super) fn begin(path: &Path, label: Label<K::Subject>) -> Result<Self, Unrunnable> {
        Self::expect_empty(path)?;
        let bad = |e: std::io::Error| Unrunnable(format!("{}: {}", path.display(), files::words(&e)));
        fs::create_dir_all(path).map_err(bad)?;
        let folder = Self { path: path.to_owned(), label };
        // First of all: without it the folder would be somebody else's from now on.
        folder.write(K::LABEL, &json(&folder.label)?)?;
        fs::create_dir_all(path.join(FINDINGS)).map_err(bad)?;
        Ok(folder)
    }

    /// That a folder isn't there yet or is empty.
    ///
    /// # Errors
    /// When it isn't, with what it holds.
    pub(super) fn expect_empty(path: &Path) -> Result<(), Unrunnable> {
        let bad = |e: std::io::Error| Unrunnable(format!("{}: {}", path.display(), files::words(&e)));
        if path.exists() {
            let mut entries = fs::read_dir(path).map_err(bad)?;
            // What a kill has left half written is nobody's.
            let is_left = |name: &str| name.starts_with(&format!(".{}.", K::LABEL));
            let is_whole = |entry: &fs::DirEntry| !is_left(&entry.file_name().to_string_lossy());
            if entries.any(|entry| entry.as_ref().map_or(true, is_whole)) {
                let noun = K::NOUN;
                let why = match Label::read::<K>(path) {
                    Ok(_) => format!("holds a {noun}; expected --resume to go on with it, or another folder"),
                    Err(_) => "holds something else; expected an empty folder, or one that isn't there yet"
                        .to_owned(),
                };
                return Err(Unrunnable(format!("{}: this folder {why}", path.display())));
            }
        }
        Ok(())
    }

    /// What a folder holds, and how far it has come.
    ///
    /// # Errors
    /// When the folder holds nothing of this kind, or of another version or of other work, or is damaged.
    pub fn resume(path: &Path, subject: &K::Subject, shard: Shard) -> Result<(Self, K::Count), Unrunnable> {
        let label = Label::read::<K>(path)?;
        let differs = label.differences::<K>(&label.instead(subject, shard));
        if !differs.is_empty() {
            let message = format!(
                "{}: this {} is another; what differs: {}. Expected the arguments it was begun with",
                path.display(),
                K::NOUN,
                differs.join(", ")
            );
            return Err(Unrunnable(message));
        }
        let folder = Self { path: path.to_owned(), label };
        folder.put_back()?;
        let mut count = Self::state(path)?.unwrap_or_else(|| K::Count::of_shard(shard));
        folder.read_texts(&mut count)?;
        Ok((folder, count))
    }

    /// What it had when it was last saved, without the texts of its findings; none if it never was.
    ///
    /// # Errors
    /// When that can't be read.
    pub(super) fn state(path: &Path) -> Result<Option<K::Count>, Unrunnable> {
        let state = path.join(STATE);
        match fs::read(&state) {
            Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|e| {
                Unrunnable(format!("{}: this is damaged: {e}; nothing was changed", state.display()))
            }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Unrunnable(format!("{}: {}", state.display(), files::words(&e)))),
        }
    }

    /// Reads the texts of the findings that have files of their own.
    pub(super) fn read_texts(&self, count: &mut K::Count) -> Result<(), Unrunnable> {
        for (id, finding) in count.findings_mut() {
            if finding.script.is_empty() {
                let Finding { script, explanation, .. } = finding_at(&self.path, id)?;
                (finding.script, finding.explanation) = (script, explanation);
            }
        }
        Ok(())
    }

    /// That all files of a finding are there.
    ///
    /// # Errors
    /// When one isn't, or can't be read.
    pub(super) fn expect_finding(path: &Path, id: &str) -> Result<(), Unrunnable> {
        finding_at(path, id)?;
        for name in BESIDE {
            let file = path.join(FINDINGS).join(id).join(name);
            fs::metadata(&file)
                .map_err(|e| Unrunnable(format!("{}: {}", file.display(), files::words(&e))))?;
        }
        Ok(())
    }

    /// Puts back what was to be replaced when a kill came.
    fn put_back(&self) -> Result<(), Unrunnable> {
        let folder = self.path.join(FINDINGS);
        let bad = |e: std::io::Error| Unrunnable(format!("{}: {}", folder.display(), files::words(&e)));
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

    /// Whether a folder is of this kind, whole or not.
    pub fn is_at(path: &Path) -> bool {
        path.join(K::LABEL).exists()
    }

    /// The signatures of the findings that a folder has kept.
    ///
    /// # Errors
    /// When it is of something else.
    pub fn known(path: &Path) -> Result<BTreeSet<String>, Unrunnable> {
        Label::read::<K>(path)?;
        let folder = path.join(FINDINGS);
        let bad = |e: std::io::Error| Unrunnable(format!("{}: {}", folder.display(), files::words(&e)));
        let mut known = BTreeSet::new();
        if !folder.exists() {
            // It was ended before it began.
            return Ok(known);
        }
        for entry in fs::read_dir(&folder).map_err(bad)? {
            let entry = entry.map_err(bad)?;
            let id = entry.file_name().to_string_lossy().into_owned();
            // One without it was cut short, and hasn't been told; one that is hidden was to be replaced.
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

    /// By which build it is made.
    pub fn build(&self) -> &Build {
        &self.label.build
    }

    /// What the work is about.
    pub fn subject(&self) -> &K::Subject {
        &self.label.subject
    }

    /// The same folder, which has moved.
    pub(super) fn moved(self, path: &Path) -> Self {
        Folder { path: path.to_owned(), ..self }
    }

    /// Keeps a finding and the run that showed it. What was kept of it before goes when all of this is there.
    pub(crate) fn keep(&self, finding: &Finding, record: &Record) -> Result<(), Unrunnable> {
        let id = finding.signature.id();
        self.put(&id, |folder| {
            self.write(&format!("{folder}/{SCRIPT}"), finding.script.as_bytes())?;
            self.write(&format!("{folder}/history.jsonl"), &record.history)?;
            self.write(&format!("{folder}/verdicts.json"), &record.verdicts)?;
            self.write(&format!("{folder}/{FINDING}"), &json(finding)?)
        })
    }

    /// Takes over a finding from the folder of another part.
    pub(super) fn take_over(&self, id: &str, other: &Path) -> Result<(), Unrunnable> {
        let from = other.join(FINDINGS).join(id);
        let read = |name: &str| {
            let file = from.join(name);
            fs::read(&file).map_err(|e| Unrunnable(format!("{}: {}", file.display(), files::words(&e))))
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
        let bad = |name: &str, e: std::io::Error| {
            Unrunnable(format!("{}: {}", self.path.join(name).display(), files::words(&e)))
        };
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

    /// Keeps what it comes to.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn conclude(&self, count: &K::Count) -> Result<(), Unrunnable> {
        let files = K::conclusion(&self.label.build, &self.label.subject, count)?;
        files.iter().try_for_each(|(name, content)| self.write(name, content))
    }

    /// Keeps what it has so far.
    pub(crate) fn save(&self, count: &K::Count) -> Result<(), Unrunnable> {
        self.write(STATE, &json(&count.without_texts(false))?)
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

/// A finding as it was kept in a folder.
fn finding_at(folder: &Path, id: &str) -> Result<Finding, Unrunnable> {
    let file = folder.join(FINDINGS).join(id).join(FINDING);
    let bad = |why: String| Unrunnable(format!("{}: {why}", file.display()));
    let text = fs::read(&file).map_err(|e| bad(format!("{e}; the state counts it")))?;
    serde_json::from_slice(&text).map_err(|e| bad(format!("this is damaged: {e}")))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Unrunnable> {
    serde_json::to_vec_pretty(value).map_err(Unrunnable::of)
}
