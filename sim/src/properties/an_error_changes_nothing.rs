//! What the platform answers with an error has changed nothing there.
//!
//! Whoever is told that something failed does it again, or does without it. A row that stays all the same is
//! served or stands in the way without anybody wanting it. Judged at each answer of 400 or above, by what the work of
//! that very request had committed until then.
//!
//! Not judged is a commit of which the platform itself was told that it failed: it couldn't know. Nor is
//! a request whose artifact somebody else has deleted meanwhile: what it wrote went with that.

use crate::causes::{chain_of, join};
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};

use super::requests::{self, Request};
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

    fn companions(&self) -> &'static [&'static str] {
        &["request-failed"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["quota-counted-afterwards"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        let mut found = Found::default();
        let requests = requests::answered(evidence);
        let requests = requests.iter().filter(|request| request.status >= 400 && !request.was_overtaken());
        for request in requests {
            found.relevant = true;
            let committed = request.writes.iter().copied().filter(|crossing| has_committed(crossing));
            let committed: Vec<&Crossing> = committed.collect();
            if let [first, ..] = committed.as_slice() {
                found.violations.push(violation(evidence, request, first, &committed));
            }
        }
        found
    }
}

fn has_committed(crossing: &Crossing) -> bool {
    !crossing.record.changes.is_empty() && crossing.record.failed.is_none()
}

fn violation(
    evidence: &Evidence,
    request: &Request<'_>,
    first: &Crossing,
    committed: &[&Crossing],
) -> Violation {
    let tables = committed.iter().flat_map(|crossing| &crossing.record.changes).map(|change| change.table);
    let mut tables: Vec<String> = tables.map(|table| table.replace('_', " ")).collect();
    tables.sort_unstable();
    tables.dedup();
    let (tables, answered) = (tables.join(", "), request.answered);
    let subject = first.address.subject.as_deref().or(answered.address.subject.as_deref());
    // Up to the last write, so that one which failed is among what led there.
    let chain = request.writes.last().map(|last| chain_of(&evidence.history, last.id)).unwrap_or_default();
    Violation {
        at_us: answered.at_us,
        node: first.address.node_name().to_owned(),
        expected: format!("'{}' is answered {} and has changed nothing", request.asked(), request.status),
        seen: format!("it has changed {tables}"),
        decision: format!("an error after a change of {tables}"),
        subject: subject.unwrap_or_default().to_owned(),
        chain: join(chain, committed.iter().map(|crossing| crossing.id).chain([answered.id])),
    }
}
