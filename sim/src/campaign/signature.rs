//! What makes two violations the same finding.
//!
//! The property, the kind of the artifact, what was decided, and the causal chain reduced to what goes for every
//! plan and decided something: the last that the platform did about the thing, how the gateway was told of it, the
//! last that the gateway did since, and where faults struck. What lies between is how it came to be so on this
//! occasion, and the same mistake is made on many.
//!
//! Left out are names, counts and times, and faults that only make something late: what comes of it could have come
//! of another schedule.

use std::collections::BTreeSet;
use std::fmt;

use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use driftless_model::wire::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fault::{Effect, Fault};
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::Role;

use super::News;

/// Faults of a chain that a signature holds at most.
const STRIKES_MOST: usize = 4;

/// What makes two violations the same finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// The violated property.
    pub property: String,
    /// The kind of the artifact that it is about; `-` where it is about none.
    pub kind: String,
    /// What was decided, in words without names.
    pub decision: String,
    /// What is left of the chain.
    pub chain: Chain,
}

/// A chain of cause and effect, reduced to what decided.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Chain {
    /// The last that the platform changed about it: the sort of work and the site.
    pub changed: Option<String>,
    /// How the gateway was told of that.
    pub told: Option<News>,
    /// The last that the gateway did about it since.
    pub acted: Option<String>,
    /// Where faults struck, with their effects.
    pub struck: Vec<String>,
}

impl Signature {
    /// The signature of a violation.
    pub fn of(property: &str, violation: &Violation, evidence: &Evidence, faults: &[Fault]) -> Self {
        Signature {
            property: property.to_owned(),
            kind: kind_of(violation, evidence).map_or("-", Kind::word).to_owned(),
            decision: violation.decision.clone(),
            chain: Chain::of(violation, evidence, faults),
        }
    }

    /// Eight digits that stand for it, the same in every build.
    pub fn id(&self) -> String {
        blake3::hash(self.to_string().as_bytes()).to_hex()[..8].to_owned()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Chain { changed, told, acted, struck } = &self.chain;
        write!(f, "{} / {} / {}", self.property, self.kind, self.decision)?;
        let links = [changed.as_deref(), told.map(News::word), acted.as_deref()].into_iter().flatten();
        links.chain(struck.iter().map(String::as_str)).try_for_each(|link| write!(f, " / {link}"))
    }
}

impl Chain {
    fn of(violation: &Violation, evidence: &Evidence, faults: &[Fault]) -> Self {
        let all = || violation.chain.iter().filter_map(|id| evidence.history.get(*id));
        let mine = || all().filter(|crossing| is_about(crossing, &violation.subject));
        let by = |crossing: &Crossing, role| evidence.role_of(crossing) == Some(role);
        let changes = |one: &&Crossing| by(one, Role::Platform) && !one.record.changes.is_empty();
        let changed = mine().filter(changes).last();
        let acted = mine().filter(|one| by(one, Role::Gateway) && has_effect(one));
        let acted = acted.filter(|one| changed.is_none_or(|changed| changed.id < one.id)).last();
        let node = violation.node.split('@').next().unwrap_or_default();
        let is_gateway = evidence.nodes.get(node).is_some_and(|node| node.role == Role::Gateway);
        let struck: BTreeSet<String> = all().filter_map(|crossing| strike(crossing, faults)).collect();
        Chain {
            changed: changed.map(link),
            told: changed.and_then(|changed| match is_gateway {
                true => Some(News::of(changed, node, evidence)),
                false => News::of_any(changed, evidence),
            }),
            acted: acted.map(link),
            struck: struck.into_iter().take(STRIKES_MOST).collect(),
        }
    }
}

/// Whether a crossing is about the artifact that a violation is about, or what belongs to it, or about many. Keys are
/// mapped by changes of applications.
fn is_about(crossing: &Crossing, subject: &str) -> bool {
    let artifact = |name: &str| name.split('.').next().map(str::to_owned);
    let is_it = |about: &str| artifact(about) == artifact(subject) || about.starts_with("application.");
    crossing.address.subject.as_deref().is_none_or(is_it)
}

fn has_effect(crossing: &Crossing) -> bool {
    !crossing.record.changes.is_empty() || crossing.record.failed.is_some()
}

/// What a crossing is, in words without names: `sync store.delete-stale-keys`.
fn link(crossing: &Crossing) -> String {
    let work = work(&crossing.address.task);
    // Of which kind the artifact is, is said elsewhere: `event api.deleted` is `event deleted`.
    let work = match work.strip_prefix("event ").and_then(|event| event.split_once('.')) {
        Some((_, event)) => format!("event {event}"),
        None => work.to_owned(),
    };
    let failed = if crossing.record.failed.is_some() { " failed" } else { "" };
    format!("{work} {}{failed}", crossing.address.site)
}

/// Where a fault struck, if it did more than to make something late.
fn strike(crossing: &Crossing, faults: &[Fault]) -> Option<String> {
    let effect = &faults.get(crossing.fault?)?.effect;
    let is_late = matches!(
        effect,
        Effect::Delay { .. }
            | Effect::Slow { .. }
            | Effect::Lossy { .. }
            | Effect::Hold
            | Effect::Narrow { .. }
            | Effect::SlowBoot { .. }
    );
    let words = [work(&crossing.address.task), crossing.address.site, effect.word()];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    (!is_late).then(|| words.join(" "))
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
