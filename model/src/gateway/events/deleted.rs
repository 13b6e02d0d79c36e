//! `*.deleted` (docs/spec/gateway.md section 8.3).
//!
//! A delete is never acknowledged and never too old. Since the platform tells every gateway of the
//! organisation, most gateways that hear of one never had the artifact.

use uuid::Uuid;

use super::Incoming;
use crate::cx::Cx;
use crate::design::{DeletedMcpUuid, UnknownLlmDelete};
use crate::gateway::pipeline::Deletion;
use crate::gateway::replica::Replica;
use crate::gateway::storage::RemovalError;
use crate::wire::kind::Kind;

impl Replica {
    /// Deletes the artifact and what belongs to it. An error ends it, and nothing is tried again.
    pub(super) async fn on_deleted(&self, cx: &Cx, kind: Kind, artifact: Uuid, incoming: Incoming) {
        let event_id = incoming.correlation_id;
        match self.delete_as_told(cx, kind, artifact, event_id.clone()).await {
            Ok(Deletion::Done) => {}
            Ok(Deletion::Unknown) => self.on_unknown_deleted(cx, kind, artifact, event_id).await,
            Err(error) => tracing::warn!(%error, "not deleted"),
        }
    }

    /// The event has a UUID, and the services of the other kinds than REST APIs delete by handle.
    async fn delete_as_told(
        &self,
        cx: &Cx,
        kind: Kind,
        artifact: Uuid,
        event_id: String,
    ) -> Result<Deletion, RemovalError> {
        match (self.design.deleted_mcp_uuid, kind) {
            (DeletedMcpUuid::IsTakenForHandle, Kind::Mcp) => {
                self.delete_by_handle(cx, kind, &artifact.to_string(), event_id).await?;
                Ok(Deletion::Done)
            }
            (DeletedMcpUuid::IsTakenForHandle | DeletedMcpUuid::IsLookedUp, _) => {
                self.delete_artifact(cx, kind, artifact, event_id).await
            }
        }
    }

    async fn on_unknown_deleted(&self, cx: &Cx, kind: Kind, artifact: Uuid, event_id: String) {
        let cleans_up = match self.design.unknown_llm_delete {
            UnknownLlmDelete::CleanUp => matches!(kind, Kind::LlmProvider | Kind::LlmProxy),
            UnknownLlmDelete::Warn => false,
        };
        if !cleans_up {
            return tracing::warn!("a delete event for an unknown artifact");
        }
        if let Err(error) = self.clean_up_after_llm(cx, kind, artifact, event_id).await {
            tracing::warn!(%error, "leftover keys stay");
        }
    }
}
