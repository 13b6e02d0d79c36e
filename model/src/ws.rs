//! WebSockets: tungstenite over an upgraded connection.
//!
//! A frame is two crossings at the sender's address: *sent* when it is handed to the socket, *received* when
//! the peer's read loop takes it up. Reading and writing are independent; writers take turns, each holding
//! the socket until its frame is written. There is no deadline: a writer to a full socket waits.

use std::sync::Arc;

use bytes::Bytes;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::sync::Mutex;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};

use crate::cx::{At, CrossingId, Cx, Passage, Phase, Wire};

pub use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Why a socket can't be used any more.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct SocketError(pub String);

/// What a frame holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// A text message.
    Text(String),
    /// A message that isn't text.
    Binary,
    /// A ping.
    Ping,
    /// A pong.
    Pong,
}

/// A frame that arrived.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What it holds.
    pub content: Content,
    /// The crossing by which it was sent.
    pub begun: CrossingId,
}

/// The writing half of a socket. Clones share it.
#[derive(Clone)]
pub struct Sender {
    sink: Arc<Mutex<SplitSink<Socket, Message>>>,
    wire: Arc<dyn Wire>,
}

/// The reading half of a socket.
pub struct Receiver {
    stream: SplitStream<Socket>,
    wire: Arc<dyn Wire>,
}

/// The side of a connection that accepted it.
pub async fn accepted(upgraded: Upgraded, wire: Arc<dyn Wire>) -> (Sender, Receiver) {
    open(upgraded, wire, Role::Server).await
}

/// The side of a connection that dialled it.
pub async fn dialled(upgraded: Upgraded, wire: Arc<dyn Wire>) -> (Sender, Receiver) {
    open(upgraded, wire, Role::Client).await
}

async fn open(upgraded: Upgraded, wire: Arc<dyn Wire>, role: Role) -> (Sender, Receiver) {
    // tungstenite clears its whole read buffer before each read; 128 KiB of it would be most of a run's time.
    let config = WebSocketConfig::default().read_buffer_size(4096);
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), role, Some(config)).await;
    let (sink, stream) = socket.split();
    (Sender { sink: Arc::new(Mutex::new(sink)), wire: wire.clone() }, Receiver { stream, wire })
}

impl Sender {
    /// The name of the node at the other end.
    pub fn peer(&self) -> &str {
        self.wire.peer()
    }

    /// Sends a text message. Success means that its bytes were handed to the local socket.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn text(&self, cx: &Cx, at: At<'_>, text: String) -> Result<(), SocketError> {
        self.send(cx, at, Message::text(text)).await
    }

    /// Sends a ping.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn ping(&self, cx: &Cx, at: At<'_>) -> Result<(), SocketError> {
        self.send(cx, at, Message::Ping(Bytes::new())).await
    }

    /// Sends a pong, in the place of the one that tungstenite would send by itself.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn pong(&self, cx: &Cx, at: At<'_>) -> Result<(), SocketError> {
        self.send(cx, at, Message::Pong(Bytes::new())).await
    }

    /// Begins the closing handshake with code 1000.
    pub async fn close(&self) {
        let frame = CloseFrame { code: CloseCode::Normal, reason: "normal closure".into() };
        // A socket that can't be closed any more is closed.
        let _ = self.sink.lock().await.send(Message::Close(Some(frame))).await;
    }

    async fn send(&self, cx: &Cx, at: At<'_>, message: Message) -> Result<(), SocketError> {
        let mut turn = cx.turn(at.to(self.wire.peer())).await;
        let (begun, passage) = (turn.id, turn.passage.clone());
        if let Message::Text(text) = &message {
            turn.record.body = Some(Bytes::copy_from_slice(text.as_bytes()));
        }
        if let Passage::Broken(why) = &passage {
            turn.record.failed = Some(why.clone());
        }
        cx.end(turn).await;
        match passage {
            Passage::Broken(why) => return Err(SocketError(why)),
            // The bytes were handed over and are never seen again.
            Passage::Lost(_) | Passage::Instead { .. } => return Ok(()),
            Passage::Through => {}
        }
        let mut sink = self.sink.lock().await;
        self.wire.outgoing(begun);
        sink.send(message).await.map_err(|e| SocketError(e.to_string()))
    }
}

impl Receiver {
    /// The name of the node at the other end.
    pub fn peer(&self) -> &str {
        self.wire.peer()
    }

    /// The next frame.
    ///
    /// # Errors
    /// When the connection has ended, and how.
    pub async fn next(&mut self, cx: &Cx) -> Result<Frame, SocketError> {
        loop {
            let content = match self.stream.next().await {
                None => return Err(SocketError("the connection ended".into())),
                Some(Err(e)) => return Err(SocketError(e.to_string())),
                Some(Ok(Message::Close(frame))) => {
                    let why = frame.map(|f| format!(": {} {}", f.code, f.reason)).unwrap_or_default();
                    return Err(SocketError(format!("closed by the peer{why}")));
                }
                Some(Ok(Message::Text(text))) => Content::Text(text.as_str().to_owned()),
                Some(Ok(Message::Ping(_))) => Content::Ping,
                Some(Ok(Message::Pong(_))) => Content::Pong,
                Some(Ok(Message::Binary(_) | Message::Frame(_))) => Content::Binary,
            };
            let begun = self.wire.incoming();
            let turn = cx.turn(At::Phase { begun, phase: Phase::Received }).await;
            let passage = turn.passage.clone();
            cx.end(turn).await;
            match passage {
                Passage::Through | Passage::Instead { .. } => return Ok(Frame { content, begun }),
                Passage::Lost(_) => {}
                Passage::Broken(why) => return Err(SocketError(why)),
            }
        }
    }
}
