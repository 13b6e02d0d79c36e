//! Get and update of an artifact (docs/spec/platform.md section 4.2).
//!
//! An update tells nobody and leaves every deployment as it is: what is deployed changes with the next
//! deploy.

use uuid::Uuid;

use super::ArtifactName;
use super::configuration::Configuration;
use crate::cx::Cx;
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::statements::{Detail, Found};
use crate::platform::tables::{Artifact, Object};
use crate::wire::kind::Kind;

impl Platform {
    pub(in crate::platform) async fn artifact(&self, cx: &Cx, name: &ArtifactName) -> Result<Found, Refusal> {
        let found = self.find_of_kind(cx, name).await?;
        found.ok_or(Refusal::Unknown(Thing::Artifact(name.kind)))
    }

    pub(in crate::platform) async fn artifacts(
        &self,
        cx: &Cx,
        organisation: Uuid,
        kind: Kind,
    ) -> Result<Vec<Found>, Refusal> {
        Ok(self.list_of_kind(cx, organisation, kind).await?)
    }

    pub(in crate::platform) async fn update(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        changes: Object,
    ) -> Result<Found, Refusal> {
        let found = self.artifact(cx, name).await?;
        let mut body = found.detail.configuration().clone();
        body.extend(changes);
        // Handle and project are for good.
        body.insert("id".to_owned(), name.handle.clone().into());
        if let Some(project) = found.detail.project() {
            body.insert("projectId".to_owned(), project.to_string().into());
        }
        let said = Configuration::read(name.kind, body)?;
        let artifact = Artifact {
            name: said.name,
            version: said.version,
            updated_at: cx.wall(),
            ..Artifact::clone(&found.artifact)
        };
        let detail = with_configuration(found.detail, said.body);
        let updated = self.update_artifact(cx, &artifact, &detail).await;
        if !updated.map_err(|failed| name.kind.failed_insert(failed))? {
            return Err(Refusal::Unknown(Thing::Artifact(name.kind)));
        }
        Ok(Found { artifact: artifact.into(), detail })
    }
}

/// The detail with what is said of it now. The status of the kinds that have one is back at its start.
fn with_configuration(detail: Detail, configuration: Object) -> Detail {
    let status = "pending".to_owned();
    match detail {
        Detail::RestApi(mut row) => {
            row.configuration = configuration;
            Detail::RestApi(row)
        }
        Detail::LlmProvider(mut row) => {
            (row.configuration, row.status) = (configuration, status);
            Detail::LlmProvider(row)
        }
        Detail::LlmProxy(mut row) => {
            (row.configuration, row.status) = (configuration, status);
            Detail::LlmProxy(row)
        }
        Detail::Mcp(mut row) => {
            (row.configuration, row.status) = (configuration, status);
            Detail::Mcp(row)
        }
    }
}
