//! Statements on deployments.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::{Artifact, AssociationMapping, Deployment, DeploymentStatus, Desired, State};
use crate::store::{StoreError, Transaction, View, Writer};

/// Room for new deployments before old ones go (docs/spec/platform.md section 1, `DeploymentLimitBuffer`), and
/// how many go at once.
const BUFFER: usize = 5;

/// A deployment, and the status row if it is the current one.
#[derive(Clone, Debug)]
pub(in crate::platform) struct Held {
    pub deployment: Arc<Deployment>,
    pub status: Option<Arc<DeploymentStatus>>,
}

impl Held {
    fn of(view: &View<'_>, deployment: Arc<Deployment>) -> Self {
        let Deployment { artifact, organisation, gateway, deployment_id, .. } = *deployment;
        let row = view.get::<DeploymentStatus>(DeploymentStatus::key_of(artifact, organisation, gateway));
        Held { deployment, status: row.filter(|row| row.deployment == deployment_id) }
    }

    /// How it stands; `None` is archived.
    pub(in crate::platform) fn state(&self) -> Option<State> {
        self.status.as_ref().map(|row| row.status)
    }
}

impl Platform {
    /// A deployment of the artifact, on whatever gateway.
    pub(in crate::platform) async fn find_deployment(
        &self,
        cx: &Cx,
        organisation: Uuid,
        artifact: Uuid,
        deployment: Uuid,
    ) -> Outcome<Option<Held>> {
        let at = At::site("store.find-deployment").about(deployment);
        let joined = |view: &View<'_>| {
            let row = view.get::<Deployment>(deployment)?;
            (row.artifact == artifact && row.organisation == organisation).then(|| Held::of(view, row))
        };
        self.database.read(cx, at, joined).await
    }

    /// The deployments of an artifact, on one gateway or on all.
    pub(in crate::platform) async fn list_deployments(
        &self,
        cx: &Cx,
        organisation: Uuid,
        artifact: Uuid,
        gateway: Option<Uuid>,
    ) -> Outcome<Vec<Held>> {
        let at = At::site("store.list-deployments").about(artifact);
        let of = |row: &Deployment| {
            row.artifact == artifact
                && row.organisation == organisation
                && gateway.is_none_or(|gateway| row.gateway == gateway)
        };
        let joined = |view: &View<'_>| view.scan(of).into_iter().map(|row| Held::of(view, row)).collect();
        self.database.read(cx, at, joined).await
    }

    /// Those of the deployments that are of the gateway, with their artifacts, by identifier.
    pub(in crate::platform) async fn batch_of_deployments(
        &self,
        cx: &Cx,
        organisation: Uuid,
        gateway: Uuid,
        ids: &[String],
    ) -> Outcome<Vec<(Arc<Deployment>, Arc<Artifact>)>> {
        let joined = |view: &View<'_>| {
            view.parameters(ids.len() + 2);
            let mut found = BTreeMap::new();
            for row in ids.iter().filter_map(|id| view.get::<Deployment>(id)) {
                if row.organisation == organisation && row.gateway == gateway {
                    found.insert(row.deployment_id, row);
                }
            }
            let joined = found.into_values();
            joined.filter_map(|row| view.get(row.artifact).map(|artifact| (row, artifact))).collect()
        };
        self.database.read(cx, At::site("store.fetch-deployments"), joined).await
    }

    /// The current deployment of the artifact on the gateway, if it should be served.
    pub(in crate::platform) async fn find_wanted(
        &self,
        cx: &Cx,
        organisation: Uuid,
        gateway: Uuid,
        artifact: Uuid,
    ) -> Outcome<Option<Arc<Deployment>>> {
        let at = At::site("store.find-wanted").about(artifact);
        let joined = |view: &View<'_>| {
            let row: Arc<DeploymentStatus> =
                view.get(DeploymentStatus::key_of(artifact, organisation, gateway))?;
            (row.status_desired == Desired::Deployed).then(|| view.get(row.deployment)).flatten()
        };
        self.database.read(cx, at, joined).await
    }

    /// Deletes a deployment, and with it the status row that points to it; false if it was gone already.
    pub(in crate::platform) async fn delete_deployment_row(
        &self,
        cx: &Cx,
        deployment: Uuid,
    ) -> Outcome<bool> {
        let at = At::site("store.delete-deployment").about(deployment);
        self.database.write(cx, at, |writer| writer.delete::<Deployment>(deployment)).await
    }

    /// Makes a deployment the current one. If there are too many of the artifact on the gateway the oldest
    /// archived ones go first. Nothing is locked, so two at once may both find room, or remove the same.
    pub(in crate::platform) async fn insert_deployment(
        &self,
        cx: &Cx,
        row: &Deployment,
        status: &DeploymentStatus,
        soft_limit: usize,
    ) -> Outcome<()> {
        let mut tx = self.database.begin(cx);
        let at = At::site("store.count-deployments").about(row.artifact);
        let count = tx.read(cx, at, |view| view.count(|other| alike(other, row))).await?;
        if count >= soft_limit + BUFFER {
            delete_oldest(cx, &mut tx, row).await?;
        }
        let at = At::site("store.insert-deployment").about(row.deployment_id);
        let row = Deployment { created_at: self.kept(row.created_at), ..row.clone() };
        tx.write(cx, at, |writer| writer.insert(row.clone())).await?;
        let at = At::site("store.insert-status").about(row.artifact);
        let status = self.kept_status(status);
        tx.write(cx, at, |writer| writer.put(status.clone())).await?;
        tx.commit(cx, At::site("store.commit-deploy").about(row.deployment_id)).await
    }
}

