//! Whether the commands of the header stand where they must.
//!
//! What holds for the whole run is said before the first step, and what holds for a node before it is set up,
//! so that nobody reads further down that it was otherwise all along.

use super::action::{USER, WORLD};
use super::error::Mistake;
use super::statement::{Line, Statement};
use crate::plan::Action;

/// Every command of the header that stands in a wrong place.
pub(super) fn check(lines: &[Line<'_>]) -> Vec<Mistake> {
    let first_step = lines.iter().position(|line| matches!(line.statement, Statement::Step(_)));
    lines.iter().enumerate().filter_map(|(index, line)| misplaced(lines, index, line, first_step)).collect()
}

fn misplaced(
    lines: &[Line<'_>],
    index: usize,
    line: &Line<'_>,
    first_step: Option<usize>,
) -> Option<Mistake> {
    let before_steps = || limit(lines, index, first_step);
    match &line.statement {
        Statement::Format => (index > 0).then(|| line.mistake("expected 'format' only as the first command")),
        Statement::Seed(_) => before_steps().or_else(|| second(lines, index)),
        Statement::Expect { .. } => before_steps(),
        Statement::Set(set) if set.node == WORLD || set.node == USER => before_steps(),
        Statement::Set(set) => limit(lines, index, start(lines, &set.node)),
        Statement::Choose { node, .. } => limit(lines, index, start(lines, node)),
        Statement::Fault(_) | Statement::Step(_) => None,
    }
}

/// A mistake if a line stands below another.
fn limit(lines: &[Line<'_>], index: usize, last: Option<usize>) -> Option<Mistake> {
    let last = last.filter(|last| *last < index)?;
    let (line, limit) = (&lines[index], &lines[last]);
    let (name, before) = (&line.bound.command.name.text, &limit.bound.command.name.text);
    Some(line.mistake(format!(
        "'{name}' comes too late; expected it before '{before}' in line {}",
        limit.number()
    )))
}

fn second(lines: &[Line<'_>], index: usize) -> Option<Mistake> {
    let first = lines[..index].iter().find(|line| matches!(line.statement, Statement::Seed(_)))?;
    Some(lines[index].mistake(format!("the seed is given in line {}; expected it once", first.number())))
}

/// The line in which a node is set up.
fn start(lines: &[Line<'_>], name: &str) -> Option<usize> {
    lines.iter().position(|line| match &line.statement {
        Statement::Step(step) => matches!(&step.action, Action::Start { node, .. } if node == name),
        _ => false,
    })
}
