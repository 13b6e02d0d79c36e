//! What the platform answers with success has all been written there.
//!
//! Whoever is told that something was done relies on all of it. What could not be written and was passed over is
//! missed later by somebody who asks for something else. Judged at each answer below 300, by the writes of that very
//! request that failed.
//!
//! Not judged is a write that took place although the platform was told otherwise, one that a row of the same name
//! stood in the way of (somebody else has written it), what is done after the answer,
//! and a request whose artifact somebody else has deleted meanwhile.

use crate::causes::{chain_of, join};
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};

use super::requests::{self, Request};
use super::{Found, Modality, Property};

/// A success is durable.
pub(super) struct ASuccessIsDurable;

impl Property for ASuccessIsDurable {
    fn name(&self) -> &'static str {
        "a-success-is-durable"
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "what the platform answers with success has all been written there"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["request-failed"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["broadcast-after-failed-status-write"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        let mut found = Found::default();
        let requests = requests::answered(evidence);
        let requests = requests.iter().filter(|request| request.status < 300 && !request.was_overtaken());
        for request in requests {
            found.relevant |= !request.writes.is_empty();
            let failed = request.writes.iter().copied().find(|crossing| has_failed(crossing));
            found.violations.extend(failed.map(|failed| violation(evidence, request, failed)));
        }
        found
    }
}

/// Whether a write was passed over, and not because what it was to write is there.
fn has_failed(crossing: &Crossing) -> bool {
    let taken = |why: &str| why.contains("UNIQUE constraint") || why.contains("unique constraint");
    crossing.record.changes.is_empty() && crossing.record.failed.as_deref().is_some_and(|why| !taken(why))
}

fn violation(evidence: &Evidence, request: &Request<'_>, failed: &Crossing) -> Violation {
    let answered = request.answered;
    // Statements are called after what they do and what they do it to.
    let what = failed.address.site.split_once('-').map_or("", |(_, what)| what).replace('-', " ");
    let subject = failed.address.subject.as_deref().or(answered.address.subject.as_deref());
    Violation {
        at_us: answered.at_us,
        node: failed.address.node_name().to_owned(),
        expected: format!("'{}' is answered {} and all of it is written", request.asked(), request.status),
        seen: format!("its {what} could not be written"),
        decision: format!("a success without its {what}"),
        subject: subject.unwrap_or_default().to_owned(),
        chain: join(chain_of(&evidence.history, answered.id), [failed.id]),
    }
}
