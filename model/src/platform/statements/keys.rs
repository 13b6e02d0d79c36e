//! Statements on API keys.

use std::cmp::Reverse;
use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::design::{ListedKeys, ListedMappings};
use crate::platform::Platform;
use crate::platform::tables::{ApiKey, Application, ApplicationApiKey, Artifact, DeploymentStatus, Gateway};
use crate::store::View;
use crate::wire::kind::Kind;

/// Which keys a gateway asks for.
pub(in crate::platform) struct Listed<'a> {
    pub organisation: Uuid,
    pub gateway: Uuid,
    pub kind: Kind,
    pub issuer: Option<&'a str>,
}

/// A key as a gateway's list has it.
pub(in crate::platform) struct ListedKey {
    pub key: Arc<ApiKey>,
    /// What it belongs to, where that is told.
    pub applications: Option<Vec<Arc<Application>>>,
}

impl Platform {
    pub(in crate::platform) async fn find_key(
        &self,
        cx: &Cx,
        artifact: Uuid,
        name: &str,
    ) -> Outcome<Option<Arc<ApiKey>>> {
        let at = At::site("store.find-key").about(artifact);
        let named = |row: &ApiKey| row.artifact == artifact && row.name == name;
        self.database.read(cx, at, |view| view.first(named)).await
    }

    /// The keys of an artifact, newest first.
    pub(in crate::platform) async fn keys_of(&self, cx: &Cx, artifact: Uuid) -> Outcome<Vec<Arc<ApiKey>>> {
        let at = At::site("store.list-artifact-keys").about(artifact);
        let mut keys =
            self.database.read(cx, at, |view| view.scan(|row: &ApiKey| row.artifact == artifact)).await?;
        keys.sort_by_key(|row| Reverse(row.created_at));
        Ok(keys)
    }

    /// The keys that a user made for artifacts of the organisation, newest first, with those artifacts.
    pub(in crate::platform) async fn keys_by(
        &self,
        cx: &Cx,
        organisation: Uuid,
        user: &str,
    ) -> Outcome<Vec<(Arc<ApiKey>, Arc<Artifact>)>> {
        let at = At::site("store.list-own-keys").about(organisation);
        let joined = |view: &View<'_>| {
            let mut keys = view.scan(|row: &ApiKey| row.created_by == user);
            keys.sort_by_key(|row| Reverse(row.created_at));
            let artifact = |key: Arc<ApiKey>| Some((view.get::<Artifact>(key.artifact)?, key));
            let joined = keys.into_iter().filter_map(artifact);
            let mine = joined.filter(|(artifact, _)| artifact.organisation == organisation);
            mine.map(|(artifact, key)| (key, artifact)).collect()
        };
        self.database.read(cx, at, joined).await
    }

    pub(in crate::platform) async fn insert_key(&self, cx: &Cx, row: &ApiKey) -> Outcome<()> {
        let at = At::site("store.insert-key").about(row.uuid);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    /// Writes what a key has become; false if it is no more.
    pub(in crate::platform) async fn update_key_row(&self, cx: &Cx, row: &ApiKey) -> Outcome<bool> {
        let at = At::site("store.update-key").about(row.uuid);
        self.database.write(cx, at, |writer| writer.update(row.clone())).await
    }

    pub(in crate::platform) async fn delete_key_row(&self, cx: &Cx, key: Uuid) -> Outcome<bool> {
        let at = At::site("store.delete-key").about(key);
        self.database.write(cx, at, |writer| writer.delete::<ApiKey>(key)).await
    }

    /// The keys of artifacts of a kind that are for the gateway, newest first. Revoked and expired ones are among
    /// them.
    pub(in crate::platform) async fn list_keys(
        &self,
        cx: &Cx,
        listed: &Listed<'_>,
    ) -> Outcome<Vec<ListedKey>> {
        let is_for = |view: &View<'_>, row: &ApiKey, artifact: &Artifact| match self.design.listed_keys {
            ListedKeys::OfDeployed => {
                let status = DeploymentStatus::key_of(row.artifact, listed.organisation, listed.gateway);
                view.get::<DeploymentStatus>(status).is_some()
            }
            ListedKeys::OfOrganisation => {
                let gateway = view.get::<Gateway>(listed.gateway);
                artifact.organisation == listed.organisation
                    && gateway.is_some_and(|gateway| row.allowed_targets.include(&gateway.name))
            }
        };
        let wanted = |view: &View<'_>, row: &ApiKey| {
            let artifact = view.get::<Artifact>(row.artifact);
            artifact.is_some_and(|artifact| artifact.kind == listed.kind && is_for(view, row, &artifact))
                && listed.issuer.is_none_or(|issuer| row.issuer.as_deref() == Some(issuer))
        };
        let joined = |view: &View<'_>| {
            let mut keys = view.scan(|row: &ApiKey| wanted(view, row));
            keys.sort_by_key(|row| Reverse(row.created_at));
            let applications = |key: &ApiKey| match self.design.listed_mappings {
                ListedMappings::None => None,
                ListedMappings::WithKeys => {
                    let mappings = view.scan(|row: &ApplicationApiKey| row.api_key == key.uuid);
                    Some(mappings.iter().filter_map(|row| view.get(row.application)).collect())
                }
            };
            keys.into_iter().map(|key| ListedKey { applications: applications(&key), key }).collect()
        };
        self.database.read(cx, At::site("store.list-keys"), joined).await
    }
}
