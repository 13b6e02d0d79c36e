//! The other side: `driftless bench --json`, on the same machine, in the same minute, of the same script.
//!
//! The simulator can't be linked in here, since it needs the flag that turmoil can't be built with, so its
//! release build is run as a program.

use std::fmt::Display;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use super::counts::Counts;
use super::script::{self, Script};
use super::spent;

/// Names the program, if it isn't where a release build leaves it.
const VARIABLE: &str = "DRIFTLESS_PROGRAM";
/// For how long it measures.
const SECONDS: [u16; 2] = [0, 4];
/// Where a release build leaves it.
const BUILT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/driftless");

/// What the program prints of its benchmark.
#[derive(Deserialize, Debug)]
pub struct Figures {
    /// The plan's name, with a digest of it.
    pub plan: String,
    /// How many runs were measured.
    pub runs: u32,
    /// What crossed the seams in a run.
    #[serde(flatten)]
    pub counts: Counts,
    /// How many operations the plan has.
    pub operations: usize,
    /// How many of them deploy.
    pub deploys: usize,
    /// When a run ends.
    pub simulated_seconds: f64,
}

/// Runs the program's benchmark, and says how long a run took. What its start and the runs that warm it up
/// take is known from a benchmark that ends at once.
///
/// # Errors
/// When it isn't built, fails, or prints something else.
pub fn measure() -> Result<(Figures, Duration), String> {
    let timed = |seconds| {
        let begun = spent::now().children;
        let figures = bench(seconds)?;
        Ok::<_, String>((figures, spent::now().children.saturating_sub(begun)))
    };
    let [brief, long] = SECONDS;
    let ((brief, overhead), (long, all)) = (timed(brief)?, timed(long)?);
    let runs = long.runs.saturating_sub(brief.runs);
    let took = all.saturating_sub(overhead).checked_div(runs);
    let took = took.filter(|took| !took.is_zero());
    let too_few = || format!("{} runs are too few to measure by; the machine is too busy", runs + brief.runs);
    let took = took.ok_or_else(too_few)?;
    Ok((long, took))
}

fn bench(seconds: u16) -> Result<Figures, String> {
    let program = std::env::var_os(VARIABLE).map_or_else(|| PathBuf::from(BUILT), PathBuf::from);
    let told = |why: &dyn Display| {
        let (program, expected) = (program.display(), "expected the driftless command");
        format!("{program}: {why}; {expected}: 'cargo build --release', or its path in {VARIABLE}")
    };
    let seconds = seconds.to_string();
    let ran = Command::new(&program).args(["bench", script::PATH, "--json", "--seconds", &seconds]).output();
    let ran = ran.map_err(|why| told(&why))?;
    if !ran.status.success() {
        return Err(told(&String::from_utf8_lossy(&ran.stderr).trim()));
    }
    serde_json::from_slice(&ran.stdout).map_err(|why| told(&why))
}

impl Figures {
    /// How long a run is by its own clock.
    pub fn simulated(&self) -> Duration {
        Duration::from_secs_f64(self.simulated_seconds)
    }

    /// Whether both read the same plan.
    ///
    /// # Errors
    /// When the program counts other operations than were read here.
    pub fn agrees_with(&self, script: &Script) -> Result<(), String> {
        if self.operations == script.operations.len() {
            return Ok(());
        }
        let (there, here) = (self.operations, script.operations.len());
        Err(format!("driftless reads {there} operations in {}, the comparison {here}", script::PATH))
    }
}
