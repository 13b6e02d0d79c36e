//! Bottom-up registration (docs/spec/platform.md section 8): a gateway tells the platform of an API that was
//! made on the gateway.
//!
//! It takes several transactions, and what the first of them did stays when a later one fails: an API without
//! a deployment, or an association without one. A second try finds the API and goes on from there; once the
//! API is deployed there every further try fails. Nobody is told, and the gateway least of all.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::deploy::current;
use super::{ArtifactName, Identity, definition};
use crate::cx::{Cx, Mint};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::statements::{Detail, Found};
use crate::platform::tables::{Artifact, Deployment, Desired, Object, Project, RestApi, State};
use crate::wire::kind::Kind;

/// What a gateway says of an API of its own. Its status and its instants are not looked at.
#[derive(Clone, Deserialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct Pushed {
    pub configuration: PushedConfiguration,
    /// The name of a project.
    #[serde(default)]
    pub project_identifier: String,
}

/// The API.
#[derive(Clone, Deserialize, Debug)]
pub(in crate::platform) struct PushedConfiguration {
    pub kind: String,
    pub spec: PushedSpec,
}

/// What it serves.
#[derive(Clone, Deserialize, Debug)]
pub(in crate::platform) struct PushedSpec {
    pub name: String,
    pub version: String,
    pub context: String,
    #[serde(default)]
    pub upstreams: Vec<Value>,
    #[serde(default)]
    pub operations: Vec<Value>,
}

impl Pushed {
    fn validate(&self) -> Result<(), Refusal> {
        let PushedConfiguration { kind, spec } = &self.configuration;
        if kind != Kind::RestApi.name() {
            return Err(Refusal::Invalid("configuration.kind must be RestApi".into()));
        }
        if [&spec.name, &spec.version, &spec.context].iter().any(|text| text.is_empty()) {
            return Err(Refusal::Invalid("name, version and context are required".into()));
        }
        Ok(())
    }

    /// What a user would have said of the API.
    fn said(&self, handle: &str, project: Uuid) -> Object {
        let spec = &self.configuration.spec;
        let mut said = Object::new();
        said.insert("id".to_owned(), handle.into());
        said.insert("name".to_owned(), spec.name.clone().into());
        said.insert("version".to_owned(), spec.version.clone().into());
        said.insert("context".to_owned(), spec.context.clone().into());
        said.insert("projectId".to_owned(), project.to_string().into());
        if let Some(main) = spec.upstreams.first() {
            said.insert("upstream".to_owned(), json!({ "main": main }));
        }
        said.insert("operations".to_owned(), spec.operations.clone().into());
        said
    }
}

impl Platform {
    pub(in crate::platform) async fn register_api(
        &self,
        cx: &Cx,
        identity: Identity,
        handle: String,
        pushed: Pushed,
    ) -> Result<(), Refusal> {
        let Identity { organisation, gateway } = identity;
        pushed.validate()?;
        self.gateway(cx, organisation, gateway).await?;
        let name = ArtifactName { organisation, kind: Kind::RestApi, handle };
        let found = match self.find_artifact_of_any_kind(cx, &name).await? {
            Some(artifact) => self.load_of_kind(cx, Kind::RestApi, artifact.uuid).await?,
            None => Some(self.create_pushed(cx, &name, &pushed).await?),
        };
        let found = found.ok_or(Refusal::Unknown(Thing::Artifact(Kind::RestApi)))?;
        let artifact = found.artifact.uuid;
        if self.state_on_gateway(cx, organisation, artifact, gateway).await? == Some(State::Deployed) {
            return Err(Refusal::Unmapped("the API is already deployed on this gateway".into()));
        }
        self.ensure_association(cx, organisation, artifact, gateway).await?;
        self.make_current(cx, &found, gateway).await
    }

    /// The API as a transaction of its own. The project is looked up by its name, and no route maps an
    /// unknown one.
    async fn create_pushed(&self, cx: &Cx, name: &ArtifactName, pushed: &Pushed) -> Result<Found, Refusal> {
        let organisation = name.organisation;
        let project = self.find_project_named(cx, organisation, &pushed.project_identifier).await?;
        let project: &Project = &*project.ok_or_else(|| Refusal::Unmapped("project not found".into()))?;
        let now = cx.wall();
        let uuid = cx.mint(Mint::Artifact { organisation, handle: &name.handle });
        let artifact = Artifact {
            uuid,
            handle: name.handle.clone(),
            name: pushed.configuration.spec.name.clone(),
            version: pushed.configuration.spec.version.clone(),
            kind: Kind::RestApi,
            organisation,
            created_at: now,
            updated_at: now,
        };
        let detail = Detail::RestApi(RestApi {
            uuid,
            project: project.uuid,
            lifecycle_status: "CREATED".to_owned(),
            configuration: pushed.said(&name.handle, project.uuid),
        });
        self.insert_artifact(cx, &artifact, &detail).await?;
        Ok(Found { artifact: artifact.into(), detail })
    }

    /// A deployment of the API as the platform has it, which may differ from what the gateway serves.
    async fn make_current(&self, cx: &Cx, found: &Found, gateway: Uuid) -> Result<(), Refusal> {
        let Artifact { uuid: artifact, organisation, ref handle, .. } = *found.artifact;
        let now = cx.wall();
        let deployment = Deployment {
            deployment_id: cx.mint(Mint::Deployment(artifact)),
            name: handle.clone(),
            artifact,
            organisation,
            gateway,
            base_deployment: None,
            content: definition::render(found).to_yaml().into(),
            metadata: None,
            created_at: now,
        };
        let status = current(&deployment, State::Deployed, Desired::Deployed, now, now);
        Ok(self.insert_deployment(cx, &deployment, &status, self.soft_limit()?).await?)
    }
}
