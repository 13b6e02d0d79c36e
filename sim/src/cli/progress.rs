//! Progress on the standard error, if somebody is looking.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what is done of a known number.
pub struct Progress {
    what: &'static str,
    total: usize,
    done: AtomicUsize,
    shown: bool,
}

impl Progress {
    /// Nothing of `total` is done.
    pub fn new(what: &'static str, total: usize) -> Self {
        let shown = std::io::stderr().is_terminal();
        Progress { what, total, done: AtomicUsize::new(0), shown }
    }

    /// One more is done.
    pub fn step(&self) {
        let done = 1 + self.done.fetch_add(1, Ordering::Relaxed);
        let last = done == self.total;
        if self.shown && (last || done.is_multiple_of(1 + self.total / 100)) {
            let mut to = std::io::stderr().lock();
            // Nobody is hurt if progress can't be shown.
            let _ =
                write!(to, "\r{} {done} of {}{}", self.what, self.total, if last { "\r\x1b[K" } else { "" });
            let _ = to.flush();
        }
    }
}
