//! The deployment sync of a process's first connect (docs/spec/gateway.md section 6.2).
//!
//! A list that can't be had ends the sync until the process starts again.

use super::diff::{Diff, diff};
use crate::cx::Cx;
use crate::design::SyncOrder;
use crate::gateway::replica::Replica;

impl Replica {
    /// Brings the database to what the platform lists.
    pub async fn sync_deployments(&self, cx: &Cx) {
        let remote = match self.platform.deployments(cx).await {
            Ok(remote) => remote,
            Err(error) => return tracing::warn!(%error, "sync: no list of deployments"),
        };
        let local = match self.storage.control_plane_artifacts(cx).await {
            Ok(local) => local,
            Err(error) => return tracing::warn!(%error, "sync: no list of local artifacts"),
        };
        let Diff { fetch, restate, orphans } = diff(&remote, &local, self.design.unknown_deployments);
        match self.design.sync_order {
            // A handle given up can then be taken again.
            SyncOrder::DeletesFirst => {
                self.delete_orphans(cx, orphans).await;
                self.fetch_deployments(cx, fetch).await;
            }
            SyncOrder::FetchesFirst => {
                self.fetch_deployments(cx, fetch).await;
                self.delete_orphans(cx, orphans).await;
            }
        }
        self.restate_deployments(cx, restate).await;
    }
}
