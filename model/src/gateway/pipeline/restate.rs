//! Changing the desired state of an artifact and nothing else (docs/spec/gateway.md sections 6.5 and 8.2).
//!
//! Keys, subscriptions, the configuration, and the handle and name the artifact holds all stay.

use uuid::Uuid;

use crate::cx::Cx;
use crate::gateway::hub::Announcement;
use crate::gateway::memory::StoredConfig;
use crate::gateway::pipeline::Outcome;
use crate::gateway::replica::Replica;
use crate::gateway::storage::UpsertError;
use crate::gateway::tables::{Action, DesiredState};
use crate::wire::time::Instant;

/// A new desired state.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Restate {
    pub state: DesiredState,
    /// The deployment it belongs to; an event may leave it out.
    pub deployment: Option<Uuid>,
    /// In whole milliseconds.
    pub deployed_at: Instant,
    /// Under which identifier the hub's event is published, if not this gateway's own.
    pub topic: Option<Uuid>,
    /// The idempotency key of the hub's event.
    pub event_id: String,
}

impl Replica {
    /// Writes an artifact, as it was read before, in its new state and tells the replicas.
    pub async fn restate(
        &self,
        cx: &Cx,
        mut config: StoredConfig,
        to: Restate,
    ) -> Result<Outcome, UpsertError> {
        config.artifact.desired_state = to.state;
        config.artifact.deployment_id = to.deployment;
        config.artifact.deployed_at = Some(to.deployed_at);
        config.artifact.updated_at = cx.wall();
        if !self.write_artifact(cx, &config).await? {
            return Ok(Outcome::Stale);
        }
        let (kind, uuid) = (config.artifact.kind, config.artifact.uuid);
        let told = Announcement::artifact(kind, Action::Update, uuid, to.event_id);
        self.announce(cx, Announcement { topic: to.topic, ..told }).await;
        Ok(Outcome::Written)
    }
}
