//! The keys that a gateway accepts are those that the platform says are good.
//!
//! Judged at rest by what a request would meet: a key of an artifact that is served opens it at every process, and
//! one that was revoked or deleted, has ended or is meant for other gateways opens nothing. A key is what its
//! holder has, the secret; by which identifier a gateway knows it is nobody's business.
//!
//! Keys of artifacts that are gone belong to `deletes-reach-every-gateway`, and those that somebody made at the
//! gateway itself to nobody: the platform doesn't know them.

use std::sync::Arc;

use driftless_model::gateway::tables::{self, KeyStatus};
use driftless_model::platform::tables as platform;
use uuid::Uuid;

use crate::causes::join;
use crate::history::Crossing;
use crate::oracle::Standing;
use crate::outcome::{Evidence, Violation};
use crate::plan::Role;

use super::rest::{self, AtRest};
use super::{Found, Modality, Property, trail};

/// The keys that are accepted are the good ones.
pub(super) struct KeysFollowThePlatform;

impl Property for KeysFollowThePlatform {
    fn name(&self) -> &'static str {
        "keys-follow-the-platform"
    }

    fn modality(&self) -> Modality {
        Modality::Eventually
    }

    fn sentence(&self) -> &'static str {
        "a key that is good opens what is served, and one that is revoked, deleted or over opens nothing"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["key-taken-back"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["undeploy-hard-deletes", "key-event-id-without-version", "key-sync-enumerates-memory"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        rest::judge(evidence, |gateway, found| {
            let accepted = accepted(evidence, gateway);
            for ((artifact, secret), ought) in &gateway.ought.keys {
                if ought.standing == Standing::May || !is_served(gateway, *artifact) {
                    continue;
                }
                found.relevant = true;
                if !accepted.iter().any(|key| key.opens(*artifact, secret)) {
                    found.violations.push(refused(evidence, gateway, (*artifact, secret), ought.key));
                }
            }
            let exists = |key: &&Accepted| gateway.ought.artifacts.contains_key(&key.artifact);
            let opens = |key: &&Accepted| exists(key) && is_served(gateway, key.artifact);
            for key in accepted.iter().filter(opens) {
                found.relevant = true;
                if !gateway.ought.keys.contains_key(&(key.artifact, key.secret.clone())) {
                    found.violations.push(let_in(evidence, gateway, key));
                }
            }
        })
    }
}

/// Whether a process serves an artifact. Where nothing is served no key opens anything, and none is to blame.
fn is_served(gateway: &AtRest<'_>, artifact: Uuid) -> bool {
    gateway.projections.read(|state| state.routes.of(artifact).is_some())
}

/// A key that a process accepts.
struct Accepted {
    artifact: Uuid,
    secret: String,
    key: Uuid,
    name: String,
}

impl Accepted {
    fn opens(&self, artifact: Uuid, secret: &str) -> bool {
        self.artifact == artifact && self.secret == secret
    }
}

fn accepted(evidence: &Evidence, gateway: &AtRest<'_>) -> Vec<Accepted> {
    let keys = gateway.projections.keys().into_iter().filter(|key| {
        let over = key.expires_at.is_some_and(|end| end <= evidence.wall);
        key.status == KeyStatus::Active && !over && key.source != tables::ApiKey::LOCAL
    });
    let accepted = |key: &tables::ApiKey| Accepted {
        artifact: key.artifact_uuid,
        secret: key.api_key.clone(),
        key: key.uuid,
        name: key.name.clone(),
    };
    keys.map(|key| accepted(&key)).collect()
}

/// A key that is good and isn't accepted.
fn refused(
    evidence: &Evidence,
    gateway: &AtRest<'_>,
    (artifact, secret): (Uuid, &str),
    key: Uuid,
) -> Violation {
    let (name, subject) = (gateway.name, evidence.name(key));
    let of_platform = good(evidence, key);
    let called = of_platform.as_ref().map(|row| row.name.as_str()).unwrap_or_default();
    let stored = gateway
        .remains
        .database
        .look(|view| view.first(|row: &tables::ApiKey| row.artifact_uuid == artifact && row.name == called));
    let last = trail::last_at(evidence, gateway.gateway(), |row: &tables::ApiKey| {
        row.artifact_uuid == artifact && row.name == called
    });
    let (seen, decision) = match (&stored, last) {
        (Some(row), _) if row.api_key == secret => {
            (format!("{name} has it in its database and refuses it"), "stored and refused")
        }
        (Some(_), _) => (format!("{name} knows another secret under its name"), "another secret known"),
        (None, Some(_)) => (format!("{name} has removed it"), "removed"),
        (None, None) => (format!("{name} never heard of it"), "never heard of"),
    };
    Violation {
        expected: format!("{name} lets in who has {subject}"),
        seen,
        decision: decision.to_owned(),
        ..violation(evidence, gateway, (artifact, key), last)
    }
}

/// A key that is accepted and isn't good.
fn let_in(evidence: &Evidence, gateway: &AtRest<'_>, key: &Accepted) -> Violation {
    let name = gateway.name;
    let of_platform = platform_row(evidence, |row| row.artifact == key.artifact && row.name == key.name);
    let (id, why) = match &of_platform {
        None => (key.key, "was deleted"),
        Some(row) if row.status == platform::KeyStatus::Revoked => (row.uuid, "was revoked"),
        Some(row) if row.api_key_hashes.values().all(|hash| *hash != key.secret) => {
            (row.uuid, "has another secret now")
        }
        Some(row) if !row.allowed_targets.include(gateway.gateway()) => {
            (row.uuid, "is meant for other gateways")
        }
        Some(row) => (row.uuid, "is over"),
    };
    let last = trail::last_at(evidence, gateway.gateway(), |row: &tables::ApiKey| row.uuid == key.key);
    let subject = evidence.name(id);
    Violation {
        expected: format!("{name} doesn't let in who has {subject}, which {why}"),
        seen: format!("{name} accepts it"),
        decision: format!("accepted although it {why}"),
        ..violation(evidence, gateway, (key.artifact, id), last)
    }
}

/// What both have in common, with the deployment of the artifact if that came later.
fn violation(
    evidence: &Evidence,
    gateway: &AtRest<'_>,
    (artifact, key): (Uuid, Uuid),
    last: Option<&Crossing>,
) -> Violation {
    let changed = trail::last_change(evidence, |_| true, |row: &platform::ApiKey| row.uuid == key);
    let since = changed.map(|crossing| crossing.id).unwrap_or_default();
    let violation = trail::of_thing(evidence, gateway, key, changed, last);
    let stored = trail::stored_since(evidence, gateway.gateway(), artifact, since);
    Violation { chain: join(violation.chain, stored), ..violation }
}

fn good(evidence: &Evidence, key: Uuid) -> Option<Arc<platform::ApiKey>> {
    platform_row(evidence, |row| row.uuid == key)
}

/// What the platform has of a key at the end.
fn platform_row(
    evidence: &Evidence,
    fits: impl Fn(&platform::ApiKey) -> bool,
) -> Option<Arc<platform::ApiKey>> {
    let platform = evidence.nodes.values().find(|node| node.role == Role::Platform)?;
    platform.database.look(|view| view.first(fits))
}
