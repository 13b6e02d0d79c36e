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

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::io;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use futures::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite};
use uuid::Uuid;

use crate::store::Change;

/// A future on the heap, as the seams return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One crossing of one run, numbered in the order in which they took effect.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct CrossingId(pub u64);

/// One life of a node: from a start to the next crash, shutdown or end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct LifeId(pub u64);

/// What a crossing is about, in the actor's own terms. The world knows the plan's name for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject<'a> {
    /// Nothing in particular, or many things.
    None,
    /// A thing known by its identifier.
    Id(Uuid),
    /// A thing known by its name, such as a handle in a path.
    Name(&'a str),
}

impl From<Uuid> for Subject<'_> {
    fn from(id: Uuid) -> Self {
        Subject::Id(id)
    }
}

impl<'a> From<&'a str> for Subject<'a> {
    fn from(name: &'a str) -> Self {
        Subject::Name(name)
    }
}

/// A later moment of an exchange that another crossing began.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Phase {
    /// The request or frame leaves.
    Sent,
    /// The request or frame has arrived at its receiver.
    Received,
    /// The answer leaves.
    Answered,
    /// The answer has arrived at the caller.
    AnswerReceived,
}

/// Where a crossing happens.
#[derive(Clone, Copy, Debug)]
pub enum At<'a> {
    /// A crossing that begins here.
    Site {
        /// What is done, such as `http.artifacts-exists` or `store.delete-artifact`.
        site: &'static str,
        /// The node at the other end, if there is one.
        peer: Option<&'a str>,
        /// What it is about.
        subject: Subject<'a>,
        /// The ordinal of a periodic crossing, counted in periods since the life began.
        nth: Option<u64>,
    },
    /// A later phase of an exchange begun elsewhere.
    Phase {
        /// The crossing that sent it.
        begun: CrossingId,
        /// Which moment this is.
        phase: Phase,
    },
}

impl<'a> At<'a> {
    /// A crossing at `site` about nothing in particular.
    pub fn site(site: &'static str) -> Self {
        At::Site { site, peer: None, subject: Subject::None, nth: None }
    }

    /// The same crossing, about `subject`.
    pub fn about(self, about: impl Into<Subject<'a>>) -> Self {
        match self {
            At::Site { site, peer, nth, .. } => At::Site { site, peer, subject: about.into(), nth },
            phase => phase,
        }
    }

    /// The same crossing, towards `peer`.
    pub fn to(self, to: &'a str) -> Self {
        match self {
            At::Site { site, subject, nth, .. } => At::Site { site, peer: Some(to), subject, nth },
            phase => phase,
        }
    }

    /// The same crossing as the `n`th of a periodic series.
    pub fn nth(self, n: u64) -> Self {
        match self {
            At::Site { site, peer, subject, .. } => At::Site { site, peer, subject, nth: Some(n) },
            phase => phase,
        }
    }
}

/// How the world lets a crossing pass.
#[derive(Clone, Debug)]
pub enum Passage {
    /// It happens.
    Through,
    /// It does not happen, and its caller is told.
    Broken(String),
    /// Something on the way answers in the callee's place (exchanges only).
    Instead {
        /// The HTTP status of that answer.
        status: u16,
        /// Its body.
        body: Bytes,
    },
    /// It happens, and its caller is told that it did not.
    Lost(String),
}

/// What a crossing did, as it goes into the history.
#[derive(Default, Debug)]
pub struct Record {
    /// Crossings whose effects were seen in this one, beyond the task's own.
    pub seen: Vec<CrossingId>,
    /// Rows that were committed.
    pub changes: Vec<Change>,
    /// The status of an answer.
    pub status: Option<u16>,
    /// The bytes of a frame, or the body of a request or an answer.
    pub body: Option<Bytes>,
    /// Why it failed, if it did.
    pub failed: Option<String>,
}

