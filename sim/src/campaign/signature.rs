//! What makes two violations the same finding.
//!
//! The property, the kind of the artifact, what was decided, and the causal chain reduced to what goes for every
//! plan: who, in which work, at which site, with which outcome, and struck by which effect. Names, counts and
//! times are left out, and so are what users did and what became of other artifacts meanwhile, unless a fault was
//! at work there: the same mistake is made on many occasions.

use std::fmt;

use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use driftless_model::wire::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fault::Fault;
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::Role;

/// Work of a chain that a signature holds at most, counted from its end: what lies further back is how it came
/// to be the case, not what went wrong.
const LINKS_MOST: usize = 8;

/// What makes two violations the same finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// The violated property.
    pub property: String,
    /// The kind of the artifact that it is about; `-` where it is about none.
    pub kind: String,
    /// What was decided, in words without names.
    pub decision: String,
    /// The links of the chain, each once.
    pub chain: Vec<String>,
}

impl Signature {
    /// The signature of a violation.
    pub fn of(property: &str, violation: &Violation, evidence: &Evidence, faults: &[Fault]) -> Self {
        let mut chain: Vec<String> = Vec::new();
        for crossing in violation.chain.iter().rev().filter_map(|id| evidence.history.get(*id)) {
            if crossing.fault.is_none() && is_of_another(crossing, &violation.subject) {
                continue;
            }
            let Some(link) = link(crossing, evidence, faults) else { continue };
            if !chain.contains(&link) && chain.len() < LINKS_MOST {
                chain.push(link);
            }
        }
        chain.reverse();
        Signature {
            property: property.to_owned(),
            kind: kind_of(violation, evidence).map_or("-", Kind::word).to_owned(),
            decision: violation.decision.clone(),
            chain,
        }
    }

    /// Eight digits that stand for it, the same in every build.
    pub fn id(&self) -> String {
        blake3::hash(self.to_string().as_bytes()).to_hex()[..8].to_owned()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {} / {}", self.property, self.kind, self.decision)?;
        self.chain.iter().try_for_each(|link| write!(f, " / {link}"))
    }
}

/// Whether a crossing is about another handle than a violation.
fn is_of_another(crossing: &Crossing, subject: &str) -> bool {
    let handle = |name: &str| name.split(['.', '@']).next().map(str::to_owned);
    crossing.address.subject.as_deref().is_some_and(|about| handle(about) != handle(subject))
}

/// What a crossing adds to a signature, if anything: who removed, what failed, where a fault struck.
fn link(crossing: &Crossing, evidence: &Evidence, faults: &[Fault]) -> Option<String> {
    let role = match evidence.role_of(crossing) {
        Some(Role::Platform) => "platform",
        Some(Role::Gateway) => "gateway",
        None if crossing.address.site.starts_with("fault.") => "world",
        None => return None,
    };
    let record = &crossing.record;
    let effect = crossing.fault.and_then(|fault| faults.get(fault)).map(|fault| fault.effect.word());
    let removes = record.changes.iter().any(|change| change.after.is_none());
    let status = record.status.filter(|status| !(200..300).contains(status));
    if effect.is_none() && !removes && status.is_none() && record.failed.is_none() {
        return None;
    }
    let mut words =
        vec![role.to_owned(), work(&crossing.address.task).to_owned(), crossing.address.site.to_owned()];
    words.extend(status.map(|status| status.to_string()));
    words.extend(record.failed.is_some().then(|| "failed".to_owned()));
    words.extend(effect.map(|effect| format!("({effect})")));
    words.retain(|word| !word.is_empty());
    Some(words.join(" "))
}

/// The sort of work that a task does: `sync`, `event api.deleted`, `request`.
pub(super) fn work(task: &str) -> &str {
    let words = if task.starts_with("event ") { 2 } else { 1 };
    task.match_indices(' ').nth(words - 1).map_or(task, |(end, _)| &task[..end])
}

/// The kind of the artifact that a violation is about, from whoever wrote it down first.
fn kind_of(violation: &Violation, evidence: &Evidence) -> Option<Kind> {
    let (artifact, _) = violation.subject.split_once('.').unwrap_or((&violation.subject, ""));
    let id: Uuid = evidence.names.id(artifact)?;
    let mut changes = evidence.history.crossings().iter().flat_map(|crossing| &crossing.record.changes);
    changes.find_map(|change| {
        let platform = change.after_as::<platform::Artifact>().filter(|row| row.uuid == id);
        let gateway = change.after_as::<gateway::Artifact>().filter(|row| row.uuid == id);
        platform.map(|row| row.kind).or(gateway.map(|row| row.kind))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_called_by_its_sort() {
        for (task, sort) in [
            ("sync", "sync"),
            ("event api.deleted petstore 1", "event api.deleted"),
            ("event api.deleted", "event api.deleted"),
            ("request delete petstore 1", "request"),
            ("keys at connect 2", "keys"),
            ("", ""),
        ] {
            assert_eq!(work(task), sort);
        }
    }
}
