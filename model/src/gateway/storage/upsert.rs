//! The guarded upsert: how the protocol writes an artifact (docs/spec/gateway.md section 5.1).
//!
//! It is the only guard against events that arrive in another order than they were made. A row that isn't
//! there guards nothing: what is inserted may be older than what was deleted.

use uuid::Uuid;

use super::{Storage, earlier};
use crate::cx::{At, Cx};
use crate::gateway::memory::StoredConfig;
use crate::gateway::tables::{Artifact, LlmProvider, LlmProxy, McpProxy, RestApi};
use crate::store::{Flavour, StoreError, Writer};
use crate::wire::kind::Kind;

/// Why an artifact was not written.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(in crate::gateway) enum UpsertError {
    /// An artifact must have a handle.
    #[error("handle is required and cannot be empty")]
    NoHandle,
    /// The provider that a proxy stands before isn't here.
    #[error("LLM provider '{0}' not found")]
    NoProvider(String),
    /// The database's own word, unique constraints included.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Storage {
    /// Writes an artifact unless the row there is as new or newer; false if it is.
    pub async fn upsert(&self, cx: &Cx, config: &StoredConfig) -> Result<bool, UpsertError> {
        let flavour = self.database.settings().flavour;
        self.write_if(cx, config, |stored| is_newer(flavour, &config.artifact, stored)).await
    }

    /// Writes an artifact whatever the age of the row there.
    pub async fn overwrite(&self, cx: &Cx, config: &StoredConfig) -> Result<bool, UpsertError> {
        self.write_if(cx, config, |_| true).await
    }

    async fn write_if(
        &self,
        cx: &Cx,
        config: &StoredConfig,
        gives_way: impl Fn(&Artifact) -> bool + Send + Sync,
    ) -> Result<bool, UpsertError> {
        let row = &config.artifact;
        if row.handle.is_empty() {
            return Err(UpsertError::NoHandle);
        }
        let mut transaction = self.database.begin(cx);
        let at = At::site("store.upsert-artifact").about(row.uuid);
        if !transaction.write(cx, at, |w| insert_or_update(w, row, &gives_way)).await? {
            return Ok(false);
        }
        self.write_configuration(cx, &mut transaction, config).await?;
        transaction.commit(cx, At::site("store.commit-upsert").about(row.uuid)).await?;
        Ok(true)
    }
}

/// One statement: an insert that turns into an update, if the row there gives way.
fn insert_or_update(
    w: &mut Writer<'_>,
    row: &Artifact,
    gives_way: impl Fn(&Artifact) -> bool,
) -> Result<bool, StoreError> {
    let Some(stored) = w.get::<Artifact>((&row.gateway_id, row.uuid)) else {
        w.insert(row.clone())?;
        return Ok(true);
    };
    let written = gives_way(&stored);
    if written {
        w.update(Artifact { created_at: stored.created_at, ..row.clone() })?;
    }
    Ok(written)
}

/// Strictly: an equal instant is an old one.
fn is_newer(flavour: Flavour, row: &Artifact, stored: &Artifact) -> bool {
    match (&stored.deployed_at, &row.deployed_at) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(stored), Some(incoming)) => earlier(flavour, stored, incoming),
    }
}

pub(super) fn put_configuration(
    w: &mut Writer<'_>,
    config: &StoredConfig,
    provider: Uuid,
) -> Result<(), StoreError> {
    let StoredConfig { artifact, configuration } = config.clone();
    let (gateway_id, uuid) = (artifact.gateway_id, artifact.uuid);
    match artifact.kind {
        Kind::RestApi => w.put(RestApi { gateway_id, uuid, configuration }),
        Kind::LlmProvider => w.put(LlmProvider { gateway_id, uuid, configuration }),
        Kind::LlmProxy => w.put(LlmProxy { gateway_id, uuid, configuration, provider_uuid: provider }),
        Kind::Mcp => w.put(McpProxy { gateway_id, uuid, configuration }),
    }
}
