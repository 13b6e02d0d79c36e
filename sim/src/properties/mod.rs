//! Properties, named as claims.
//!
//! Each is judged from the evidence of a run: its history and what it left behind. None of them knows the
//! plan or its faults, so none can excuse the system because of one. *Always* speaks of every crossing,
//! *eventually* of the world at rest. Both are judged when the run is over; the history has kept everything.

mod deletes_reach_every_gateway;
mod existing_artifacts_survive;
mod failed_checks_never_delete;
pub mod ground;

use driftless_model::gateway::tables;
use driftless_model::store::Change;
use uuid::Uuid;

use crate::history::Crossing;
use crate::outcome::{Evidence, Judgement, Verdict, Violation};

/// When a property is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Modality {
    /// At every crossing.
    Always,
    /// When the faults have ended and the world has come to rest.
    Eventually,
}

/// A claim about every run.
pub struct Property {
    /// The claim.
    pub name: &'static str,
    /// When it is judged.
    pub modality: Modality,
    /// The claim as a sentence.
    pub sentence: &'static str,
    /// Judges a run.
    judge: fn(&Evidence) -> Found,
}

/// What a property found in a run.
#[derive(Debug, Default)]
pub struct Found {
    /// Whether there was something that could have violated it.
    pub relevant: bool,
    /// How it was violated.
    pub violations: Vec<Violation>,
}

/// Every property.
pub const ALL: &[Property] = &[
    Property {
        name: "deletes-reach-every-gateway",
        modality: Modality::Eventually,
        sentence: "an artifact deleted on the platform is, in the end, on no gateway of its organisation",
        judge: deletes_reach_every_gateway::judge,
    },
    Property {
        name: "existing-artifacts-survive",
        modality: Modality::Always,
        sentence: "a gateway never loses an artifact that exists on the platform, nor its keys and subscriptions, nor \
                   what was made at the gateway itself",
        judge: existing_artifacts_survive::judge,
    },
    Property {
        name: "failed-checks-never-delete",
        modality: Modality::Always,
        sentence: "nothing is removed because a question went unanswered",
        judge: failed_checks_never_delete::judge,
    },
];

/// The name of every property.
pub const NAMES: &[&str] =
    &["deletes-reach-every-gateway", "existing-artifacts-survive", "failed-checks-never-delete"];

/// What a crossing removed from a gateway: the thing, and the artifact it belongs to.
///
/// A key whose secret changes leaves its row and appears in another, because the secret's hash is the primary
/// key (docs/spec/gateway.md section 4.1); that is no removal.
fn removals(crossing: &Crossing) -> impl Iterator<Item = Removal> {
    let changes = &crossing.record.changes;
    let removed = changes.iter().filter(|change| change.after.is_none()).filter_map(removal);
    removed.filter(|removed| !changes.iter().filter_map(key_after).any(|key| key == removed.thing))
}

/// Something that a gateway no longer has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Removal {
    thing: Uuid,
    artifact: Uuid,
    what: Removed,
}

/// What kind of thing that is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Removed {
    /// An artifact that the platform gave it.
    Artifact,
    /// An artifact that somebody made at the gateway itself: the platform knows nothing of it.
    LocalArtifact,
    /// A key that the platform gave it.
    Key,
    /// A key that somebody made at the gateway itself.
    LocalKey,
    /// A subscription.
    Subscription,
}

impl Removed {
    /// What it is called.
    fn word(self) -> &'static str {
        match self {
            Removed::Artifact => "artifact",
            Removed::LocalArtifact => "local artifact",
            Removed::Key => "key",
            Removed::LocalKey => "local key",
            Removed::Subscription => "subscription",
        }
    }
}

fn removal(change: &Change) -> Option<Removal> {
    if let Some(row) = change.before_as::<tables::Artifact>() {
        let what = match row.origin {
            tables::Origin::ControlPlane => Removed::Artifact,
            tables::Origin::GatewayApi => Removed::LocalArtifact,
        };
        return Some(Removal { thing: row.uuid, artifact: row.uuid, what });
    }
    if let Some(key) = change.before_as::<tables::ApiKey>() {
        let what = if key.source == tables::ApiKey::LOCAL { Removed::LocalKey } else { Removed::Key };
        return Some(Removal { thing: key.uuid, artifact: key.artifact_uuid, what });
    }
    let row = change.before_as::<tables::Subscription>()?;
    Some(Removal { thing: row.uuid, artifact: row.api_id, what: Removed::Subscription })
}

fn key_after(change: &Change) -> Option<Uuid> {
    change.after_as::<tables::ApiKey>().map(|key| key.uuid)
}

/// Judges a run by every property.
pub fn judge(evidence: &Evidence, stalled: bool) -> Vec<Judgement> {
    let judge = |property: &Property| {
        let found = (property.judge)(evidence);
        let verdict = match property.modality {
            // A world that still moves may yet get there.
            Modality::Eventually if stalled => Verdict::Stalled,
            _ if !found.violations.is_empty() => Verdict::Violated,
            _ if found.relevant => Verdict::Held,
            _ => Verdict::Vacuous,
        };
        let violations = if verdict == Verdict::Violated { found.violations } else { Vec::new() };
        Judgement { property: property.name, verdict, violations }
    };
    ALL.iter().map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_names_is_the_list_of_properties() {
        let names: Vec<_> = ALL.iter().map(|property| property.name).collect();
        assert_eq!(names, NAMES);
    }
}
