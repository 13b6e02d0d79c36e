//! Removals: what a commit took away from a gateway.

use driftless_model::gateway::tables;
use driftless_model::store::Change;
use uuid::Uuid;

use crate::history::Crossing;

/// What a crossing removed from a gateway: the thing, and the artifact it belongs to.
///
/// A key whose secret changes leaves its row and appears in another, because the secret's hash is the primary
/// key (docs/spec/gateway.md section 4.1); that is no removal.
pub(crate) fn removals(crossing: &Crossing) -> impl Iterator<Item = Removal> {
    let changes = &crossing.record.changes;
    let removed = changes.iter().filter(|change| change.after.is_none()).filter_map(removal);
    removed.filter(|removed| !changes.iter().filter_map(key_after).any(|key| key == removed.thing))
}

/// Something that a gateway no longer has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Removal {
    /// What is gone.
    pub(crate) thing: Uuid,
    /// The artifact that it is or belongs to.
    pub(crate) artifact: Uuid,
    /// What kind of thing it is.
    pub(crate) what: Removed,
}

/// What kind of thing that is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Removed {
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
    pub(crate) fn word(self) -> &'static str {
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
