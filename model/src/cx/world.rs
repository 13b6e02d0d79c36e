//! [`World`]: the other side of every seam, and what it knows a piece of work by.

use std::any::Any;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use uuid::Uuid;

use super::{At, BoxFuture, Connection, CrossingId, LifeId, Listener, Mint, Subject, Turn};

/// A wait given out by the clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    /// It will be followed by progress: a back-off, a timeout.
    Once,
    /// It belongs to a series that never ends: a poll, a heartbeat.
    Periodic,
}

/// Ends a spawned task when asked to; dropping it does nothing.
pub struct Handle(Box<dyn FnOnce() + Send>);

impl Handle {
    /// A handle that runs `abort` to end its task.
    pub fn new(abort: impl FnOnce() + Send + 'static) -> Self {
        Handle(Box::new(abort))
    }

    /// Ends the task at its next wait.
    pub fn abort(self) {
        (self.0)();
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

/// The other side of every seam.
pub trait World: Send + Sync {
    /// Waits for the turn of a crossing. A life that has ended waits for ever.
    fn turn<'a>(&'a self, task: &'a Arc<Task>, at: At<'a>) -> BoxFuture<'a, Turn>;
    /// Ends a turn with what it did; false if the caller's life ended with it.
    fn end(&self, task: &Arc<Task>, turn: Turn) -> bool;
    /// Dials the service of a node by name.
    ///
    /// # Errors
    /// Those of a socket: refused, reset, timed out.
    fn connect<'a>(&'a self, task: &'a Arc<Task>, to: &'a str) -> BoxFuture<'a, io::Result<Connection>>;
    /// Opens the port of the caller's node.
    ///
    /// # Errors
    /// When the port is taken.
    fn listen<'a>(&'a self, task: &'a Arc<Task>) -> BoxFuture<'a, io::Result<Box<dyn Listener>>>;
    /// Waits on the node's timers.
    fn sleep<'a>(&'a self, task: &'a Arc<Task>, for_: Duration, wait: Wait) -> BoxFuture<'a, ()>;
    /// The node's wall clock, in its own offset.
    fn wall(&self, task: &Arc<Task>) -> DateTime<FixedOffset>;
    /// The time since the node's life began, by its timers.
    fn uptime(&self, task: &Arc<Task>) -> Duration;
    /// A new identifier.
    fn mint(&self, task: &Arc<Task>, mint: Mint<'_>) -> Uuid;
    /// A random number from the stream of that name within the task.
    fn draw(&self, task: &Arc<Task>, stream: &'static str) -> u64;
    /// The name of a task whose work was caused by the exchange or frame that `begun` began: unique within
    /// the node's life, and the same in every run in which the same thing happens.
    fn caused_by(&self, task: &Arc<Task>, begun: CrossingId, words: &str, subject: Subject<'_>) -> Arc<str>;
    /// Runs a task of its own on the caller's node.
    fn spawn(&self, task: Arc<Task>, future: BoxFuture<'static, ()>) -> Handle;
    /// Waits until the process is asked to end in good order (`SIGTERM`). Where nobody ever asks, for ever.
    fn asked_to_stop<'a>(&'a self, _: &'a Arc<Task>) -> BoxFuture<'a, ()> {
        Box::pin(std::future::pending())
    }
    /// Notes that the task has panicked and that its process goes on.
    fn recovered(&self, _: &Arc<Task>, _panic: &(dyn Any + Send)) {}
}

/// What the world knows a piece of work by.
pub struct Task {
    /// The other side of the seams.
    pub world: Arc<dyn World>,
    /// The node it runs on, such as `gw1` or `gw1/b`.
    pub node: Arc<str>,
    /// The life of that node.
    pub life: LifeId,
    /// What it does, named by its cause: `sync`, `request delete petstore 1`.
    pub name: Arc<str>,
    seen: Mutex<Vec<CrossingId>>,
}

impl Task {
    pub(super) fn new(
        world: Arc<dyn World>,
        node: Arc<str>,
        life: LifeId,
        name: Arc<str>,
        seen: Vec<CrossingId>,
    ) -> Self {
        Task { world, node, life, name, seen: Mutex::new(seen) }
    }

    /// Another piece of work of the same life.
    pub(super) fn under(&self, name: Arc<str>, seen: Vec<CrossingId>) -> Self {
        Task::new(self.world.clone(), self.node.clone(), self.life, name, seen)
    }

    /// Takes the crossings the task has seen since its last own one.
    pub fn take_seen(&self) -> Vec<CrossingId> {
        std::mem::take(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes `crossing` one of the causes of what the task does next.
    pub fn see(&self, crossing: CrossingId) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.contains(&crossing) {
            seen.push(crossing);
        }
    }

    /// The crossings the task has seen since its last own one.
    pub fn seen(&self) -> Vec<CrossingId> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
