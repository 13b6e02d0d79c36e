//! Deployments, and which of them is current.
//!
//! A deployment is history and never changes. The status row of (artifact, organisation, gateway) points at
//! the current one and dies with it: that cascade is the root of issue 1 and of issue 3.

use bytes::Bytes;
use uuid::Uuid;

use super::{Artifact, Gateway, Object, Organisation};
use crate::store::{Foreign, Key, OnDelete, Row, Target};
use crate::wire::time::Instant;

/// A row of `deployments`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Deployment {
    /// The deployment.
    pub deployment_id: Uuid,
    /// Its name; need not be unique.
    pub name: String,
    /// What is deployed.
    pub artifact: Uuid,
    /// Whose it is.
    pub organisation: Uuid,
    /// Where it goes.
    pub gateway: Uuid,
    /// The deployment whose content it took.
    pub base_deployment: Option<Uuid>,
    /// The definition, as the gateway will download it.
    pub content: Bytes,
    /// What the user asked for beside the base.
    pub metadata: Option<Object>,
    /// When it was made.
    pub created_at: Instant,
}

impl Row for Deployment {
    const TABLE: &'static str = "deployments";
    const FOREIGN: &'static [Foreign<Self>] = &[
        parent("deployments.artifact_uuid", Artifact::TABLE, |row| Some(row.artifact.into())),
        parent("deployments.organization_uuid", Organisation::TABLE, |row| Some(row.organisation.into())),
        parent("deployments.gateway_uuid", Gateway::TABLE, |row| Some(row.gateway.into())),
        Foreign {
            name: "deployments.base_deployment_id",
            parent: Deployment::TABLE,
            target: Target::PrimaryKey,
            key: |row| row.base_deployment.map(Key::from),
            on_delete: OnDelete::SetNull(|row| row.base_deployment = None),
        },
    ];

    fn key(&self) -> Key {
        self.deployment_id.into()
    }
}

/// What a status row says (docs/spec/platform.md section 3.1). A deployment that no row points at is
/// archived, which is written nowhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum State {
    /// The gateway should serve it.
    Deployed,
    /// The gateway should keep it and not serve it.
    Undeployed,
    /// The gateway has been told and has not answered.
    Deploying,
    /// The gateway has been told and has not answered.
    Undeploying,
    /// The gateway said that it could not, or nothing for too long.
    Failed,
}

impl State {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            State::Deployed => "DEPLOYED",
            State::Undeployed => "UNDEPLOYED",
            State::Deploying => "DEPLOYING",
            State::Undeploying => "UNDEPLOYING",
            State::Failed => "FAILED",
        }
    }

    /// Whether it waits for an acknowledgement.
    pub fn is_transitional(self) -> bool {
        match self {
            State::Deploying | State::Undeploying => true,
            State::Deployed | State::Undeployed | State::Failed => false,
        }
    }
}

/// What the user last asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Desired {
    /// That it be served.
    Deployed,
    /// That it not be served.
    Undeployed,
}

/// A row of `deployment_status`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct DeploymentStatus {
    /// What is deployed.
    pub artifact: Uuid,
    /// Whose it is.
    pub organisation: Uuid,
    /// Where.
    pub gateway: Uuid,
    /// The current deployment.
    pub deployment: Uuid,
    /// How it stands.
    pub status: State,
    /// How it should stand.
    pub status_desired: Desired,
    /// When the user asked; the token that orders changes and that an ack must repeat.
    pub performed_at: Instant,
    /// Why it failed.
    pub status_reason: Option<String>,
    /// When the row was last written.
    pub updated_at: Instant,
}

impl DeploymentStatus {
    /// The key of the row for an artifact on a gateway.
    pub fn key_of(artifact: Uuid, organisation: Uuid, gateway: Uuid) -> Key {
        Key::from((artifact, organisation, gateway))
    }

    /// Whether it stands as it should.
    pub fn is_as_asked(&self) -> bool {
        match self.status_desired {
            Desired::Deployed => self.status == State::Deployed,
            Desired::Undeployed => self.status == State::Undeployed,
        }
    }
}

impl Row for DeploymentStatus {
    const TABLE: &'static str = "deployment_status";
    const FOREIGN: &'static [Foreign<Self>] = &[
        parent("deployment_status.artifact_uuid", Artifact::TABLE, |row| Some(row.artifact.into())),
        parent("deployment_status.organization_uuid", Organisation::TABLE, |row| {
            Some(row.organisation.into())
        }),
        parent("deployment_status.gateway_uuid", Gateway::TABLE, |row| Some(row.gateway.into())),
        parent("deployment_status.deployment_id", Deployment::TABLE, |row| Some(row.deployment.into())),
    ];

    fn key(&self) -> Key {
        DeploymentStatus::key_of(self.artifact, self.organisation, self.gateway)
    }
}

const fn parent<T>(name: &'static str, parent: &'static str, key: fn(&T) -> Option<Key>) -> Foreign<T> {
    Foreign { name, parent, target: Target::PrimaryKey, key, on_delete: OnDelete::Cascade }
}
