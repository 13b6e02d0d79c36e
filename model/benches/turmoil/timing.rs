//! How long runs take, each of which has to have done its work.
//!
//! Both sides take turns, round after round, so that what else the machine does at the time falls on both.

use std::time::Duration;

use super::cluster::{self, Run};
use super::counts::Counts;
use super::driftless::{self, Figures};
use super::script::Script;
use super::spent;

/// So many rounds are counted, after one run of each kind whose time isn't: it fills caches, and is checked.
const ROUNDS: usize = 5;

/// What was measured.
pub struct Measured {
    /// What driftless prints of the plan.
    pub figures: Figures,
    /// How long a run of it took, round by round.
    pub own: Vec<Duration>,
    /// Turmoil, for each length of a tick.
    pub turmoil: Vec<Turmoil>,
}

/// Turmoil with ticks of one length.
pub struct Turmoil {
    /// The length.
    pub tick: Duration,
    /// What crossed the seams in a run.
    pub counts: Counts,
    /// How long a run took, round by round.
    pub took: Vec<Duration>,
}

/// Measures both sides by turns.
///
/// # Errors
/// When a run fails, differs from the one before it, or ends otherwise than the script's transcript.
pub fn measure(script: &Script, ticks: &[Duration]) -> Result<Measured, String> {
    let (figures, _) = driftless::measure()?;
    figures.agrees_with(script)?;
    let until = figures.simulated();
    let run = |tick: Duration| {
        cluster::run(script, until, tick).map_err(|why| format!("turmoil, {tick:?} ticks: {why}"))
    };
    let mut turmoil = Vec::new();
    let mut first = Vec::new();
    for &tick in ticks {
        let warm = run(tick)?;
        check(&warm, script)?;
        turmoil.push(Turmoil { tick, counts: warm.counts, took: Vec::new() });
        first.push(warm);
    }
    let mut own = Vec::new();
    for _ in 0..ROUNDS {
        own.push(driftless::measure()?.1);
        for (turmoil, first) in turmoil.iter_mut().zip(&first) {
            let begun = spent::now().own;
            let again = run(turmoil.tick)?;
            turmoil.took.push(spent::now().own.saturating_sub(begun));
            if again != *first {
                return Err(format!("two runs under turmoil differ: {again:?} and {first:?}"));
            }
        }
    }
    Ok(Measured { figures, own, turmoil })
}

/// Whether the operations had their effect: each gateway routes of the artifacts that exist what it does in the
/// transcript. Of deleted ones it may route no more than there. That it may route fewer is because a delete is
/// only heard by a gateway that is back by then (issue 1), and one that was cut off is back sooner here: turmoil
/// refuses a dial over a cut link at once, where the simulator lets it hang.
fn check(run: &Run, script: &Script) -> Result<(), String> {
    if run.operations != script.operations.len() {
        return Err(format!("{} of {} operations were carried out", run.operations, script.operations.len()));
    }
    let existing = script.existing();
    let exists = |deployment: &str| deployment.split('.').next().is_some_and(|name| existing.contains(name));
    for (gateway, expected) in &script.routes {
        let routes = run.routes.get(gateway).cloned().unwrap_or_default();
        let missing = expected.iter().any(|(handle, of)| exists(of) && routes.get(handle) != Some(of));
        let strange = routes.iter().any(|(handle, of)| expected.get(handle) != Some(of));
        if missing || strange {
            return Err(format!("{gateway} routes {routes:?}; in the transcript it routes {expected:?}"));
        }
    }
    Ok(())
}
