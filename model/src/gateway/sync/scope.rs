//! What the bulk syncs of subscriptions and keys ask about (docs/spec/gateway.md sections 7.2 and 7.3).
//!
//! On a gateway that has just fetched its first deployments memory is behind the database: it fills when the hub
//! is polled next, and nobody repeats a sync then.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::cx::{At, Broken, Cx};
use crate::design::BulkSyncScope;
use crate::gateway::memory::Projected;
use crate::gateway::replica::Replica;
use crate::wire::kind::Kind;

/// Artifacts by kind.
pub(super) type ByKind = BTreeMap<Kind, BTreeSet<Uuid>>;

impl Replica {
    /// The artifacts that a bulk sync asks about and no others; none if nothing limits it.
    pub(super) async fn limit_of_bulk_sync(&self, cx: &Cx) -> Result<Option<ByKind>, Broken> {
        match self.design.bulk_sync_scope {
            BulkSyncScope::Everything => Ok(None),
            BulkSyncScope::Memory => self.artifacts_in_memory(cx).await.map(Some),
        }
    }

    /// The artifacts in memory, of any origin and state.
    pub(super) async fn artifacts_in_memory(&self, cx: &Cx) -> Result<ByKind, Broken> {
        let list = |state: &Projected| {
            let rows = state.memory.artifacts().map(|config| &config.artifact);
            by_kind(rows.map(|row| (row.kind, row.uuid)))
        };
        self.projections.look(cx, At::site("memory.list-artifacts"), list).await
    }
}

pub(super) fn by_kind(artifacts: impl Iterator<Item = (Kind, Uuid)>) -> ByKind {
    let mut by_kind = ByKind::new();
    for (kind, uuid) in artifacts {
        by_kind.entry(kind).or_default().insert(uuid);
    }
    by_kind
}
