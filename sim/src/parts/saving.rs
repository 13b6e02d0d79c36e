//! When work is saved: so often that a kill loses seconds, and so rarely that saving isn't what it does.

use std::time::{Duration, Instant};

use crate::files::stopwatch;
use crate::outcome::Unrunnable;

use super::{Folder, Kind};

/// How long work goes on before it is saved again, at least.
const EVERY: Duration = Duration::from_secs(2);
/// Saving may take one part in so many of the time.
const PART: u32 = 20;

/// When work is to be saved again.
pub(crate) struct Saving {
    begun: Instant,
    next: Duration,
}

impl Saving {
    /// It has just begun.
    pub fn begin() -> Self {
        Saving { begun: stopwatch(), next: EVERY }
    }

    /// How long it goes on by now.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Saves what there is, if it is time to.
    pub fn save<K: Kind>(&mut self, folder: Option<&Folder<K>>, count: &K::Count) -> Result<(), Unrunnable> {
        let at = self.elapsed();
        if let Some(folder) = folder.filter(|_| at >= self.next) {
            folder.save(count)?;
            self.next = self.elapsed() + EVERY.max((self.elapsed() - at) * PART);
        }
        Ok(())
    }
}
