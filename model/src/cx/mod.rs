//! The task context and the seams: everything by which the actors reach the world.
//!
//! An actor is ordinary async code that is handed a [`Cx`] and passes it on. Whatever has an effect outside
//! the actor's own memory goes through it: a connection, a statement, a wait, a random number, another task.
//! Each of them is a *crossing*, and the context carries the last crossings its task has seen, so that the
//! next one knows its causes. The context is passed explicitly: a thread-local would be lost where a task
//! hands its work to another.
//!
//! What answers on the other side is a [`World`]: the simulator's, or one with the sockets and the clock
//! of a machine. Nothing here knows of faults, plans or properties.
//!
//! * this file: the context;
//! * `crossing`: where a crossing is, how it passes, what it did;
//! * `net`: connections and ports; `mint`: new identifiers;
//! * `world`: the other side.

mod crossing;
mod mint;
mod net;
mod world;

use std::fmt;
use std::future::Future;
use std::io;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use futures::FutureExt;
use uuid::Uuid;

use crate::store::Disturbance;

pub use crossing::{At, CrossingId, LifeId, Passage, Phase, Record, Subject, Turn};
pub use mint::Mint;
pub use net::{Connection, Listener, Stream, Wire};
pub use world::{Handle, Task, Wait, World};

/// A future on the heap, as the seams return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Why a crossing failed, in the words of whatever broke it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub String);

/// The context of one task. Cheap to clone; clones are the same task.
#[derive(Clone)]
pub struct Cx(Arc<Task>);

impl fmt::Debug for Cx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.node, self.0.name)
    }
}

impl Cx {
    /// The first context of a node's life.
    pub fn root(world: Arc<dyn World>, node: Arc<str>, life: LifeId, name: &str) -> Self {
        Cx(Arc::new(Task::new(world, node, life, name.into(), Vec::new())))
    }

    /// What the world knows this task by.
    pub fn task(&self) -> &Arc<Task> {
        &self.0
    }

    /// The node this task runs on.
    pub fn node(&self) -> &Arc<str> {
        &self.0.node
    }

    /// A context for work of another name that this task has caused.
    pub fn named(&self, name: impl Into<Arc<str>>) -> Cx {
        Cx(Arc::new(self.0.under(name.into(), self.0.seen())))
    }

    /// A context for the work that an exchange or a frame from elsewhere causes here, and only that.
    pub fn caused_by(&self, begun: CrossingId, words: &str, subject: Subject<'_>) -> Cx {
        let name = self.0.world.caused_by(&self.0, begun, words, subject);
        Cx(Arc::new(self.0.under(name, vec![begun])))
    }

    /// Crosses a seam: waits for the turn, has the effect, and says what it did.
    ///
    /// The effect runs at once when the turn comes and can't be interrupted. If the caller's life ends with
    /// this crossing the future never completes.
    ///
    /// # Errors
    /// [`Broken`] where the world doesn't let it pass, or lets it pass and loses the answer.
    pub async fn cross<R>(
        &self,
        at: At<'_>,
        effect: impl FnOnce(CrossingId, &mut Record) -> R,
    ) -> Result<R, Broken> {
        self.cross_into(at, |id, record, _| effect(id, record)).await
    }

    /// The same into a database, which may be disturbed.
    ///
    /// # Errors
    /// As [`Cx::cross`]; what comes of a disturbance is the effect's business.
    pub(crate) async fn cross_into<R>(
        &self,
        at: At<'_>,
        effect: impl FnOnce(CrossingId, &mut Record, Disturbance) -> R,
    ) -> Result<R, Broken> {
        let mut turn = self.turn(at).await;
        let result = match &turn.passage {
            Passage::Through | Passage::Altered { .. } | Passage::Twice => {
                Ok(effect(turn.id, &mut turn.record, Disturbance::None))
            }
            Passage::Disturbed(by) => Ok(effect(turn.id, &mut turn.record, by.clone())),
            Passage::Lost(why) => {
                let why = why.clone();
                effect(turn.id, &mut turn.record, Disturbance::None);
                Err(Broken(why))
            }
            Passage::Broken(why) => Err(Broken(why.clone())),
            Passage::Instead { status, .. } => Err(Broken(format!("answered {status}"))),
        };
        if let Err(Broken(why)) = &result {
            turn.record.failed = Some(why.clone());
        }
        self.end(turn).await;
        result
    }

