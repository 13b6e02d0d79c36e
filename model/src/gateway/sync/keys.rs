//! The bulk sync of API keys (docs/spec/gateway.md section 7.3).
//!
//! What the platform lists is written, and what it doesn't list is deleted, for the artifacts that are known
//! here. The platform lists no keys of an artifact that has no status row on this gateway.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::event_id::deterministic;
use crate::cx::{At, Cx};
use crate::design::KeySyncSource;
use crate::gateway::hub::Announcement;
use crate::gateway::memory::Projected;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{Action, ApiKey, KeyStatus};
use crate::store::StoreError;
use crate::wire::internal::KeyEntry;
use crate::wire::kind::Kind;
use crate::wire::time;

/// The kinds whose keys are synced. There is no list of MCP keys.
const KINDS: [Kind; 3] = [Kind::RestApi, Kind::LlmProvider, Kind::LlmProxy];

impl Replica {
    /// Brings the keys of all local artifacts to what the platform lists. A cloud platform only.
    pub(super) async fn sync_keys(&self, cx: &Cx) {
        if self.platform.is_on_premises() {
            return;
        }
        match self.artifacts_for_keys(cx).await {
            Ok(mut artifacts) => {
                for kind in KINDS {
                    self.sync_keys_of_kind(cx, kind, artifacts.remove(&kind).unwrap_or_default()).await;
                }
            }
            Err(error) => tracing::warn!(%error, "key sync: no list of local artifacts"),
        }
    }

    /// The local artifacts by kind, of any origin and state.
    async fn artifacts_for_keys(&self, cx: &Cx) -> Result<BTreeMap<Kind, BTreeSet<Uuid>>, StoreError> {
        let artifacts: Vec<(Kind, Uuid)> = match self.design.key_sync_source {
            KeySyncSource::Database => {
                self.storage.artifacts(cx).await?.iter().map(|row| (row.kind, row.uuid)).collect()
            }
            KeySyncSource::Memory => {
                let at = At::site("memory.list-artifacts");
                let list = |state: &Projected| {
                    let rows = state.memory.artifacts().map(|config| &config.artifact);
                    rows.map(|row| (row.kind, row.uuid)).collect()
                };
                self.projections.look(cx, at, list).await?
            }
        };
        let mut by_kind: BTreeMap<Kind, BTreeSet<Uuid>> = BTreeMap::new();
        for (kind, uuid) in artifacts {
            by_kind.entry(kind).or_default().insert(uuid);
        }
        Ok(by_kind)
    }

    async fn sync_keys_of_kind(&self, cx: &Cx, kind: Kind, artifacts: BTreeSet<Uuid>) {
        let listed = match self.platform.api_keys(cx, kind).await {
            Ok(listed) => listed,
            Err(error) => return tracing::warn!(%error, "key sync: no list of keys"),
        };
        let usable: Vec<_> = listed.iter().filter_map(|entry| Some((entry, self.key_row(entry)?))).collect();
        for (entry, key) in &usable {
            if let Err(error) = self.storage.upsert_key(cx, key).await {
                tracing::warn!(%error, key = %key.uuid, "key sync: a key can't be written");
                continue;
            }
            // Told even if the key here was as new: the write was a success that changed nothing.
            self.announce(
                cx,
                Announcement::key(Action::Create, key.artifact_uuid, key.uuid, entry.etag.as_str()),
            )
            .await;
        }
        let fetched = usable.iter().map(|(_, key)| key.uuid).collect();
        if let Err(error) = self.delete_stale_keys(cx, &artifacts, &fetched).await {
            tracing::warn!(%error, "key sync: stale keys stay");
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
            let event_id = deterministic(&format!("{}:{}", key.artifact_uuid, key.name), None).to_string();
            let told = Announcement::key(Action::Delete, key.artifact_uuid, key.uuid, event_id);
            self.announce(cx, told).await;
        }
        Ok(())
    }

    /// The row of a listed key; `None` for one that isn't active or has no usable hash.
    fn key_row(&self, entry: &KeyEntry) -> Option<ApiKey> {
        if entry.status != "active" {
            return None;
        }
        Some(ApiKey {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: entry.uuid,
            name: entry.name.clone(),
            api_key: entry.api_key_hashes.get("sha256").filter(|hash| !hash.is_empty())?.clone(),
            masked_api_key: entry.masked_api_key.clone(),
            artifact_uuid: entry.artifact_uuid,
            status: KeyStatus::Active,
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
