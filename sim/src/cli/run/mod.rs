//! `driftless run`: runs scripts and judges them.

use std::time::Duration;

use serde::Serialize;

use crate::bites::{self, Effectiveness};
use crate::explain::{self, seconds};
use crate::files::stopwatch;
use crate::outcome::{Judgement, Outcome, Unrunnable, Verdict};
use crate::panics::Panic;
use crate::plan::Plan;
use crate::run::run as run_plan;
use crate::script::golden;
use crate::{parallel, transcript};

use super::load::{self, Loaded};
use super::progress::Progress;
use super::{Exit, args, history};

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
    let loaded = load::scripts(&args.scripts)?;
    if let (Some(file), [_, _, ..]) = (&args.history, loaded.as_slice()) {
        let (file, scripts) = (file.display(), loaded.len());
        return Err(Unrunnable(format!(
            "--history {file}: a file holds one history; there are {scripts} scripts"
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
        let outcome = run_plan(plan);
        progress.step();
        outcome.map(|outcome| (outcome, begun.elapsed()))
    });
    let mut ran = Vec::with_capacity(planned.len());
    for ((loaded, plan), run) in planned.into_iter().zip(runs) {
        let (outcome, took) = run?;
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
        let bites = args.explain_faults.then(|| bites::of(&plan, &outcome)).transpose()?;
        ran.push(Ran { loaded, plan, outcome, took, bites, transcript });
    }
    if args.json {
        say!("{}", json(&ran).map_err(Unrunnable::of)?);
    } else {
        ran.iter().for_each(print);
        if ran.len() > 1 {
            let good = ran.iter().filter(|ran| ran.is_good()).count();
            say!("{} scripts: {good} good, {} bad", ran.len(), ran.len() - good);
        }
    }
    let bad = ran.iter().find(|ran| !ran.is_good());
    if let Some(bad) = bad.filter(|_| !args.json) {
        say!("again: {}", command(bad, args));
    }
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
fn command(ran: &Ran, args: &args::Run) -> String {
    format!("driftless run {}{}", ran.loaded.name, args.changes.as_options())
}

#[derive(Serialize)]
struct JsonAll<'a> {
    /// Of each property the worst verdict of all runs.
    verdicts: Vec<Judgement>,
    /// Of one run its digest; of several the digest of their digests.
    digest: String,
    runs: Vec<JsonRun<'a>>,
}

#[derive(Serialize)]
struct JsonRun<'a> {
    script: &'a str,
    verdicts: &'a [Judgement],
    digest: &'a str,
    crossings: usize,
    simulated_us: u64,
    stall: Option<&'a str>,
    panics: &'a [Panic],
    unreached_faults: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bites: Option<&'a [Effectiveness]>,
    transcript_differs: bool,
}

fn json(ran: &[Ran]) -> serde_json::Result<String> {
    let runs: Vec<JsonRun<'_>> = ran.iter().map(json_run).collect();
    let digest = match runs.as_slice() {
        [one] => one.digest.to_owned(),
        _ => {
            let mut hasher = blake3::Hasher::new();
            runs.iter().for_each(|run| {
                hasher.update(run.digest.as_bytes());
            });
            hasher.finalize().to_hex().to_string()
        }
    };
    serde_json::to_string_pretty(&JsonAll { verdicts: worst(ran), digest, runs })
}

fn json_run(ran: &Ran) -> JsonRun<'_> {
    let outcome = &ran.outcome;
    let unreached = ran.plan.faults.iter().zip(&outcome.faults).filter(|(_, reached)| reached.is_none());
    JsonRun {
        script: &ran.loaded.name,
        verdicts: &outcome.judgements,
        digest: &outcome.digest,
        crossings: outcome.evidence.history.crossings().len(),
        simulated_us: outcome.lasted_us,
        stall: outcome.stall.as_deref(),
        panics: &outcome.panics,
        unreached_faults: unreached.map(|(fault, _)| fault.to_string()).collect(),
        bites: ran.bites.as_deref(),
        transcript_differs: matches!(ran.transcript, Transcript::Differs(_)),
    }
}

fn worst(ran: &[Ran]) -> Vec<Judgement> {
    let severity = |verdict: Verdict| match verdict {
        Verdict::Violated => 4,
        Verdict::Stalled => 3,
        Verdict::Held => 2,
        Verdict::Vacuous => 1,
        Verdict::NotJudged => 0,
    };
    let of = |property: &'static str| {
        let all = ran.iter().flat_map(|ran| &ran.outcome.judgements);
        let mut verdict = Verdict::NotJudged;
        let mut violations = Vec::new();
        for judgement in all.filter(|judgement| judgement.property == property) {
            if severity(judgement.verdict) > severity(verdict) {
                verdict = judgement.verdict;
            }
            violations.extend(judgement.violations.iter().cloned());
        }
        Judgement { property, verdict, violations }
    };
    crate::properties::names().iter().map(|name| of(name)).collect()
}
