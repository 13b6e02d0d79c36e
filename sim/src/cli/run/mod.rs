//! `driftless run`: runs scripts and judges them.
//!
//! This file runs them and tells people; `json` tells programs, `cases` machines that show the results of tests.

mod cases;
pub(super) mod json;

use std::time::Duration;

use crate::bites::{self, Effectiveness};
use crate::explain::{self, seconds};
use crate::files::stopwatch;
use crate::outcome::{Outcome, Unrunnable};
use crate::plan::Plan;
use crate::report::Suite;
use crate::script::golden;
use crate::{parallel, transcript};

use super::load::{self, Loaded};
use super::progress::Progress;
use super::{Exit, args, history, report};

/// One script that was run.
struct Ran {
    loaded: Loaded,
    plan: Plan,
    outcome: Outcome,
    took: Duration,
    /// Whether each of its faults bit, if that was asked.
    bites: Option<Vec<Effectiveness>>,
    /// What it showed, beside its transcript.
    transcript: Transcript,
}

/// What became of a script's transcript.
enum Transcript {
    /// The plan isn't the script's own, so what it showed was not compared.
    NotCompared,
    /// It showed what is written.
    AsWritten,
    /// There was none; this would be it.
    Missing(String),
    /// It showed something else.
    Differs(String),
}

/// Runs scripts.
///
/// # Errors
/// When a script or an argument is wrong.
pub fn run(args: &args::Run) -> Result<Exit, Unrunnable> {
    let (loaded, unreadable) = load::sorted(&args.scripts)?;
    if !unreadable.is_empty() {
        let cases = || report::unreadable(&unreadable, "driftless run");
        report::give_out(&args.reports, args.json, || Suite::of("run", cases()))?;
        return Err(load::together(&unreadable));
    }
    let mut files = args.history.iter().map(|file| ("--history", file)).chain(args.views.files());
    if let (Some((option, file)), [_, _, ..]) = (files.next(), loaded.as_slice()) {
        let (file, scripts) = (file.display(), loaded.len());
        return Err(Unrunnable(format!(
            "{option} {file}: a file holds one run; there are {scripts} scripts"
        )));
    }
    let mut planned = Vec::with_capacity(loaded.len());
    for one in loaded {
        let plan = load::plan(&one, &args.changes)?;
        planned.push((one, plan));
    }
    let progress = Progress::new("ran", planned.len());
    let runs = parallel::map(&planned, load::jobs(args.jobs), |(_, plan)| {
        let begun = stopwatch();
        let outcome = args.views.run(plan);
        progress.step();
        outcome.map(|(outcome, watched)| (outcome, watched, begun.elapsed()))
    });
    let mut ran = Vec::with_capacity(planned.len());
    for ((loaded, plan), run) in planned.into_iter().zip(runs) {
        let (outcome, watched, took) = run?;
        // A transcript is that of the script as it stands; under anything else it is only judged.
        let as_written = plan == loaded.script.plan;
        let transcript = if as_written {
            compare(&loaded, &plan, &outcome, args.update)?
        } else {
            Transcript::NotCompared
        };
        if let Some(file) = &args.history {
            history::write(file, &loaded.name, &plan, &outcome)?;
        }
        args.views.write(&loaded.name, &command(&loaded.name, args), &plan, (&outcome, &watched))?;
        let bites = args.explain_faults.then(|| bites::of(&plan, &outcome)).transpose()?;
        ran.push(Ran { loaded, plan, outcome, took, bites, transcript });
    }
    if args.json {
        say!("{}", json::text(&ran).map_err(Unrunnable::of)?);
    } else {
        ran.iter().for_each(print);
        if ran.len() > 1 {
            let good = ran.iter().filter(|ran| ran.is_good()).count();
            say!("{} scripts: {good} good, {} bad", ran.len(), ran.len() - good);
        }
    }
    let bad = ran.iter().find(|ran| !ran.is_good());
    if let Some(bad) = bad.filter(|_| !args.json) {
        say!("again: {}", command(&bad.loaded.name, args));
    }
    report::give_out(&args.reports, args.json, || Suite::of("run", cases::all(&ran, args)))?;
    Ok(if bad.is_some() { Exit::Bad } else { Exit::Good })
}

impl Ran {
    fn is_good(&self) -> bool {
        self.outcome.is_good() && !matches!(self.transcript, Transcript::Differs(_))
    }
}

fn compare(loaded: &Loaded, plan: &Plan, outcome: &Outcome, update: bool) -> Result<Transcript, Unrunnable> {
    let shown = loaded.script.shown(&transcript::of(plan, outcome));
    let actual = golden::transcript(&loaded.text, &shown).map_err(Unrunnable::of)?;
    if update {
        std::fs::write(&loaded.name, &actual).map_err(|e| Unrunnable(format!("{}: {e}", loaded.name)))?;
        return Ok(Transcript::AsWritten);
    }
    Ok(match golden::difference(&loaded.text, &actual) {
        None => Transcript::AsWritten,
        Some(_) if !has_transcript(&loaded.text) => Transcript::Missing(actual),
        Some(difference) => Transcript::Differs(difference),
    })
}

/// Whether anything stands below a `---`.
fn has_transcript(text: &str) -> bool {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line == "---" && lines.peek().is_some_and(|below| !below.trim().is_empty()) {
            return true;
        }
    }
    false
}

fn print(ran: &Ran) {
    let outcome = &ran.outcome;
    say!("{}", ran.loaded.name);
    for line in explain::verdicts(&outcome.judgements) {
        say!("  {line}");
    }
    match &ran.bites {
        Some(bites) => {
            for (number, (fault, bite)) in ran.plan.faults.iter().zip(bites).enumerate() {
                say!("  fault {}: {fault}\n    {bite}", number + 1);
            }
        }
        None => {
            let faults = ran.plan.faults.iter().zip(&outcome.faults);
            for (fault, _) in faults.filter(|(_, reached)| reached.is_none()) {
                say!("  never reached: fault {fault}");
            }
        }
    }
    for (step, shown) in ran.plan.steps.iter().zip(&outcome.steps) {
        if shown.begun_us.is_none() {
            say!("  never begun: {}", step.to_command());
        }
    }
    for panic in &outcome.panics {
        say!("  panicked: {panic}");
    }
    say!(
        "  {} crossings, {} simulated, {:.1} ms",
        outcome.evidence.history.crossings().len(),
        seconds(outcome.lasted_us),
        ran.took.as_secs_f64() * 1_000.0
    );
    say!("  digest {}", outcome.digest);
    let violations = explain::violations(&ran.plan, outcome);
    if !violations.is_empty() {
        say!("\n{}", violations.trim_end());
    }
    match &ran.transcript {
        Transcript::NotCompared | Transcript::AsWritten => {}
        Transcript::Missing(whole) => {
            say!("\nit has no transcript yet (--update writes it):\n\n{}", whole.trim_end());
        }
        Transcript::Differs(difference) => {
            say!("\nwhat it showed differs from its transcript (- as written, + as shown):\n{difference}");
        }
    }
    say!();
}

/// The command that runs it again.
fn command(script: &str, args: &args::Run) -> String {
    format!("driftless run {script}{}", args.changes.as_options())
}
