//! `driftless merge`: the parts of a campaign as one campaign, those of a sweep as one certificate.

use crate::campaign::{Campaign, summary};
use crate::outcome::Unrunnable;
use crate::parts::{self, Folder, Kind, Merged};
use crate::sweep::{Certificate, Sweep, table};

use super::progress::Progress;
use super::{Exit, args, explore, sweep};

/// Merges.
///
/// # Errors
/// When nothing can be merged, or the whole can't be written.
pub fn merge(args: &args::Merge) -> Result<Exit, Unrunnable> {
    match is_of_a_sweep(args) {
        Some(true) => merge_sweep(args),
        Some(false) => merge_campaign(args),
        None => {
            let parts: Vec<_> = args.parts.iter().map(|path| path.display().to_string()).collect();
            let parts = parts.join(", ");
            Err(Unrunnable(format!(
                "{parts}: there is neither a campaign nor a sweep here, nor in its folders"
            )))
        }
    }
}

/// Whether the first folder that holds one of both holds a sweep; nothing if none does.
fn is_of_a_sweep(args: &args::Merge) -> Option<bool> {
    let folders = args.parts.iter().flat_map(|path| parts::folders_in(path));
    let mut kinds = folders.filter_map(|path| match Folder::<Sweep>::is_at(&path) {
        true => Some(true),
        false => Folder::<Campaign>::is_at(&path).then_some(false),
    });
    kinds.next()
}

fn merge_campaign(args: &args::Merge) -> Result<Exit, Unrunnable> {
    let Merged { count: tally, folder, parts, refused } = merged::<Campaign>(args)?;
    if args.json {
        say!("{:#}", summary::json(&tally));
    } else {
        say!("{parts} parts, {}", summary::pace(&tally));
        say!("{}", summary::text(&tally).trim_end());
        say!("kept in {0}; a finding again: driftless run {0}/findings/ID/script", folder.path().display());
    }
    Ok(if refused.is_empty() { explore::exit(&tally) } else { Exit::NotRun })
}

fn merge_sweep(args: &args::Merge) -> Result<Exit, Unrunnable> {
    let Merged { count: tally, folder, parts, refused } = merged::<Sweep>(args)?;
    let certificate = Certificate::of(folder.build(), folder.subject(), &tally)?;
    if args.json {
        say!("{}", certificate.to_json()?.trim_end());
    } else {
        let (runs, seconds) = (tally.executed(), tally.took.as_secs_f64());
        say!("{parts} parts, {runs} runs in {seconds:.1} s");
        say!("{}", table::text(&certificate).trim_end());
        let path = folder.path().display();
        say!("kept in {path}; a finding again: driftless run {path}/findings/ID/script");
        say!("a sample again: driftless sweep --audit {path}/certificate.json --sample 1%");
    }
    Ok(match (refused.is_empty() && certificate.complete, sweep::has_found(&certificate)) {
        (false, _) => Exit::NotRun,
        (true, true) => Exit::Bad,
        (true, false) => Exit::Good,
    })
}

fn merged<K: Kind>(args: &args::Merge) -> Result<Merged<K>, Unrunnable> {
    let mut progress = None;
    let merged = parts::merge(&args.parts, &args.out, |all| {
        progress.get_or_insert_with(|| Progress::new("merged", all)).step();
    })?;
    for why in &merged.refused {
        eprintln!("left out: {why}");
    }
    Ok(merged)
}
