//! The status stage of the sync (docs/spec/gateway.md section 6.5).
//!
//! The deployment is the one that is here, and only whether it is to be served has changed.

use uuid::Uuid;

use super::event_id::etag_or;
use crate::cx::Cx;
use crate::design::{SyncedState, SyncedStateTopic};
use crate::gateway::pipeline::Restate;
use crate::gateway::replica::Replica;
use crate::gateway::tables::DesiredState;
use crate::wire::internal::DeploymentEntry;
use crate::wire::time;

impl Replica {
    /// Gives each artifact the state that the platform lists.
    pub(super) async fn restate_deployments(&self, cx: &Cx, changed: Vec<(DeploymentEntry, DesiredState)>) {
        for (entry, state) in changed {
            let config = match self.storage.find(cx, entry.artifact_id).await {
                Ok(Some(config)) => config,
                Ok(None) => continue,
                Err(error) => {
                    tracing::warn!(%error, "sync: an artifact can't be read");
                    continue;
                }
            };
            let to = Restate {
                state: self.state_to_store(state),
                deployment: Some(entry.deployment_id),
                deployed_at: time::to_millis(entry.deployed_at),
                topic: self.topic_of_states(),
                event_id: etag_or(&entry.etag, &entry.artifact_id.to_string(), entry.deployed_at),
            };
            if let Err(error) = self.restate(cx, config, to).await {
                tracing::warn!(%error, "sync: a state can't be written");
            }
        }
    }

    fn state_to_store(&self, listed: DesiredState) -> DesiredState {
        match self.design.synced_state {
            SyncedState::AsListed => listed,
            SyncedState::AlwaysUndeployed => DesiredState::Undeployed,
        }
    }

    /// None is this gateway's own.
    fn topic_of_states(&self) -> Option<Uuid> {
        match self.design.synced_state_topic {
            SyncedStateTopic::LocalId => None,
            SyncedStateTopic::PlatformUuid => self.link.gateway(),
        }
    }
}
