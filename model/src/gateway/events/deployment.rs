//! The payload that deploys and undeploys share.

use serde::Deserialize;
use uuid::Uuid;

use super::Incoming;
use crate::cx::Cx;
use crate::gateway::link::{Acknowledged, Asked};
use crate::wire::kind::Kind;
use crate::wire::time::{self, Instant};

/// How Go writes an instant that isn't there; it also means so where it is read.
const ZERO: &str = "0001-01-01T00:00:00Z";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    #[serde(default)]
    deployment_id: String,
    #[serde(default)]
    performed_at: Option<String>,
}

/// A deploy or an undeploy, as it came.
#[derive(Clone, Debug)]
pub(super) struct DeploymentEvent {
    pub kind: Kind,
    pub artifact: Uuid,
    /// None if the event leaves it out.
    pub deployment: Option<Uuid>,
    /// As it came.
    performed_at: String,
    /// None if the event leaves it out.
    at: Option<Instant>,
    deployment_text: String,
    pub event_id: String,
}

impl DeploymentEvent {
    /// Reads it; `None` if it can't be read.
    pub fn read(kind: Kind, artifact: Uuid, incoming: Incoming) -> Option<Self> {
        let payload = Payload::deserialize(incoming.payload).ok()?;
        let deployment = match payload.deployment_id.as_str() {
            "" => None,
            text => Some(text.parse().ok()?),
        };
        let performed_at = payload.performed_at.unwrap_or_else(|| ZERO.to_owned());
        let at = Some(time::parse(&performed_at)?).filter(|_| performed_at != ZERO);
        let deployment_text = payload.deployment_id;
        let event_id = incoming.correlation_id;
        Some(DeploymentEvent { kind, artifact, deployment, performed_at, at, deployment_text, event_id })
    }

    /// The token that orders it: the platform's instant in whole milliseconds, or this gateway's own clock.
    pub fn deployed_at(&self, cx: &Cx) -> Instant {
        time::to_millis(self.at.unwrap_or_else(|| cx.wall()))
    }

    /// What an ack says of it: `performedAt` neither cut nor made up, for the platform compares it.
    pub fn acknowledged(&self, asked: Asked) -> Acknowledged<'_> {
        Acknowledged {
            kind: self.kind,
            asked,
            artifact: self.artifact,
            deployment: &self.deployment_text,
            performed_at: &self.performed_at,
        }
    }
}
