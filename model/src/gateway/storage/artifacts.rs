//! Reading artifacts.

use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::Storage;
use crate::cx::{At, Cx};
use crate::gateway::memory::StoredConfig;
use crate::gateway::tables::{Artifact, LlmProvider, LlmProxy, McpProxy, Origin, RestApi};
use crate::store::{Key, StoreError, View};
use crate::wire::kind::Kind;

impl Storage {
    /// An artifact with its configuration.
    pub async fn find(&self, cx: &Cx, uuid: Uuid) -> Result<Option<StoredConfig>, StoreError> {
        let at = At::site("store.find-artifact").about(uuid);
        self.database
            .read(cx, at, |view| self.joined(view, &*view.get::<Artifact>((&self.gateway_id, uuid))?))
            .await
    }

    /// Every artifact with its configuration, as a booting process loads them.
    pub async fn load(&self, cx: &Cx, at: At<'_>) -> Result<Vec<StoredConfig>, StoreError> {
        let all = |view: &View<'_>| {
            let rows = view.scan::<Artifact>(|row| row.gateway_id == self.gateway_id);
            rows.iter().filter_map(|row| self.joined(view, row)).collect()
        };
        self.database.read(cx, at, all).await
    }

    /// Every artifact, without configurations.
    pub async fn artifacts(&self, cx: &Cx) -> Result<Vec<Arc<Artifact>>, StoreError> {
        let at = At::site("store.list-artifacts");
        self.database.read(cx, at, |view| view.scan(|row: &Artifact| row.gateway_id == self.gateway_id)).await
    }

    /// The artifacts that the platform created, without configurations.
    pub async fn control_plane_artifacts(&self, cx: &Cx) -> Result<Vec<Arc<Artifact>>, StoreError> {
        let at = At::site("store.list-artifacts");
        let wanted = |row: &Artifact| row.gateway_id == self.gateway_id && row.origin == Origin::ControlPlane;
        self.database.read(cx, at, |view| view.scan(wanted)).await
    }

    /// The REST APIs, of any origin and state, without configurations.
    pub async fn apis(&self, cx: &Cx) -> Result<Vec<Arc<Artifact>>, StoreError> {
        let at = At::site("store.list-apis");
        let wanted = |row: &Artifact| row.gateway_id == self.gateway_id && row.kind == Kind::RestApi;
        self.database.read(cx, at, |view| view.scan(wanted)).await
    }

    /// The artifact of that kind with that handle.
    pub async fn find_by_handle(
        &self,
        cx: &Cx,
        kind: Kind,
        handle: &str,
    ) -> Result<Option<Uuid>, StoreError> {
        let at = At::site("store.find-artifact-by-handle");
        // An identifier that somebody takes for a handle still has the plan's name.
        let at = handle.parse::<Uuid>().map_or(at.about(handle), |uuid| at.about(uuid));
        self.database.read(cx, at, |view| self.with_handle(view, kind, handle)).await
    }

    pub(super) fn with_handle(&self, view: &View<'_>, kind: Kind, handle: &str) -> Option<Uuid> {
        let wanted =
            |row: &Artifact| row.gateway_id == self.gateway_id && row.kind == kind && row.handle == handle;
        view.first(wanted).map(|row| row.uuid)
    }

    /// Another artifact of that kind with that name and version.
    pub async fn other_with_name(&self, cx: &Cx, of: &Artifact) -> Result<Option<Uuid>, StoreError> {
        let at = At::site("store.find-name-version").about(of.uuid);
        let same = |row: &Artifact| row.display_name == of.display_name && row.version == of.version;
        self.other(cx, at, of, same).await
    }

    /// Another artifact of that kind with that handle.
    pub async fn other_with_handle(&self, cx: &Cx, of: &Artifact) -> Result<Option<Uuid>, StoreError> {
        let at = At::site("store.find-handle").about(of.uuid);
        self.other(cx, at, of, |row| row.handle == of.handle).await
    }

    async fn other(
        &self,
        cx: &Cx,
        at: At<'_>,
        of: &Artifact,
        same: impl Fn(&Artifact) -> bool,
    ) -> Result<Option<Uuid>, StoreError> {
        let wanted = |row: &Artifact| {
            row.gateway_id == of.gateway_id && row.kind == of.kind && row.uuid != of.uuid && same(row)
        };
        self.database.read(cx, at, |view| view.first(wanted).map(|row: Arc<Artifact>| row.uuid)).await
    }

    pub(super) fn joined(&self, view: &View<'_>, row: &Artifact) -> Option<StoredConfig> {
        let configuration = configuration(view, row.kind, row.uuid, &self.gateway_id)?;
        Some(StoredConfig { artifact: row.clone(), configuration })
    }
}

fn configuration(view: &View<'_>, kind: Kind, uuid: Uuid, gateway_id: &str) -> Option<Bytes> {
    let key = Key::from((gateway_id, uuid));
    match kind {
        Kind::RestApi => view.get::<RestApi>(key).map(|row| row.configuration.clone()),
        Kind::LlmProvider => view.get::<LlmProvider>(key).map(|row| row.configuration.clone()),
        Kind::LlmProxy => view.get::<LlmProxy>(key).map(|row| row.configuration.clone()),
        Kind::Mcp => view.get::<McpProxy>(key).map(|row| row.configuration.clone()),
    }
}
