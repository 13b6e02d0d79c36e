//! The designs of nodes, and the seed: as few exceptions as can be.
//!
//! One design for every node is the simplest of all: it is said in the header, by what is expected under it, and
//! nowhere else.

use std::collections::BTreeSet;

use crate::outcome::Unrunnable;
use crate::plan::{Choice, Plan};

use super::Shrinking;
use super::parts::{Part, read};
use super::removal::chunks;

/// Tries one design for every node, and else fewer choices.
pub(super) fn simplify(shrinking: &mut Shrinking<'_>) -> Result<(), Unrunnable> {
    if of_all(&shrinking.plan).is_some() {
        return Ok(());
    }
    let nodes = &shrinking.plan.nodes;
    let named: BTreeSet<&str> = nodes.iter().flat_map(|node| &node.design).filter_map(named).collect();
    let alike = named.into_iter().filter_map(|design| read(&all(&shrinking.plan, design))).collect();
    if shrinking.take_first(alike)?.is_some() {
        return Ok(());
    }
    chunks(shrinking, usize::MAX, |part| matches!(part, Part::Choice(..)))
}

/// The name of a design, where a choice is one.
fn named(choice: &Choice) -> Option<&str> {
    match choice {
        Choice::Design(name) => Some(name),
        Choice::Decision { .. } => None,
    }
}

/// A plan with one design for every node.
pub(super) fn all(plan: &Plan, design: &str) -> Plan {
    let mut plan = plan.clone();
    plan.nodes.iter_mut().for_each(|node| node.design = vec![Choice::Design(design.to_owned())]);
    plan
}

/// The design that every node has, if it is one and the same named one; none where no node says any.
pub(super) fn of_all(plan: &Plan) -> Option<&str> {
    let mut designs = plan.nodes.iter().map(|node| match node.design.as_slice() {
        [Choice::Design(design)] => Some(design.as_str()),
        _ => None,
    });
    let first = designs.next().flatten()?;
    designs.all(|design| design == Some(first)).then_some(first)
}

/// Tries the seed that needn't be said.
pub(super) fn seed(shrinking: &mut Shrinking<'_>) -> Result<(), Unrunnable> {
    let plan = Plan { seed: 0, ..shrinking.plan.clone() };
    shrinking.take_first(vec![plan])?;
    Ok(())
}
