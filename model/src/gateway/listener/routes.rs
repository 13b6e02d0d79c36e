//! Rebuilding the snapshot of routes.
//!
//! Each change of memory starts a rebuild of its own, and nothing keeps two of them apart: what is read and
//! what is set are two steps, so an older snapshot can be set over a newer one.

use std::sync::Arc;

use uuid::Uuid;

use crate::cx::{At, Broken, CrossingId, Cx, Subject};
use crate::gateway::memory::Routes;
use crate::gateway::replica::Replica;

impl Replica {
    /// Starts a rebuild because of a change to an artifact.
    pub(super) fn rebuild_routes(self: &Arc<Self>, cx: &Cx, artifact: Uuid, because: CrossingId) {
        let cx = cx.caused_by(because, "routes", Subject::Id(artifact));
        let (replica, of) = (self.clone(), cx.clone());
        cx.spawn_as_is(async move {
            if let Err(error) = replica.set_routes(&of, artifact).await {
                tracing::warn!(%error, "the snapshot of routes was not rebuilt");
            }
        });
    }

    async fn set_routes(&self, cx: &Cx, artifact: Uuid) -> Result<(), Broken> {
        let at = At::site("memory.translate").about(artifact);
        let routes = self.projections.look(cx, at, |state| Routes::translate(&state.memory)).await?;
        let at = At::site("memory.routes").about(artifact);
        cx.cross(at, |_, record| {
            self.projections.change(|state| {
                record.changes = routes.changes_from(&state.routes);
                state.routes = routes;
            });
        })
        .await
    }
}
