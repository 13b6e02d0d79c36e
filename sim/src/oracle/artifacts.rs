//! What is to become of each artifact on a gateway (docs/spec/platform.md section 3.1).
//!
//! Every artifact of the organisation may be kept there, deployed or not: a gateway that has ever had it keeps it
//! until it is deleted. Whether it is served goes by the status row of (artifact, gateway).

use std::collections::BTreeMap;

use driftless_model::gateway::{Digest, digest};
use driftless_model::platform::tables::{Artifact, Deployment, DeploymentStatus, Desired, Gateway, State};
use driftless_model::store::View;
use driftless_model::wire::kind::Kind;
use uuid::Uuid;

/// An artifact that may be on a gateway, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// Its kind.
    pub kind: Kind,
    /// Its handle, taken on the gateway by nobody else.
    pub handle: String,
    /// What is to become of it.
    pub place: Place,
}

/// What is to become of an artifact on a gateway.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// It must be held, and served with this content.
    Served {
        /// The deployment.
        deployment: Uuid,
        /// The digest of its content.
        content: Digest,
    },
    /// It may be held, and must not be served.
    Idle {
        /// The deployment that the user took away, if one is current.
        deployment: Option<Uuid>,
    },
    /// The platform itself says that what was asked for has failed: it may be served or not.
    Failed {
        /// The current deployment.
        deployment: Uuid,
        /// What was asked for.
        desired: Desired,
    },
}

pub(super) fn of(view: &View<'_>, gateway: &Gateway) -> BTreeMap<Uuid, Kept> {
    let artifacts = view.scan::<Artifact>(|row| row.organisation == gateway.organisation);
    let kept = |row: &Artifact| Kept {
        kind: row.kind,
        handle: row.handle.clone(),
        place: place(view, gateway, row.uuid),
    };
    artifacts.iter().map(|row| (row.uuid, kept(row))).collect()
}

fn place(view: &View<'_>, gateway: &Gateway, artifact: Uuid) -> Place {
    let key = DeploymentStatus::key_of(artifact, gateway.organisation, gateway.uuid);
    let Some(row) = view.get::<DeploymentStatus>(key) else { return Place::Idle { deployment: None } };
    let deployment = row.deployment;
    match row.status {
        State::Failed => Place::Failed { deployment, desired: row.status_desired },
        // One that is on its way has been promised like one that has arrived.
        State::Deployed | State::Deploying => match view.get::<Deployment>(deployment) {
            Some(deployed) => Place::Served { deployment, content: digest(&deployed.content) },
            None => Place::Idle { deployment: None },
        },
        State::Undeployed | State::Undeploying => Place::Idle { deployment: Some(deployment) },
    }
}
