//! The local management API, as operations: what somebody at the gateway itself can do (docs/spec/gateway.md
//! sections 5.1 and 11).
//!
//! Nobody asks who made an artifact: a local user changes and deletes those of the platform too, and takes handles
//! that the platform will want. What is written goes the way of everything else, into the database and through
//! the hub into memory. There is no wire here, and no users and roles: whoever can call is an administrator.

mod artifacts;
mod keys;
mod push;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::pipeline::DeployError;
use super::replica::Replica;
use super::storage::UpsertError;
use crate::cx::Cx;
use crate::store::StoreError;
use crate::wire::kind::Kind;

/// Something to do at the gateway itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LocalOperation {
    /// Serve a new artifact under a handle.
    CreateArtifact {
        /// Its kind.
        kind: Kind,
        /// Its handle.
        handle: String,
        /// Its definition, in YAML.
        definition: Vec<u8>,
    },
    /// Give an artifact another definition, whoever made it.
    UpdateArtifact {
        /// Its kind.
        kind: Kind,
        /// Its handle, which stays.
        handle: String,
        /// Its new definition, in YAML.
        definition: Vec<u8>,
    },
    /// Delete an artifact, whoever made it.
    DeleteArtifact {
        /// Its kind.
        kind: Kind,
        /// Its handle.
        handle: String,
    },
    /// Let requests into an artifact with a new key.
    CreateKey {
        /// The artifact's kind.
        kind: Kind,
        /// The artifact's handle.
        handle: String,
        /// The key's name.
        name: String,
        /// The key itself.
        secret: String,
        /// Who it is for.
        user: String,
    },
    /// Let none in with that key any more.
    RevokeKey {
        /// The artifact's kind.
        kind: Kind,
        /// The artifact's handle.
        handle: String,
        /// The key's name.
        name: String,
    },
}

/// Why an operation was refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LocalRefusal {
    /// The management listener isn't up yet, or no longer.
    #[error("the management API is not up")]
    NotUp,
    /// What was sent can't be used.
    #[error("{0}")]
    Invalid(String),
    /// Another artifact has the handle or the name, or another key has the name.
    #[error("{0}")]
    Conflict(String),
    /// There is no such artifact.
    #[error("{kind} '{handle}' not found", kind = kind.name())]
    NotFound {
        /// The kind that was looked for.
        kind: Kind,
        /// The handle that was looked for.
        handle: String,
    },
    /// It could not be done; some of it may have been.
    #[error("{0}")]
    Failed(String),
}

impl LocalRefusal {
    fn not_found(kind: Kind, handle: &str) -> Self {
        LocalRefusal::NotFound { kind, handle: handle.to_owned() }
    }
}

impl From<DeployError> for LocalRefusal {
    fn from(error: DeployError) -> Self {
        let why = error.to_string();
        match error {
            DeployError::NameTaken { .. } | DeployError::HandleTaken(_) => LocalRefusal::Conflict(why),
            DeployError::Invalid(_) | DeployError::NoTemplate(_) | DeployError::NoProvider(_) => {
                LocalRefusal::Invalid(why)
            }
            DeployError::Lookup(_) => LocalRefusal::Failed(why),
            DeployError::Store(error) => error.into(),
            DeployError::Upsert(error) => error.into(),
        }
    }
}

impl From<UpsertError> for LocalRefusal {
    fn from(error: UpsertError) -> Self {
        match error {
            UpsertError::NoHandle | UpsertError::NoProvider(_) => LocalRefusal::Invalid(error.to_string()),
            UpsertError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for LocalRefusal {
    fn from(error: StoreError) -> Self {
        // The database refused what the checks before it let pass: somebody was faster.
        if matches!(error, StoreError::Unique { .. }) {
            return LocalRefusal::Conflict(error.to_string());
        }
        LocalRefusal::Failed(error.to_string())
    }
}

/// The management API of one gateway process. A process that starts again has a new one; whoever holds this
/// one doesn't keep the process's sockets open.
#[derive(Default)]
pub struct Management(Mutex<Weak<Replica>>);

impl Management {
    /// Does it, in the gateway's own process: the context is one of the process's life.
    ///
    /// # Errors
    /// When it is refused. A store that failed half-way has kept what was committed before.
    pub async fn carry_out(&self, cx: &Cx, operation: LocalOperation) -> Result<(), LocalRefusal> {
        let replica = self.0.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
        let replica = replica.ok_or(LocalRefusal::NotUp)?;
        match operation {
            LocalOperation::CreateArtifact { kind, handle, definition } => {
                replica.create_local_artifact(cx, kind, &handle, definition).await
            }
            LocalOperation::UpdateArtifact { kind, handle, definition } => {
                replica.update_local_artifact(cx, kind, &handle, definition).await
            }
            LocalOperation::DeleteArtifact { kind, handle } => {
                replica.delete_local_artifact(cx, kind, &handle).await
            }
            LocalOperation::CreateKey { kind, handle, name, secret, user } => {
                let artifact = replica.local_artifact(cx, kind, &handle).await?;
                replica.create_local_key(cx, artifact, name, &secret, user).await
            }
            LocalOperation::RevokeKey { kind, handle, name } => {
                let artifact = replica.local_artifact(cx, kind, &handle).await?;
                replica.revoke_local_key(cx, artifact, &name).await
            }
        }
    }

    /// From now on operations are carried out.
    pub(super) fn open(&self, replica: &Arc<Replica>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(replica);
    }

    /// From now on everything is refused; what is under way goes on.
    pub(super) fn close(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Weak::new();
    }
}

impl fmt::Debug for Management {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Management")
    }
}
