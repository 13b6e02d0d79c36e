//! Statements on applications and the keys mapped to them.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::{ApiKey, Application, ApplicationApiKey, Artifact, DeploymentStatus, State};
use crate::store::View;

/// A key that is mapped to an application, and what it opens.
#[derive(Clone, Debug)]
pub(in crate::platform) struct MappedKey {
    pub key: Arc<ApiKey>,
    pub artifact: Arc<Artifact>,
}

impl Platform {
    pub(in crate::platform) async fn find_application(
        &self,
        cx: &Cx,
        organisation: Uuid,
        handle: &str,
    ) -> Outcome<Option<Arc<Application>>> {
        let at = At::site("store.find-application").about(handle);
        let named = |row: &Application| row.organisation == organisation && row.handle == handle;
        self.database.read(cx, at, |view| view.first(named)).await
    }

    pub(in crate::platform) async fn list_applications(
        &self,
        cx: &Cx,
        organisation: Uuid,
    ) -> Outcome<Vec<Arc<Application>>> {
        let at = At::site("store.list-applications").about(organisation);
        let of = |row: &Application| row.organisation == organisation;
        self.database.read(cx, at, |view| view.scan(of)).await
    }

    pub(in crate::platform) async fn insert_application(&self, cx: &Cx, row: &Application) -> Outcome<()> {
        let at = At::site("store.insert-application").about(row.uuid);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    /// Writes what an application has become; false if it is no more.
    pub(in crate::platform) async fn update_application_row(
        &self,
        cx: &Cx,
        row: &Application,
    ) -> Outcome<bool> {
        let at = At::site("store.update-application").about(row.uuid);
        self.database.write(cx, at, |writer| writer.update(row.clone())).await
    }

    pub(in crate::platform) async fn delete_application_row(&self, cx: &Cx, uuid: Uuid) -> Outcome<bool> {
        let at = At::site("store.delete-application").about(uuid);
        self.database.write(cx, at, |writer| writer.delete::<Application>(uuid)).await
    }

    /// The keys mapped to an application, by identifier.
    pub(in crate::platform) async fn list_mapped_keys(
        &self,
        cx: &Cx,
        application: Uuid,
    ) -> Outcome<Vec<MappedKey>> {
        let at = At::site("store.list-application-keys").about(application);
        let joined = |view: &View<'_>| {
            let mappings = view.scan(|row: &ApplicationApiKey| row.application == application);
            let keys = mappings.iter().filter_map(|row| view.get::<ApiKey>(row.api_key));
            keys.filter_map(|key| view.get(key.artifact).map(|artifact| MappedKey { key, artifact }))
                .collect()
        };
        self.database.read(cx, at, joined).await
    }

    /// Maps keys to an application, all or none. One that is mapped already stays so.
    pub(in crate::platform) async fn insert_mappings(
        &self,
        cx: &Cx,
        application: Uuid,
        keys: &[Uuid],
    ) -> Outcome<()> {
        let mut tx = self.database.begin(cx);
        for key in keys {
            let row = ApplicationApiKey { application, api_key: *key };
            let at = At::site("store.insert-application-key").about(*key);
            tx.write(cx, at, |writer| writer.put(row.clone())).await?;
        }
        tx.commit(cx, At::site("store.commit-application-keys").about(application)).await
    }

    /// Takes a key from an application; false if it wasn't mapped to it.
    pub(in crate::platform) async fn delete_mapping(
        &self,
        cx: &Cx,
        application: Uuid,
        key: Uuid,
    ) -> Outcome<bool> {
        let at = At::site("store.delete-application-key").about(key);
        let mapping = ApplicationApiKey::key_of(application, key);
        self.database.write(cx, at, |writer| writer.delete::<ApplicationApiKey>(&mapping)).await
    }

    /// The gateways on which one of the artifacts is deployed, and says so: one that is on its way there, or
    /// failed, doesn't count.
    pub(in crate::platform) async fn gateways_with_deployed(
        &self,
        cx: &Cx,
        organisation: Uuid,
        artifacts: &BTreeSet<Uuid>,
    ) -> Outcome<BTreeSet<Uuid>> {
        let of = |row: &DeploymentStatus| {
            row.organisation == organisation
                && row.status == State::Deployed
                && artifacts.contains(&row.artifact)
        };
        let at = At::site("store.list-deployed-gateways").about(organisation);
        let rows = self.database.read(cx, at, |view| view.scan(of)).await?;
        Ok(rows.iter().map(|row| row.gateway).collect())
    }
}
