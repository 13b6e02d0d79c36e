//! One open WebSocket, as the rest of the process knows it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::cx::{At, Cx};
use crate::platform::services::Identity;
use crate::ws::{Sender, SocketError};

/// A connection of a gateway.
pub(in crate::platform) struct Connection {
    /// Told to the gateway, and used for nothing else.
    pub id: Uuid,
    /// Whose it is.
    pub identity: Identity,
    /// What its tasks are called: the peer, and a number for each of its connections to this process.
    pub name: String,
    sender: Mutex<Option<Sender>>,
    heartbeat: Mutex<Duration>,
    closed: watch::Sender<bool>,
    queue: mpsc::Sender<Waiting>,
    waiting: Mutex<Option<mpsc::Receiver<Waiting>>>,
}

/// How many frames may wait for the writer of a connection.
const FRAMES_MAX: usize = 256;

/// A frame that waits for the writer of its connection.
pub(in crate::platform) struct Waiting {
    /// Whose work it is.
    pub cx: Cx,
    /// What it is about.
    pub about: Uuid,
    /// What it says.
    pub text: String,
}

impl Connection {
    pub fn new(cx: &Cx, id: Uuid, identity: Identity, name: String, sender: Sender) -> Self {
        let (queue, waiting) = mpsc::channel(FRAMES_MAX);
        Connection {
            id,
            identity,
            name,
            sender: Mutex::new(Some(sender)),
            heartbeat: Mutex::new(cx.uptime()),
            closed: watch::Sender::new(false),
            queue,
            waiting: Mutex::new(Some(waiting)),
        }
    }

    /// Sends a text frame. Several writers may be at it, and nothing keeps them apart, though the library
    /// needs it (docs/spec/platform.md section 6.5).
    ///
    /// # Errors
    /// When the connection is closed.
    ///
    /// # Panics
    /// When another text frame is being written.
    pub async fn text(&self, cx: &Cx, at: At<'_>, text: String) -> Result<(), SocketError> {
        self.open()?.text_unguarded(cx, at, text).await
    }

    /// Leaves a frame to the connection's one writer.
    ///
    /// # Errors
    /// When the connection is closed, or too many frames wait.
    pub fn leave(&self, frame: Waiting) -> Result<(), SocketError> {
        self.open()?;
        self.queue.try_send(frame).map_err(|why| SocketError(format!("the queue takes no frame: {why}")))
    }

    /// What its one writer takes frames from; nothing the second time.
    pub fn waiting(&self) -> Option<mpsc::Receiver<Waiting>> {
        guard(&self.waiting).take()
    }

    /// Sends a ping, once the frame that is being written is.
    ///
    /// # Errors
    /// When the connection is closed.
    pub async fn ping(&self, cx: &Cx, at: At<'_>, body: Bytes) -> Result<(), SocketError> {
        self.open()?.ping(cx, at, body).await
    }

    fn open(&self) -> Result<Sender, SocketError> {
        guard(&self.sender).clone().ok_or_else(|| SocketError("the connection is closed".into()))
    }

    /// A pong has come.
    pub fn beat(&self, cx: &Cx) {
        *guard(&self.heartbeat) = cx.uptime();
    }

    /// How long there was no pong.
    pub fn silence(&self, cx: &Cx) -> Duration {
        cx.uptime().saturating_sub(*guard(&self.heartbeat))
    }

    /// Closes with code 1000 and lets the socket go. Waits for whoever is writing; there is no deadline.
    pub async fn close(&self) {
        let sender = guard(&self.sender).take();
        if let Some(sender) = sender {
            sender.close().await;
        }
        self.closed.send_replace(true);
    }

    /// Lets its tasks end without waiting for whoever is writing.
    pub fn give_up(&self) {
        guard(&self.sender).take();
        self.closed.send_replace(true);
    }

    /// Whether it was closed here.
    pub fn is_closed(&self) -> bool {
        *self.closed.borrow()
    }

    /// Waits until it is closed here.
    pub async fn closed(&self) {
        // The error would mean that the sending half is gone, which is a field of `self`.
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
