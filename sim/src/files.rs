//! Files that appear whole or not at all, and the watch on the wall: what the command needs of the machine it runs
//! on, and no run sees.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

/// Writes a file in one go: beside its place, to the disk, and then to its place. Two processes write beside it
/// under two names.
///
/// # Errors
/// When it can't be written; what was in its place is then as it was.
pub fn write_whole(place: &Path, content: &[u8]) -> io::Result<()> {
    let name =
        place.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this names no file"))?;
    let beside = place.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let write = || {
        let mut file = File::create(&beside)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&beside, place)
    };
    write().inspect_err(|_| {
        // What is half written is nobody's; if it can't be taken away there is nothing else to try.
        let _ = fs::remove_file(&beside);
    })
}

/// What the operating system says, without its number.
pub fn words(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "this may not be read".into(),
        io::ErrorKind::NotADirectory => "this is a file, or lies below one; expected a folder".into(),
        io::ErrorKind::IsADirectory => "this is a folder; expected a file".into(),
        _ => e.to_string(),
    }
}

/// The time on the wall of the person who waits.
#[allow(clippy::disallowed_methods)]
pub fn stopwatch() -> Instant {
    Instant::now()
}
