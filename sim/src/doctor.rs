//! The doctor: proof that runs are deterministic.
//!
//! The same plans are run in this process in order, and in another process in the reverse order under
//! another seed of the executor. The digests must be equal one by one. If they aren't, no other result can
//! be trusted; CI asks the doctor first.
//!
//! The bytes on the links are compared too, though no history holds them. Frame masks are drawn from the
//! executor's seed, so for this the other process runs each plan once more, under the seed that is used here.

use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::generate;
use crate::outcome::Unrunnable;
use crate::parallel;
use crate::plan::Plan;
use crate::plant::Plant;
use crate::run::{Executor, run_on};

/// A plan with a name, to be examined.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Patient {
    /// Where it comes from.
    pub name: String,
    /// What is run.
    pub plan: Plan,
}

/// What one run of a patient showed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// The digest of the history.
    pub digest: String,
    /// How many crossings it has.
    pub crossings: usize,
    /// A hash of the bytes on its links, under an executor's seed of zero.
    pub bytes: Option<String>,
}

/// Two runs of one plan that differ.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Difference {
    /// The plan.
    pub name: String,
    /// What it showed here.
    pub here: Finding,
    /// What it showed in the other process.
    pub there: Finding,
}

/// The executor's seed in the other process; here it is zero.
const OTHER_SEED: u64 = 0x0dd5_eed5;

/// Plans made up for the doctor, from that seed on.
pub fn made_up(seed: u64, count: usize) -> Vec<Patient> {
    let plan = |n: usize| {
        let seed = seed + n as u64;
        Patient { name: format!("generated plan {seed}"), plan: generate::plan(seed) }
    };
    (0..count).map(plan).collect()
}

/// Runs each patient once, in the given order.
///
/// # Errors
/// When a plan can't be run.
pub fn examine(patients: &[Patient], on: Executor, jobs: usize) -> Result<Vec<Finding>, Unrunnable> {
    let examined = parallel::map(patients, jobs, |patient| {
        let over_bytes = Executor { seed: 0, hashes_bytes: true, ..on };
        let bytes = run_on(&patient.plan, over_bytes)?;
        let outcome = if on.seed == over_bytes.seed { None } else { Some(run_on(&patient.plan, on)?) };
        let outcome = outcome.as_ref().unwrap_or(&bytes);
        let crossings = outcome.evidence.history.crossings().len();
        Ok(Finding { digest: outcome.digest.clone(), crossings, bytes: bytes.bytes.clone() })
    });
    examined.into_iter().collect()
}

/// Runs the patients here and in another process, and compares.
///
/// # Errors
/// When a plan can't be run, or the other process can't.
pub fn compare(
    patients: &[Patient],
    plant: Option<Plant>,
    jobs: usize,
) -> Result<Vec<Difference>, Unrunnable> {
    let here = examine(patients, Executor { plant, ..Executor::default() }, jobs)?;
    let there = elsewhere(patients, plant, jobs)?;
    let pairs = patients.iter().zip(here).zip(there);
    let differ = pairs.filter(|((_, here), there)| here != there);
    Ok(differ
        .map(|((patient, here), there)| Difference { name: patient.name.clone(), here, there })
        .collect())
}

/// What the other process is asked.
#[derive(Serialize, Deserialize)]
struct Request {
    patients: Vec<Patient>,
    plant: Option<String>,
    jobs: usize,
}

fn elsewhere(patients: &[Patient], plant: Option<Plant>, jobs: usize) -> Result<Vec<Finding>, Unrunnable> {
    let reversed: Vec<Patient> = patients.iter().rev().cloned().collect();
    let plant =
        plant.and_then(|plant| Plant::ALL.iter().find(|(_, p)| *p == plant)).map(|(w, _)| (*w).to_owned());
    let request = Request { patients: reversed, plant, jobs };
    let answer = ask(&program()?, &request).map_err(Unrunnable::of)?;
    let mut findings: Vec<Finding> = serde_json::from_slice::<Result<_, String>>(&answer)
        .map_err(|e| Unrunnable(format!("the other process said something else: {e}")))?
        .map_err(Unrunnable)?;
    findings.reverse();
    if findings.len() != patients.len() {
        return Err(Unrunnable("the other process ran another number of plans".into()));
    }
    Ok(findings)
}

fn ask(program: &PathBuf, request: &Request) -> io::Result<Vec<u8>> {
    let mut child = Command::new(program)
        .args(["doctor", "--elsewhere"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(to) = child.stdin.take() {
        serde_json::to_writer(to, request)?;
    }
    Ok(child.wait_with_output()?.stdout)
}

/// This command itself; a test names it, since it runs in a program of its own.
fn program() -> Result<PathBuf, Unrunnable> {
    match std::env::var_os("DRIFTLESS_PROGRAM") {
        Some(program) => Ok(program.into()),
        None => std::env::current_exe().map_err(Unrunnable::of),
    }
}

/// The other process: reads plans from the standard input, runs them, and writes what they showed.
///
/// # Errors
/// When the standard input or output fails.
pub fn serve() -> io::Result<()> {
    let request: Request = serde_json::from_reader(io::stdin().lock())?;
    let plant = Plant::ALL.iter().find(|(word, _)| Some(*word) == request.plant.as_deref()).map(|(_, p)| *p);
    let found =
        examine(&request.patients, Executor { seed: OTHER_SEED, plant, ..Executor::default() }, request.jobs);
    serde_json::to_writer(io::stdout().lock(), &found.map_err(|e| e.to_string()))?;
    Ok(())
}
