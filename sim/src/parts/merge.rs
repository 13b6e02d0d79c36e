//! Parts as one.
//!
//! What parts have can be added up in any order and grouping: counts and classes of times are summed, what was seen
//! is united, and of each finding the smallest plan is kept. One part after another is read and let go, so that it
//! takes no more memory than one of them and their sum.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::campaign::Finding;
use crate::files;
use crate::outcome::Unrunnable;

use super::label::Label;
use super::{Count, Folder, Kind};

/// What parts came to.
pub struct Merged<K: Kind> {
    /// What they have together.
    pub count: K::Count,
    /// Where it is kept.
    pub folder: Folder<K>,
    /// How many parts there were of it.
    pub parts: usize,
    /// What was left out, and why.
    pub refused: Vec<String>,
}

/// What was merged so far.
struct Sum<K: Kind> {
    /// What the first part says that it is of.
    label: Label<K::Subject>,
    count: K::Count,
    /// By the id of a signature, the folder that has its smallest plan.
    places: BTreeMap<String, PathBuf>,
}

/// Merges parts in folders, or in the folders that these hold, into a new one. Those that are damaged, or of other
/// work, are left out and named. `step` is called after each part, with how many there are.
///
/// # Errors
/// When there is nothing sound among them, or the new folder isn't empty or can't be written.
pub fn merge<K: Kind>(
    inputs: &[PathBuf],
    out: &Path,
    mut step: impl FnMut(usize),
) -> Result<Merged<K>, Unrunnable> {
    let (folders, mut refused) = folders::<K>(inputs);
    Folder::<K>::expect_empty(out)?;
    let mut sum: Option<Sum<K>> = None;
    let mut parts = 0;
    for folder in &folders {
        match add(&mut sum, folder) {
            Ok(()) => parts += 1,
            Err(Unrunnable(why)) => refused.push(why),
        }
        step(folders.len());
    }
    let Some(sum) = sum else {
        let why = match refused.is_empty() {
            true => format!("there is no {} to merge", K::NOUN),
            false => refused.join("\n"),
        };
        return Err(Unrunnable(why));
    };
    let (folder, count) = keep(sum, out)?;
    Ok(Merged { count, folder, parts, refused })
}

/// The folders of parts among those given, and in them.
fn folders<K: Kind>(inputs: &[PathBuf]) -> (Vec<PathBuf>, Vec<String>) {
    let (mut folders, mut refused) = (Vec::new(), Vec::new());
    for input in inputs {
        if Folder::<K>::is_at(input) {
            folders.push(input.clone());
            continue;
        }
        match within(input) {
            Ok(within) if within.is_empty() => {
                let (path, noun) = (input.display(), K::NOUN);
                refused.push(format!("{path}: there is no {noun} here, nor in its folders"));
            }
            Ok(within) => folders.extend(within),
            Err(e) => refused.push(format!("{}: {e}", input.display())),
        }
    }
    (folders, refused)
}

/// A folder and those in it that can be looked into.
pub fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let within = within(folder).unwrap_or_default();
    std::iter::once(folder.to_owned()).chain(within).collect()
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
fn add<K: Kind>(sum: &mut Option<Sum<K>>, folder: &Path) -> Result<(), Unrunnable> {
    let bad = |why: String| Unrunnable(format!("{}: {why}", folder.display()));
    let label = Label::read::<K>(folder)?.of_the_whole();
    let part = Folder::<K>::state(folder)?;
    let mut part = part.ok_or_else(|| bad("nothing of it was saved yet".into()))?;
    part.seal();
    let Some(sum) = sum else {
        let places = placed::<K>(&BTreeMap::new(), &part, folder)?;
        *sum = Some(Sum { label, count: K::Count::none().united(part), places });
        return Ok(());
    };
    let differs = sum.label.differences::<K>(&label);
    if !differs.is_empty() {
        return Err(bad(format!("this is another {}; what differs: {}", K::NOUN, differs.join(", "))));
    }
    let (here, there) = (sum.count.shards(), part.shards());
    if here.division() != there.division() {
        let (here, there) = (here.divided(), there.divided());
        return Err(bad(format!("this is divided otherwise: {there}; expected {here}")));
    }
    if let Some(why) = sum.count.contradiction(&part) {
        return Err(bad(format!("{why}, which it can't in the same {}", K::NOUN)));
    }
    if here.holds(there).map_err(bad)? {
        return Ok(());
    }
    let places = placed::<K>(sum.count.findings(), &part, folder)?;
    sum.count = std::mem::take(&mut sum.count).united(part);
    sum.places.extend(places);
    Ok(())
}

/// Where the smallest plans are that a part has, all of them there to be read.
fn placed<K: Kind>(
    before: &BTreeMap<String, Finding>,
    part: &K::Count,
    folder: &Path,
) -> Result<BTreeMap<String, PathBuf>, Unrunnable> {
    let is_smallest = |(id, finding): &(&String, &Finding)| {
        before.get(*id).is_none_or(|before| finding.is_kept_before(before))
    };
    let kept = part.findings().iter().filter(|(_, finding)| !finding.known).filter(is_smallest);
    let place =
        |id: &String| Folder::<K>::expect_finding(folder, id).map(|()| (id.clone(), folder.to_owned()));
    kept.map(|(id, _)| place(id)).collect()
}

/// Keeps what was merged: beside its place, and there when it is whole.
fn keep<K: Kind>(sum: Sum<K>, out: &Path) -> Result<(Folder<K>, K::Count), Unrunnable> {
    let Sum { label, mut count, places } = sum;
    let bad = |e: std::io::Error| Unrunnable(format!("{}: {}", out.display(), files::words(&e)));
    let name =
        out.file_name().ok_or_else(|| Unrunnable(format!("{}: this names no folder", out.display())))?;
    let beside = out.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let folder = Folder::<K>::begin(&beside, label)?;
    for (id, place) in &places {
        folder.take_over(id, place)?;
    }
    folder.save(&count)?;
    folder.read_texts(&mut count)?;
    folder.conclude(&count)?;
    if out.exists() {
        fs::remove_dir(out).map_err(bad)?;
    }
    fs::rename(&beside, out).map_err(bad)?;
    Ok((folder.moved(out), count))
}