    /// Waits for the turn of a crossing whose effect is more than one call; [`Cx::end`] must follow.
    pub async fn turn(&self, at: At<'_>) -> Turn {
        self.0.world.turn(&self.0, at).await
    }

    /// Ends a turn. Never completes if the caller's life ended with it.
    pub async fn end(&self, turn: Turn) {
        if !self.0.world.end(&self.0, turn) {
            std::future::pending::<()>().await;
        }
    }

    /// Makes a crossing of another task one of the causes of what this one does next.
    pub fn see(&self, crossing: CrossingId) {
        self.0.see(crossing);
    }

    /// The last crossing that this task has seen since its own one, that one included.
    pub fn last_seen(&self) -> Option<CrossingId> {
        self.0.seen().last().copied()
    }

    /// Dials the service of a node by name.
    ///
    /// # Errors
    /// Those of a socket: refused, reset, timed out.
    pub async fn connect(&self, to: &str) -> io::Result<Connection> {
        self.0.world.connect(&self.0, to).await
    }

    /// Opens the port of this node.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn listen(&self) -> io::Result<Box<dyn Listener>> {
        self.0.world.listen(&self.0).await
    }

    /// Waits, as before a retry.
    pub async fn sleep(&self, for_: Duration) {
        self.0.world.sleep(&self.0, for_, Wait::Once).await;
    }

    /// Waits for the next tick of something that never ends.
    pub async fn tick(&self, for_: Duration) {
        self.0.world.sleep(&self.0, for_, Wait::Periodic).await;
    }

    /// The output of `work`, or `None` if it took longer than `limit`.
    pub async fn timeout<T>(&self, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            output = work => Some(output),
            () = self.sleep(limit) => None,
        }
    }

    /// The node's wall clock, in its own offset.
    pub fn wall(&self) -> DateTime<FixedOffset> {
        self.0.world.wall(&self.0)
    }

    /// The time since this life of the node began, by its timers.
    pub fn uptime(&self) -> Duration {
        self.0.world.uptime(&self.0)
    }

    /// Waits until the process is asked to end in good order.
    pub async fn asked_to_stop(&self) {
        self.0.world.asked_to_stop(&self.0).await;
    }

    /// The output of `work`, or `None` if it panicked: what a deferred `recover` in the real code does. A
    /// panic that nobody recovers from ends the whole process, as there.
    pub async fn recover<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        match AssertUnwindSafe(work).catch_unwind().await {
            Ok(output) => Some(output),
            Err(panic) => {
                self.0.world.recovered(&self.0, &*panic);
                None
            }
        }
    }

    /// A new identifier for a thing that the world can then call by name.
    pub fn mint(&self, mint: Mint<'_>) -> Uuid {
        self.0.world.mint(&self.0, mint)
    }

    /// A random number from the task's stream of that name.
    pub fn draw(&self, stream: &'static str) -> u64 {
        self.0.world.draw(&self.0, stream)
    }

    /// Runs `work` as a task of its own on this node, under a name of its own.
    pub fn spawn<F>(&self, name: impl Into<Arc<str>>, work: impl FnOnce(Cx) -> F) -> Handle
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let cx = self.named(name);
        let future = Box::pin(work(cx.clone()));
        cx.spawn_as_is(future)
    }

    /// Runs a future as a task of its own under this very context.
    pub fn spawn_as_is(&self, future: impl Future<Output = ()> + Send + 'static) -> Handle {
        self.0.world.spawn(self.0.clone(), Box::pin(future))
    }
}
