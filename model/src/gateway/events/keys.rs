//! `apikey.*` (docs/spec/gateway.md section 8.4).
//!
//! The artifact must be here, in whatever state. The user of the envelope acts without roles: a key can be
//! changed and revoked by who created it. None of these is acknowledged.

use std::collections::BTreeMap;

use serde::Deserialize;
use uuid::Uuid;

use super::Incoming;
use super::expiry::{NotInFuture, ends};
use crate::cx::{Cx, Mint};
use crate::gateway::hub::Announcement;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{Action, ApiKey, KeyStatus};
use crate::store::StoreError;
use crate::wire::event::{KeyCreated, KeyRevoked, KeyUpdated};
use crate::wire::time;

/// How many active keys a user may have on one artifact. Bulk syncs don't count.
const KEYS_PER_USER_MAX: usize = 10;

/// Why a key event had no effect.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
enum KeyError {
    #[error("unreadable payload")]
    Unreadable,
    #[error("no SHA-256 hash")]
    NoHash,
    #[error(transparent)]
    NotInFuture(#[from] NotInFuture),
    #[error("the artifact is not here")]
    UnknownArtifact,
    #[error("the user has {0} active keys already")]
    TooMany(usize),
    #[error("the key is not the user's to change")]
    Forbidden,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Replica {
    pub(super) async fn on_key_created(&self, cx: &Cx, artifact: Uuid, incoming: Incoming) {
        if let Err(error) = self.create_key(cx, artifact, incoming).await {
            tracing::warn!(%error, "a key was not created");
        }
    }

    pub(super) async fn on_key_updated(&self, cx: &Cx, artifact: Uuid, incoming: Incoming) {
        if let Err(error) = self.update_key(cx, artifact, incoming).await {
            tracing::warn!(%error, "a key was not updated");
        }
    }

    pub(super) async fn on_key_revoked(&self, cx: &Cx, artifact: Uuid, incoming: Incoming) {
        if let Err(error) = self.revoke_key(cx, artifact, incoming).await {
            tracing::warn!(%error, "a key was not revoked");
        }
    }

    async fn create_key(&self, cx: &Cx, artifact: Uuid, incoming: Incoming) -> Result<(), KeyError> {
        let payload = KeyCreated::deserialize(&incoming.payload).map_err(|_| KeyError::Unreadable)?;
        let hash = sha256_of(&payload.api_key_hashes)?;
        let expires_at = ends(payload.expires_at.as_deref(), payload.expires_in.as_ref(), cx.wall())?;
        self.require_artifact(cx, artifact).await?;
        let active = self.storage.count_active_keys(cx, artifact, &incoming.user_id).await?;
        if active >= KEYS_PER_USER_MAX {
            return Err(KeyError::TooMany(active));
        }
        let now = cx.wall();
        // Without a name a random one is drawn, so a repeated event makes another key.
        let name = payload.name.filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| format!("key-{:016x}", cx.draw("key-name")));
        let key = ApiKey {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: payload.uuid.unwrap_or_else(|| cx.mint(Mint::Key { artifact, name: &name })),
            name,
            api_key: hash,
            masked_api_key: payload.masked_api_key,
            artifact_uuid: artifact,
            status: KeyStatus::Active,
            created_by: incoming.user_id,
            created_at: time::parse(&payload.created_at).unwrap_or(now),
            updated_at: time::parse(&payload.updated_at).unwrap_or(now),
            expires_at,
            source: ApiKey::EXTERNAL.to_owned(),
            external_ref_id: payload.external_ref_id,
            issuer: payload.issuer,
        };
        self.storage.upsert_key(cx, &key).await?;
        // Told even if the key here was as new, and nothing was written.
        self.announce(cx, Announcement::key(Action::Create, artifact, key.uuid, incoming.correlation_id))
            .await;
        Ok(())
    }

    async fn update_key(&self, cx: &Cx, artifact: Uuid, incoming: Incoming) -> Result<(), KeyError> {
        let payload = KeyUpdated::deserialize(&incoming.payload).map_err(|_| KeyError::Unreadable)?;
        let hash = sha256_of(&payload.api_key_hashes)?;
        let expires_at = ends(payload.expires_at.as_deref(), payload.expires_in.as_ref(), cx.wall())?;
        self.require_artifact(cx, artifact).await?;
        let now = cx.wall();
        let key = match self.storage.find_key_by_name(cx, artifact, &payload.key_name).await? {
            Some(stored) => {
                if stored.source != ApiKey::EXTERNAL || stored.created_by != incoming.user_id {
                    return Err(KeyError::Forbidden);
                }
                let key = ApiKey {
                    api_key: hash,
                    masked_api_key: payload.masked_api_key,
                    status: KeyStatus::Active,
                    expires_at,
                    external_ref_id: payload.external_ref_id,
                    updated_at: time::parse(&payload.updated_at).unwrap_or(now),
                    ..ApiKey::clone(&stored)
                };
                self.storage.update_key(cx, &key).await?;
                key
            }
            None => {
                // The event has neither the key's identifier nor, in this branch, its time: both are made
                // up here, and the next bulk sync meets a key that it doesn't know.
                let name = payload.key_name;
                let key = ApiKey {
                    gateway_id: self.storage.gateway_id().to_owned(),
                    uuid: cx.mint(Mint::Key { artifact, name: &name }),
                    name,
                    api_key: hash,
                    masked_api_key: payload.masked_api_key,
                    artifact_uuid: artifact,
                    status: KeyStatus::Active,
                    created_by: incoming.user_id,
                    created_at: now,
                    updated_at: now,
                    expires_at,
                    source: ApiKey::EXTERNAL.to_owned(),
                    external_ref_id: payload.external_ref_id,
                    issuer: payload.issuer,
                };
                self.storage.upsert_key(cx, &key).await?;
                key
            }
        };
        self.announce(cx, Announcement::key(Action::Update, artifact, key.uuid, incoming.correlation_id))
            .await;
        Ok(())
    }

    async fn revoke_key(&self, cx: &Cx, artifact: Uuid, incoming: Incoming) -> Result<(), KeyError> {
        let payload = KeyRevoked::deserialize(&incoming.payload).map_err(|_| KeyError::Unreadable)?;
        self.require_artifact(cx, artifact).await?;
        let Some(key) = self.storage.find_key_by_name(cx, artifact, &payload.key_name).await? else {
            // Nothing to revoke is a success, of which nobody is told.
            return Ok(());
        };
        if key.created_by != incoming.user_id {
            return Err(KeyError::Forbidden);
        }
        if key.status == KeyStatus::Revoked {
            return Ok(());
        }
        let revoked = Announcement::key(Action::Delete, artifact, key.uuid, incoming.correlation_id);
        let news = self.news(vec![revoked]);
        self.storage.revoke_key(cx, &key, &news).await?;
        // Between the two writes: a crash from here on leaves a row that says revoked.
        news.afterwards(cx).await;
        self.storage.delete_key(cx, &key).await?;
        Ok(())
    }

    async fn require_artifact(&self, cx: &Cx, artifact: Uuid) -> Result<(), KeyError> {
        self.storage.find(cx, artifact).await?.map(drop).ok_or(KeyError::UnknownArtifact)
    }
}

/// The hash in a JSON object in a string.
fn sha256_of(hashes: &str) -> Result<String, KeyError> {
    let hashes: BTreeMap<String, String> = serde_json::from_str(hashes).map_err(|_| KeyError::NoHash)?;
    hashes.get("sha256").filter(|hash| !hash.is_empty()).cloned().ok_or(KeyError::NoHash)
}
