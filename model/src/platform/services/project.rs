//! Projects (docs/spec/platform.md sections 2.3 and 4.1).
//!
//! A delete looks for REST APIs and for MCP proxies, and not for LLM proxies, which it takes along: their
//! details, that is, by the foreign keys. The artifacts stay behind without a detail. They exist, hold their
//! handles and their deployments, and no route of their kind finds them. The same becomes of whatever is
//! made in the project between the checks and the delete.

use std::sync::Arc;

use uuid::Uuid;

use crate::cx::{Cx, Mint};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::Project;
use crate::store::StoreError;

impl Platform {
    pub(in crate::platform) async fn create_project(
        &self,
        cx: &Cx,
        organisation: Uuid,
        name: String,
    ) -> Result<Project, Refusal> {
        if name.is_empty() {
            return Err(Refusal::Invalid("name is required".into()));
        }
        let project = new_project(cx, organisation, name);
        match self.insert_project(cx, &project).await {
            Ok(()) => Ok(project),
            Err(StoreError::Foreign { .. }) => Err(Refusal::Unknown(Thing::Organisation)),
            Err(failed) => Err(Refusal::taken(Thing::Project)(failed)),
        }
    }

    /// A project of the organisation.
    pub(in crate::platform) async fn project(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
    ) -> Result<Arc<Project>, Refusal> {
        self.find_project(cx, organisation, uuid).await?.ok_or(Refusal::Unknown(Thing::Project))
    }

    /// The identifier of the project that a body names by it.
    pub(super) async fn project_called(
        &self,
        cx: &Cx,
        organisation: Uuid,
        id: &str,
    ) -> Result<Uuid, Refusal> {
        // What isn't a UUID is no project's identifier.
        let uuid = id.parse().map_err(|_| Refusal::Unknown(Thing::Project))?;
        Ok(self.project(cx, organisation, uuid).await?.uuid)
    }

    pub(in crate::platform) async fn rename_project(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
        name: String,
    ) -> Result<Project, Refusal> {
        if name.is_empty() {
            return Err(Refusal::Invalid("name is required".into()));
        }
        let old = self.project(cx, organisation, uuid).await?;
        let project = Project { name, ..Project::clone(&old) };
        let updated = self.update_project_row(cx, &project).await.map_err(Refusal::taken(Thing::Project))?;
        updated.then_some(project).ok_or(Refusal::Unknown(Thing::Project))
    }

    pub(in crate::platform) async fn delete_project(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
    ) -> Result<(), Refusal> {
        self.project(cx, organisation, uuid).await?;
        if self.list_projects(cx, organisation).await?.len() < 2 {
            return Err(Refusal::Invalid("An organization needs at least one project".into()));
        }
        if self.count_rest_apis_in(cx, uuid).await? > 0 {
            return Err(Refusal::Invalid("The project has APIs".into()));
        }
        if self.count_mcp_proxies_in(cx, uuid).await? > 0 {
            return Err(Refusal::Invalid("The project has MCP proxies".into()));
        }
        let deleted = self.delete_project_row(cx, uuid).await?;
        deleted.then_some(()).ok_or(Refusal::Unknown(Thing::Project))
    }
}

/// A project that nobody has heard of yet.
pub(super) fn new_project(cx: &Cx, organisation: Uuid, name: String) -> Project {
    let uuid = cx.mint(Mint::Project { organisation, name: &name });
    Project { uuid, organisation, name, created_at: cx.wall() }
}
