//! Reading events, one at a time (docs/spec/gateway.md section 3.6).
//!
//! The next frame is not read before the last one has been dealt with, calls to the platform included. A
//! frame that can't be understood is dropped without a word to the platform.

use std::sync::Arc;

use serde_json::Value;

use super::Line;
use crate::cx::Cx;
use crate::gateway::replica::Replica;
use crate::ws::{Content, Receiver};

impl Replica {
    /// Reads until the connection ends, on either side.
    pub(super) async fn read(self: &Arc<Self>, cx: &Cx, line: &Line, mut receiver: Receiver) {
        loop {
            let frame = match line.unless_closed(receiver.next(cx)).await {
                Ok(frame) => frame,
                Err(error) => {
                    tracing::info!(%error, "disconnected");
                    return;
                }
            };
            match frame.content {
                // A pong that can't be sent shows in the next read.
                Content::Ping(body) => {
                    drop(self.answer_ping(cx, line, body.clone()).await);
                    self.on_ping(cx, &body);
                }
                Content::Pong | Content::Binary => {}
                Content::Text(text) => match serde_json::from_str::<Value>(&text) {
                    Ok(message) => self.handle_message(cx, frame.begun, message).await,
                    Err(error) => tracing::warn!(%error, "unreadable message"),
                },
            }
        }
    }
}
