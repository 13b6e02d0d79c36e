//! `driftless mutants`: whether the harness tells every mutant from the design that it is otherwise.
//!
//! Each has a script of its name. A mutant whose run never parts from that of its base isn't tried by its script,
//! or does nothing: that is a fault of this project, and so is one that no property catches. The exit code says so.
//!
//! With `--explore` no script is run: how soon plans made up catch a mutant is in [`detection`], and with `--shrink`
//! how small they become in [`shrinking`].

use std::path::Path;

use driftless_model::design::{MUTANTS, Mutant};
use serde::Serialize;

use crate::mutants::{Trial, try_out};
use crate::outcome::Unrunnable;
use crate::parallel;
use crate::report::{Case, End, Suite, Trouble};

use super::load::{self, Loaded};
use super::matrix::{self, Row};
use super::progress::Progress;
use super::{Exit, args, detection, report, shard, shrinking};

/// Where the scripts of mutants are.
const FOLDER: &str = "scenarios/defects";

/// A mutant, and what became of its script.
#[derive(Serialize)]
struct Line {
    name: &'static str,
    decision: &'static str,
    variant: &'static str,
    base: &'static str,
    fixed_by: &'static str,
    script: String,
    #[serde(flatten)]
    trial: Trial,
}

/// Tries mutants.
///
/// # Errors
/// When there is no such mutant, or a script is missing or wrong.
pub fn mutants(args: &args::Mutants) -> Result<Exit, Unrunnable> {
    let tried: Vec<&'static Mutant> = match args.mutants.as_slice() {
        [] => MUTANTS.iter().collect(),
        names => names.iter().map(|name| find(name)).collect::<Result<_, _>>()?,
    };
    let tried = shard::of(args.part.shard)?.select(tried);
    if let Some(runs) = args.explore {
        if args.shrink {
            return shrinking::run(args, &tried, runs);
        }
        return detection::run(args, &tried, runs);
    }
    let scripts = scripts(&tried)?;
    let work: Vec<(&Mutant, Loaded)> = tried.into_iter().zip(scripts).collect();
    let progress = Progress::new("tried", work.len());
    let lines = parallel::map(&work, load::jobs(args.jobs), |(mutant, script)| {
        let line = line(mutant, script);
        progress.step();
        line
    });
    let lines: Vec<Line> = lines.into_iter().collect::<Result<_, _>>()?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&lines).map_err(Unrunnable::of)?);
    } else {
        tell(&lines);
    }
    report::give_out(&args.reports, args.json, || {
        Suite::of("mutants", lines.iter().map(Line::case).collect())
    })?;
    Ok(if lines.iter().all(Line::is_good) { Exit::Good } else { Exit::Bad })
}

/// The script of each mutant.
pub(super) fn scripts(mutants: &[&Mutant]) -> Result<Vec<Loaded>, Unrunnable> {
    let paths: Vec<_> = mutants.iter().map(|mutant| Path::new(FOLDER).join(mutant.name)).collect();
    load::scripts(&paths)
}

impl Line {
    /// Whether its run is told from that of the base, and some property catches it.
    fn is_good(&self) -> bool {
        self.trial.parts.is_some() && !self.trial.caught_by.is_empty()
    }

    /// The command that tries it again.
    fn again(&self) -> String {
        format!("driftless mutants {}", self.name)
    }

    /// Its case among the others.
    fn case(&self) -> Case {
        let trouble = |kind: &str, message: String| Trouble {
            kind: kind.to_owned(),
            message,
            details: format!("{}={}, {}", self.decision, self.variant, self.fixed_by),
            again: self.again(),
        };
        let end = match (&self.trial.parts, self.trial.caught_by.is_empty()) {
            (None, _) => {
                let why = format!("its run is that of {}: its script doesn't try it", self.base);
                End::Failed(trouble("not-told-apart", why))
            }
            (Some(_), true) => End::Failed(trouble("not-caught", "no property catches it".to_owned())),
            (Some(_), false) => End::Passed,
        };
        Case::of_script(&self.script, "", end)
    }
}

fn find(name: &str) -> Result<&'static Mutant, Unrunnable> {
    Mutant::find(name).ok_or_else(|| {
        let known: Vec<_> = MUTANTS.iter().map(|mutant| mutant.name).collect();
        Unrunnable(format!("there is no mutant '{name}'; expected one of {}", known.join(", ")))
    })
}

fn line(mutant: &Mutant, script: &Loaded) -> Result<Line, Unrunnable> {
    Ok(Line {
        name: mutant.name,
        decision: mutant.decision,
        variant: mutant.variant,
        base: mutant.base,
        fixed_by: mutant.fixed_by,
        script: script.name.clone(),
        trial: try_out(mutant, &script.script.plan)?,
    })
}

fn tell(lines: &[Line]) {
    for line in lines {
        let Trial { parts, caught_by } = &line.trial;
        say!("{}  {}={}, {}", line.name, line.decision, line.variant, line.fixed_by);
        match parts {
            Some(parts) => say!("  parts      \"{}\" {}", parts.at, parts.how),
            None => say!("  parts      nowhere: its run is that of {}", line.base),
        }
        let caught_by: Vec<_> = caught_by.iter().copied().collect();
        let by = if caught_by.is_empty() { "none".to_owned() } else { caught_by.join(", ") };
        say!("  caught by  {by}");
    }
    let caught = lines.iter().filter(|line| !line.trial.caught_by.is_empty()).count();
    let told_apart = lines.iter().filter(|line| line.trial.parts.is_some()).count();
    say!("\n{}", matrix(lines));
    say!("{} mutants, {told_apart} told apart, {caught} caught", lines.len());
    if let Some(first) = lines.iter().find(|line| !line.is_good()) {
        say!("again: {}", first.again());
    }
}

/// Which property catches which mutant.
fn matrix(lines: &[Line]) -> String {
    let caught = |line: &Line, name: &str| line.trial.caught_by.contains(name).then(|| "x".to_owned());
    let row = |line: &Line| Row {
        mutant: line.name,
        first: Vec::new(),
        cells: matrix::cells(|name| caught(line, name)),
    };
    matrix::text(&[], &lines.iter().map(row).collect::<Vec<_>>())
}
