//! `*.undeployed` (docs/spec/gateway.md section 8.2).

use uuid::Uuid;

use super::Incoming;
use super::deployment::DeploymentEvent;
use crate::cx::Cx;
use crate::design::Undeploy;
use crate::gateway::link::{Asked, Verdict};
use crate::gateway::memory::StoredConfig;
use crate::gateway::pipeline::{Deletion, Outcome, Restate};
use crate::gateway::replica::Replica;
use crate::gateway::tables::DesiredState;
use crate::wire::kind::Kind;

impl Replica {
    /// Marks the artifact as not to be served and keeps it, as the design goes.
    pub(super) async fn on_undeployed(&self, cx: &Cx, kind: Kind, artifact: Uuid, incoming: Incoming) {
        let Some(event) = DeploymentEvent::read(kind, artifact, incoming) else {
            return tracing::warn!("unreadable undeploy event, dropped");
        };
        if let Some(verdict) = self.undeploy(cx, &event).await {
            self.acknowledge(cx, event.acknowledged(Asked::Undeploy), verdict).await;
        }
    }

    /// What to tell the platform; nothing if the event is stale.
    async fn undeploy(&self, cx: &Cx, event: &DeploymentEvent) -> Option<Verdict> {
        let config = match self.storage.find(cx, event.artifact).await {
            Ok(Some(config)) => config,
            // What isn't here isn't served.
            Ok(None) => return Some(Verdict::Success),
            Err(error) => {
                tracing::warn!(%error, "an artifact can't be read");
                return Some(Verdict::ProcessingError);
            }
        };
        if let (Some(local), Some(remote)) = (config.artifact.deployment_id, event.deployment)
            && local != remote
        {
            return Some(Verdict::DeploymentIdMismatch);
        }
        match self.design.undeploy {
            Undeploy::Keeps => self.mark_undeployed(cx, config, event).await,
            Undeploy::Deletes => self.delete_undeployed(cx, event).await,
        }
    }

    async fn mark_undeployed(
        &self,
        cx: &Cx,
        config: StoredConfig,
        event: &DeploymentEvent,
    ) -> Option<Verdict> {
        let to = Restate {
            state: DesiredState::Undeployed,
            deployment: event.deployment,
            deployed_at: event.deployed_at(cx),
            topic: None,
            event_id: event.event_id.clone(),
        };
        match self.restate(cx, config, to).await {
            Ok(Outcome::Written) => Some(Verdict::Success),
            Ok(Outcome::Stale) => None,
            Err(error) => {
                tracing::warn!(%error, "not undeployed");
                Some(Verdict::ProcessingError)
            }
        }
    }

    async fn delete_undeployed(&self, cx: &Cx, event: &DeploymentEvent) -> Option<Verdict> {
        match self.delete_artifact(cx, event.kind, event.artifact, event.event_id.clone()).await {
            Ok(Deletion::Done | Deletion::Unknown) => Some(Verdict::Success),
            Err(error) => {
                tracing::warn!(%error, "not undeployed");
                Some(Verdict::ProcessingError)
            }
        }
    }
}
