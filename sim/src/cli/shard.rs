//! Which part of the work this process carries out, and where it is kept.

use std::path::{Path, PathBuf};

use crate::outcome::Unrunnable;
use crate::parts::{Count, Folder, Kind};
use crate::shard::Shard;

/// The part that was asked for, or that an engine has given to this process; all of it otherwise.
///
/// # Errors
/// When an engine says something that can't be.
pub(super) fn of(asked: Option<Shard>) -> Result<Shard, Unrunnable> {
    if let Some(shard) = asked {
        return Ok(shard);
    }
    let assigned = Shard::assigned(|name| std::env::var(name).ok()).map_err(Unrunnable)?;
    Ok(assigned.map_or(Shard::WHOLE, |(shard, variable)| {
        eprintln!("shard {shard}, says {variable}");
        shard
    }))
}

/// Begins a part, or goes on with it, where it is to be kept.
///
/// # Errors
/// When the folder is of something else, or can't be written.
pub(super) fn begin<K: Kind>(
    out: Option<&Path>,
    resume: bool,
    subject: &K::Subject,
    shard: Shard,
) -> Result<(Option<Folder<K>>, K::Count), Unrunnable> {
    let Some(whole) = out else { return Ok((None, K::Count::of_shard(shard))) };
    let path = folder(whole, shard);
    // Whoever starts a shard again doesn't know how far it came.
    let is_there = resume && (shard == Shard::WHOLE || Folder::<K>::is_at(&path));
    let open = if is_there { Folder::<K>::resume } else { Folder::<K>::create };
    let (folder, count) = open(&path, subject, shard)?;
    Ok((Some(folder), count))
}

/// Where a part is kept in the folder of the whole.
fn folder(whole: &Path, shard: Shard) -> PathBuf {
    if shard == Shard::WHOLE {
        return whole.to_owned();
    }
    let of = shard.of().to_string();
    whole.join(format!("{:0width$}-of-{of}", shard.index(), width = of.len()))
}
