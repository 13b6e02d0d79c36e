//! The processor time that this process and those it has waited for have spent.
//!
//! Runs a second are those of a core that does nothing else. On a machine with other work the clock on the wall
//! says more about that work, and both sides are wanted by one measure. Where Linux's `/proc` isn't there, the
//! clock on the wall stands in for both.

// The machine's clock is what is measured by.
#![allow(clippy::disallowed_methods)]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// What has been spent so far.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// By this process.
    pub own: Duration,
    /// By the processes that it has started and waited for.
    pub children: Duration,
}

/// A tick of `/proc`, which is a hundredth of a second on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// What has been spent so far.
pub fn now() -> Spent {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let began = *BEGAN;
    of_linux().unwrap_or_else(|| Spent { own: began.elapsed(), children: began.elapsed() })
}

/// Whether it is processor time.
pub fn is_processor_time() -> bool {
    of_linux().is_some()
}

/// The fields `utime`, `stime`, `cutime` and `cstime` of `/proc/self/stat`, which follow eleven others behind the
/// program's name.
fn of_linux() -> Option<Spent> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, behind_the_name) = stat.rsplit_once(')')?;
    let fields = behind_the_name.split_whitespace().skip(11).take(4);
    let ticks = fields.map(|field| field.parse::<u32>().ok()).collect::<Option<Vec<_>>>()?;
    let [user, system, of_children, in_children] = ticks[..] else { return None };
    Some(Spent { own: TICK * (user + system), children: TICK * (of_children + in_children) })
}
