//! What a gateway says on the socket (docs/spec/platform.md sections 3.9 and 6.6).
//!
//! Only `deployment.ack` means anything, and even that little while statuses are final from the start: a
//! success confirms a transition that nobody began, and only a failure changes the row. Whose row it is comes
//! from the connection, so a gateway can touch only its own.

use serde::Deserialize;
use serde_json::Value;
use tracing::{debug, error};
use uuid::Uuid;

use super::Connection;
use crate::cx::{Cx, Subject};
use crate::platform::Platform;
use crate::platform::tables::State;
use crate::store::StoreError;
use crate::wire::event::{DEPLOYMENT_ACK, DeploymentAck};
use crate::wire::time;
use crate::ws::{Content, Frame};

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    payload: Value,
}

impl Platform {
    /// Takes up a frame, before the next one is read.
    pub(super) async fn take_up(&self, cx: &Cx, connection: &Connection, frame: Frame) {
        let text = match frame.content {
            Content::Pong => return connection.beat(cx),
            Content::Text(text) => text,
            Content::Ping(_) | Content::Binary => return,
        };
        let Ok(Message { kind, payload }) = serde_json::from_str(&text) else {
            return debug!("an unreadable message is ignored");
        };
        if kind != DEPLOYMENT_ACK {
            return debug!("'{kind}' is ignored");
        }
        let ack: DeploymentAck = match serde_json::from_value(payload) {
            Ok(ack) => ack,
            Err(why) => return error!("unreadable acknowledgement: {why}"),
        };
        let Ok(artifact) = ack.artifact_id.parse() else {
            return error!("acknowledgement of '{}', which is no artifact", ack.artifact_id);
        };
        let cx = cx.caused_by(frame.begun, "ack", Subject::Id(artifact));
        if let Err(why) = self.acknowledge(&cx, connection, artifact, &ack).await {
            error!("acknowledgement not written: {why}");
        }
    }

    async fn acknowledge(
        &self,
        cx: &Cx,
        connection: &Connection,
        artifact: Uuid,
        ack: &DeploymentAck,
    ) -> Result<(), StoreError> {
        if ack.deployment_id.is_empty() {
            error!("acknowledgement without a deployment");
            return Ok(());
        }
        let Some(performed_at) = time::parse(&ack.performed_at) else {
            error!("acknowledgement at '{}', which is no time", ack.performed_at);
            return Ok(());
        };
        let row = (artifact, connection.identity.organisation, connection.identity.gateway);
        // A row that was written since then has another instant, and the acknowledgement matches nothing.
        match (ack.status.as_str(), ack.action.as_str()) {
            ("failed", _) => self.fail_status(cx, row, performed_at, &ack.error_code).await,
            ("success", "deploy") => {
                self.confirm_status(cx, row, performed_at, (State::Deploying, State::Deployed)).await
            }
            ("success", "undeploy") => {
                self.confirm_status(cx, row, performed_at, (State::Undeploying, State::Undeployed)).await
            }
            (status, action) => {
                error!("acknowledgement of unknown '{action}' with '{status}'");
                Ok(())
            }
        }
    }
}
