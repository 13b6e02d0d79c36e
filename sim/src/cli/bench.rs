//! `driftless bench`: how fast runs are, on one pinned plan.
//!
//! The plan's name has a digest of the plan in it: a change to the plan changes its name, so that nobody
//! compares figures of different plans. One core, whole runs, from plan to verdicts.

use std::path::PathBuf;
use std::time::Duration;

use driftless_model::cx::Phase;
use serde::Serialize;

use crate::files::stopwatch;
use crate::outcome::{Outcome, Unrunnable};
use crate::plan::{Action, Plan};
use crate::run::{Executor, run, run_on};

use super::{Exit, args, load};

/// Runs whose time isn't counted: they fill caches.
const WARM_UP: usize = 5;

/// What is printed, under these names with `--json`.
#[derive(Serialize)]
struct Figures {
    plan: String,
    runs: usize,
    runs_per_second_per_core: f64,
    crossings_per_second: f64,
    simulated_to_real: f64,
    http_requests: usize,
    frames: usize,
    storage_crossings: usize,
    hub_polls: usize,
    crossings: usize,
    operations: usize,
    deploys: usize,
    simulated_seconds: f64,
}

/// Runs the benchmark plan again and again.
///
/// # Errors
/// When the plan can't be read or run.
pub fn bench(args: &args::Bench) -> Result<Exit, Unrunnable> {
    let path = args.script.clone().unwrap_or_else(|| PathBuf::from("scenarios/bench"));
    let loaded = load::scripts(&[path])?;
    let [loaded] = loaded.as_slice() else {
        return Err(Unrunnable("expected one script to measure".into()));
    };
    let plan = &loaded.script.plan;
    let outcome = run(plan)?;
    for _ in 1..WARM_UP {
        run(plan)?;
    }
    if let Some(pairs) = args.fault_layer {
        return fault_layer(plan, pairs, args.json);
    }
    let (runs, took) = measure(plan, Duration::from_secs(u64::from(args.seconds)))?;
    let figures = figures(plan, &outcome, runs, took);
    if args.json {
        say!("{}", serde_json::to_string_pretty(&figures).map_err(Unrunnable::of)?);
    } else {
        print(&figures);
    }
    Ok(Exit::Good)
}

/// Runs the plan for at least that long; how often, and how long it took.
fn measure(plan: &Plan, at_least: Duration) -> Result<(usize, Duration), Unrunnable> {
    let begun = stopwatch();
    let mut runs = 0;
    loop {
        run(plan)?;
        runs += 1;
        let took = begun.elapsed();
        if took >= at_least {
            return Ok((runs, took));
        }
    }
}

/// What an empty list of faults costs: the time of a run with the layer over that of one without it, as the
/// median of pairs that take turns at being first.
fn fault_layer(plan: &Plan, pairs: u16, as_json: bool) -> Result<Exit, Unrunnable> {
    let timed = |asks_no_faults| {
        let begun = stopwatch();
        run_on(plan, Executor { asks_no_faults, ..Executor::default() })?;
        Ok(begun.elapsed().as_secs_f64())
    };
    let mut ratios = Vec::new();
    for pair in 0..pairs {
        let with_first = pair % 2 == 0;
        let (first, second) = (timed(!with_first)?, timed(with_first)?);
        ratios.push(if with_first { first / second } else { second / first });
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    if as_json {
        say!("{}", serde_json::json!({ "pairs": pairs, "fault_layer_ratio": median }));
    } else {
        say!("with the layer of faults over without it: {median:.3} (median of {pairs} pairs)");
    }
    Ok(Exit::Good)
}

fn figures(plan: &Plan, outcome: &Outcome, runs: usize, took: Duration) -> Figures {
    let crossings = outcome.evidence.history.crossings();
    let count = |prefix: &str, phase: Option<Phase>| {
        crossings.iter().filter(|c| c.address.site.starts_with(prefix) && c.address.phase == phase).count()
    };
    let per_second = runs as f64 / took.as_secs_f64();
    let simulated_seconds = outcome.lasted_us as f64 / 1e6;
    let does = |what: fn(&Action) -> bool| plan.steps.iter().filter(|step| what(&step.action)).count();
    let digest = blake3::hash(plan.to_script().as_bytes()).to_hex();
    Figures {
        plan: format!("bench-{}", &digest[..8]),
        runs,
        runs_per_second_per_core: per_second,
        crossings_per_second: per_second * crossings.len() as f64,
        simulated_to_real: per_second * simulated_seconds,
        http_requests: count("http.", Some(Phase::Sent)),
        // The end of a write is no frame of its own.
        frames: count("ws.", Some(Phase::Sent)) - count("ws.written", Some(Phase::Sent)),
        storage_crossings: count("store.", None) + count("hub.", None) - count("hub.poll", None),
        hub_polls: count("hub.poll", None),
        crossings: crossings.len(),
        operations: does(Action::is_operation),
        deploys: does(|action| matches!(action, Action::Deploy { .. })),
        simulated_seconds,
    }
}

fn print(figures: &Figures) {
    let Figures { plan, runs, operations, deploys, simulated_seconds, .. } = figures;
    say!("{plan}: {operations} operations, {deploys} of them deploys; {simulated_seconds:.0} s simulated");
    say!("  {:>12.0}  runs a second and core ({runs} runs)", figures.runs_per_second_per_core);
    say!("  {:>12.0}  crossings a second", figures.crossings_per_second);
    say!("  {:>12.0}  seconds simulated in a real one", figures.simulated_to_real);
    say!("one run has");
    say!("  {:>12}  crossings", figures.crossings);
    say!("  {:>12}  HTTP requests", figures.http_requests);
    say!("  {:>12}  frames", figures.frames);
    say!("  {:>12}  storage crossings", figures.storage_crossings);
    say!("  {:>12}  hub polls", figures.hub_polls);
}
