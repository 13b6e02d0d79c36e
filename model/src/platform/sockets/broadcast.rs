//! Sending an event to a gateway (docs/spec/platform.md section 6.5).
//!
//! Success means that the local socket of one connection took the bytes. Nothing is numbered or kept, and the
//! request that sends waits for the writes, however long they take.

use tracing::{debug, warn};
use uuid::Uuid;

use super::{Connection, Waiting};
use crate::cx::{At, Broken, Cx, Mint, Subject};
use crate::design::Telling;
use crate::platform::Platform;
use crate::platform::event::Event;
use crate::wire::event::{Envelope, PAYLOAD_BYTES_MAX};
use crate::wire::time;
use crate::ws::SocketError;

/// Why an event reached no connection of a gateway.
#[derive(Debug, thiserror::Error)]
pub(in crate::platform) enum Undelivered {
    #[error("payload of {0} bytes is too large")]
    TooLarge(usize),
    #[error("no active connections for gateway: {0}")]
    NoConnection(Uuid),
    #[error("every connection failed: {0}")]
    Failed(SocketError),
    #[error("{0}")]
    Broken(#[from] Broken),
}

impl Platform {
    /// Sends an event to every connection of a gateway, again at once if it reached none and may be tried
    /// again.
    pub(in crate::platform) async fn broadcast(
        &self,
        cx: &Cx,
        gateway: Uuid,
        event: &Event,
    ) -> Result<(), Undelivered> {
        let mut attempt = 1;
        loop {
            match self.attempt(cx, gateway, event).await {
                Err(why) if attempt < event.attempts => debug!("attempt {attempt} failed: {why}"),
                result => return result,
            }
            attempt += 1;
        }
    }

    /// One attempt, under a correlation of its own.
    async fn attempt(&self, cx: &Cx, gateway: Uuid, event: &Event) -> Result<(), Undelivered> {
        let correlation_id = cx.mint(Mint::Other { what: "correlation", of: Subject::Id(gateway) });
        let size = event.payload.to_string().len();
        if size > PAYLOAD_BYTES_MAX {
            return Err(Undelivered::TooLarge(size));
        }
        let envelope = Envelope {
            kind: event.name.clone(),
            payload: event.payload.clone(),
            timestamp: time::seconds(&cx.wall()),
            correlation_id,
            user_id: event.user.clone(),
        };
        let text = serde_json::to_string(&envelope).expect("an envelope serialises");
        self.write_to_all(cx, gateway, event.about, text).await
    }

    /// Writes a frame to one connection after the other; an error only if none took it.
    async fn write_to_all(
        &self,
        cx: &Cx,
        gateway: Uuid,
        about: Uuid,
        text: String,
    ) -> Result<(), Undelivered> {
        let mut result = Err(Undelivered::NoConnection(gateway));
        for connection in self.registry.look_up(cx, gateway).await? {
            match self.hand_over(cx, &connection, about, text.clone()).await {
                Ok(()) => result = Ok(()),
                Err(why) => {
                    warn!("{} failed: {why}", connection.name);
                    result = result.or(Err(Undelivered::Failed(why)));
                }
            }
        }
        result
    }

    /// Writes a frame to a connection, or leaves it to the connection's writer.
    async fn hand_over(
        &self,
        cx: &Cx,
        connection: &Connection,
        about: Uuid,
        text: String,
    ) -> Result<(), SocketError> {
        if !self.fills_queues() {
            return connection.text(cx, At::site("ws.send").about(about), text).await;
        }
        let left = connection.leave(Waiting { cx: cx.clone(), about, text });
        if left.is_err() {
            // Whoever is so far behind has more to ask than to hear.
            connection.give_up();
        }
        left
    }

    /// Whether each connection has a queue and one writer.
    pub(super) fn fills_queues(&self) -> bool {
        match self.design.telling {
            Telling::WritesToSockets => false,
            Telling::FillsQueues => true,
        }
    }

    /// Writes what is left to a connection, one frame after the other, until it is closed.
    pub(super) async fn write_queue(&self, connection: &Connection) {
        let Some(mut waiting) = connection.waiting() else { return };
        loop {
            let frame = tokio::select! {
                biased;
                () = connection.closed() => return,
                frame = waiting.recv() => frame,
            };
            let Some(Waiting { cx, about, text }) = frame else { return };
            let written = tokio::select! {
                biased;
                () = connection.closed() => return,
                written = connection.text(&cx, At::site("ws.send").about(about), text) => written,
            };
            if let Err(why) = written {
                warn!("{} failed: {why}", connection.name);
                return connection.give_up();
            }
        }
    }
}
