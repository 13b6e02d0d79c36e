//! Parts of a campaign as one campaign.
//!
//! What a campaign has can be added up in any order and grouping: counts and classes of times are summed, what was
//! seen is united, and of each finding the smallest plan is kept. One part after another is read and let go, so
//! that it takes no more memory than one of them and their sum.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::outcome::Unrunnable;

use super::folder::{Label, differences};
use super::{Finding, Folder, Shards, Tally};

/// What parts came to.
#[derive(Debug)]
pub struct Merged {
    /// What they have together.
    pub tally: Tally,
    /// Where it is kept.
    pub folder: Folder,
    /// How many parts there were of it.
    pub parts: usize,
    /// What was left out, and why.
    pub refused: Vec<String>,
}

/// What was merged so far.
struct Sum {
    /// What the first part says that it is of.
    label: Label,
    tally: Tally,
    /// By the id of a signature, the folder that has its smallest plan.
    places: BTreeMap<String, PathBuf>,
}

/// Merges campaigns in folders, or in the folders that these hold, into a new one. Parts that are damaged, or of
/// another campaign, are left out and named. `step` is called after each part, with how many there are.
///
/// # Errors
/// When there is nothing sound among them, or the new folder isn't empty or can't be written.
pub fn merge(inputs: &[PathBuf], out: &Path, mut step: impl FnMut(usize)) -> Result<Merged, Unrunnable> {
    let (folders, mut refused) = folders(inputs);
    Folder::expect_empty(out)?;
    let mut sum: Option<Sum> = None;
    let mut parts = 0;
    for folder in &folders {
        match add(&mut sum, folder) {
            Ok(()) => parts += 1,
            Err(Unrunnable(why)) => refused.push(why),
        }
        step(folders.len());
    }
    let Some(Sum { label, tally, places }) = sum else {
        let why =
            if refused.is_empty() { "there is no campaign to merge".to_owned() } else { refused.join("\n") };
        return Err(Unrunnable(why));
    };
    let (folder, tally) = keep(label, tally, &places, out)?;
    Ok(Merged { tally, folder, parts, refused })
}

/// The folders of campaigns among those given, and in them.
fn folders(inputs: &[PathBuf]) -> (Vec<PathBuf>, Vec<String>) {
    let (mut folders, mut refused) = (Vec::new(), Vec::new());
    for input in inputs {
        if Folder::is_at(input) {
            folders.push(input.clone());
            continue;
        }
        match within(input) {
            Ok(within) if within.is_empty() => {
                refused.push(format!("{}: there is no campaign here, nor in its folders", input.display()));
            }
            Ok(within) => folders.extend(within),
            Err(e) => refused.push(format!("{}: {e}", input.display())),
        }
    }
    (folders, refused)
}

/// The folders in a folder, but for what is hidden.
fn within(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut within = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type()?.is_dir() && !is_hidden {
            within.push(entry.path());
        }
    }
    within.sort();
    Ok(within)
}

/// Adds a part to what there is.
fn add(sum: &mut Option<Sum>, folder: &Path) -> Result<(), Unrunnable> {
    let bad = |why: String| Unrunnable(format!("{}: {why}", folder.display()));
    let label = Folder::label(folder)?;
    let mut part = Folder::state(folder)?.ok_or_else(|| bad("nothing of it was saved yet".into()))?;
    part.seal();
    let Some(sum) = sum else {
        let places = placed(&BTreeMap::new(), &part, folder)?;
        let label = Label { shard: None, ..label };
        let tally = Tally { shards: Shards::none(), ..Tally::default() }.united(part);
        *sum = Some(Sum { label, tally, places });
        return Ok(());
    };
    let differs = differences(&sum.label, &Label { shard: None, ..label });
    if !differs.is_empty() {
        return Err(bad(format!("this is another campaign; what differs: {}", differs.join(", "))));
    }
    if sum.tally.shards.division() != part.shards.division() {
        return Err(bad(format!(
            "this is divided otherwise: {}; expected {}",
            part.shards.divided(),
            sum.tally.shards.divided()
        )));
    }
    if sum.tally.canary != part.canary {
        return Err(bad("its canary came to something else, which it can't in the same campaign".into()));
    }
    if sum.tally.shards.holds(&part.shards).map_err(bad)? {
        return Ok(());
    }
    let places = placed(&sum.tally.findings, &part, folder)?;
    sum.tally = std::mem::take(&mut sum.tally).united(part);
    sum.places.extend(places);
    Ok(())
}

/// Where the smallest plans are that a part has, all of them there to be read.
fn placed(
    before: &BTreeMap<String, Finding>,
    part: &Tally,
    folder: &Path,
) -> Result<BTreeMap<String, PathBuf>, Unrunnable> {
    let is_smallest = |(id, finding): &(&String, &Finding)| {
        before.get(*id).is_none_or(|before| finding.is_kept_before(before))
    };
    let kept = part.findings.iter().filter(|(_, finding)| !finding.known).filter(is_smallest);
    kept.map(|(id, _)| Folder::expect_finding(folder, id).map(|()| (id.clone(), folder.to_owned()))).collect()
}

/// Keeps what was merged: beside its place, and there when it is whole.
fn keep(
    label: Label,
    mut tally: Tally,
    places: &BTreeMap<String, PathBuf>,
    out: &Path,
) -> Result<(Folder, Tally), Unrunnable> {
    let bad = |e: std::io::Error| Unrunnable(format!("{}: {e}", out.display()));
    let name =
        out.file_name().ok_or_else(|| Unrunnable(format!("{}: this names no folder", out.display())))?;
    let beside = out.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let folder = Folder::begin(&beside, &label)?;
    for (id, place) in places {
        folder.take_over(id, place)?;
    }
    folder.save(&tally)?;
    folder.read_texts(&mut tally)?;
    folder.conclude(&tally)?;
    if out.exists() {
        fs::remove_dir(out).map_err(bad)?;
    }
    fs::rename(&beside, out).map_err(bad)?;
    Ok((Folder::at(out), tally))
}
