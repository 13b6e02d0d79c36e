//! `driftless mutants --explore RUNS --shrink`: how small the plans become that catch each mutant.

use std::fmt::Write;

use driftless_model::design::Mutant;
use serde::Serialize;

use crate::outcome::Unrunnable;
use crate::shrink::Budget;
use crate::shrink::mutants::{Caught, Hunt, catch};
use crate::shrink::size::Size;

use super::mutants::scripts;
use super::progress::Progress;
use super::{Exit, args, explore, load};

/// A mutant, and what became of the plan that caught it.
#[derive(Serialize)]
struct Line {
    name: &'static str,
    base: &'static str,
    #[serde(flatten)]
    caught: Option<Caught>,
}

/// Catches mutants and shrinks what caught them.
///
/// # Errors
/// When the profile is wrong, or a plan can't be run.
pub(super) fn run(args: &args::Mutants, mutants: &[&'static Mutant], runs: u64) -> Result<Exit, Unrunnable> {
    let profile = explore::profile(args.profile.as_deref())?;
    let hunt = Hunt { profile, seed: args.seed, runs_most: runs };
    let budget = Budget { jobs: load::jobs(args.jobs), ..Budget::default() };
    let progress = Progress::new("shrunk", mutants.len());
    let scripts = scripts(mutants)?;
    let plans = scripts.iter().map(|one| &one.script.plan);
    let with_scripts: Vec<_> = mutants.iter().copied().zip(plans).collect();
    let caught = catch(&with_scripts, &hunt, budget, || progress.step())?;
    let line = |(mutant, caught): (&&'static Mutant, Option<Caught>)| Line {
        name: mutant.name,
        base: mutant.base,
        caught,
    };
    let lines: Vec<Line> = mutants.iter().zip(caught).map(line).collect();
    if args.json {
        say!("{}", serde_json::to_string_pretty(&lines).map_err(Unrunnable::of)?);
    } else {
        say!("{}", table(&lines, args.markdown));
    }
    Ok(Exit::Good)
}

const HEADINGS: [&str; 9] =
    ["mutant", "caught by", "in run", "lines", "steps", "faults", "nodes", "runs", "other seeds"];

/// The cells of a line.
fn cells(line: &Line) -> [String; 9] {
    let name = line.name.to_owned();
    let Some(caught) = &line.caught else {
        return std::array::from_fn(|column| match column {
            0 => name.clone(),
            1 => "nothing".to_owned(),
            _ => String::new(),
        });
    };
    let of = |size: fn(&Size) -> usize| format!("{} to {}", size(&caught.before), size(&caught.after));
    [
        name,
        caught.property.clone(),
        caught.after_runs.map_or("its script".to_owned(), |runs| runs.to_string()),
        of(|size| size.lines),
        of(|size| size.steps),
        of(|size| size.faults),
        of(|size| size.nodes),
        caught.runs.to_string(),
        format!("{} of {}", caught.seeds.failed, caught.seeds.tried),
    ]
}

fn table(lines: &[Line], markdown: bool) -> String {
    let rows: Vec<_> = std::iter::once(HEADINGS.map(str::to_owned)).chain(lines.iter().map(cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let mut table = String::new();
    for (number, row) in rows.iter().enumerate() {
        // Writing into a string doesn't fail.
        let _ = match markdown {
            true => writeln!(table, "| {} |", row.join(" | ")),
            false => {
                let cells =
                    row.iter().enumerate().map(|(at, cell)| format!("{cell:width$}", width = width(at)));
                writeln!(table, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())
            }
        };
        if markdown && number == 0 {
            table.push_str(&format!("|{}\n", "---|".repeat(HEADINGS.len())));
        }
    }
    table + "\n" + &summary(lines)
}

/// The figures in the middle.
fn summary(lines: &[Line]) -> String {
    let caught: Vec<&Caught> = lines.iter().filter_map(|line| line.caught.as_ref()).collect();
    let median = |figure: fn(&Caught) -> u64| {
        let mut all: Vec<u64> = caught.iter().map(|caught| figure(caught)).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    format!(
        "{} of {} mutants caught; in the median {} lines became {} in {} runs.",
        caught.len(),
        lines.len(),
        median(|caught| caught.before.lines as u64),
        median(|caught| caught.after.lines as u64),
        median(|caught| caught.runs)
    )
}
