//! Statements on organisations and projects.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::{Organisation, Project};

impl Platform {
    pub(in crate::platform) async fn find_organisation(
        &self,
        cx: &Cx,
        uuid: Uuid,
    ) -> Outcome<Option<Arc<Organisation>>> {
        let at = At::site("store.find-organisation").about(uuid);
        self.database.read(cx, at, |view| view.get(uuid)).await
    }

    /// An organisation that has the identifier or the handle.
    pub(in crate::platform) async fn find_organisation_like(
        &self,
        cx: &Cx,
        uuid: Uuid,
        handle: &str,
    ) -> Outcome<Option<Arc<Organisation>>> {
        let at = At::site("store.find-organisation").about(uuid);
        let like = |row: &Organisation| row.uuid == uuid || row.handle == handle;
        self.database.read(cx, at, |view| view.first(like)).await
    }

    pub(in crate::platform) async fn insert_organisation(&self, cx: &Cx, row: &Organisation) -> Outcome<()> {
        let at = At::site("store.insert-organisation").about(row.uuid);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    pub(in crate::platform) async fn insert_project(&self, cx: &Cx, row: &Project) -> Outcome<()> {
        let at = At::site("store.insert-project").about(row.uuid);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    /// A project of the organisation.
    pub(in crate::platform) async fn find_project(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
    ) -> Outcome<Option<Arc<Project>>> {
        let at = At::site("store.find-project").about(uuid);
        let mine = |row: &Arc<Project>| row.organisation == organisation;
        self.database.read(cx, at, |view| view.get::<Project>(uuid).filter(mine)).await
    }

    pub(in crate::platform) async fn list_projects(
        &self,
        cx: &Cx,
        organisation: Uuid,
    ) -> Outcome<Vec<Arc<Project>>> {
        let at = At::site("store.list-projects").about(organisation);
        self.database.read(cx, at, |view| view.scan(|row: &Project| row.organisation == organisation)).await
    }
}
