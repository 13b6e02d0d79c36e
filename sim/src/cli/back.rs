//! `driftless compare --back`: each decision of `hardened` taken back alone, and what that brings back.
//!
//! A decision that brings nothing back when it is taken back is one that the design doesn't need. Two that guard the
//! same thing would hide each other, which is why each is taken back with all the others in place.

use std::collections::BTreeSet;

use driftless_model::design::Design;
use serde::Serialize;

use crate::outcome::Unrunnable;
use crate::parallel;
use crate::plan::{Choice, Plan};
use crate::run::run;
use crate::view::Matrix;
use crate::view::matrix::{self, Group, Row, Violated};

use super::compare::{again, matrix_of, paths, short, what_is_wrong};
use super::load::Loaded;
use super::progress::Progress;
use super::{Exit, args, load, view};

/// What taking one decision back does.
#[derive(Serialize)]
struct Back {
    decision: &'static str,
    hardened: &'static str,
    back: &'static str,
    /// The scripts that violate more than under `hardened`.
    scripts: Vec<Returned>,
}

#[derive(Serialize)]
struct Returned {
    script: String,
    violated: BTreeSet<String>,
}

/// What a run came to.
struct Ran {
    violated: BTreeSet<String>,
    sound: bool,
    /// How it violates them, for the page.
    told: Vec<Violated>,
}

impl Ran {
    fn of(plan: &Plan, to_be_told: bool) -> Result<Self, Unrunnable> {
        let outcome = run(plan)?;
        Ok(Ran {
            violated: outcome.violated().map(|j| j.property.to_owned()).collect(),
            sound: !outcome.died_of_a_panic(),
            told: if to_be_told { Violated::all(plan, &outcome) } else { Vec::new() },
        })
    }
}

/// Takes each decision of `hardened` back.
///
/// # Errors
/// When a script is wrong, or there are none.
pub fn back(args: &args::Compare) -> Result<Exit, Unrunnable> {
    let scripts =
        what_is_wrong(args::Compare { scripts: args.scripts.clone(), ..args::Compare::default() }).scripts;
    let loaded = load::scripts(&paths(&scripts)?)?;
    let decisions = Design::hardened().differences(&Design::as_merged());
    let mut work: Vec<Plan> = Vec::new();
    for one in &loaded {
        let hardened = one.script.plan.under(Design::HARDENED);
        work.push(hardened.clone());
        work.extend(decisions.iter().map(|(decision, _, back)| without(&hardened, decision, back)));
    }
    let progress = Progress::new("ran", work.len());
    let ran = parallel::map(&work, load::jobs(args.jobs), |plan| {
        let ran = Ran::of(plan, args.html.is_some());
        progress.step();
        ran
    });
    let ran: Vec<Ran> = ran.into_iter().collect::<Result<_, _>>()?;
    let rows: Vec<&[Ran]> = ran.chunks(decisions.len() + 1).collect();
    let returned = |index: usize| {
        let of = loaded.iter().zip(&rows).map(move |(one, row)| {
            let violated = row[index + 1].violated.difference(&row[0].violated).cloned().collect();
            Returned { script: one.name.clone(), violated }
        });
        of.filter(|returned| !returned.violated.is_empty()).collect()
    };
    let backs = decisions.iter().enumerate().map(|(index, (decision, hardened, back))| Back {
        decision,
        hardened,
        back,
        scripts: returned(index),
    });
    let backs: Vec<Back> = backs.collect();
    if args.json {
        say!("{}", serde_json::to_string_pretty(&backs).map_err(Unrunnable::of)?);
    } else {
        table(&backs);
    }
    view::matrix(args.html.as_ref(), || picture(args, &loaded, &rows, &backs))?;
    let needed = backs.iter().all(|back| !back.scripts.is_empty());
    Ok(if needed { Exit::Good } else { Exit::Bad })
}

/// The plan with a decision taken otherwise on every node.
fn without(plan: &Plan, decision: &str, variant: &str) -> Plan {
    let mut plan = plan.clone();
    let choice = Choice::Decision { name: decision.to_owned(), variant: variant.to_owned() };
    // Behind the design of the run and before what the script says of single nodes.
    plan.nodes.iter_mut().for_each(|node| node.design.insert(1, choice.clone()));
    plan
}

/// The page: below each decision the scripts that show what it is for, under `hardened` and without it.
fn picture(args: &args::Compare, loaded: &[Loaded], rows: &[&[Ran]], backs: &[Back]) -> Matrix {
    let columns = vec![Design::HARDENED.to_owned(), "taken back".to_owned()];
    let cell = |column: usize, script: &str, ran: &Ran, decision: Option<&Back>| {
        let changed = decision
            .map_or_else(String::new, |Back { decision, back, .. }| format!(" --decision {decision}={back}"));
        matrix::Cell {
            design: columns[column].clone(),
            violated: ran.told.clone(),
            sound: ran.sound,
            stated: None,
            is_true: true,
            again: format!("driftless run {script} --design {}{changed}", Design::HARDENED),
        }
    };
    let group = |(index, decision): (usize, &Back)| {
        let shows = |one: &Loaded| decision.scripts.iter().any(|returned| returned.script == one.name);
        let rows = loaded.iter().zip(rows).filter(|(one, _)| shows(one)).map(|(one, ran)| Row {
            script: one.name.clone(),
            about: matrix::about(&one.text),
            cells: vec![
                cell(0, &one.name, &ran[0], None),
                cell(1, &one.name, &ran[index + 1], Some(decision)),
            ],
        });
        Group {
            name: format!("{}={}", decision.decision, decision.back),
            note: "nothing comes back, so nothing shows what it is for".to_owned(),
            rows: rows.collect(),
        }
    };
    let groups = backs.iter().enumerate().map(group).collect();
    matrix_of("each decision of hardened taken back".to_owned(), again(args), columns.clone(), groups)
}

fn table(backs: &[Back]) {
    for back in backs {
        say!("{}={}", back.decision, back.back);
        for Returned { script, violated } in &back.scripts {
            let violated: Vec<&str> = violated.iter().map(|property| short(property)).collect();
            say!("  {script}  violates {}", violated.join(", "));
        }
        if back.scripts.is_empty() {
            say!("  nothing (!)");
        }
    }
}