impl Platform {
    /// The same with the association in one transaction, and only if the artifact is there when it is written: a
    /// database that doesn't enforce foreign keys lets pass what crosses a delete.
    pub(in crate::platform) async fn insert_whole_deployment(
        &self,
        cx: &Cx,
        row: &Deployment,
        status: &DeploymentStatus,
        association: Option<&AssociationMapping>,
        soft_limit: usize,
    ) -> Outcome<()> {
        let flavour = self.database.settings().flavour;
        let mut tx = self.database.begin(cx);
        let at = At::site("store.insert-deployment").about(row.deployment_id);
        let row = Deployment { created_at: self.kept(row.created_at), ..row.clone() };
        let insert = |writer: &mut Writer<'_>| {
            if writer.get::<Artifact>(row.artifact).is_none() {
                return Err(StoreError::Foreign { constraint: "deployments.artifact_uuid", flavour });
            }
            writer.insert(row.clone())
        };
        tx.write(cx, at, insert).await?;
        let at = At::site("store.insert-status").about(row.artifact);
        let status = self.kept_status(status);
        tx.write(cx, at, |writer| writer.put(status.clone())).await?;
        if let Some(association) = association {
            let at = At::site("store.insert-association").about(row.artifact);
            tx.write(cx, at, |writer| associate(writer, association)).await?;
        }
        let at = At::site("store.count-deployments").about(row.artifact);
        let count = tx.read(cx, at, |view| view.count(|other| alike(other, &row))).await?;
        // The new one counts among them.
        if count > soft_limit + BUFFER {
            delete_oldest(cx, &mut tx, &row).await?;
        }
        tx.commit(cx, At::site("store.commit-deploy").about(row.deployment_id)).await
    }
}

/// Associates an artifact with a gateway, unless it is.
fn associate(writer: &mut Writer<'_>, new: &AssociationMapping) -> Outcome<()> {
    let same = |row: &AssociationMapping| {
        (row.artifact, row.resource, row.organisation) == (new.artifact, new.resource, new.organisation)
            && row.association_type == new.association_type
    };
    if writer.count(same) > 0 { Ok(()) } else { writer.insert(new.clone()) }
}

async fn delete_oldest(cx: &Cx, tx: &mut Transaction, new: &Deployment) -> Outcome<()> {
    let at = At::site("store.list-archived").about(new.artifact);
    let archived = |view: &View<'_>| {
        let rows = view.scan(|row: &Deployment| alike(row, new)).into_iter();
        rows.filter(|row| Held::of(view, row.clone()).status.is_none()).collect::<Vec<_>>()
    };
    let mut archived = tx.read(cx, at, archived).await?;
    archived.sort_by_key(|row| row.created_at);
    for row in archived.iter().take(BUFFER) {
        let at = At::site("store.delete-archived").about(row.deployment_id);
        tx.write(cx, at, |writer| writer.delete::<Deployment>(row.deployment_id)).await?;
    }
    Ok(())
}

/// Whether both are of the same artifact on the same gateway.
fn alike(one: &Deployment, other: &Deployment) -> bool {
    let place = |row: &Deployment| (row.artifact, row.organisation, row.gateway);
    place(one) == place(other)
}
