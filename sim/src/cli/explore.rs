//! `driftless explore`: many plans made up, and what they find.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use driftless_model::design::Design;
use driftless_model::settings::Value;

use crate::campaign::{self, Campaign, Finding, Folder, Goal, Known, Subject, Tally, Watcher, summary};
use crate::files::{self, stopwatch};
use crate::generate::{NAMED, Profile};
use crate::outcome::Unrunnable;
use crate::plan::Choice;
use crate::report::Suite;
use crate::shard::Shard;
use crate::view::Search;

use super::progress::Progress;
use super::{Exit, args, findings, load, report, shard, shrink, view};

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
    let known = known(args, &subject)?;
    let shard = shard::of(args.part.shard)?;
    let (folder, mut tally) = shard::begin::<Campaign>(args.out.as_deref(), args.resume, &subject, shard)?;
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
        let mut summary = summary::json(&tally);
        summary["runs_per_second"] = summary::rate(&tally).into();
        say!("{summary:#}");
    } else {
        tell(&tally, shard, folder.as_ref());
    }
    // Told first: what can't be kept has at least been said.
    if let Some(folder) = &folder {
        folder.conclude(&tally)?;
    }
    if args.shrink {
        shrink::findings(args, &tally, folder.as_ref())?;
    }
    view::search(args.html.as_ref(), || {
        let under = args.design.as_deref().unwrap_or("as-merged");
        let title = format!("{} plans under {under}", args.profile.as_deref().unwrap_or("made-up"));
        Search::of_campaign(&title, &again(args, &tally), &tally)
    })?;
    let cases = || findings::cases(&tally, folder.as_ref(), args);
    report::give_out(&args.reports, args.json, || Suite::of("explore", cases()))?;
    // What a part of a campaign comes to is said of the whole.
    Ok(if shard == Shard::WHOLE { exit(&tally) } else { Exit::Good })
}

/// What a campaign came to; of a part, how to know what all of them come to.
fn tell(tally: &Tally, shard: Shard, folder: Option<&Folder>) {
    say!("{}", summary::pace(tally));
    let path = folder.map(|folder| folder.path().display());
    if shard == Shard::WHOLE {
        say!("{}", summary::text(tally).trim_end());
        if let Some(path) = path {
            say!("kept in {path}; a finding again: driftless run {path}/findings/ID/script");
        }
        return;
    }
    say!("{}", summary::line(tally));
    if let Some(path) = path {
        say!("part {shard} kept in {path}; what all come to: driftless merge PARTS --out DIR");
    }
}

/// The command that does the same again.
fn again(args: &args::Explore, tally: &Tally) -> String {
    format!("driftless explore --runs {}{}", tally.runs, findings::subject(args))
}

fn subject(args: &args::Explore) -> Result<Subject, Unrunnable> {
    let promised = (args.design.as_deref() == Some(Design::HARDENED)).then_some("envelope");
    let profile = profile(args.profile.as_deref().or(promised))?;
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
            files::words(&e),
            named.join(", ")
        ))
    })?;
    Profile::read(&text).map_err(|wrong| Unrunnable(format!("{name}: {wrong}")))
}

/// What the folders hold that are known: those of campaigns what was kept, all others scripts.
fn known(args: &args::Explore, subject: &Subject) -> Result<Known, Unrunnable> {
    let mut known = Known::default();
    let (campaigns, scripts): (Vec<_>, Vec<_>) = args.known.iter().partition(|path| Folder::is_at(path));
    for folder in campaigns {
        known.add_kept(folder)?;
    }
    if scripts.is_empty() {
        return Ok(known);
    }
    let paths: Vec<_> = scripts.into_iter().cloned().collect();
    let loaded = load::scripts(&paths).map_err(|Unrunnable(why)| {
        Unrunnable(format!("{why}\n--known: expected the folder of a campaign, or scripts"))
    })?;
    let scripts: Vec<_> = loaded.into_iter().map(|one| (one.name, one.script.plan)).collect();
    let progress = Progress::new("known", scripts.len());
    known.add_shown(subject, &scripts, load::jobs(args.jobs), || progress.step())?;
    Ok(known)
}

fn goal(args: &args::Explore) -> Result<Goal, Unrunnable> {
    match (&args.for_, args.runs) {
        (None, runs) => Ok(Goal::Runs(runs.unwrap_or(RUNS))),
        (Some(text), _) => Duration::read(text)
            .map(Goal::For)
            .ok_or_else(|| Unrunnable(format!("--for {text}: expected {}", Duration::EXPECTED))),
    }
}

/// What a campaign comes to, as an exit code.
pub(super) fn exit(tally: &Tally) -> Exit {
    let missed = tally.canary.as_ref().is_some_and(|canary| canary.caught_by.is_none());
    if missed || !tally.vacuous().is_empty() || !tally.shards.missing().is_empty() {
        Exit::NotRun
    } else if tally.bad_runs == 0 {
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
                // Asked twice: whoever asks doesn't want to wait for the runs that are under way.
                std::process::exit(130);
            }
        };
        ctrlc::set_handler(handler).map_err(Unrunnable::of)?;
        let now = stopwatch();
        let terminal = std::io::stderr().is_terminal();
        Ok(Screen { goal, before, begun: now, stop, terminal, quiet, said: now })
    }

    fn line(&self, runs: u64) -> String {
        let rate = (runs - self.before) as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        let of = match self.goal {
            Goal::Runs(runs) => format!(" of {runs}"),
            Goal::For(time) => format!(" in {} of {} s", self.begun.elapsed().as_secs(), time.as_secs()),
        };
        format!("{runs}{of} runs, {rate:.0} a second")
    }

    fn end(&self) {
        if self.terminal {
            eprint!("\r\x1b[K");
        }
    }
}

impl Watcher for Screen {
    fn ran(&mut self, tally: &Tally) {
        if self.terminal && tally.runs.is_multiple_of(8) {
            let mut to = std::io::stderr().lock();
            // Nobody is hurt if progress can't be shown.
            let _ = write!(to, "\r\x1b[K{}", self.line(tally.runs));
            let _ = to.flush();
        }
        if !self.terminal && self.said.elapsed() >= LINES_EVERY {
            self.said = stopwatch();
            eprintln!("{}; {}", self.line(tally.runs), summary::line(tally));
        }
    }

    fn found(&mut self, finding: &Finding) {
        if !self.quiet {
            self.end();
            say!("found {} in run {}: {}", finding.signature.id(), finding.first_run, finding.signature);
        }
    }

    fn asks_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
