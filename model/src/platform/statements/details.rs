//! Statements on an artifact together with what its kind adds to it.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::services::ArtifactName;
use crate::platform::tables::{
    Artifact, AssociationMapping, Deployment, LlmProvider, LlmProxy, McpProxy, Object, RestApi,
};
use crate::store::{StoreError, View, Writer};
use crate::wire::kind::Kind;

/// What a kind adds to an artifact.
#[derive(Clone, Debug)]
pub(in crate::platform) enum Detail {
    RestApi(RestApi),
    LlmProvider(LlmProvider),
    LlmProxy(LlmProxy),
    Mcp(McpProxy),
}

impl Detail {
    /// All that was said of the artifact.
    pub(in crate::platform) fn configuration(&self) -> &Object {
        match self {
            Detail::RestApi(row) => &row.configuration,
            Detail::LlmProvider(row) => &row.configuration,
            Detail::LlmProxy(row) => &row.configuration,
            Detail::Mcp(row) => &row.configuration,
        }
    }

    /// The project it belongs to, if its kind belongs to one.
    pub(in crate::platform) fn project(&self) -> Option<Uuid> {
        match self {
            Detail::RestApi(row) => Some(row.project),
            Detail::LlmProxy(row) => Some(row.project),
            Detail::Mcp(row) => row.project,
            Detail::LlmProvider(_) => None,
        }
    }

    fn get(view: &View<'_>, kind: Kind, uuid: Uuid) -> Option<Self> {
        match kind {
            Kind::RestApi => view.get::<RestApi>(uuid).map(|row| Detail::RestApi(RestApi::clone(&row))),
            Kind::LlmProvider => {
                view.get::<LlmProvider>(uuid).map(|row| Detail::LlmProvider(LlmProvider::clone(&row)))
            }
            Kind::LlmProxy => view.get::<LlmProxy>(uuid).map(|row| Detail::LlmProxy(LlmProxy::clone(&row))),
            Kind::Mcp => view.get::<McpProxy>(uuid).map(|row| Detail::Mcp(McpProxy::clone(&row))),
        }
    }

    fn put(&self, writer: &mut Writer<'_>) -> Result<(), StoreError> {
        match self.clone() {
            Detail::RestApi(row) => writer.put(row),
            Detail::LlmProvider(row) => writer.put(row),
            Detail::LlmProxy(row) => writer.put(row),
            Detail::Mcp(row) => writer.put(row),
        }
    }

    fn delete(writer: &mut Writer<'_>, kind: Kind, uuid: Uuid) -> Result<bool, StoreError> {
        match kind {
            Kind::RestApi => writer.delete::<RestApi>(uuid),
            Kind::LlmProvider => writer.delete::<LlmProvider>(uuid),
            Kind::LlmProxy => writer.delete::<LlmProxy>(uuid),
            Kind::Mcp => writer.delete::<McpProxy>(uuid),
        }
    }
}

/// An artifact with its detail.
#[derive(Clone, Debug)]
pub(in crate::platform) struct Found {
    pub artifact: Arc<Artifact>,
    pub detail: Detail,
}

