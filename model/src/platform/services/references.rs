//! What a new artifact refers to: a project, a template, a provider (docs/spec/platform.md section 3.6).

use uuid::Uuid;

use super::ArtifactName;
use super::configuration::Configuration;
use crate::cx::Cx;
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::statements::Detail;
use crate::platform::tables::{LlmProvider, LlmProxy, McpProxy, Object, RestApi};
use crate::wire::kind::Kind;

/// What a new artifact refers to, found.
#[derive(Clone, Copy, Debug)]
pub(super) enum References {
    RestApi { project: Uuid },
    LlmProvider { template: Uuid },
    LlmProxy { project: Uuid, provider: Uuid },
    Mcp { project: Option<Uuid> },
}

impl References {
    /// The artifact's row in the table of its kind.
    pub fn detail(self, uuid: Uuid, configuration: Object) -> Detail {
        let status = "pending".to_owned();
        match self {
            References::RestApi { project } => {
                let given = configuration.get("lifeCycleStatus").and_then(|status| status.as_str());
                let lifecycle_status = given.unwrap_or("CREATED").to_owned();
                Detail::RestApi(RestApi { uuid, project, lifecycle_status, configuration })
            }
            References::LlmProvider { template } => {
                Detail::LlmProvider(LlmProvider { uuid, template, status, configuration })
            }
            References::LlmProxy { project, provider } => {
                Detail::LlmProxy(LlmProxy { uuid, project, provider, status, configuration })
            }
            References::Mcp { project } => Detail::Mcp(McpProxy { uuid, project, status, configuration }),
        }
    }
}

impl Platform {
    pub(super) async fn references(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        said: &Configuration,
    ) -> Result<References, Refusal> {
        let organisation = name.organisation;
        match name.kind {
            Kind::RestApi => {
                let project = self.project_said(cx, organisation, said).await?;
                Ok(References::RestApi { project: project.ok_or(Refusal::Unknown(Thing::Project))? })
            }
            Kind::LlmProvider => {
                let template = said.text("template").unwrap_or_default();
                let template = self.find_template(cx, organisation, template).await?;
                let template = template.ok_or(Refusal::Dangling(Thing::Template))?.uuid;
                Ok(References::LlmProvider { template })
            }
            Kind::LlmProxy => {
                let project = self.project_said(cx, organisation, said).await?;
                let project = project.ok_or(Refusal::Unknown(Thing::Project))?;
                let handle = said.within("provider", "id").unwrap_or_default().to_owned();
                let provider = ArtifactName { organisation, kind: Kind::LlmProvider, handle };
                let provider = self.find_of_kind(cx, &provider).await?;
                let provider = provider.ok_or(Refusal::Dangling(Thing::Provider))?.artifact.uuid;
                Ok(References::LlmProxy { project, provider })
            }
            Kind::Mcp if said.text("projectId").is_none() => Ok(References::Mcp { project: None }),
            Kind::Mcp => {
                let project = self.project_said(cx, organisation, said).await?;
                let project = project.ok_or(Refusal::Dangling(Thing::Project))?;
                Ok(References::Mcp { project: Some(project) })
            }
        }
    }

    async fn project_said(
        &self,
        cx: &Cx,
        organisation: Uuid,
        said: &Configuration,
    ) -> Result<Option<Uuid>, Refusal> {
        // What isn't a UUID is no project's identifier.
        let Some(uuid) = said.text("projectId").and_then(|id| id.parse().ok()) else { return Ok(None) };
        Ok(self.find_project(cx, organisation, uuid).await?.map(|row| row.uuid))
    }
}
