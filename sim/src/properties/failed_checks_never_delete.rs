//! Nothing is removed because a question went unanswered.
//!
//! Judged at the moment of each removal, by what the gateway had been told by then, whether or not the thing
//! still existed: a deletion that happens to be right was no less a guess. The end state can't show it: a
//! wrongly removed artifact may come back with the next deployment.

use crate::causes::{chain_of, join};
use crate::outcome::{Evidence, Violation};
use crate::plan::Role;

use super::ground::{self, Ground};
use super::removal::{Removal, removals};
use super::{Found, Modality, Property};

/// Nothing is removed because a question went unanswered.
pub(super) struct FailedChecksNeverDelete;

impl Property for FailedChecksNeverDelete {
    fn name(&self) -> &'static str {
        "failed-checks-never-delete"
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "nothing is removed because a question went unanswered"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["failed-exists-with-orphans", "orphan-truly-deleted"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["exists-failure-means-absent", "second-refusal-means-absent"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        judge(evidence)
    }
}

fn judge(evidence: &Evidence) -> Found {
    let crossings = evidence.history.crossings();
    let mut found = Found { relevant: ground::any_unanswered(evidence), ..Found::default() };
    for crossing in crossings.iter().filter(|c| evidence.role_of(c) == Some(Role::Gateway)) {
        for Removal { thing, artifact, what } in removals(crossing) {
            let Ground::Unanswered(question) = ground::of(evidence, crossing, (what, artifact)) else {
                continue;
            };
            let (node, subject) = (crossing.address.node_name(), evidence.name(thing));
            found.violations.push(Violation {
                at_us: crossing.at_us,
                node: node.to_owned(),
                expected: format!("{node} keeps {subject}: it asked about it and got no usable answer"),
                seen: format!("{node} removes {subject}"),
                decision: "removed unanswered".to_owned(),
                subject,
                chain: join(chain_of(&evidence.history, crossing.id), [question]),
            });
        }
    }
    found
}
