//! Connecting, again and again (docs/spec/gateway.md sections 3.3 and 3.4).
//!
//! A failed attempt is followed by a growing wait; a connection that was lost is not. The first success of a
//! process starts the deployment sync, and no later one does.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{Method, StatusCode};
use uuid::Uuid;

use super::{Line, backoff};
use crate::cx::Cx;
use crate::gateway::memory::LinkStatus;
use crate::gateway::replica::Replica;
use crate::http::{Call, CallError, upgrade};
use crate::wire::event::{CONNECTION_ACK, ConnectionAck};
use crate::ws::{self, Content, Receiver, SocketError};

/// How long the platform may take to send its first frame.
const ACK_TIMEOUT: Duration = Duration::from_secs(5);
/// The protocol asks for a nonce; nobody looks at it but caches that aren't there.
const HANDSHAKE_KEY: &str = "ZHJpZnRsZXNzIGdhdGV3YXk=";

/// Why there is no connection.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
enum ConnectError {
    #[error("dial failed: {0}")]
    Dial(#[from] CallError),
    #[error("the handshake took longer than {0:?}")]
    Handshake(Duration),
    #[error("the upgrade was refused with {0}")]
    Refused(StatusCode),
    #[error("no connection.ack within {0:?}")]
    NoAck(Duration),
    #[error("the first frame is no connection.ack")]
    NotAnAck,
    #[error(transparent)]
    Socket(#[from] SocketError),
}

impl Replica {
    /// Connects and reads, until the client is stopped.
    pub async fn stay_connected(self: Arc<Self>, cx: Cx) {
        let mut failures = 0;
        loop {
            match self.connect(&cx).await {
                Ok((line, receiver)) => {
                    failures = 0;
                    // A client that was stopped meanwhile has nobody to read for.
                    if !self.client.are_asked() {
                        self.read(&cx, &line, receiver).await;
                    }
                    self.link.state().current = None;
                    if self.client.are_asked() {
                        return;
                    }
                    self.enter(LinkStatus::Reconnecting);
                }
                Err(error) => {
                    self.enter(LinkStatus::Reconnecting);
                    failures += 1;
                    let (initial, max) = (self.settings.reconnect_initial, self.settings.reconnect_max);
                    let delay = backoff::delay(initial, max, failures, cx.draw("reconnect-jitter"));
                    tracing::warn!(%error, failures, ?delay, "connecting failed");
                    tokio::select! {
                        biased;
                        () = self.client.asked() => return,
                        () = cx.sleep(delay) => {}
                    }
                }
            }
        }
    }

    async fn connect(self: &Arc<Self>, cx: &Cx) -> Result<(Line, Receiver), ConnectError> {
        self.enter(LinkStatus::Connecting);
        let path = self.platform.connect_path(cx).await;
        let (line, mut receiver) = self.dial(cx, path).await?;
        self.link.state().current = Some(line.clone());
        self.heard(cx);
        let ack = match cx.timeout(ACK_TIMEOUT, self.first_frame(cx, &line, &mut receiver)).await {
            Some(Ok(ack)) => ack,
            refused => {
                // Whatever else that first frame said is lost with it.
                self.link.state().current = None;
                return Err(refused.map_or(ConnectError::NoAck(ACK_TIMEOUT), |result| match result {
                    Ok(_) => ConnectError::NotAnAck,
                    Err(error) => error,
                }));
            }
        };
        tracing::info!(gateway = %ack.gateway_id, "connected");
        self.enter(LinkStatus::Connected);
        self.start_companions(cx, ack.gateway_id);
        Ok((line, receiver))
    }

    async fn dial(&self, cx: &Cx, path: String) -> Result<(Line, Receiver), ConnectError> {
        let (name, token) = self.platform.token();
        let call = Call::new("http.connect", Method::GET, path)
            .header(name, token)
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, HANDSHAKE_KEY);
        let limit = self.settings.handshake_timeout;
        let dialled = cx.timeout(limit, upgrade(cx, self.platform.node(), call)).await;
        let (answer, upgraded) = dialled.ok_or(ConnectError::Handshake(limit))??;
        // A refused token is retried for ever, like everything else.
        let (stream, wire) = upgraded.ok_or(ConnectError::Refused(answer.status))?;
        let (sender, receiver) = ws::dialled(stream, wire).await;
        Ok((Line::new(sender), receiver))
    }

    /// The first message, pings aside, which must be the platform's ack.
    async fn first_frame(
        &self,
        cx: &Cx,
        line: &Line,
        receiver: &mut Receiver,
    ) -> Result<ConnectionAck, ConnectError> {
        loop {
            let text = match receiver.next(cx).await?.content {
                Content::Ping(body) => {
                    self.answer_ping(cx, line, body).await?;
                    continue;
                }
                Content::Pong => continue,
                Content::Binary => return Err(ConnectError::NotAnAck),
                Content::Text(text) => text,
            };
            let ack = serde_json::from_str::<ConnectionAck>(&text).ok();
            return ack.filter(|ack| ack.kind == CONNECTION_ACK).ok_or(ConnectError::NotAnAck);
        }
    }

    /// Starts what every connection brings with it. None of it holds the reader up, and what an earlier
    /// connection started goes on beside it.
    fn start_companions(self: &Arc<Self>, cx: &Cx, gateway: Uuid) {
        let connect = {
            let mut state = self.link.state();
            state.gateway = Some(gateway);
            state.connects += 1;
            state.connects
        };
        let replica = self.clone();
        if connect == 1 {
            self.client.spawn(cx, "sync", |cx| async move { replica.first_sync(&cx).await });
        } else {
            // It is called after its last step, which was there before the others.
            let name = format!("keys at connect {connect}");
            self.client.spawn(cx, name, |cx| async move { replica.sync_again(&cx).await });
        }
        let replica = self.clone();
        let name = format!("manifest {connect}");
        self.client.spawn(cx, name, move |cx| async move { replica.push_manifest(&cx, gateway).await });
        let replica = self.clone();
        let name = format!("heartbeat {connect}");
        self.client.spawn(cx, name, |cx| async move { replica.monitor_heartbeat(&cx).await });
    }
}
