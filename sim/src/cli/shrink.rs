//! `driftless shrink`: from a script that violates a property to the smallest that does. And `explore --shrink`: the
//! same for whatever a campaign has found.

use std::cell::Cell;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use driftless_model::design::Design;
use serde::Serialize;

use crate::campaign::{Folder, Tally};
use crate::files::{self, stopwatch};
use crate::outcome::Unrunnable;
use crate::script::Script;
use crate::shrink::aim::Aim;
use crate::shrink::proof::{Needed, Seeds};
use crate::shrink::size::Size;
use crate::shrink::{self, Budget, Shrunk, Standing};

use super::{Exit, args, load};

/// How often a line of progress is printed where nobody looks at a terminal.
const LINES_EVERY: Duration = Duration::from_secs(10);

/// Shrinks a script.
///
/// # Errors
/// When the script or an argument is wrong, when nothing is violated, or when the file can't be written.
pub fn shrink(args: &args::Shrink) -> Result<Exit, Unrunnable> {
    let loaded = load::script(&args.script)?;
    let plan = load::plan(&loaded, &args.changes)?;
    if let Some(design) = &args.held_under {
        design.parse::<Design>().map_err(Unrunnable::of)?;
    }
    let budget = Budget { runs: args.runs, seeds: args.seeds, jobs: load::jobs(args.jobs) };
    let screen = Screen::new();
    let watch = |standing: &Standing| screen.tell(standing);
    let aim = shrink::aim(&plan, args.property.as_deref()).map(|aim| match &args.held_under {
        Some(design) => aim.held_under(design),
        None => aim,
    });
    let shrunk = aim
        .and_then(|aim| shrink::shrink(&plan, aim, budget, &watch))
        .map_err(|Unrunnable(why)| Unrunnable(format!("{}: {why}", loaded.name)));
    screen.end();
    let shrunk = shrunk?;
    if let Some(file) = &args.out {
        write(file, &shrunk)?;
    }
    if args.json {
        say!("{}", serde_json::to_string_pretty(&Json::of(&shrunk)).map_err(Unrunnable::of)?);
        return Ok(Exit::Good);
    }
    if args.out.is_none() {
        say!("{}", shrunk.script.trim_end());
    }
    eprintln!("{}", summary(&shrunk));
    let file = args.out.as_deref().unwrap_or(Path::new("FILE")).display();
    let design = shrunk.design.as_deref().map(|design| format!(" --design {design}")).unwrap_or_default();
    eprintln!("again: driftless run {file}{design}");
    Ok(Exit::Good)
}

/// Shrinks what a campaign has found and not yet shrunk: into its folder, or else onto the screen.
///
/// # Errors
/// When the harness itself has failed, or a file can't be written.
pub(super) fn findings(
    args: &args::Explore,
    tally: &Tally,
    folder: Option<&Folder>,
) -> Result<(), Unrunnable> {
    let budget = Budget { jobs: load::jobs(args.jobs), ..Budget::default() };
    let screen = Screen::new();
    let watch = |standing: &Standing| screen.tell(standing);
    for finding in tally.findings.values().filter(|finding| !finding.known) {
        let id = finding.signature.id();
        let file = folder.map(|folder| folder.path().join("findings").join(&id).join("shrunk"));
        if file.as_ref().is_some_and(|file| file.exists()) {
            continue;
        }
        let script = Script::parse(&id, &finding.script).map_err(|mistakes| {
            Unrunnable(mistakes.iter().map(|mistake| format!("{mistake}\n")).collect())
        })?;
        let shrunk = shrink::shrink(&script.plan, Aim::at(&finding.signature), budget, &watch)?;
        screen.end();
        if let Some(file) = &file {
            write(file, &shrunk)?;
        }
        if !args.json {
            say!("shrunk {id}: {}", summary(&shrunk));
            if file.is_none() {
                say!("\n{}\n", shrunk.script.trim_end());
            }
        }
    }
    Ok(())
}

/// Writes the script of what is left; the file appears whole.
fn write(file: &Path, shrunk: &Shrunk) -> Result<(), Unrunnable> {
    files::write_whole(file, shrunk.script.as_bytes())
        .map_err(|e| Unrunnable(format!("{}: {}", file.display(), files::words(&e))))
}

/// How much smaller it is, and how sure that is.
fn summary(shrunk: &Shrunk) -> String {
    let Shrunk { before, after, runs, seeds, .. } = shrunk;
    let of = |what: &str, before: usize, after: usize| format!("{before} to {after} {what}");
    let sizes = [
        of("lines", before.lines, after.lines),
        of("steps", before.steps, after.steps),
        of("faults", before.faults, after.faults),
        of("nodes", before.nodes, after.nodes),
        of("crossings", before.crossings, after.crossings),
    ];
    let spent = if shrunk.spent { ", and no more were allowed: it may not be the smallest" } else { "" };
    format!(
        "{}: from {}, in {runs} runs{spent}; fails under {} of {} other seeds",
        shrunk.aim.property,
        sizes.join(", "),
        seeds.failed,
        seeds.tried
    )
}

/// The screen of whoever waits.
struct Screen {
    terminal: bool,
    said: Cell<Instant>,
}

impl Screen {
    fn new() -> Self {
        Screen { terminal: std::io::stderr().is_terminal(), said: Cell::new(stopwatch()) }
    }

    /// Tells how far it has come: on a terminal at once, and elsewhere in a line from time to time.
    fn tell(&self, standing: &Standing) {
        let Standing { pass, runs, size } = standing;
        let Size { lines, steps, faults, .. } = size;
        let line = format!("{runs} runs: {lines} lines, {steps} steps, {faults} faults; trying {pass}");
        if self.terminal {
            let mut to = std::io::stderr().lock();
            // Nobody is hurt if progress can't be shown.
            let _ = write!(to, "\r\x1b[K{line}");
            let _ = to.flush();
        } else if self.said.get().elapsed() >= LINES_EVERY {
            self.said.set(stopwatch());
            eprintln!("{line}");
        }
    }

    /// Takes the line of progress away.
    fn end(&self) {
        if self.terminal {
            eprint!("\r\x1b[K");
        }
    }
}

#[derive(Serialize)]
struct Json<'a> {
    property: &'a str,
    decision: &'a str,
    design: Option<&'a str>,
    before: Size,
    after: Size,
    runs: u64,
    /// Whether the budget of runs ended it.
    spent: bool,
    seeds: Seeds,
    needed: &'a [Needed],
    script: &'a str,
}

impl<'a> Json<'a> {
    fn of(shrunk: &'a Shrunk) -> Self {
        let Shrunk { aim, design, before, after, runs, spent, needed, seeds, script, .. } = shrunk;
        Json {
            property: &aim.property,
            decision: &aim.decision,
            design: design.as_deref(),
            before: *before,
            after: *after,
            runs: *runs,
            spent: *spent,
            seeds: *seeds,
            needed,
            script,
        }
    }
}
