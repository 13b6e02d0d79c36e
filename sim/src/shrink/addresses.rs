//! Addresses that count what was before them: `gw1@3`, `deploy petstore gw1 2`, `petstore@2`.
//!
//! Without a restart what was `gw1@3` is `gw1@2`. A fault that was aimed at it would miss, and the restart would seem
//! to be needed; so addresses count anew when steps go.

use std::collections::BTreeMap;

use crate::address::Pattern;
use crate::fault::{Moment, Target};
use crate::plan::{Action, Plan, Start, Step};
use crate::steps::task_names;

use super::trace::{Life, Trace};

/// Counts anew in the addresses of a plan that has kept these steps of another.
pub(super) fn recount(left: &mut Plan, whole: &Plan, trace: &Trace, kept: &[usize]) {
    let recount = Recount::of(left, whole, trace, kept);
    if recount.works.is_empty() && recount.names.is_empty() {
        return;
    }
    let aim = |at: &mut Pattern| {
        // What isn't an address any more stays the one it was.
        if let Ok(changed) = recount.text(&at.to_string()).parse() {
            *at = changed;
        }
    };
    for fault in &mut left.faults {
        if let Target::Crossing(at) = &mut fault.target {
            aim(at);
        }
        for moment in [&mut fault.window.from, &mut fault.window.until].into_iter().flatten() {
            if let Moment::Crossing(at) = moment {
                aim(at);
            }
        }
    }
    for step in &mut left.steps {
        if let Start::When(at) = &mut step.start {
            aim(at);
        }
    }
}

/// What is called otherwise from now on, from the lowest number to the highest, each with its new name.
struct Recount {
    /// The work of steps.
    works: Vec<(String, String)>,
    /// Lives of nodes, and artifacts under a handle that was used before.
    names: Vec<(String, String)>,
}

impl Recount {
    fn of(left: &Plan, whole: &Plan, trace: &Trace, kept: &[usize]) -> Self {
        let (before, after) = (task_names(&whole.steps), task_names(&left.steps));
        let works = kept.iter().zip(after).filter_map(|(old, new)| Some((before.get(*old)?.clone(), new)));
        let (made, remade) = (makings(&whole.steps), makings(&left.steps));
        let made = kept.iter().enumerate().filter_map(|(new, old)| {
            let (before, after) = (made.get(old)?, remade.get(&new)?);
            Some((before.clone(), after.clone()))
        });
        let is_gone = |life: &Life| life.step.is_some_and(|step| !kept.contains(&step));
        let lives = trace.lives.iter().filter(|life| !is_gone(life)).map(|life| {
            let others = trace.lives.iter().filter(|other| other.node == life.node && is_gone(other));
            let before = others.filter(|other| other.number < life.number).count() as u64;
            (numbered(&life.node, life.number), numbered(&life.node, life.number - before))
        });
        let differ = |(old, new): &(String, String)| old != new;
        Recount { works: works.filter(differ).collect(), names: made.chain(lives).filter(differ).collect() }
    }

    /// An address with the new names.
    fn text(&self, address: &str) -> String {
        let mut text = format!(" {address} ");
        for (old, new) in &self.works {
            text = text.replace(&format!(" {old} "), &format!(" {new} "));
        }
        let words = text.split_whitespace().map(|word| {
            let (arrow, bare) = word.strip_prefix("->").map_or(("", word), |bare| ("->", bare));
            let (head, rest) = bare.split_at(bare.find('.').unwrap_or(bare.len()));
            let named = self.names.iter().find(|(old, _)| old == head);
            named.map_or_else(|| word.to_owned(), |(_, new)| format!("{arrow}{new}{rest}"))
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// What each step that makes an artifact makes, by the name it has in addresses.
fn makings(steps: &[Step]) -> BTreeMap<usize, String> {
    let mut made: BTreeMap<&str, u64> = BTreeMap::new();
    let mut makings = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        if let Action::Create { artifact, .. } = &step.action {
            let n = made.entry(artifact).or_default();
            *n += 1;
            makings.insert(at, numbered(artifact, *n));
        }
    }
    makings
}

/// The first goes without a number.
fn numbered(name: &str, n: u64) -> String {
    if n <= 1 { name.to_owned() } else { format!("{name}@{n}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_called_by_its_new_number_and_once() {
        let pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect()
        };
        let recount = Recount {
            works: pairs(&[
                ("delete petstore 2", "delete petstore 1"),
                ("delete petstore 3", "delete petstore 2"),
            ]),
            names: pairs(&[("gw1@2", "gw1"), ("gw1@3", "gw1@2"), ("petstore@2", "petstore")]),
        };
        for (old, new) in [
            (
                "platform request delete petstore 3 ws.send ->gw1 petstore@2 #2",
                "platform request delete petstore 2 ws.send ->gw1 petstore #2",
            ),
            ("gw1@3 sync store.find petstore@2.d1", "gw1@2 sync store.find petstore.d1"),
            (
                "platform request gw1@2 sync deployments 1 store.list",
                "platform request gw1 sync deployments 1 store.list",
            ),
            ("gw1@30 sync store.find", "gw1@30 sync store.find"),
        ] {
            assert_eq!(recount.text(old), new);
        }
    }
}
