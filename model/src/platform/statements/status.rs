//! Statements on status rows outside a deploy's first transaction.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::{Artifact, DeploymentStatus, State};
use crate::store::{Flavour, View};
use crate::wire::time::Instant;

/// Artifact, organisation and gateway.
type RowKey = (Uuid, Uuid, Uuid);

impl Platform {
    /// Makes the row what it is given as, whatever it was.
    pub(in crate::platform) async fn set_status(&self, cx: &Cx, row: &DeploymentStatus) -> Outcome<()> {
        let at = At::site("store.set-status").about(row.artifact);
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
    ) -> Outcome<Vec<(Arc<DeploymentStatus>, Arc<Artifact>)>> {
        let of = |row: &DeploymentStatus| row.organisation == organisation && row.gateway == gateway;
        let joined = |view: &View<'_>| {
            let rows = view.scan(of).into_iter();
            rows.filter_map(|row| view.get(row.artifact).map(|artifact| (row, artifact))).collect()
        };
        self.database.read(cx, At::site("store.list-status"), joined).await
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
        let this = |row: &DeploymentStatus| row.status == from && self.is(row, key, &performed_at);
        self.change_status(cx, at, this, |row| {
            row.status = to;
            row.status_reason = None;
        })
        .await
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
    ) -> Outcome<()> {
        let now = cx.wall();
        let change = |row: &mut DeploymentStatus| {
            change(row);
            row.updated_at = now;
        };
        self.database.write(cx, at, |writer| writer.update_where(&which, change)).await.map(drop)
    }
}

/// Whether the database takes two instants for equal (docs/spec/platform.md section 3.9). Both compare what a
/// clock on the wall would show, SQLite with the offset and Postgres without.
fn equal(flavour: Flavour, stored: &Instant, given: &Instant) -> bool {
    let same_digits = stored.naive_local() == given.naive_local();
    match flavour {
        Flavour::Sqlite => same_digits && stored.offset() == given.offset(),
        Flavour::Postgres => same_digits,
    }
}
