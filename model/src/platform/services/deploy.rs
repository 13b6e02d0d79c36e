//! Deploy (docs/spec/platform.md section 3.2): two transactions, an association, one event.
//!
//! The first transaction makes the deployment current with the full precision of the clock; the second writes
//! the same row again with whole milliseconds, and that instant is the one the gateway is told. Between them,
//! and after a crash between them, the list shows an instant that no event carries. The first writes `DEPLOYED`
//! even where deploys wait for an acknowledgement; only the second makes that `DEPLOYING`.

use bytes::Bytes;
use serde::Deserialize;
use tracing::warn;
use uuid::Uuid;

use super::{ArtifactName, definition};
use crate::cx::{Cx, Mint};
use crate::design::{DeployWrites, UnwrittenStatus};
use crate::platform::Platform;
use crate::platform::event::Event;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::statements::{Found, Held};
use crate::platform::tables::{Deployment, DeploymentStatus, Desired, Object, State};
use crate::wire::kind::Kind;
use crate::wire::time::{Instant, to_millis};

/// What the user asks for.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct NewDeployment {
    pub name: String,
    pub base: String,
    pub gateway_id: String,
    pub metadata: Option<Object>,
}

impl NewDeployment {
    /// The gateway it goes to, once everything needed has been said.
    fn validate(&self) -> Result<Uuid, Refusal> {
        let missing = |field: &str| Refusal::Invalid(format!("{field} is required"));
        if self.name.is_empty() {
            return Err(missing("name"));
        }
        if self.base.is_empty() {
            return Err(missing("base"));
        }
        self.gateway_id.parse().map_err(|_| missing("gatewayId"))
    }
}

impl Platform {
    pub(in crate::platform) async fn deploy(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        new: NewDeployment,
    ) -> Result<Held, Refusal> {
        let gateway = new.validate()?;
        let artifact = self.resolve(cx, name).await?;
        self.gateway(cx, name.organisation, gateway).await?;
        let found = self.load_of_kind(cx, name.kind, artifact).await?;
        let found = found.ok_or(Refusal::Unknown(Thing::Artifact(name.kind)))?;
        let base = self.base(cx, name, artifact, &new.base).await?;
        let content = content(&found, base.as_ref(), new.metadata.as_ref())?;

        let deployment = Deployment {
            deployment_id: cx.mint(Mint::Deployment(artifact)),
            name: new.name,
            artifact,
            organisation: name.organisation,
            gateway,
            base_deployment: base.map(|base| base.deployment.deployment_id),
            content,
            metadata: new.metadata,
            created_at: cx.wall(),
        };
        let held = match self.design.deploy_writes {
            DeployWrites::InSeveralTransactions => self.deploy_in_steps(cx, name, deployment).await?,
            DeployWrites::InOneTransaction => self.deploy_at_once(cx, name, deployment).await?,
        };
        if let Some(status) = &held.status {
            self.tell_of(cx, name, &[gateway], Event::deployed(name.kind, status)).await;
        }
        Ok(held)
    }

    /// One transaction: all of it is there, with the instant that the gateway is told, or nothing.
    async fn deploy_at_once(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        deployment: Deployment,
    ) -> Result<Held, Refusal> {
        let now = cx.wall();
        let status = current(&deployment, self.deployed(), Desired::Deployed, to_millis(now), now);
        let with = name.kind.associates().then(|| self.association_of(cx, &deployment));
        self.insert_whole_deployment(cx, &deployment, &status, with.as_ref(), self.soft_limit()?).await?;
        Ok(Held { deployment: deployment.into(), status: Some(status.into()) })
    }

    /// Two transactions with an association between them.
    async fn deploy_in_steps(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        deployment: Deployment,
    ) -> Result<Held, Refusal> {
        let first = current(&deployment, State::Deployed, Desired::Deployed, cx.wall(), cx.wall());
        self.insert_deployment(cx, &deployment, &first, self.soft_limit()?).await?;
        if name.kind.associates() {
            self.try_to_associate(cx, &deployment).await;
        }

        let now = cx.wall();
        let status = current(&deployment, self.deployed(), Desired::Deployed, to_millis(now), now);
        if let Err(failed) = self.set_status(cx, &status).await {
            if !self.deploys_without_status(name.kind) {
                return Err(failed.into());
            }
            // The gateway is told an instant that the row doesn't have, so its ack will match nothing.
            warn!("status not written: {failed}");
        }
        Ok(Held { deployment: deployment.into(), status: Some(status.into()) })
    }

    /// Whether a deploy that could not write the status row goes on and tells the gateway all the same.
    fn deploys_without_status(&self, kind: Kind) -> bool {
        match self.design.unwritten_status {
            UnwrittenStatus::IsTold => true,
            UnwrittenStatus::IsToldByKind => kind.deploys_without_status(),
        }
    }

    /// What a deployment is once it was asked for: deployed, or waiting until the gateway says so.
    pub(super) fn deployed(&self) -> State {
        if self.settings.transitional { State::Deploying } else { State::Deployed }
    }

    /// What a deployment is once it should no longer be served.
    pub(super) fn undeployed(&self) -> State {
        if self.settings.transitional { State::Undeploying } else { State::Undeployed }
    }

    /// How many deployments of an artifact a gateway should have.
    pub(super) fn soft_limit(&self) -> Result<usize, Refusal> {
        let limit = usize::try_from(self.settings.deployments_max).unwrap_or(usize::MAX / 2);
        if limit == 0 {
            return Err(Refusal::Unmapped("the limit of deployments must be at least 1".into()));
        }
        Ok(limit)
    }

    /// The deployment to take the content from: of the same artifact, on any gateway, in any state.
    async fn base(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        artifact: Uuid,
        base: &str,
    ) -> Result<Option<Held>, Refusal> {
        if base == "current" {
            return Ok(None);
        }
        let unknown = || Refusal::Unknown(Thing::BaseDeployment);
        let base = base.parse().map_err(|_| unknown())?;
        self.find_deployment(cx, name.organisation, artifact, base).await?.map(Some).ok_or_else(unknown)
    }

    /// Associates the artifact with the gateway, if it isn't yet. A failure is nobody's concern here.
    async fn try_to_associate(&self, cx: &Cx, deployment: &Deployment) {
        let Deployment { artifact, organisation, gateway, .. } = *deployment;
        if let Err(failed) = self.ensure_association(cx, organisation, artifact, gateway).await {
            warn!("not associated: {failed}");
        }
    }
}

/// The definition that the gateway will download.
fn content(found: &Found, base: Option<&Held>, metadata: Option<&Object>) -> Result<Bytes, Refusal> {
    let yaml = match base {
        Some(base) => base.deployment.content.clone(),
        None => definition::render(found).to_yaml().into(),
    };
    definition::overridden(found.artifact.kind, yaml, metadata)
}

/// The status row that makes a deployment the current one.
pub(super) fn current(
    deployment: &Deployment,
    status: State,
    status_desired: Desired,
    performed_at: Instant,
    updated_at: Instant,
) -> DeploymentStatus {
    DeploymentStatus {
        artifact: deployment.artifact,
        organisation: deployment.organisation,
        gateway: deployment.gateway,
        deployment: deployment.deployment_id,
        status,
        status_desired,
        performed_at,
        status_reason: None,
        updated_at,
    }
}
