//! Telling the platform what became of a deployment event (docs/spec/gateway.md section 11).
//!
//! Sent once, on whichever connection is current, and forgotten. Deletes, stale events, syncs and keys are
//! never acknowledged.

use uuid::Uuid;

use crate::cx::{At, Cx};
use crate::gateway::replica::Replica;
use crate::wire::event::{DEPLOYMENT_ACK, DeploymentAck};
use crate::wire::kind::Kind;

/// What a deployment event asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::gateway) enum Asked {
    /// To serve an artifact.
    Deploy,
    /// To stop serving it.
    Undeploy,
}

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::gateway) enum Verdict {
    /// It is in the database. Nothing is routed yet.
    Success,
    /// Something went wrong.
    ProcessingError,
    /// The artifact has another deployment.
    DeploymentIdMismatch,
}

impl Verdict {
    fn status(self) -> &'static str {
        match self {
            Verdict::Success => "success",
            Verdict::ProcessingError | Verdict::DeploymentIdMismatch => "failed",
        }
    }

    fn error_code(self) -> &'static str {
        match self {
            Verdict::Success => "",
            Verdict::ProcessingError => "GATEWAY_PROCESSING_ERROR",
            Verdict::DeploymentIdMismatch => "DEPLOYMENT_ID_MISMATCH",
        }
    }
}

/// The event that is acknowledged, as it came.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Acknowledged<'a> {
    pub kind: Kind,
    pub asked: Asked,
    pub artifact: Uuid,
    pub deployment: &'a str,
    pub performed_at: &'a str,
}

impl Replica {
    /// Sends the ack, if there is a connection to send it on.
    pub async fn acknowledge(&self, cx: &Cx, of: Acknowledged<'_>, verdict: Verdict) {
        let ack = DeploymentAck {
            deployment_id: of.deployment.to_owned(),
            artifact_id: of.artifact.to_string(),
            resource_type: of.kind.event_prefix().to_owned(),
            action: match of.asked {
                Asked::Deploy => "deploy".to_owned(),
                Asked::Undeploy => "undeploy".to_owned(),
            },
            status: verdict.status().to_owned(),
            performed_at: of.performed_at.to_owned(),
            error_code: verdict.error_code().to_owned(),
        };
        let Some(line) = self.link.current() else {
            tracing::warn!("not connected: an ack is lost");
            return;
        };
        let frame = serde_json::json!({ "type": DEPLOYMENT_ACK, "payload": ack }).to_string();
        if let Err(error) = line.text(cx, At::site("ws.ack").about(of.artifact), frame).await {
            tracing::warn!(%error, "an ack is lost");
        }
    }
}
