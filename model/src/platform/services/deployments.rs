//! Get, list and delete of deployments (docs/spec/platform.md sections 3.5 and 4.3).
//!
//! Deleting a deployment tells no gateway, and takes the status row along if it points there: after that the
//! gateway's list no longer has the artifact, and nothing says why.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use uuid::Uuid;

use super::ArtifactName;
use crate::cx::Cx;
use crate::platform::Platform;
use crate::platform::quirks::Lookup;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::statements::Held;
use crate::platform::tables::State;

/// Which deployments a list should have.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::platform) struct Wanted {
    pub gateway: Option<Uuid>,
    /// The outer `None` is any state, the inner one archived.
    pub state: Option<Option<State>>,
}

impl Platform {
    /// The artifact that a deployment route is about.
    pub(super) async fn resolve(&self, cx: &Cx, name: &ArtifactName) -> Result<Uuid, Refusal> {
        let found = match name.kind.deployment_lookup() {
            Lookup::AnyKind => self.find_artifact_of_any_kind(cx, name).await?.map(|row| row.uuid),
            Lookup::OwnKind => self.find_of_kind(cx, name).await?.map(|found| found.artifact.uuid),
        };
        found.ok_or_else(|| name.kind.no_such_handle())
    }

    /// The same, for the routes on which some kinds look whether it is of their kind.
    pub(super) async fn resolve_checked(&self, cx: &Cx, name: &ArtifactName) -> Result<Uuid, Refusal> {
        let artifact = self.resolve(cx, name).await?;
        if name.kind.checks_kind_of_deployments() {
            let found = self.load_of_kind(cx, name.kind, artifact).await?;
            found.ok_or(Refusal::Unknown(Thing::Artifact(name.kind)))?;
        }
        Ok(artifact)
    }

    pub(in crate::platform) async fn deployment(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        deployment: Uuid,
    ) -> Result<Held, Refusal> {
        let artifact = self.resolve_checked(cx, name).await?;
        let held = self.find_deployment(cx, name.organisation, artifact, deployment).await?;
        held.ok_or(Refusal::Unknown(Thing::Deployment))
    }

    /// Up to the soft limit for each gateway, the current one first and then the newest; the state is asked
    /// for only after that cut.
    pub(in crate::platform) async fn deployments(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        wanted: Wanted,
    ) -> Result<Vec<Held>, Refusal> {
        let artifact = self.resolve(cx, name).await?;
        let limit = self.soft_limit()?;
        let mut all = self.list_deployments(cx, name.organisation, artifact, wanted.gateway).await?;
        all.sort_by_key(|held| (held.status.is_none(), Reverse(held.deployment.created_at)));
        let mut listed: BTreeMap<Uuid, usize> = BTreeMap::new();
        all.retain(|held| {
            let count = listed.entry(held.deployment.gateway).or_default();
            *count += 1;
            *count <= limit
        });
        all.retain(|held| wanted.state.is_none_or(|state| held.state() == state));
        Ok(all)
    }

    pub(in crate::platform) async fn delete_deployment(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        deployment: Uuid,
    ) -> Result<(), Refusal> {
        let held = self.deployment(cx, name, deployment).await?;
        if held.state() == Some(State::Deployed) {
            return Err(Refusal::StillDeployed);
        }
        let deleted = self.delete_deployment_row(cx, deployment).await?;
        deleted.then_some(()).ok_or(Refusal::Unknown(Thing::Deployment))
    }
}
