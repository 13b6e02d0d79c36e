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
    let named: BTreeSet<&Choice> = nodes.iter().flat_map(|node| &node.design).collect();
    let named: Vec<Choice> =
        named.into_iter().filter(|choice| matches!(choice, Choice::Design(_))).cloned().collect();
    let alike = named.into_iter().map(|choice| {
        let mut plan = shrinking.plan.clone();
        plan.nodes.iter_mut().for_each(|node| node.design = vec![choice.clone()]);
        plan
    });
    let alike = alike.filter_map(|plan| read(&plan)).collect();
    if shrinking.take_first(alike)?.is_some() {
        return Ok(());
    }
    chunks(shrinking, usize::MAX, |part| matches!(part, Part::Choice(..)))
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
