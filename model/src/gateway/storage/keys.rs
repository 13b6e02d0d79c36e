//! API keys: one statement each.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use super::{Storage, earlier};
use crate::cx::{At, Cx};
use crate::gateway::hub::News;
use crate::gateway::tables::{ApiKey, ApplicationKey, KeyStatus};
use crate::store::{StoreError, Writer};

impl Storage {
    /// Every key, as a booting process loads them.
    pub async fn load_keys(&self, cx: &Cx, at: At<'_>) -> Result<Vec<Arc<ApiKey>>, StoreError> {
        self.database.read(cx, at, |view| view.scan(|key: &ApiKey| key.gateway_id == self.gateway_id)).await
    }

    /// A key by its identifier.
    pub async fn find_key(&self, cx: &Cx, uuid: Uuid) -> Result<Option<Arc<ApiKey>>, StoreError> {
        let at = At::site("store.find-key").about(uuid);
        let wanted = |key: &ApiKey| key.gateway_id == self.gateway_id && key.uuid == uuid;
        self.database.read(cx, at, |view| view.first(wanted)).await
    }

    /// A key by its artifact and name.
    pub async fn find_key_by_name(
        &self,
        cx: &Cx,
        artifact: Uuid,
        name: &str,
    ) -> Result<Option<Arc<ApiKey>>, StoreError> {
        let at = At::site("store.find-key-by-name").about(artifact);
        self.database.read(cx, at, |view| view.first(|key| self.is_named(key, artifact, name))).await
    }

    /// How many active keys a user has on an artifact.
    pub async fn count_active_keys(&self, cx: &Cx, artifact: Uuid, user: &str) -> Result<usize, StoreError> {
        let at = At::site("store.count-keys").about(artifact);
        let wanted = |key: &ApiKey| {
            key.gateway_id == self.gateway_id
                && key.artifact_uuid == artifact
                && key.created_by == user
                && key.status == KeyStatus::Active
        };
        self.database.read(cx, at, |view| view.count(wanted)).await
    }

    /// Inserts a key, or replaces the one with its artifact and name, identifier included, if that is older.
    pub async fn upsert_key(&self, cx: &Cx, key: &ApiKey) -> Result<(), StoreError> {
        let flavour = self.database.settings().flavour;
        let at = At::site("store.upsert-key").about(key.uuid);
        let insert_or_update = |w: &mut Writer<'_>| match w
            .first(|stored| self.is_named(stored, key.artifact_uuid, &key.name))
        {
            None => w.insert(key.clone()),
            Some(stored) if earlier(flavour, &stored.updated_at, &key.updated_at) => {
                replace(w, &stored, key.clone())
            }
            Some(_) => Ok(()),
        };
        self.database.write(cx, at, insert_or_update).await
    }

    /// Rewrites a key whatever its age; false if no key has its identifier.
    pub async fn update_key(&self, cx: &Cx, key: &ApiKey) -> Result<bool, StoreError> {
        let at = At::site("store.update-key").about(key.uuid);
        let update = |w: &mut Writer<'_>| {
            let by_uuid = |row: &ApiKey| row.gateway_id == self.gateway_id && row.uuid == key.uuid;
            let Some(stored) = w.first(by_uuid) else { return Ok(false) };
            replace(w, &stored, key.clone()).map(|()| true)
        };
        self.database.write(cx, at, update).await
    }

    /// Marks a key as revoked.
    pub async fn revoke_key(&self, cx: &Cx, key: &ApiKey, news: &News<'_>) -> Result<usize, StoreError> {
        let at = At::site("store.revoke-key").about(key.uuid);
        let wanted = |row: &ApiKey| row.gateway_id == self.gateway_id && row.uuid == key.uuid;
        let revoke = |w: &mut Writer<'_>| w.update_where(wanted, |row| row.status = KeyStatus::Revoked);
        self.write_with(cx, (at, "store.commit-key"), revoke, news).await
    }

    /// Deletes the key with that artifact and name.
    pub async fn delete_key(&self, cx: &Cx, key: &ApiKey) -> Result<usize, StoreError> {
        let at = At::site("store.delete-key").about(key.uuid);
        let wanted = |row: &ApiKey| self.is_named(row, key.artifact_uuid, &key.name);
        self.database.write(cx, at, |w| w.delete_where(wanted)).await
    }

    /// The keys of these artifacts that are not among `kept`.
    pub async fn stale_keys(
        &self,
        cx: &Cx,
        artifacts: &BTreeSet<Uuid>,
        kept: &BTreeSet<Uuid>,
    ) -> Result<Vec<Arc<ApiKey>>, StoreError> {
        let at = At::site("store.list-stale-keys");
        let stale = |key: &ApiKey| {
            key.gateway_id == self.gateway_id
                && artifacts.contains(&key.artifact_uuid)
                && !kept.contains(&key.uuid)
        };
        self.database
            .read(cx, at, |view| {
                view.parameters(1 + artifacts.len() + kept.len());
                view.scan(stale)
            })
            .await
    }

    /// Deletes the keys with these identifiers, in one statement.
    pub async fn delete_keys(&self, cx: &Cx, keys: &BTreeSet<Uuid>) -> Result<usize, StoreError> {
        let at = At::site("store.delete-stale-keys");
        let wanted = |key: &ApiKey| key.gateway_id == self.gateway_id && keys.contains(&key.uuid);
        self.database
            .write(cx, at, |w| {
                w.parameters(1 + keys.len());
                w.delete_where(wanted)
            })
            .await
    }

    fn is_named(&self, key: &ApiKey, artifact: Uuid, name: &str) -> bool {
        key.gateway_id == self.gateway_id && key.artifact_uuid == artifact && key.name == name
    }
}

/// Puts one key in another's place. The hash is the primary key and may change, which `update` can't do; so the
/// key goes and comes, and the applications that went with it come back. Under another identifier they can't:
/// their foreign key refuses the change of what it points to.
fn replace(w: &mut Writer<'_>, stored: &ApiKey, key: ApiKey) -> Result<(), StoreError> {
    if stored.api_key == key.api_key {
        return w.update(key).map(|_| ());
    }
    let mapped =
        w.scan(|row: &ApplicationKey| row.gateway_id == stored.gateway_id && row.api_key == stored.uuid);
    w.delete::<ApiKey>((&stored.gateway_id, &stored.api_key))?;
    w.insert(key)?;
    mapped.into_iter().try_for_each(|row| w.put(ApplicationKey::clone(&row)))
}
