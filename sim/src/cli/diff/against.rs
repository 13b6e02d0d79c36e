//! `--against`: what is changed about the second of two runs of one script.

use driftless_model::design::Design;

use super::args::Changes;
use crate::outcome::Unrunnable;
use crate::plan::Plan;

/// The changes of both with those of the second alone on top.
///
/// # Errors
/// When a seed is no number. Everything else is judged where it is applied.
pub fn changes(both: &Changes, against: &[String], plan: &Plan) -> Result<Changes, Unrunnable> {
    let mut changes = both.clone();
    if against.iter().any(|what| !what.contains('=')) {
        // A design for every node takes the place of the one that both have, and leaves those of single nodes.
        changes.design.retain(|design| design.contains('='));
    }
    for what in against {
        put(&mut changes, what, plan)?;
    }
    Ok(changes)
}

fn put(changes: &mut Changes, what: &str, plan: &Plan) -> Result<(), Unrunnable> {
    let Some((name, value)) = what.split_once('=') else {
        changes.design.push(what.to_owned());
        return Ok(());
    };
    let is_decision = |name: &str| Design::default().get(name).is_some();
    match name.split_once('.') {
        None if name == "seed" => {
            let seed = value.parse();
            changes.seed = Some(
                seed.map_err(|_| Unrunnable(format!("--against {what}: expected a number after 'seed='")))?,
            );
        }
        None if plan.nodes.iter().any(|node| node.name == name) => changes.design.push(what.to_owned()),
        None => changes.decision.push(what.to_owned()),
        Some((_, decision)) if is_decision(decision) => changes.decision.push(what.to_owned()),
        Some(_) => changes.setting.push(what.to_owned()),
    }
    Ok(())
}
