//! Causes and effects: from a crossing back to what led there.
//!
//! Causes form a graph: each crossing follows from the one before it in its task, from the frame or call that
//! its task handles, and from the commits whose rows it read or missed. The chain that explains a crossing is
//! a path through that graph to a step of a user or an operator, with the commits that decided on the way.

use std::collections::BTreeSet;

use driftless_model::cx::{CrossingId, Phase};

use crate::history::{Crossing, History};

/// The chain that led to a crossing, in the order of the history.
///
/// The work that the crossing belongs to is followed back to its start, and so is the work of whoever answered
/// its questions. Of each, what says something by itself is kept, and what it read or missed because of a
/// removal elsewhere, together with that removal and the step that caused it.
pub fn chain_of(history: &History, end: CrossingId) -> Vec<CrossingId> {
    let mut chain = BTreeSet::from([end]);
    let mut open = vec![end];
    let mut works = BTreeSet::new();
    while let Some(last) = open.pop().and_then(|id| history.get(id)) {
        if !works.insert((last.address.node.clone(), last.address.task.clone())) {
            continue;
        }
        for crossing in work_until(history, last) {
            if same_work(crossing, last) && is_telling(crossing) {
                chain.insert(crossing.id);
            }
            for cause in crossing.causes.iter().filter_map(|id| history.get(*id)) {
                if crossing.address.phase == Some(Phase::AnswerReceived) && is_question(crossing) {
                    // The task that answered goes by its own name; its last statement is what the answer
                    // follows from.
                    open.extend(cause.causes.iter().copied());
                } else if !same_work(cause, last) && removes(cause) {
                    chain.extend([crossing.id, cause.id]);
                    chain.extend(origin(history, cause.id));
                }
            }
        }
    }
    chain.extend(origin(history, end));
    chain.into_iter().collect()
}

/// The crossings of the work that `last` belongs to, up to it.
fn work_until<'a>(history: &'a History, last: &'a Crossing) -> impl Iterator<Item = &'a Crossing> {
    let until = history.crossings().iter().take_while(|crossing| crossing.id <= last.id);
    until.filter(|crossing| same_work(crossing, last))
}

/// A chain with more crossings in it, each with the step that caused it.
pub fn join(chain: Vec<CrossingId>, more: impl IntoIterator<Item = CrossingId>) -> Vec<CrossingId> {
    let mut all: BTreeSet<CrossingId> = chain.into_iter().collect();
    all.extend(more);
    all.into_iter().collect()
}

/// The step, or the fate of a node, in which the causes of a crossing begin: the latest there is.
pub fn origin(history: &History, of: CrossingId) -> Option<CrossingId> {
    let (mut open, mut seen) = (BTreeSet::from([of]), BTreeSet::new());
    while let Some(id) = open.pop_last() {
        let Some(crossing) = history.get(id) else { continue };
        let site = crossing.address.site;
        if id != of && (site == "step.begin" || site == "life.start") {
            return Some(id);
        }
        if seen.insert(id) {
            open.extend(crossing.causes.iter().copied());
        }
    }
    None
}

fn same_work(one: &Crossing, other: &Crossing) -> bool {
    one.address.node == other.address.node && one.address.task == other.address.task
}

/// Whether a crossing says something by itself: an answer, a failure, a fault, a commit that removed.
fn is_telling(crossing: &Crossing) -> bool {
    let record = &crossing.record;
    let answer = crossing.address.phase == Some(Phase::AnswerReceived) && is_question(crossing);
    answer || crossing.fault.is_some() || record.failed.is_some() || removes(crossing)
}

/// Whether an exchange asks what there is; discovery and the handshake ask who is there.
fn is_question(crossing: &Crossing) -> bool {
    !matches!(crossing.address.site, "http.discovery" | "http.connect")
}

fn removes(crossing: &Crossing) -> bool {
    crossing.record.changes.iter().any(|change| change.after.is_none())
}
