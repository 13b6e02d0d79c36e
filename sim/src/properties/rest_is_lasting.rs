//! A world that has come to rest stays there: no row, no route and nothing in memory changes any more.
//!
//! The faults are over and nobody has done anything since; so what moves now either wasn't finished, and was passed
//! off as if it were, or moves for ever. Judged over the window in which the world is watched at the end of a run. What
//! changes less often than that is long is beyond it.
//!
//! Not judged are what keeps the processes themselves going (the rows of hubs, pings, polls) and who has been kept
//! from the platform to the last. A world in which connections come and go while it is watched isn't at rest yet and
//! has to come there first; that it does is what `comes-to-rest` says.

use std::collections::BTreeSet;

use driftless_model::store::Change;

use crate::causes::chain_of;
use crate::history::{Crossing, HOUSEKEEPING};
use crate::outcome::{Evidence, Violation};

use super::{Found, Modality, Property};

/// Rest is lasting.
pub(super) struct RestIsLasting;

impl Property for RestIsLasting {
    fn name(&self) -> &'static str {
        "rest-is-lasting"
    }

    fn modality(&self) -> Modality {
        Modality::Eventually
    }

    fn sentence(&self) -> &'static str {
        "in a world that has come to rest no row, no route and nothing in memory changes any more"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["restart-with-artifacts"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["failed-statuses-time-out"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        let Some(rest) = &evidence.rest else {
            return Found::unjudged("the world wasn't watched at rest");
        };
        let crossings = evidence.history.crossings();
        let watched = &crossings[crossings.partition_point(|crossing| crossing.at_us <= rest.since_us)..];
        let mut found = Found { relevant: !watched.is_empty(), ..Found::default() };
        let moving = watched.iter().filter(|crossing| speaks(crossing) && !is_kept_away(evidence, crossing));
        let mut told = BTreeSet::new();
        for crossing in moving {
            let changed = crossing.record.changes.iter().filter(|change| is_spoken_of(change));
            for table in changed.map(|change| change.table) {
                // What moves for ever is said once.
                if told.insert((crossing.address.node.clone(), table)) {
                    found.violations.push(of_row(evidence, crossing, table));
                }
            }
        }
        let stirred =
            rest.stirred.iter().filter(|name| !told.iter().any(|(node, _)| node_of(node) == &***name));
        found.violations.extend(stirred.map(|name| of_memory(name, rest.since_us)));
        found
    }
}

fn speaks(crossing: &Crossing) -> bool {
    crossing.record.changes.iter().any(is_spoken_of)
}

fn is_spoken_of(change: &Change) -> bool {
    !HOUSEKEEPING.contains(&change.table)
}

fn node_of(label: &str) -> &str {
    label.split('@').next().unwrap_or(label)
}

/// Whether somebody moves, or is meant, who can't get where they should.
fn is_kept_away(evidence: &Evidence, crossing: &Crossing) -> bool {
    let (peer, subject) = (crossing.address.peer.as_deref(), crossing.address.subject.as_deref());
    let named = [Some(crossing.address.node_name()), peer, subject];
    named.into_iter().flatten().any(|name| evidence.nodes.get(name).is_some_and(|node| !node.healed))
}

fn of_row(evidence: &Evidence, crossing: &Crossing, table: &str) -> Violation {
    let node = crossing.address.node_name();
    let subject = crossing.address.subject.as_deref().unwrap_or(node);
    let what = table.replace('_', " ");
    Violation {
        at_us: crossing.at_us,
        node: node.to_owned(),
        subject: subject.to_owned(),
        expected: format!("nothing changes on {node} any more: the world had come to rest"),
        seen: format!("{node} changes {what} in its {}", crossing.address.task),
        decision: format!("changes {what} at rest"),
        chain: chain_of(&evidence.history, crossing.id),
    }
}

fn of_memory(node: &str, since_us: u64) -> Violation {
    Violation {
        at_us: since_us,
        node: node.to_owned(),
        subject: node.to_owned(),
        expected: format!("nothing changes on {node} any more: the world had come to rest"),
        seen: format!("what {node} has in memory changes"),
        decision: "changes memory at rest".to_owned(),
        chain: Vec::new(),
    }
}
