//! One WebSocket from the upgrade to its end (docs/spec/platform.md sections 6.1, 6.2 and 6.7).

use std::sync::Arc;

use hyper::upgrade::{OnUpgrade, Upgraded};
use tracing::{error, info, warn};

use super::Connection;
use crate::cx::{At, Cx, Mint, Wire};
use crate::platform::Platform;
use crate::platform::services::Identity;
use crate::wire::event::{CONNECTION_ACK, ConnectionAck};
use crate::wire::time;
use crate::ws::{self, Receiver};

impl Platform {
    /// Serves a socket in a task of its own, as soon as the connection is one.
    pub(in crate::platform) fn accept(
        self: &Arc<Self>,
        cx: &Cx,
        identity: Identity,
        upgrade: OnUpgrade,
        wire: Arc<dyn Wire>,
    ) {
        let (platform, name) = (self.clone(), self.registry.name(wire.peer()));
        cx.spawn(name.clone(), |cx| async move {
            match cx.timeout(platform.settings.handshake_timeout, upgrade).await {
                Some(Ok(upgraded)) => {
                    // In the real system this is still the handler of the request, whose panics are recovered.
                    // What was registered stays registered, and nobody reads from it.
                    let served = platform.clone().serve_socket(&cx, identity, name, upgraded, wire);
                    if cx.recover(served).await.is_none() {
                        error!("a panic while a connection was set up");
                    }
                }
                Some(Err(why)) => warn!("not upgraded: {why}"),
                None => warn!("the handshake took too long"),
            }
        });
    }

    async fn serve_socket(
        self: Arc<Self>,
        cx: &Cx,
        identity: Identity,
        name: String,
        upgraded: Upgraded,
        wire: Arc<dyn Wire>,
    ) {
        let (sender, mut receiver) = ws::accepted(upgraded, wire).await;
        let id = cx.mint(Mint::Other { what: "connection", of: identity.gateway.into() });
        let connection = Arc::new(Connection::new(cx, id, identity, name, sender));
        if let Err(why) = self.register(cx, &connection).await {
            // The gateway learns why, and then the connection is dropped without a closing frame.
            let _ = connection.text(cx, At::site("ws.refuse"), why.frame()).await;
            return;
        }
        self.clone().start_heartbeat(cx, connection.clone());
        greet(cx, &connection).await;
        self.clone().start_writer(cx, connection.clone());
        if let Err(why) = self.set_active(cx, identity.gateway, true).await {
            warn!("gateway not marked active: {why}");
        }
        if cx.recover(self.read(cx, &connection, &mut receiver)).await.is_none() {
            error!("a panic while reading ends {}", connection.name);
        }
        self.unregister(cx, &connection).await;
        // Not atomic with a new connection of the gateway, and other processes aren't asked.
        if !self.registry.has(identity.gateway)
            && let Err(why) = self.set_active(cx, identity.gateway, false).await
        {
            warn!("gateway not marked inactive: {why}");
        }
    }

    fn start_heartbeat(self: Arc<Self>, cx: &Cx, connection: Arc<Connection>) {
        let name = connection.name.replacen("connection", "heartbeat", 1);
        cx.spawn(name, |cx| async move { self.keep_alive(&cx, &connection).await });
    }

    /// Starts what writes events, after the first frame: a gateway takes no other before that one.
    fn start_writer(self: Arc<Self>, cx: &Cx, connection: Arc<Connection>) {
        if self.fills_queues() {
            let name = connection.name.replacen("connection", "writer", 1);
            cx.spawn(name, |_| async move { self.write_queue(&connection).await });
        }
    }

    /// Takes up one frame after the other until the connection ends, on this side or the other.
    async fn read(&self, cx: &Cx, connection: &Connection, receiver: &mut Receiver) {
        loop {
            let frame = tokio::select! {
                biased;
                () = connection.closed() => return,
                frame = receiver.next(cx) => frame,
            };
            match frame {
                Ok(frame) => self.take_up(cx, connection, frame).await,
                Err(why) => return info!("{} ended: {why}", connection.name),
            }
        }
    }

    /// Takes a connection out of the registry and closes it; as often as one likes.
    pub(super) async fn unregister(&self, cx: &Cx, connection: &Connection) {
        if let Err(why) = self.registry.remove(cx, connection).await {
            warn!("{} stays registered: {why}", connection.name);
        }
        connection.close().await;
    }
}

/// Sends the first frame. A gateway that doesn't get it gives up; here the connection goes on.
async fn greet(cx: &Cx, connection: &Connection) {
    let ack = ConnectionAck {
        kind: CONNECTION_ACK.to_owned(),
        gateway_id: connection.identity.gateway,
        connection_id: connection.id,
        timestamp: time::seconds(&cx.wall()),
    };
    let text = serde_json::to_string(&ack).expect("a frame serialises");
    if let Err(why) = connection.text(cx, At::site("ws.ack"), text).await {
        warn!("{} not greeted: {why}", connection.name);
    }
}
