//! Which part of the work this process carries out, and where it is kept.

use std::path::{Path, PathBuf};

use crate::outcome::Unrunnable;
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

/// Where a part is kept in the folder of the whole.
pub(super) fn folder(whole: &Path, shard: Shard) -> PathBuf {
    if shard == Shard::WHOLE {
        return whole.to_owned();
    }
    let of = shard.of().to_string();
    whole.join(format!("{:0width$}-of-{of}", shard.index(), width = of.len()))
}