impl Platform {
    /// The artifact of that kind and handle.
    pub(in crate::platform) async fn find_of_kind(
        &self,
        cx: &Cx,
        name: &ArtifactName,
    ) -> Outcome<Option<Found>> {
        let at = At::site("store.find-artifact").about(name.handle.as_str());
        let joined = |view: &View<'_>| {
            let artifact = view.first(|row: &Artifact| name.names(row))?;
            Detail::get(view, name.kind, artifact.uuid).map(|detail| Found { artifact, detail })
        };
        self.database.read(cx, at, joined).await
    }

    /// The artifact with this identifier, if it is of that kind.
    pub(in crate::platform) async fn load_of_kind(
        &self,
        cx: &Cx,
        kind: Kind,
        uuid: Uuid,
    ) -> Outcome<Option<Found>> {
        let at = At::site("store.load-artifact").about(uuid);
        let joined = |view: &View<'_>| {
            let artifact = view.get::<Artifact>(uuid).filter(|row| row.kind == kind)?;
            Detail::get(view, kind, uuid).map(|detail| Found { artifact, detail })
        };
        self.database.read(cx, at, joined).await
    }

    /// The artifacts of a kind, by identifier.
    pub(in crate::platform) async fn list_of_kind(
        &self,
        cx: &Cx,
        organisation: Uuid,
        kind: Kind,
    ) -> Outcome<Vec<Found>> {
        let joined = |view: &View<'_>| {
            let rows = view.scan(|row: &Artifact| row.organisation == organisation && row.kind == kind);
            let detailed = rows.into_iter().filter_map(|artifact| {
                Detail::get(view, kind, artifact.uuid).map(|detail| Found { artifact, detail })
            });
            detailed.collect()
        };
        self.database.read(cx, At::site("store.list-artifacts").about(organisation), joined).await
    }

    /// The LLM proxies that stand before a provider, by identifier.
    pub(in crate::platform) async fn list_proxies_of(&self, cx: &Cx, provider: Uuid) -> Outcome<Vec<Found>> {
        let joined = |view: &View<'_>| {
            let rows = view.scan(|row: &LlmProxy| row.provider == provider).into_iter();
            let found = rows.filter_map(|row| {
                let detail = Detail::LlmProxy(LlmProxy::clone(&row));
                view.get(row.uuid).map(|artifact| Found { artifact, detail })
            });
            found.collect()
        };
        self.database.read(cx, At::site("store.list-proxies").about(provider), joined).await
    }

    /// A new artifact, or what it has become: both rows, or neither.
    pub(in crate::platform) async fn insert_artifact(
        &self,
        cx: &Cx,
        artifact: &Artifact,
        detail: &Detail,
    ) -> Outcome<()> {
        let mut tx = self.database.begin(cx);
        let at = At::site("store.insert-artifact").about(artifact.uuid);
        tx.write(cx, at, |writer| writer.insert(artifact.clone())).await?;
        let at = At::site("store.insert-detail").about(artifact.uuid);
        tx.write(cx, at, |writer| detail.put(writer)).await?;
        tx.commit(cx, At::site("store.commit-create").about(artifact.uuid)).await
    }

    /// What an artifact has become; false if it is no more.
    pub(in crate::platform) async fn update_artifact(
        &self,
        cx: &Cx,
        artifact: &Artifact,
        detail: &Detail,
    ) -> Outcome<bool> {
        let mut tx = self.database.begin(cx);
        let at = At::site("store.update-artifact").about(artifact.uuid);
        if !tx.write(cx, at, |writer| writer.update(artifact.clone())).await? {
            return Ok(false);
        }
        let at = At::site("store.update-detail").about(artifact.uuid);
        tx.write(cx, at, |writer| detail.put(writer)).await?;
        tx.commit(cx, At::site("store.commit-update").about(artifact.uuid)).await?;
        Ok(true)
    }

    /// Deletes an artifact; false if it was gone already. Keys, and for most kinds associations and
    /// deployments, go along by their foreign keys.
    pub(in crate::platform) async fn delete_artifact_rows(
        &self,
        cx: &Cx,
        kind: Kind,
        uuid: Uuid,
    ) -> Outcome<bool> {
        let mut tx = self.database.begin(cx);
        if kind.deletes_deployments() {
            let at = At::site("store.delete-associations").about(uuid);
            let of = |row: &AssociationMapping| row.artifact == uuid;
            tx.write(cx, at, |writer| writer.delete_where(of)).await?;
            let at = At::site("store.delete-deployments").about(uuid);
            let of = |row: &Deployment| row.artifact == uuid;
            tx.write(cx, at, |writer| writer.delete_where(of)).await?;
        }
        let at = At::site("store.delete-detail").about(uuid);
        tx.write(cx, at, |writer| Detail::delete(writer, kind, uuid)).await?;
        let at = At::site("store.delete-artifact").about(uuid);
        let deleted = tx.write(cx, at, |writer| writer.delete::<Artifact>(uuid)).await?;
        if deleted {
            tx.commit(cx, At::site("store.commit-delete").about(uuid)).await?;
        }
        Ok(deleted)
    }
}
