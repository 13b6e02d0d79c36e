//! WebSockets: tungstenite over an upgraded connection.
//!
//! A frame is two crossings at the sender's address: *sent* when it is handed to the socket, *received* when
//! the peer's read loop takes it up. Reading and writing are independent; each frame holds the socket until it
//! is written. There is no deadline: a writer to a full socket waits.
//!
//! The library of the real system wants one writer of messages at a time and leaves it to its callers to see to
//! that. Who does may use [`Sender::text`]. Who doesn't uses [`Sender::text_unguarded`], which panics where the
//! library finds a message under way; pings, pongs and closes wait for the socket and are never in the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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

/// What the library of the real system panics with.
const CONCURRENT_WRITE: &str = "concurrent write to websocket connection";

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
    /// A ping, with its body.
    Ping(Bytes),
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

/// Whether a writer has made sure that no message is being written.
#[derive(Clone, Copy)]
enum Alone {
    /// It has, or is not in the way of one.
    Assured,
    /// It hasn't.
    Unchecked,
}

/// The writing half of a socket. Clones share it.
#[derive(Clone)]
pub struct Sender {
    sink: Arc<Mutex<SplitSink<Socket, Message>>>,
    /// Whether a message is being written by somebody who doesn't wait for others.
    writing: Arc<AtomicBool>,
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
    // The libraries of the real systems have no limit of what they read (docs/spec/platform.md section 1).
    let config =
        WebSocketConfig::default().read_buffer_size(4096).max_message_size(None).max_frame_size(None);
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), role, Some(config)).await;
    let (sink, stream) = socket.split();
    let (sink, writing) = (Arc::new(Mutex::new(sink)), Arc::default());
    (Sender { sink, writing, wire: wire.clone() }, Receiver { stream, wire })
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

    /// Sends a text message without waiting for another one that is being written. The write begins at one
    /// crossing and ends at another, `ws.written`, however fast the socket takes the bytes.
    ///
    /// # Errors
    /// When the socket is closed.
    ///
    /// # Panics
    /// When a message is being written, as the library of the real system does.
    pub async fn text_unguarded(&self, cx: &Cx, at: At<'_>, text: String) -> Result<(), SocketError> {
        let message = Message::text(text);
        let Some(begun) = self.begin(cx, at, &message, Alone::Unchecked).await? else { return Ok(()) };
        let written = self.write(begun, message).await;
        let mut turn = cx.turn(At::site("ws.written").to(self.wire.peer())).await;
        self.writing.store(false, Ordering::Relaxed);
        let written = match &turn.passage {
            Passage::Through
            | Passage::Instead { .. }
            | Passage::Altered { .. }
            | Passage::Twice
            | Passage::Disturbed(_) => written,
            Passage::Broken(why) | Passage::Lost(why) => Err(SocketError(why.clone())),
        };
        turn.record.failed = written.as_ref().err().map(ToString::to_string);
        cx.end(turn).await;
        written
    }

    /// Sends a binary message. Nobody does in the protocol, and a test may.
    ///
    /// # Errors
    /// When the socket is closed.
    #[cfg(test)]
    pub async fn binary(&self, cx: &Cx, at: At<'_>, bytes: Bytes) -> Result<(), SocketError> {
        self.send(cx, at, Message::Binary(bytes)).await
    }

    /// Sends a ping with a body of at most 125 bytes.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn ping(&self, cx: &Cx, at: At<'_>, body: Bytes) -> Result<(), SocketError> {
        self.send(cx, at, Message::Ping(body)).await
    }

    /// Sends a pong with the body of its ping, in the place of the one that tungstenite would send by itself.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn pong(&self, cx: &Cx, at: At<'_>, body: Bytes) -> Result<(), SocketError> {
        let message = Message::Pong(body);
        let begun = self.begin(cx, at, &message, Alone::Assured).await?;
        // Where ours is never seen again, so must be that of the library.
        self.write(begun.unwrap_or(CrossingId::UNSEEN), message).await
    }

    /// Begins the closing handshake with code 1000.
    pub async fn close(&self) {
        let frame = CloseFrame { code: CloseCode::Normal, reason: "normal closure".into() };
        // A socket that can't be closed any more is closed.
        let _ = self.sink.lock().await.send(Message::Close(Some(frame))).await;
    }

    async fn send(&self, cx: &Cx, at: At<'_>, message: Message) -> Result<(), SocketError> {
        match self.begin(cx, at, &message, Alone::Assured).await? {
            Some(begun) => self.write(begun, message).await,
            None => Ok(()),
        }
    }

    /// The crossing by which a frame is sent; none if its bytes count as handed over and are never seen again.
    async fn begin(
        &self,
        cx: &Cx,
        at: At<'_>,
        message: &Message,
        alone: Alone,
    ) -> Result<Option<CrossingId>, SocketError> {
        let mut turn = cx.turn(at.to(self.wire.peer())).await;
        let (begun, passage) = (turn.id, turn.passage.clone());
        if let Message::Text(text) = message {
            turn.record.body = Some(Bytes::copy_from_slice(text.as_bytes()));
        }
        let overlaps = match (&passage, alone) {
            (
                Passage::Through | Passage::Altered { .. } | Passage::Twice | Passage::Disturbed(_),
                Alone::Unchecked,
            ) => self.writing.swap(true, Ordering::Relaxed),
            (
                Passage::Through | Passage::Altered { .. } | Passage::Twice | Passage::Disturbed(_),
                Alone::Assured,
            ) => false,
            (Passage::Broken(why), _) => {
                turn.record.failed = Some(why.clone());
                false
            }
            (Passage::Lost(_) | Passage::Instead { .. }, _) => false,
        };
        if overlaps {
            turn.record.failed = Some(CONCURRENT_WRITE.to_owned());
        }
        cx.end(turn).await;
        assert!(!overlaps, "{CONCURRENT_WRITE}");
        match passage {
            Passage::Broken(why) => Err(SocketError(why)),
            Passage::Lost(_) | Passage::Instead { .. } => Ok(None),
            Passage::Through | Passage::Altered { .. } | Passage::Twice | Passage::Disturbed(_) => {
                Ok(Some(begun))
            }
        }
    }

    async fn write(&self, begun: CrossingId, message: Message) -> Result<(), SocketError> {
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
                Some(Ok(Message::Ping(body))) => Content::Ping(body),
                Some(Ok(Message::Pong(_))) => Content::Pong,
                Some(Ok(Message::Binary(_) | Message::Frame(_))) => Content::Binary,
            };
            let begun = self.wire.incoming();
            if begun == CrossingId::UNSEEN {
                continue;
            }
            let turn = cx.turn(At::Phase { begun, phase: Phase::Received }).await;
            let passage = turn.passage.clone();
            cx.end(turn).await;
            match passage {
                Passage::Through
                | Passage::Instead { .. }
                | Passage::Altered { .. }
                | Passage::Twice
                | Passage::Disturbed(_) => {
                    return Ok(Frame { content, begun });
                }
                Passage::Lost(_) => {}
                Passage::Broken(why) => return Err(SocketError(why)),
            }
        }
    }
}
