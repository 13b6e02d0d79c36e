//! How often an address may try to connect (docs/spec/platform.md sections 1 and 6.1).
//!
//! The window of a minute slides, each process has its own count, and a refused attempt doesn't count. An
//! address is the machine at the other end: whoever shares one shares the limit.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::cx::Cx;
use crate::platform::Platform;
use crate::platform::refusal::Refusal;

/// How long an attempt counts.
const WINDOW: Duration = Duration::from_secs(60);

/// The attempts of the last minute by address, oldest first.
#[derive(Default)]
pub(in crate::platform) struct Attempts(Mutex<BTreeMap<String, VecDeque<Duration>>>);

impl Attempts {
    /// Whether one more is let in now; if so it counts.
    fn allow(&self, from: &str, now: Duration, limit: u64) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made = all.entry(from.to_owned()).or_default();
        while made.front().is_some_and(|at| now.saturating_sub(*at) >= WINDOW) {
            made.pop_front();
        }
        let allowed = (made.len() as u64) < limit;
        if allowed {
            made.push_back(now);
        }
        allowed
    }
}

impl Platform {
    /// Whether an address may try to connect, before anything else is looked at.
    pub(in crate::platform) fn let_try(&self, cx: &Cx, from: &str) -> Result<(), Refusal> {
        let allowed = self.attempts.allow(from, cx.uptime(), self.settings.rate_limit);
        allowed.then_some(()).ok_or(Refusal::TooManyAttempts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minute_slides_and_refused_attempts_do_not_count() {
        let attempts = Attempts::default();
        let at = |seconds, from| attempts.allow(from, Duration::from_secs(seconds), 2);
        assert!(at(0, "gw1") && at(30, "gw1"));
        assert!(!at(59, "gw1") && at(59, "gw2"));
        // The first is over, the second isn't, the refused one never was.
        assert!(at(60, "gw1") && !at(89, "gw1") && at(90, "gw1"));
    }
}
