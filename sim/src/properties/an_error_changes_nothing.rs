//! What the platform answers with an error has changed nothing there.
//!
//! Whoever is told that something failed does it again, or does without it. A row that stays all the same is
//! served or stands in the way without anybody wanting it. Judged at each answer of 400 or above that the platform
//! gave by itself, by what the work of that very request had committed until then.
//!
//! Not the platform's own is an answer that something on the way gave in its place, which is no JSON, as all of the
//! platform's are. Not judged is a commit of which the platform itself was told that it failed: it couldn't know.
//! Nor is a request whose caller gave up: it has no answer.

use std::collections::BTreeMap;

use driftless_model::cx::{CrossingId, Phase};
use serde_json::Value;

use crate::causes::{chain_of, join};
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::Role;

use super::{Found, Modality, Property};

/// An error has changed nothing.
pub(super) struct AnErrorChangesNothing;

impl Property for AnErrorChangesNothing {
    fn name(&self) -> &'static str {
        "an-error-changes-nothing"
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "what the platform answers with an error has changed nothing there"
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        judge(evidence)
    }
}

/// A piece of work: a life and a task.
type Work<'a> = (&'a str, &'a str);

fn judge(evidence: &Evidence) -> Found {
    let mut found = Found::default();
    let mut commits: BTreeMap<Work<'_>, Vec<CrossingId>> = BTreeMap::new();
    for crossing in evidence.history.crossings() {
        if is_request(evidence, crossing) {
            // Whoever has begun a request may write; nothing is judged of one that nothing was done for.
            let committed = commits.entry(work_of(crossing)).or_default();
            if !crossing.record.changes.is_empty() && crossing.record.failed.is_none() {
                committed.push(crossing.id);
            }
            continue;
        }
        let Some(status) = error(crossing) else { continue };
        let Some(committed) = answering(evidence, crossing).and_then(|work| commits.get(&work)) else {
            continue;
        };
        found.relevant = true;
        if !committed.is_empty() {
            found.violations.push(violation(evidence, crossing, status, committed));
        }
    }
    found
}

/// Whether a crossing is the platform's, in its work for a request.
fn is_request(evidence: &Evidence, crossing: &Crossing) -> bool {
    crossing.address.task.starts_with("request ") && evidence.role_of(crossing) == Some(Role::Platform)
}

fn work_of(crossing: &Crossing) -> Work<'_> {
    (&crossing.address.node, &crossing.address.task)
}

/// The status of an error that its callee has given by itself.
fn error(crossing: &Crossing) -> Option<u16> {
    if crossing.address.phase != Some(Phase::Answered) {
        return None;
    }
    let status = crossing.record.status.filter(|status| *status >= 400)?;
    let body = crossing.record.body.as_deref().unwrap_or_default();
    let own = body.is_empty() || serde_json::from_slice::<Value>(body).is_ok_and(|body| body.is_object());
    own.then_some(status)
}

/// The work that an answer ends: that of the last crossing before it on the platform.
fn answering<'a>(evidence: &'a Evidence, answered: &'a Crossing) -> Option<Work<'a>> {
    let mut causes = answered.causes.iter().filter_map(|id| evidence.history.get(*id));
    causes.find(|cause| is_request(evidence, cause)).map(work_of)
}

fn violation(evidence: &Evidence, answered: &Crossing, status: u16, committed: &[CrossingId]) -> Violation {
    let crossings: Vec<&Crossing> = committed.iter().filter_map(|id| evidence.history.get(*id)).collect();
    let asked = answered.address.task.to_string();
    let subject = crossings.iter().find_map(|crossing| crossing.address.subject.as_deref());
    let subject = subject.or(answered.address.subject.as_deref()).unwrap_or_default().to_owned();
    let tables = crossings.iter().flat_map(|crossing| &crossing.record.changes).map(|change| change.table);
    let mut tables: Vec<String> = tables.map(|table| table.replace('_', " ")).collect();
    tables.sort_unstable();
    tables.dedup();
    let tables = tables.join(", ");
    Violation {
        at_us: answered.at_us,
        node: crossings.first().map_or_else(String::new, |crossing| crossing.address.node_name().to_owned()),
        expected: format!("'{asked}' is answered {status} and has changed nothing"),
        seen: format!("it has changed {tables}"),
        decision: format!("an error after a change of {tables}"),
        subject,
        chain: join(chain_of(&evidence.history, answered.id), committed.iter().copied()),
    }
}
