//! The deployment sync of a process's first connect (docs/spec/gateway.md section 6.2).
//!
//! Deletions go first, so that a handle given up can be taken again, then fetches, then states. A list that
//! can't be had ends the sync until the process starts again.

use super::diff::{Diff, diff};
use crate::cx::Cx;
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
        let Diff { fetch, restate, orphans } = diff(&remote, &local);
        self.delete_orphans(cx, orphans).await;
        self.fetch_deployments(cx, fetch).await;
        self.restate_deployments(cx, restate).await;
    }
}
