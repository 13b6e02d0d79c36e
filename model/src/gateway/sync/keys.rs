//! The bulk sync of API keys (docs/spec/gateway.md section 7.3).
//!
//! What the platform lists is written, and what it doesn't list is deleted, for the artifacts that are known
//! here. The platform lists no keys of an artifact that has no status row on this gateway.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::event_id::deterministic;
use super::scope::by_kind;
use crate::cx::Cx;
use crate::design::{KeyEventId, KeySyncSource};
use crate::gateway::hub::Announcement;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{Action, ApiKey, KeyStatus};
use crate::store::StoreError;
use crate::wire::internal::KeyEntry;
use crate::wire::kind::Kind;
use crate::wire::time;

/// The kinds whose keys are synced. There is no list of MCP keys.
pub(super) const KINDS: [Kind; 3] = [Kind::RestApi, Kind::LlmProvider, Kind::LlmProxy];

impl Replica {
    /// Brings the keys of all local artifacts to what the platform lists. A cloud platform only.
    pub(super) async fn sync_keys(&self, cx: &Cx) {
        if !self.has_lists() {
            return;
        }
        match self.artifacts_for_keys(cx).await {
            Ok(artifacts) => {
                for (kind, artifacts) in artifacts {
                    self.sync_keys_of_kind(cx, kind, artifacts).await;
                }
            }
            Err(error) => tracing::warn!(%error, "key sync: no list of local artifacts"),
        }
    }

    /// The kinds whose keys are asked for, each with its local artifacts of any origin and state.
    async fn artifacts_for_keys(&self, cx: &Cx) -> Result<Vec<(Kind, BTreeSet<Uuid>)>, StoreError> {
        if let Some(mut limit) = self.limit_of_bulk_sync(cx).await? {
            return Ok(KINDS.into_iter().filter_map(|kind| Some((kind, limit.remove(&kind)?))).collect());
        }
        let mut artifacts = match self.design.key_sync_source {
            KeySyncSource::Database => {
                by_kind(self.storage.artifacts(cx).await?.iter().map(|row| (row.kind, row.uuid)))
            }
            KeySyncSource::Memory => self.artifacts_in_memory(cx).await?,
        };
        Ok(KINDS.into_iter().map(|kind| (kind, artifacts.remove(&kind).unwrap_or_default())).collect())
    }

    async fn sync_keys_of_kind(&self, cx: &Cx, kind: Kind, artifacts: BTreeSet<Uuid>) {
        let listed = match self.platform.api_keys(cx, kind).await {
            Ok(listed) => listed,
            Err(error) => return tracing::warn!(%error, "key sync: no list of keys"),
        };
        let active = listed.iter().filter(|entry| is_active(entry));
        let usable: Vec<_> = active.filter_map(|entry| Some((entry, self.listed_key(entry)?))).collect();
        for (entry, key) in &usable {
            if let Err(error) = self.storage.upsert_key(cx, key).await {
                tracing::warn!(%error, key = %key.uuid, "key sync: a key can't be written");
                continue;
            }
            // Told even if the key here was as new: the write was a success that changed nothing.
            self.announce(
                cx,
                Announcement::key(Action::Create, key.artifact_uuid, key.uuid, self.key_event_id(entry)),
            )
            .await;
        }
        let fetched = usable.iter().map(|(_, key)| key.uuid).collect();
        if let Err(error) = self.delete_stale_keys(cx, &artifacts, &fetched).await {
            tracing::warn!(%error, "key sync: stale keys stay");
        }
    }

    fn key_event_id(&self, entry: &KeyEntry) -> String {
        match self.design.key_event_id {
            KeyEventId::Change => entry.etag.clone(),
            KeyEventId::Name => id_of_name(entry.artifact_uuid, &entry.name),
        }
    }

    /// Deletes the keys of these artifacts that were not fetched, and tells the replicas of each.
    async fn delete_stale_keys(
        &self,
        cx: &Cx,
        artifacts: &BTreeSet<Uuid>,
        fetched: &BTreeSet<Uuid>,
    ) -> Result<(), StoreError> {
        if artifacts.is_empty() {
            return Ok(());
        }
        let stale = self.storage.stale_keys(cx, artifacts, fetched).await?;
        if stale.is_empty() {
            return Ok(());
        }
        self.storage.delete_keys(cx, &stale.iter().map(|key| key.uuid).collect()).await?;
        for key in stale {
            // The listing doesn't load the time of the last change, so the second delete of a key of that
            // name within the hub's memory goes for a duplicate of the first.
            let event_id = id_of_name(key.artifact_uuid, &key.name);
            let told = Announcement::key(Action::Delete, key.artifact_uuid, key.uuid, event_id);
            self.announce(cx, told).await;
        }
        Ok(())
    }

    /// The row of a listed key; `None` for one that has no usable hash.
    pub(super) fn listed_key(&self, entry: &KeyEntry) -> Option<ApiKey> {
        Some(ApiKey {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: entry.uuid,
            name: entry.name.clone(),
            api_key: entry.api_key_hashes.get("sha256").filter(|hash| !hash.is_empty())?.clone(),
            masked_api_key: entry.masked_api_key.clone(),
            artifact_uuid: entry.artifact_uuid,
            status: if is_active(entry) { KeyStatus::Active } else { KeyStatus::Revoked },
            created_by: entry.created_by.clone(),
            created_at: entry.created_at,
            updated_at: entry.updated_at,
            expires_at: entry.expires_at.as_deref().and_then(time::parse),
            source: entry.source.clone(),
            external_ref_id: entry.external_ref_id.clone(),
            issuer: entry.issuer.clone(),
        })
    }
}

fn is_active(entry: &KeyEntry) -> bool {
    entry.status == "active"
}

/// The same for every event of a key of that name.
fn id_of_name(artifact: Uuid, name: &str) -> String {
    deterministic(&format!("{artifact}:{name}"), None).to_string()
}
