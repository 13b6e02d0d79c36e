//! `driftless explore`: many plans made up, and what they find.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use driftless_model::design::Design;
use driftless_model::settings::Value;

use crate::campaign::{self, Finding, Folder, Goal, Subject, Tally, Watcher, summary};
use crate::files::stopwatch;
use crate::generate::{NAMED, Profile};
use crate::outcome::Unrunnable;
use crate::plan::Choice;

use super::{Exit, args, load, shrink};

/// Runs of a campaign that isn't told how many.
const RUNS: u64 = 1000;
/// How often a line of progress is printed where nobody looks at a terminal.
const LINES_EVERY: Duration = Duration::from_secs(10);

/// Explores.
///
/// # Errors
/// When an argument is wrong, or what was found can't be written.
pub fn explore(args: &args::Explore) -> Result<Exit, Unrunnable> {
    let subject = subject(args)?;
    if let Some(run) = args.plan {
        say!("{}", subject.plan(run).to_script().trim_end());
        return Ok(Exit::Good);
    }
    if args.shrink && args.json && args.out.is_none() {
        return Err(Unrunnable(
            "--shrink with --json has nowhere to put scripts; expected --out DIR too".into(),
        ));
    }
    let goal = goal(args)?;
    let mut known = BTreeSet::new();
    for folder in &args.known {
        known.extend(Folder::known(folder)?);
    }
    let (folder, mut tally) = match (&args.out, args.resume) {
        (None, _) => (None, Tally::default()),
        (Some(path), false) => (Some(Folder::create(path, &subject)?), Tally::default()),
        (Some(path), true) => {
            let (folder, tally) = Folder::resume(path, &subject)?;
            (Some(folder), tally)
        }
    };
    let mut watcher = Screen::new(goal, tally.runs, args.json)?;
    campaign::explore(
        &subject,
        goal,
        &known,
        load::jobs(args.jobs),
        &mut tally,
        folder.as_ref(),
        &mut watcher,
    )?;
    watcher.end();
    if args.json {
        say!("{:#}", summary::json(&tally));
    } else {
        say!("{}", summary::text(&tally, folder.as_ref()).trim_end());
    }
    // Told first: what can't be kept has at least been said.
    if let Some(folder) = &folder {
        folder.conclude(&tally)?;
    }
    if args.shrink {
        shrink::findings(args, &tally, folder.as_ref())?;
    }
    Ok(exit(&tally))
}

fn subject(args: &args::Explore) -> Result<Subject, Unrunnable> {
    let profile = profile(args.profile.as_deref())?;
    let mut design = Vec::new();
    if let Some(name) = &args.design {
        design.push(Choice::Design(name.clone()));
    }
    for decision in &args.decision {
        let Some((name, variant)) = decision.split_once('=') else {
            return Err(Unrunnable(format!("--decision {decision}: expected NAME=VARIANT")));
        };
        design.push(Choice::Decision { name: name.to_owned(), variant: variant.to_owned() });
    }
    let mut checked = Design::default();
    for choice in &design {
        choice.apply(&mut checked).map_err(Unrunnable::of)?;
    }
    Ok(Subject { design, profile, seed: args.seed })
}

/// The profile of that name or in that file; that which has everything if none is named.
pub(super) fn profile(name: Option<&str>) -> Result<Profile, Unrunnable> {
    match name {
        None => Ok(Profile::default()),
        Some(name) => Profile::named(name).map_or_else(|| from_file(name), Ok),
    }
}

fn from_file(name: &str) -> Result<Profile, Unrunnable> {
    let text = std::fs::read_to_string(name).map_err(|e| {
        let named: Vec<_> = NAMED.iter().map(|(name, _)| *name).collect();
        Unrunnable(format!(
            "--profile {name}: {}; expected a file, or one of {}",
            load::words(&e),
            named.join(", ")
        ))
    })?;
    Profile::read(&text).map_err(|wrong| Unrunnable(format!("{name}: {wrong}")))
}

fn goal(args: &args::Explore) -> Result<Goal, Unrunnable> {
    match (&args.for_, args.runs) {
        (None, runs) => Ok(Goal::Runs(runs.unwrap_or(RUNS))),
        (Some(text), _) => Duration::read(text)
            .map(Goal::For)
            .ok_or_else(|| Unrunnable(format!("--for {text}: expected {}", Duration::EXPECTED))),
    }
}

fn exit(tally: &Tally) -> Exit {
    let missed = tally.canary.as_ref().is_some_and(|canary| canary.caught_by.is_none());
    if missed || !tally.vacuous().is_empty() {
        Exit::NotRun
    } else if tally.findings.is_empty() {
        Exit::Good
    } else {
        Exit::Bad
    }
}

/// The screen of whoever waits, and their wish to stop.
struct Screen {
    goal: Goal,
    before: u64,
    begun: Instant,
    ran: AtomicU64,
    stop: Arc<AtomicBool>,
    terminal: bool,
    quiet: bool,
    said: Instant,
}

impl Screen {
    fn new(goal: Goal, before: u64, quiet: bool) -> Result<Self, Unrunnable> {
        let stop = Arc::<AtomicBool>::default();
        let asked = stop.clone();
        let handler = move || {
            if asked.swap(true, Ordering::Relaxed) {
                // Asked twice: whoever asks doesn't want to wait for the block.
                std::process::exit(130);
            }
        };
        ctrlc::set_handler(handler).map_err(Unrunnable::of)?;
        let now = stopwatch();
        let terminal = std::io::stderr().is_terminal();
        Ok(Screen { goal, before, begun: now, ran: AtomicU64::new(0), stop, terminal, quiet, said: now })
    }

    fn line(&self, ran: u64) -> String {
        let rate = ran as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        let of = match self.goal {
            Goal::Runs(runs) => format!(" of {runs}"),
            Goal::For(time) => format!(" in {} of {} s", self.begun.elapsed().as_secs(), time.as_secs()),
        };
        format!("{}{of} runs, {rate:.0} a second", self.before + ran)
    }

    fn end(&self) {
        if self.terminal {
            eprint!("\r\x1b[K");
        }
    }
}

impl Watcher for Screen {
    fn ran(&self) {
        let ran = 1 + self.ran.fetch_add(1, Ordering::Relaxed);
        if self.terminal && ran.is_multiple_of(8) {
            let mut to = std::io::stderr().lock();
            // Nobody is hurt if progress can't be shown.
            let _ = write!(to, "\r\x1b[K{}", self.line(ran));
            let _ = to.flush();
        }
    }

    fn block(&mut self, tally: &Tally) {
        if self.terminal || self.said.elapsed() < LINES_EVERY {
            return;
        }
        self.said = stopwatch();
        eprintln!("{}; {}", self.line(self.ran.load(Ordering::Relaxed)), summary::line(tally));
    }

    fn found(&mut self, finding: &Finding) {
        if !self.quiet {
            self.end();
            say!("found {} in run {}: {}", finding.signature.id(), finding.run, finding.signature);
        }
    }

    fn asks_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
