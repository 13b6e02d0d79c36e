//! `driftless merge`: the parts of a campaign as one campaign.

use crate::campaign::{self, Merged, summary};
use crate::outcome::Unrunnable;

use super::progress::Progress;
use super::{Exit, args, explore};

/// Merges.
///
/// # Errors
/// When nothing can be merged, or the whole can't be written.
pub fn merge(args: &args::Merge) -> Result<Exit, Unrunnable> {
    let mut progress = None;
    let merged = campaign::merge(&args.parts, &args.out, |all| {
        progress.get_or_insert_with(|| Progress::new("merged", all)).step();
    })?;
    let Merged { tally, folder, parts, refused } = merged;
    for why in &refused {
        eprintln!("left out: {why}");
    }
    if args.json {
        say!("{:#}", summary::json(&tally));
    } else {
        say!("{parts} parts, {}", summary::pace(&tally));
        say!("{}", summary::text(&tally).trim_end());
        say!("kept in {0}; a finding again: driftless run {0}/findings/ID/script", folder.path().display());
    }
    Ok(if refused.is_empty() { explore::exit(&tally) } else { Exit::NotRun })
}
