//! The WebSocket to the platform, as the whole process shares it.
//!
//! There is one current connection or none. The connection loop makes it and reads from it; acks go out on
//! whichever connection is current when they are sent; any heartbeat monitor may end it.

mod ack;
mod backoff;
mod connect;
mod goodbye;
mod heartbeat;
mod manifest;
mod reading;

pub(in crate::gateway) use ack::{Acknowledged, Asked, Verdict};

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use uuid::Uuid;

use crate::cx::{At, Cx};
use crate::gateway::memory::LinkStatus;
use crate::gateway::replica::Replica;
use crate::ws::{Sender, SocketError};

/// What the process knows of its connection.
#[derive(Default)]
pub(in crate::gateway) struct Link(Mutex<State>);

#[derive(Default)]
struct State {
    current: Option<Line>,
    /// When the last ping came, in whole seconds of the clock by which silence is found: one for the process, not for
    /// the connection.
    last_heartbeat: i64,
    /// How many connects have succeeded.
    connects: u64,
    /// What the platform calls this gateway, by its newest ack.
    gateway: Option<Uuid>,
}

/// A connection that others than its reader may write to or end.
#[derive(Clone)]
struct Line {
    sender: Sender,
    closed: watch::Sender<bool>,
}

impl Line {
    fn new(sender: Sender) -> Self {
        Line { sender, closed: watch::Sender::new(false) }
    }

    /// Ends whatever is under way on this connection, on this side. The peer sees it when the reader lets go.
    fn close(&self) {
        self.closed.send_replace(true);
    }

    /// The output of `work`, or an error once the connection was closed here.
    async fn unless_closed<T>(
        &self,
        work: impl Future<Output = Result<T, SocketError>>,
    ) -> Result<T, SocketError> {
        let mut closed = self.closed.subscribe();
        tokio::select! {
            biased;
            _ = closed.wait_for(|closed| *closed) => Err(SocketError("use of closed network connection".into())),
            result = work => result,
        }
    }

    async fn text(&self, cx: &Cx, at: At<'_>, text: String) -> Result<(), SocketError> {
        self.unless_closed(self.sender.text(cx, at, text)).await
    }
}

impl Link {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn current(&self) -> Option<Line> {
        self.state().current.clone()
    }

    /// What the platform calls this gateway, once it has said so. Its own name for itself is another.
    pub fn gateway(&self) -> Option<Uuid> {
        self.state().gateway
    }
}

impl Replica {
    fn enter(&self, status: LinkStatus) {
        if self.projections.link() != status {
            self.projections.change(|state| state.link = status);
        }
    }
}
