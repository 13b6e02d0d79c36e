//! `driftless compare`, and `driftless` alone: every script under every named design, and whether what their
//! headers state is true.
//!
//! A header names exactly what each design violates; under a named design that it leaves out everything must
//! hold. A mutant is run only where the header speaks of it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use driftless_model::design::Design;
use serde::Serialize;

use crate::explain::wrapped;
use crate::outcome::{Outcome, Unrunnable};
use crate::parallel;
use crate::plan::Plan;
use crate::properties;
use crate::report::{Case, End, Suite, Trouble};
use crate::run::run;
use crate::view::Matrix;
use crate::view::matrix::{self, Group, Row, Violated};

use super::load::{self, Loaded};
use super::progress::Progress;
use super::{Exit, args, report, view};

/// What became of a script under a design.
#[derive(Serialize)]
struct Cell {
    design: String,
    /// The properties it violates.
    violated: BTreeSet<String>,
    /// What the header says it violates.
    expected: BTreeSet<String>,
    /// Whether the world came to rest and no actor panicked.
    sound: bool,
    /// Whether the statement is true.
    stated: bool,
    digest: String,
    /// How it violates them, for the page.
    #[serde(skip)]
    told: Vec<Violated>,
}

#[derive(Serialize)]
struct Line {
    script: String,
    designs: Vec<Cell>,
}

/// Compares designs.
///
/// # Errors
/// When a script is wrong, or there are none.
pub fn compare(args: &args::Compare) -> Result<Exit, Unrunnable> {
    let loaded = load::scripts(&paths(&args.scripts)?)?;
    let mut work = Vec::new();
    for one in &loaded {
        for design in one.script.plan.designs() {
            work.push((one, design, one.script.plan.under(design)));
        }
    }
    let progress = Progress::new("ran", work.len());
    let cells = parallel::map(&work, load::jobs(args.jobs), |(one, design, plan)| {
        let cell = cell(one, design, plan, args.html.is_some());
        progress.step();
        cell
    });
    let cells: Vec<Cell> = cells.into_iter().collect::<Result<_, _>>()?;
    let mut cells = cells.into_iter();
    let line = |one: &Loaded| Line {
        script: one.name.clone(),
        designs: cells.by_ref().take(one.script.plan.designs().len()).collect(),
    };
    let lines: Vec<Line> = loaded.iter().map(line).collect();
    if args.json {
        say!("{}", serde_json::to_string_pretty(&lines).map_err(Unrunnable::of)?);
    } else {
        table(&lines);
    }
    report::give_out(&args.reports, args.json, || Suite::of("compare", cases(&lines)))?;
    view::matrix(args.html.as_ref(), || picture(args, &loaded, &lines))?;
    let all_true = lines.iter().flat_map(|line| &line.designs).all(|cell| cell.stated);
    Ok(if all_true { Exit::Good } else { Exit::Bad })
}

/// What `driftless compare` runs unless it is told: what the merged change gets wrong, and what it mended.
const WRONG: [&str; 3] = ["scenarios/findings", "scenarios/issue-1", "scenarios/issue-3"];

/// The same with those scripts, if none was asked for and they are here.
pub fn what_is_wrong(mut args: args::Compare) -> args::Compare {
    let wrong = WRONG.map(PathBuf::from);
    if args.scripts.is_empty() && wrong.iter().all(|folder| folder.is_dir()) {
        args.scripts = wrong.into();
    }
    args
}

/// The scripts asked for, or all there are.
pub fn paths(asked: &[PathBuf]) -> Result<Vec<PathBuf>, Unrunnable> {
    if !asked.is_empty() {
        return Ok(asked.to_vec());
    }
    let all = PathBuf::from("scenarios");
    if all.is_dir() {
        return Ok(vec![all]);
    }
    let why = "there is no folder 'scenarios' here; run this where it is, or name scripts: driftless compare SCRIPT...";
    Err(Unrunnable(why.into()))
}

fn cell(one: &Loaded, design: &str, plan: &Plan, to_be_told: bool) -> Result<Cell, Unrunnable> {
    let outcome: Outcome = run(plan)?;
    let violated: BTreeSet<String> = outcome.violated().map(|j| j.property.to_owned()).collect();
    let expected = one.script.plan.expect.get(design).cloned().unwrap_or_default();
    let sound = !outcome.died_of_a_panic();
    let stated = sound && violated == expected;
    let told = if to_be_told { Violated::all(plan, &outcome) } else { Vec::new() };
    Ok(Cell { design: design.to_owned(), violated, expected, sound, stated, digest: outcome.digest, told })
}

impl Cell {
    /// What is stated of a script, and what is the case.
    fn untruth(&self, script: &str) -> String {
        let list = |set: &BTreeSet<String>| match set.len() {
            0 => "nothing".to_owned(),
            _ => set.iter().cloned().collect::<Vec<_>>().join(" "),
        };
        let (stated, seen) = (list(&self.expected), list(&self.violated));
        let rest = if self.sound { "" } else { ", and a process died of a panic" };
        format!("{script} states that {} violates {stated}; it violates {seen}{rest}", self.design)
    }

    /// The command that runs it again.
    fn again(&self, script: &str) -> String {
        format!("driftless run {script} --design {}", self.design)
    }
}

