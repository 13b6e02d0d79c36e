//! Statements on projects.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::{McpProxy, Project, RestApi};

impl Platform {
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

    /// The project of that name.
    pub(in crate::platform) async fn find_project_named(
        &self,
        cx: &Cx,
        organisation: Uuid,
        name: &str,
    ) -> Outcome<Option<Arc<Project>>> {
        let at = At::site("store.find-project").about(name);
        let named = |row: &Project| row.organisation == organisation && row.name == name;
        self.database.read(cx, at, |view| view.first(named)).await
    }

    pub(in crate::platform) async fn list_projects(
        &self,
        cx: &Cx,
        organisation: Uuid,
    ) -> Outcome<Vec<Arc<Project>>> {
        let at = At::site("store.list-projects").about(organisation);
        self.database.read(cx, at, |view| view.scan(|row: &Project| row.organisation == organisation)).await
    }

    pub(in crate::platform) async fn count_rest_apis_in(&self, cx: &Cx, project: Uuid) -> Outcome<usize> {
        let at = At::site("store.count-rest-apis").about(project);
        self.database.read(cx, at, |view| view.count(|row: &RestApi| row.project == project)).await
    }

    pub(in crate::platform) async fn count_mcp_proxies_in(&self, cx: &Cx, project: Uuid) -> Outcome<usize> {
        let at = At::site("store.count-mcp-proxies").about(project);
        self.database.read(cx, at, |view| view.count(|row: &McpProxy| row.project == Some(project))).await
    }

    /// Writes what a project has become; false if it is no more.
    pub(in crate::platform) async fn update_project_row(&self, cx: &Cx, row: &Project) -> Outcome<bool> {
        let at = At::site("store.update-project").about(row.uuid);
        self.database.write(cx, at, |writer| writer.update(row.clone())).await
    }

    /// Deletes a project; applications and the details of artifacts in it go along by their foreign keys.
    pub(in crate::platform) async fn delete_project_row(&self, cx: &Cx, uuid: Uuid) -> Outcome<bool> {
        let at = At::site("store.delete-project").about(uuid);
        self.database.write(cx, at, |writer| writer.delete::<Project>(uuid)).await
    }
}
