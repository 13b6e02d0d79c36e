//! `driftless mutants --explore RUNS`: how soon plans made up catch each mutant, and by which property.

use std::fmt::Write;

use driftless_model::design::Mutant;
use serde::Serialize;

use crate::campaign::{Detection, Search, detect};
use crate::outcome::Unrunnable;
use crate::report::{Case, End, Suite};

use super::matrix::{self, Row};
use super::progress::Progress;
use super::{Exit, args, explore, load, report};

/// A mutant, and what exploring it came to.
#[derive(Serialize)]
struct Line {
    name: &'static str,
    base: &'static str,
    fixed_by: &'static str,
    #[serde(flatten)]
    detection: Detection,
}

/// Explores mutants.
///
/// # Errors
/// When the profile is wrong, or a plan can't be run.
pub(super) fn run(args: &args::Mutants, mutants: &[&'static Mutant], runs: u64) -> Result<Exit, Unrunnable> {
    let profile = explore::profile(args.profile.as_deref())?;
    let search = Search { profile, seed: args.seed, searches: args.seeds, runs_most: runs };
    let total = usize::try_from(search.searches).unwrap_or(usize::MAX).saturating_mul(mutants.len());
    let progress = Progress::new("searched", total);
    let detections = detect(mutants, &search, load::jobs(args.jobs), || progress.step())?;
    let line = |(mutant, detection): (&&'static Mutant, Detection)| Line {
        name: mutant.name,
        base: mutant.base,
        fixed_by: mutant.fixed_by,
        detection,
    };
    let lines: Vec<Line> = mutants.iter().zip(detections).map(line).collect();
    if args.json {
        say!("{}", serde_json::to_string_pretty(&lines).map_err(Unrunnable::of)?);
    } else if args.markdown {
        say!("{}", markdown(&lines, runs).trim_end());
    } else {
        say!("{}", text(&lines, runs).trim_end());
    }
    report::give_out(&args.reports, args.json, || {
        Suite::of("mutants", lines.iter().map(Line::case).collect())
    })?;
    Ok(Exit::Good)
}

impl Line {
    /// Its case among the others. That one isn't found by plans made up is nobody's failure.
    fn case(&self) -> Case {
        let end = match self.detection.found {
            0 => End::Skipped(format!("none of {} searches found it", self.detection.searches)),
            _ => End::Passed,
        };
        Case::unplaced(self.name.to_owned(), "mutants", end)
    }
}

const HEADINGS: [&str; 4] = ["mutant", "found", "median runs", "by"];

/// The cells of a line.
fn cells(line: &Line, runs: u64) -> [String; 4] {
    let Detection { found, searches, median_runs, caught_by } = &line.detection;
    let by: Vec<_> =
        caught_by.iter().map(|(property, searches)| format!("{property} ({searches})")).collect();
    let by = if by.is_empty() { "none".to_owned() } else { by.join(", ") };
    let median = median_runs.map_or(format!("> {runs}"), |median| median.to_string());
    [line.name.to_owned(), format!("{found} of {searches}"), median, by]
}

fn markdown(lines: &[Line], runs: u64) -> String {
    let mut table = format!("| {} |\n|---|---|---|---|\n", HEADINGS.join(" | "));
    for line in lines {
        // Writing into a string doesn't fail.
        let _ = writeln!(table, "| {} |", cells(line, runs).join(" | "));
    }
    table
}

/// The matrix of mutants and properties: how many searches each ended, and the median of runs it took.
fn text(lines: &[Line], runs: u64) -> String {
    let row = |line: &Line| {
        let [_, found, median, _] = cells(line, runs);
        let ended = |name: &str| line.detection.caught_by.get(name).map(u64::to_string);
        Row { mutant: line.name, first: vec![found, median], cells: matrix::cells(ended) }
    };
    let rows: Vec<Row> = lines.iter().map(row).collect();
    let found = lines.iter().filter(|line| line.detection.found > 0).count();
    let matrix = matrix::text(&HEADINGS[1..3], &rows);
    format!(
        "{matrix}\n{} mutants, {found} found; under each property how many searches it ended\n",
        lines.len()
    )
}