/// The page: what the table says, by folders, and how it came about.
fn picture(args: &args::Compare, loaded: &[Loaded], lines: &[Line]) -> Matrix {
    let mut groups: Vec<Group> = Vec::new();
    for (one, line) in loaded.iter().zip(lines) {
        let folder = line.script.rsplit_once('/').map_or(".", |(folder, _)| folder);
        if groups.last().is_none_or(|last| last.name != folder) {
            groups.push(Group { name: folder.to_owned(), note: String::new(), rows: Vec::new() });
        }
        let cells = line.designs.iter().map(|cell| matrix::Cell {
            design: cell.design.clone(),
            violated: cell.told.clone(),
            sound: cell.sound,
            stated: Some(cell.expected.clone()),
            is_true: cell.stated,
            again: cell.again(&line.script),
        });
        let row =
            Row { script: line.script.clone(), about: matrix::about(&one.text), cells: cells.collect() };
        groups.last_mut().expect("it was just made").rows.push(row);
    }
    let title = format!("{} scripts under each design", lines.len());
    matrix_of(title, again(args), Design::NAMES.iter().map(|name| (*name).to_owned()).collect(), groups)
}

/// A page with every property by its word.
pub(super) fn matrix_of(title: String, again: String, columns: Vec<String>, groups: Vec<Group>) -> Matrix {
    let properties = properties::names().iter().map(|name| (*name, short(name))).collect();
    Matrix { title, again, columns, properties, groups }
}

/// The command that does the same again.
pub(super) fn again(args: &args::Compare) -> String {
    let back = if args.back { " --back" } else { "" };
    let scripts = args.scripts.iter().map(|script| format!(" {}", script.display()));
    format!("driftless compare{back}{}", scripts.collect::<String>())
}

/// A case for each statement.
fn cases(lines: &[Line]) -> Vec<Case> {
    let case = |line: &Line, cell: &Cell| {
        let trouble = || Trouble {
            kind: "not-true".to_owned(),
            message: cell.untruth(&line.script),
            details: String::new(),
            again: cell.again(&line.script),
        };
        let end = if cell.stated { End::Passed } else { End::Failed(trouble()) };
        Case::of_script(&line.script, &format!(" under {}", cell.design), end)
    };
    lines.iter().flat_map(|line| line.designs.iter().map(move |cell| case(line, cell))).collect()
}

/// Characters that a column of the table has at most; what is longer goes on in the next line.
const COLUMN_MOST: usize = 26;

fn table(lines: &[Line]) {
    let named = Design::NAMES.len();
    let first = lines.iter().map(|line| line.script.len()).max().unwrap_or(0);
    let names: Vec<_> = Design::NAMES.iter().map(|name| wrapped(name, COLUMN_MOST)).collect();
    print_row(&" ".repeat(first), &names);
    for line in lines {
        let (of_names, of_mutants) = line.designs.split_at(named);
        let cells: Vec<_> = of_names.iter().map(|cell| wrapped(&in_words(cell), COLUMN_MOST)).collect();
        print_row(&format!("{:first$}", line.script), &cells);
        for mutant in of_mutants {
            say!("  under {}: {}", mutant.design, in_words(mutant));
        }
    }
    legend();
    let cells = || lines.iter().flat_map(|line| line.designs.iter().map(move |cell| (line, cell)));
    say!();
    for (line, cell) in cells().filter(|(_, cell)| !cell.stated) {
        say!("not true: {}", cell.untruth(&line.script));
    }
    match cells().find(|(_, cell)| !cell.stated) {
        None => say!("{} statements, all true", cells().count()),
        Some((line, cell)) => {
            say!("{} statements, {} not true", cells().count(), cells().filter(|(_, c)| !c.stated).count());
            say!("again: {}", cell.again(&line.script));
        }
    }
}

/// Prints a row, in as many lines as its longest cell has.
fn print_row(first: &str, cells: &[Vec<String>]) {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for index in 0..height {
        let first = if index == 0 { first } else { &" ".repeat(first.len()) };
        let words = cells.iter().map(|cell| cell.get(index).map_or("", String::as_str));
        let words: Vec<String> = words.map(|word| format!("{word:COLUMN_MOST$}")).collect();
        say!("{}", format!("{first}  {}", words.join("  ")).trim_end());
    }
}

/// `held`, or the first word of each property that is violated; a legend below the table has the rest.
fn in_words(cell: &Cell) -> String {
    let mark = if cell.stated { "" } else { " (!)" };
    let words = match (cell.violated.len(), cell.sound) {
        (0, true) => "held".to_owned(),
        (0, false) => "panicked".to_owned(),
        _ => format!("violates {}", cell.violated.iter().map(|p| short(p)).collect::<Vec<_>>().join(", ")),
    };
    format!("{words}{mark}")
}

/// The first word of a property's name that says something.
pub(super) fn short(property: &str) -> &str {
    property.split('-').find(|word| !matches!(*word, "a" | "an")).unwrap_or(property)
}

fn legend() {
    let width = properties::names().iter().map(|name| short(name).len()).max().unwrap_or(0);
    say!();
    for name in properties::names() {
        say!("{:width$}  {name}", short(name));
    }
}