/// The turn of one crossing: from the moment the world gives it until [`World::end`].
#[derive(Debug)]
pub struct Turn {
    /// Its number.
    pub id: CrossingId,
    /// How it passes.
    pub passage: Passage,
    /// What it did.
    pub record: Record,
}

/// A wait given out by the clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    /// It will be followed by progress: a back-off, a timeout.
    Once,
    /// It belongs to a series that never ends: a poll, a heartbeat.
    Periodic,
}

/// A stream of bytes in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// What is known of one end of a connection beside its bytes.
pub trait Wire: Send + Sync {
    /// The bytes written from now on belong to the exchange or frame that `begun` began.
    fn outgoing(&self, begun: CrossingId);
    /// The oldest exchange or frame that has arrived here and was not yet taken.
    fn incoming(&self) -> CrossingId;
    /// The name of the node at the other end.
    fn peer(&self) -> &str;
}

/// One end of a connection.
pub struct Connection {
    /// Its bytes.
    pub stream: Box<dyn Stream>,
    /// What is known beside the bytes.
    pub wire: Arc<dyn Wire>,
}

/// A port that peers can connect to.
pub trait Listener: Send {
    /// The next connection.
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Connection>>;
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

/// A new identifier is drawn for one of these; from it the world knows what to call the thing.
#[derive(Clone, Copy, Debug)]
pub enum Mint<'a> {
    /// An artifact, by its organisation and handle.
    Artifact {
        /// The organisation's identifier.
        organisation: Uuid,
        /// The handle the user chose.
        handle: &'a str,
    },
    /// A deployment of an artifact.
    Deployment(Uuid),
    /// An API key of an artifact, by its name.
    Key {
        /// The artifact it opens.
        artifact: Uuid,
        /// Its name, unique within the artifact.
        name: &'a str,
    },
    /// A gateway, by its name.
    Gateway(&'a str),
    /// A subscription to an API, by its subscriber.
    Subscription {
        /// The API.
        artifact: Uuid,
        /// Who subscribes.
        subscriber: &'a str,
    },
    /// A subscription plan, by its name.
    Plan {
        /// The organisation's identifier.
        organisation: Uuid,
        /// Its name.
        name: &'a str,
    },
    /// An application, by its handle.
    Application {
        /// The organisation's identifier.
        organisation: Uuid,
        /// Its handle.
        handle: &'a str,
    },
    /// A project, by its name.
    Project {
        /// The organisation's identifier.
        organisation: Uuid,
        /// Its name.
        name: &'a str,
    },
    /// An artifact that was made at a gateway itself, by its handle.
    LocalArtifact {
        /// The handle the user chose.
        handle: &'a str,
    },
    /// Anything else that belongs to `of` and is never spoken of by name.
    Other {
        /// What it is, such as `correlation`.
        what: &'static str,
        /// What it belongs to.
        of: Subject<'a>,
    },
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

    fn seen(&self) -> Vec<CrossingId> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

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
        Cx(Arc::new(Task { world, node, life, name: name.into(), seen: Mutex::default() }))
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
        let Task { world, node, life, .. } = &*self.0;
        let seen = Mutex::new(self.0.seen());
        Cx(Arc::new(Task { world: world.clone(), node: node.clone(), life: *life, name: name.into(), seen }))
    }

    /// A context for the work that an exchange or a frame from elsewhere causes here, and only that.
    pub fn caused_by(&self, begun: CrossingId, words: &str, subject: Subject<'_>) -> Cx {
        let Task { world, node, life, .. } = &*self.0;
        let name = world.caused_by(&self.0, begun, words, subject);
        let seen = Mutex::new(vec![begun]);
        Cx(Arc::new(Task { world: world.clone(), node: node.clone(), life: *life, name, seen }))
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
        let mut turn = self.turn(at).await;
        let result = match &turn.passage {
            Passage::Through => Ok(effect(turn.id, &mut turn.record)),
            Passage::Lost(why) => {
                let why = why.clone();
                effect(turn.id, &mut turn.record);
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
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner).last().copied()
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
