//! Statements on status rows outside a deploy's first transaction.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use super::instants::{before, equal, kept};
use super::revision::revision;
use crate::cx::{At, Cx};
use crate::design::{LateSuccess, WaitingStatuses};
use crate::platform::Platform;
use crate::platform::tables::{Artifact, DeploymentStatus, Desired, State};
use crate::store::View;
use crate::wire::time::Instant;

/// The reason of a row that waited for too long (docs/spec/platform.md section 12).
const TIMED_OUT: &str = "DEPLOYMENT_TIMEOUT";

/// Artifact, organisation and gateway.
type RowKey = (Uuid, Uuid, Uuid);

/// The rows of a gateway as one statement has read them.
pub(in crate::platform) struct ListedStatuses {
    /// Every row with its artifact.
    pub rows: Vec<(Arc<DeploymentStatus>, Arc<Artifact>)>,
    /// What all that the gateway ought to have came to, where that is told.
    pub revision: Option<String>,
}

impl Platform {
    /// Makes the row what it is given as, whatever it was.
    pub(in crate::platform) async fn set_status(&self, cx: &Cx, row: &DeploymentStatus) -> Outcome<()> {
        let at = At::site("store.set-status").about(row.artifact);
        let row = self.kept_status(row);
        self.database.write(cx, at, |writer| writer.put(row.clone())).await
    }

    /// The gateways that have a row for the artifact.
    pub(in crate::platform) async fn gateways_with_status(
        &self,
        cx: &Cx,
        organisation: Uuid,
        artifact: Uuid,
    ) -> Outcome<Vec<Uuid>> {
        let at = At::site("store.list-status-gateways").about(artifact);
        let of = |row: &DeploymentStatus| row.artifact == artifact && row.organisation == organisation;
        let rows = self.database.read(cx, at, |view| view.scan(of)).await?;
        Ok(rows.iter().map(|row| row.gateway).collect())
    }

    /// Every row of the gateway with its artifact.
    pub(in crate::platform) async fn list_status(
        &self,
        cx: &Cx,
        organisation: Uuid,
        gateway: Uuid,
    ) -> Outcome<ListedStatuses> {
        let of = |row: &DeploymentStatus| row.organisation == organisation && row.gateway == gateway;
        let joined = |view: &View<'_>| {
            let rows = view.scan(of).into_iter();
            let rows =
                rows.filter_map(|row| view.get(row.artifact).map(|artifact| (row, artifact))).collect();
            let revision = self.tells_revision().then(|| revision(view, organisation, gateway));
            ListedStatuses { rows, revision }
        };
        self.database.read(cx, At::site("store.list-status"), joined).await
    }

    /// Every row that waits since before `then`, of whatever gateway: those in transition, as the design goes.
    pub(in crate::platform) async fn list_stale(
        &self,
        cx: &Cx,
        nth: u64,
        then: Instant,
    ) -> Outcome<Vec<Arc<DeploymentStatus>>> {
        let flavour = self.database.settings().flavour;
        let waits = |row: &DeploymentStatus| match self.design.waiting_statuses {
            WaitingStatuses::InTransition => row.status.is_transitional(),
            WaitingStatuses::NotAsAsked => !row.is_as_asked(),
        };
        let stale = |row: &DeploymentStatus| waits(row) && before(flavour, &row.performed_at, &then);
        self.database.read(cx, At::site("store.list-stale").nth(nth), |view| view.scan(stale)).await
    }

    /// Marks a row failed that waited for too long, if it is still as it was read; true if it was.
    pub(in crate::platform) async fn time_out_status(
        &self,
        cx: &Cx,
        read: &DeploymentStatus,
    ) -> Outcome<bool> {
        let at = At::site("store.time-out-status").about(read.artifact);
        let key = (read.artifact, read.organisation, read.gateway);
        let this =
            |row: &DeploymentStatus| row.status == read.status && self.is(row, key, &read.performed_at);
        let fail = |row: &mut DeploymentStatus| {
            row.status = State::Failed;
            row.status_reason = Some(TIMED_OUT.to_owned());
        };
        Ok(self.change_status(cx, at, this, fail).await? > 0)
    }

    /// Marks the row failed if it is still the one that was acknowledged.
    pub(in crate::platform) async fn fail_status(
        &self,
        cx: &Cx,
        key: RowKey,
        performed_at: Instant,
        reason: &str,
    ) -> Outcome<()> {
        let at = At::site("store.fail-status").about(key.0);
        self.change_status(
            cx,
            at,
            |row| self.is(row, key, &performed_at),
            |row| {
                row.status = State::Failed;
                row.status_reason = Some(reason.to_owned());
            },
        )
        .await
        .map(drop)
    }

    /// Ends a transition if the row is still in it and still the one that was acknowledged.
    pub(in crate::platform) async fn confirm_status(
        &self,
        cx: &Cx,
        key: RowKey,
        performed_at: Instant,
        (from, to): (State, State),
    ) -> Outcome<()> {
        let at = At::site("store.confirm-status").about(key.0);
        let asked = if to == State::Deployed { Desired::Deployed } else { Desired::Undeployed };
        let waits = |row: &DeploymentStatus| match self.design.late_success {
            LateSuccess::IsIgnored => row.status == from,
            LateSuccess::IsBelieved => {
                row.status_desired == asked
                    && matches!(row.status, State::Failed | State::Deploying | State::Undeploying)
            }
        };
        let this = |row: &DeploymentStatus| waits(row) && self.is(row, key, &performed_at);
        self.change_status(cx, at, this, |row| {
            row.status = to;
            row.status_reason = None;
        })
        .await
        .map(drop)
    }

    fn is(&self, row: &DeploymentStatus, key: RowKey, performed_at: &Instant) -> bool {
        (row.artifact, row.organisation, row.gateway) == key
            && equal(self.database.settings().flavour, &row.performed_at, performed_at)
    }

    async fn change_status(
        &self,
        cx: &Cx,
        at: At<'_>,
        which: impl Fn(&DeploymentStatus) -> bool,
        change: impl Fn(&mut DeploymentStatus),
    ) -> Outcome<usize> {
        let now = self.kept(cx.wall());
        let change = |row: &mut DeploymentStatus| {
            change(row);
            row.updated_at = now;
        };
        self.database.write(cx, at, |writer| writer.update_where(&which, change)).await
    }

    /// The row with its instants as they will be read back.
    pub(super) fn kept_status(&self, row: &DeploymentStatus) -> DeploymentStatus {
        let (performed_at, updated_at) = (self.kept(row.performed_at), self.kept(row.updated_at));
        DeploymentStatus { performed_at, updated_at, ..row.clone() }
    }

    /// The instant as it will be read back.
    pub(super) fn kept(&self, at: Instant) -> Instant {
        kept(self.database.settings().flavour, at)
    }
}
