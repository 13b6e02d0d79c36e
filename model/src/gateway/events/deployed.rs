//! `*.deployed` (docs/spec/gateway.md section 8.1).

use uuid::Uuid;

use super::Incoming;
use super::deployment::DeploymentEvent;
use crate::cx::Cx;
use crate::design::UnfetchedDefinition;
use crate::gateway::link::{Acknowledged, Asked, Verdict};
use crate::gateway::pipeline::{Deploy, Outcome};
use crate::gateway::replica::Replica;
use crate::wire::kind::Kind;

impl Replica {
    /// Fetches the definition, writes it, and says so. What is fetched is the artifact's current definition,
    /// which may belong to a later deployment than the event.
    pub(super) async fn on_deployed(&self, cx: &Cx, kind: Kind, artifact: Uuid, incoming: Incoming) {
        let Some(event) = DeploymentEvent::read(kind, artifact, incoming) else {
            return tracing::warn!("unreadable deploy event, dropped");
        };
        let of = event.acknowledged(Asked::Deploy);
        let definition = match self.platform.definition(cx, kind, artifact).await {
            Ok(definition) => definition,
            Err(error) => {
                tracing::warn!(%error, "a definition can't be fetched");
                return self.on_unfetched(cx, of).await;
            }
        };
        let deploy = Deploy {
            kind,
            artifact,
            deployment: event.deployment.unwrap_or_default(),
            deployed_at: event.deployed_at(cx),
            definition,
            event_id: event.event_id.clone(),
        };
        match self.deploy(cx, deploy).await {
            Ok(Outcome::Written) => self.acknowledge(cx, of, Verdict::Success).await,
            // Something newer is here, and whoever brought it has answered for it.
            Ok(Outcome::Stale) => tracing::debug!("stale deploy event, ignored"),
            Err(error) => {
                tracing::warn!(%error, "not deployed");
                self.acknowledge(cx, of, Verdict::ProcessingError).await;
            }
        }
    }

    async fn on_unfetched(&self, cx: &Cx, of: Acknowledged<'_>) {
        match self.design.unfetched_definition {
            UnfetchedDefinition::IsAcknowledged => self.acknowledge(cx, of, Verdict::ProcessingError).await,
            UnfetchedDefinition::IsSilent => {}
        }
    }
}
