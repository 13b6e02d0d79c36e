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

use super::compare::{paths, short, what_is_wrong};
use super::progress::Progress;
use super::{Exit, args, load};

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
    let violated = parallel::map(&work, load::jobs(args.jobs), |plan| {
        let outcome = run(plan);
        progress.step();
        outcome.map(|outcome| outcome.violated().map(|j| j.property.to_owned()).collect::<BTreeSet<_>>())
    });
    let violated: Vec<BTreeSet<String>> = violated.into_iter().collect::<Result<_, _>>()?;
    let rows: Vec<_> = violated.chunks(decisions.len() + 1).collect();
    let returned = |index: usize| {
        let of = loaded.iter().zip(&rows).map(move |(one, row)| {
            let violated: BTreeSet<String> = row[index + 1].difference(&row[0]).cloned().collect();
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
