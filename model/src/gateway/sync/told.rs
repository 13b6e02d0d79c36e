//! What the bulk syncs of plans and subscriptions tell the replicas (docs/spec/gateway.md sections 7.1 and 7.2).
//!
//! The events' identifiers are made from what is told of and its time of change, so that replicas that sync at
//! the same time tell of it once.

use uuid::Uuid;

use super::event_id::{deterministic, etag_or};
use crate::cx::Cx;
use crate::gateway::hub::Announcement;
use crate::gateway::pipeline::SubscriptionError;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{Action, EntityType};
use crate::store::StoreError;
use crate::wire::time::Instant;

/// What is told of: what it is, which, and when it was last changed.
pub(super) type Synced = (EntityType, Uuid, Instant);

impl Replica {
    /// Tells of what the platform lists, if it was written.
    pub(super) async fn tell_of_listed(
        &self,
        cx: &Cx,
        (entity, uuid, changed): Synced,
        etag: &str,
        written: Result<(), SubscriptionError>,
    ) {
        if let Err(error) = written {
            return tracing::warn!(%error, %uuid, "sync: a {entity} can't be written");
        }
        let event_id = etag_or(etag, &uuid.to_string(), changed);
        self.announce(cx, Announcement::of(entity, Action::Create, uuid, event_id)).await;
    }

    /// Tells of what the platform doesn't list, if it was there to be deleted and was.
    ///
    /// The time of change of a row that a sync brought is the platform's, from which the etag was made as well:
    /// within the hub's memory the delete then goes for a duplicate of the create.
    pub(super) async fn tell_of_stale(
        &self,
        cx: &Cx,
        (entity, uuid, changed): Synced,
        deleted: Result<bool, StoreError>,
    ) {
        match deleted {
            Ok(true) => {
                let event_id = deterministic(&uuid.to_string(), Some(changed)).to_string();
                self.announce(cx, Announcement::of(entity, Action::Delete, uuid, event_id)).await;
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, %uuid, "sync: a stale {entity} stays"),
        }
    }
}
