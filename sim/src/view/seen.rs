//! Crossings for the eye: where each took place, of which work it is part, and which artifacts it is about.
//!
//! The four moments of an exchange carry the caller's address, but two of them take place at the other end; there
//! they belong to the work that was done on account of them.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::cx::{CrossingId, Phase};
use serde::Serialize;

use super::lane::{self, Lane};
use crate::history::Crossing;
use crate::outcome::{Evidence, Outcome};
use crate::plan::Plan;
use crate::recording::CrossingLine;
use crate::story::Story;
use crate::sweep::is_periodic;

/// A crossing for the eye.
#[derive(Debug, Serialize)]
pub struct Seen {
    /// Where it took place.
    pub lane: usize,
    /// The work it is part of.
    pub work: usize,
    /// Whether it comes again and again by a timer and changes nothing.
    pub idle: bool,
    /// The artifacts that it is about.
    pub artifacts: BTreeSet<usize>,
    /// All that is known of it, as a recorded history has it (docs/history.md).
    pub line: CrossingLine,
}

/// A piece of work of one process: the crossings of a task, from the first to the last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Work {
    /// Who does it.
    pub lane: usize,
    /// In which of their lives.
    pub life: String,
    /// What it is called; empty for what happens to the process itself.
    pub name: String,
    /// When it began.
    pub from_us: u64,
    /// When it ended.
    pub to_us: u64,
}

/// All works and all crossings of a run.
pub(super) fn all(
    plan: &Plan,
    outcome: &Outcome,
    lanes: &[Lane],
    artifacts: &[String],
) -> (Vec<Work>, Vec<Seen>) {
    let evidence = &outcome.evidence;
    let story = Story::new(evidence, &plan.faults);
    let mut works = Works::of(evidence);
    let seen = evidence.history.crossings().iter().map(|crossing| {
        let lane = place(crossing, plan, lanes);
        let line = CrossingLine::of(crossing, &evidence.names, story.of(crossing));
        let idle = is_periodic(crossing.address.site) && crossing.fault.is_none() && line.failed.is_none();
        Seen {
            work: works.of_crossing(crossing, lane),
            lane,
            idle,
            artifacts: about(crossing, artifacts),
            line,
        }
    });
    let seen = seen.collect();
    (works.all, seen)
}

/// Whether a moment of an exchange is the other end's.
pub(super) fn is_there(crossing: &Crossing) -> bool {
    matches!(crossing.address.phase, Some(Phase::Received | Phase::Answered))
}

/// The lane in which a crossing takes place. What happens to a link or to several nodes takes place at the first.
fn place(crossing: &Crossing, plan: &Plan, lanes: &[Lane]) -> usize {
    let address = &crossing.address;
    let there = address.peer.as_deref().filter(|_| is_there(crossing));
    let fault = crossing.fault.and_then(|fault| plan.faults.get(fault));
    let aimed =
        || fault.and_then(|fault| fault.target.nodes().first().and_then(|node| lane::find(lanes, node)));
    let at = there.and_then(|peer| lane::find(lanes, peer));
    at.or_else(|| lane::find(lanes, &address.node)).or_else(aimed).unwrap_or_default()
}

/// The artifacts that a crossing is about: its subject, what it changes, and what its work is called after.
fn about(crossing: &Crossing, artifacts: &[String]) -> BTreeSet<usize> {
    let address = &crossing.address;
    let named = |name: &str| {
        let is_of = |artifact: &String| match name.strip_prefix(artifact.as_str()) {
            Some(rest) => rest.is_empty() || rest.starts_with('.'),
            None => false,
        };
        artifacts.iter().position(is_of)
    };
    let words = address.task.split(' ').filter_map(named);
    address.subject.as_deref().and_then(named).into_iter().chain(words).collect()
}

/// Works as they come up.
struct Works {
    all: Vec<Work>,
    known: BTreeMap<(usize, String, String), usize>,
    /// By what arrived, the task that it caused at the other end.
    caused: BTreeMap<CrossingId, (String, String)>,
}

impl Works {
    fn of(evidence: &Evidence) -> Self {
        let mut caused = BTreeMap::new();
        for crossing in evidence.history.crossings().iter().filter(|crossing| !is_there(crossing)) {
            let (life, task) = (&crossing.address.node, &crossing.address.task);
            for cause in &crossing.causes {
                caused.entry(*cause).or_insert_with(|| (life.to_string(), task.to_string()));
            }
        }
        // An answer follows from the last statement of its work, or at once from the question.
        for crossing in evidence.history.crossings() {
            if crossing.address.phase == Some(Phase::Answered) {
                let of = crossing.causes.iter().filter_map(|cause| evidence.history.get(*cause));
                let of = of.filter(|cause| !is_there(cause) && cause.address.phase.is_none()).last();
                let of = of.map(|of| (of.address.node.to_string(), of.address.task.to_string()));
                if let Some(of) = of {
                    caused.insert(crossing.id, of);
                }
            }
        }
        Works { all: Vec::new(), known: BTreeMap::new(), caused }
    }

    fn of_crossing(&mut self, crossing: &Crossing, lane: usize) -> usize {
        let address = &crossing.address;
        let (life, name) = match is_there(crossing) {
            false => (address.node.to_string(), address.task.to_string()),
            true => {
                let peer = address.peer.as_deref().unwrap_or_default();
                let at_peer =
                    |life: &str| crate::names::before(life, b'@') == crate::names::before(peer, b'@');
                let caused = self.caused.get(&crossing.id).filter(|(life, _)| at_peer(life));
                caused.cloned().unwrap_or_else(|| (peer.to_owned(), format!("hears {}", address.node)))
            }
        };
        let at_us = crossing.at_us;
        let index = *self.known.entry((lane, life, name)).or_insert_with_key(|(lane, life, name)| {
            let (life, name) = (life.clone(), name.clone());
            self.all.push(Work { lane: *lane, life, name, from_us: at_us, to_us: at_us });
            self.all.len() - 1
        });
        self.all[index].to_us = at_us;
        index
    }
}
