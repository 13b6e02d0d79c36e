//! A base of findings: what is in its folders, and what is said of each script there.
//!
//! Beside a script that a campaign has kept lies `finding.json` with the signature (docs/campaigns.md). Of any
//! other script its header says what is violated under which design. What a folder holds beside scripts has an
//! ending that says what it is; scripts have none.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::campaign::Signature;
use crate::cli::{args, history, load};
use crate::files;
use crate::outcome::Unrunnable;
use crate::plan::Plan;
use crate::replay::{Claim, Found};
use crate::script::Script;

/// What says of a script in the same folder what it has found.
const FINDING: &str = "finding.json";
/// The history of the run that found it.
const HISTORY: &str = "history.jsonl";
/// What makes a folder a campaign's, even if it has found nothing.
const CAMPAIGN: &str = "campaign.json";
/// The endings of files that are no scripts.
const ELSE: [&str; 6] = ["json", "jsonl", "txt", "md", "xml", "html"];

/// A script of the base, and one thing that is said of it.
pub struct Entry {
    /// Where the script is.
    pub script: String,
    /// The design under which it is run, where the header names it.
    pub design: Option<String>,
    /// What is run and what is said of it, or why it can't be.
    pub work: Result<(Plan, Claim), String>,
}

/// What is read of `finding.json`.
#[derive(Deserialize)]
struct Kept {
    signature: Signature,
    digest: String,
}

/// Everything that the folders hold.
///
/// # Errors
/// When there is no such folder, or no script in it, or an argument is wrong.
pub fn entries(bases: &[PathBuf], changes: &args::Changes) -> Result<Vec<Entry>, Unrunnable> {
    let mut entries = Vec::new();
    for base in bases {
        let (mut files, mut is_campaign) = (Vec::new(), false);
        collect(base, &mut files, &mut is_campaign)?;
        if files.is_empty() && !is_campaign {
            return Err(Unrunnable(format!("{}: there is no script in this folder", base.display())));
        }
        for file in files {
            entries.extend(of(&file, changes)?);
        }
    }
    Ok(entries)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>, is_campaign: &mut bool) -> Result<(), Unrunnable> {
    let unreadable = |e: std::io::Error| Unrunnable(format!("{}: {}", path.display(), files::words(&e)));
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in load::entries(path)? {
        *is_campaign |= entry.ends_with(CAMPAIGN);
        let ending = entry.extension().map(|ending| ending.to_string_lossy().into_owned());
        if entry.is_dir() || !ending.is_some_and(|ending| ELSE.contains(&ending.as_str())) {
            collect(&entry, files, is_campaign)?;
        }
    }
    Ok(())
}

/// What is said of a script: once by its campaign, or once for each design of its header.
fn of(file: &Path, changes: &args::Changes) -> Result<Vec<Entry>, Unrunnable> {
    let name = file.display().to_string();
    let entry =
        |design: Option<&str>, work| Entry { script: name.clone(), design: design.map(str::to_owned), work };
    let loaded = match load::read(file) {
        Ok(loaded) => loaded,
        Err(wrong) => return Ok(vec![entry(None, Err(format!("it can't be read: {wrong}")))]),
    };
    let written = &loaded.script.plan;
    let plan = load::plan(&loaded, changes)?;
    let kept = file.with_file_name(FINDING);
    if kept.exists() {
        return Ok(vec![entry(None, found(&kept, written, plan == *written).map(|found| (plan, found)))]);
    }
    if !changes.as_options().is_empty() || written.expect.is_empty() {
        let stated: BTreeSet<String> = written.expect.values().flatten().cloned().collect();
        return Ok(vec![entry(None, Ok((plan, Claim::Violates(stated))))]);
    }
    let designs = written.expect.iter().map(|(design, stated)| {
        entry(Some(design), Ok((plan.under(design), Claim::Violates(stated.clone()))))
    });
    Ok(designs.collect())
}

/// What a campaign has kept of the finding of a plan. If the plan is still the one that was run, and is run
/// `as_written`, with its digest and its history.
fn found(kept: &Path, plan: &Plan, as_written: bool) -> Result<Claim, String> {
    let damaged = |why: String| format!("what is said of it can't be read: {}: {why}", kept.display());
    let text = fs::read_to_string(kept).map_err(|e| damaged(files::words(&e)))?;
    let Kept { signature, digest } = serde_json::from_str(&text).map_err(|e| damaged(e.to_string()))?;
    // A history is long, and a finding can do without: one that is missing or damaged is as good as none.
    let recording = history::read(&kept.with_file_name(HISTORY)).ok();
    let recorded = recording.as_ref().map(|recording| Script::parse("", &recording.header.plan));
    let is_that = recorded.is_none_or(|recorded| recorded.is_ok_and(|recorded| recorded.plan == *plan));
    Ok(Claim::Shows(Box::new(Found {
        signature,
        digest: Some(digest).filter(|_| is_that && as_written),
        recording: recording.filter(|_| is_that),
    })))
}
