//! The world of ordinary processes: tokio's tasks, real sockets, the machine's clock.
//!
//! The actors are written against [`crate::cx`] alone, so the same source that is simulated also runs as
//! services on a machine; this is what answers their seams there. A crossing waits for nobody and is left to
//! `tracing`: each task is a span of its name, each crossing a debug event in it. What the simulator carries
//! beside the wire, who caused what, is not known here, so tasks that a frame or a call causes are only
//! numbered.
//!
//! Several nodes can live in one process of the machine, which is how the tests use it: a [`Node`] is started,
//! asked to stop, or killed with everything it was doing. Databases are in memory here too.

// This is the one place where the machine's clock and tokio's own tasks are meant.
#![allow(clippy::disallowed_methods)]

use std::any::Any;
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, Utc};
use rand::random;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tracing::{Instrument, debug, error, info_span};
use uuid::Uuid;

use crate::cx::{
    At, BoxFuture, Connection, CrossingId, Cx, Handle, LifeId, Listener, Mint, Passage, Record, Subject,
    Task, Turn, Wait, Wire, World,
};

/// A machine on which nodes run, each under its name.
pub struct Machine {
    hosts: Mutex<BTreeMap<String, SocketAddr>>,
    lives: Mutex<BTreeMap<LifeId, Life>>,
    begun: AtomicU64,
    crossings: AtomicU64,
    tasks: AtomicU64,
}

struct Life {
    began: Instant,
    stop: watch::Sender<bool>,
    tasks: Vec<AbortHandle>,
}

/// A running node.
pub struct Node {
    machine: Arc<Machine>,
    life: LifeId,
    /// The context of its first task.
    pub cx: Cx,
}

impl Machine {
    /// A machine on which nothing runs.
    pub fn new() -> Arc<Self> {
        Arc::new(Machine {
            hosts: Mutex::default(),
            lives: Mutex::default(),
            begun: AtomicU64::new(0),
            crossings: AtomicU64::new(0),
            tasks: AtomicU64::new(0),
        })
    }

    /// Gives a name a free port on the loopback interface.
    ///
    /// # Errors
    /// When there is none.
    pub fn host(&self, name: &str) -> io::Result<SocketAddr> {
        let free = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = free.local_addr()?;
        guard(&self.hosts).insert(name.to_owned(), address);
        Ok(address)
    }

    /// Begins a life of a node.
    pub fn start(self: &Arc<Self>, node: &str) -> Node {
        let life = LifeId(self.begun.fetch_add(1, Ordering::Relaxed) + 1);
        let stop = watch::Sender::new(false);
        guard(&self.lives).insert(life, Life { began: Instant::now(), stop, tasks: Vec::new() });
        let cx = Cx::root(self.clone(), node.into(), life, "boot");
        Node { machine: self.clone(), life, cx }
    }

    fn is_alive(&self, life: LifeId) -> bool {
        guard(&self.lives).contains_key(&life)
    }
}

impl Node {
    /// Asks the node to end in good order.
    pub fn stop(&self) {
        if let Some(life) = guard(&self.machine.lives).get(&self.life) {
            life.stop.send_replace(true);
        }
    }

    /// Ends the node with everything it is doing. Its sockets are closed.
    pub fn kill(self) {
        let life = guard(&self.machine.lives).remove(&self.life);
        life.into_iter().flat_map(|life| life.tasks).for_each(|task| task.abort());
    }
}

impl World for Machine {
    fn turn<'a>(&'a self, task: &'a Arc<Task>, at: At<'a>) -> BoxFuture<'a, Turn> {
        let id = CrossingId(self.crossings.fetch_add(1, Ordering::Relaxed) + 1);
        if let At::Site { site, .. } = at {
            debug!(site, node = &*task.node, "crossing");
        }
        Box::pin(std::future::ready(Turn { id, passage: Passage::Through, record: Record::default() }))
    }

    fn end(&self, task: &Arc<Task>, _: Turn) -> bool {
        self.is_alive(task.life)
    }

    fn connect<'a>(&'a self, _: &'a Arc<Task>, to: &'a str) -> BoxFuture<'a, io::Result<Connection>> {
        Box::pin(async move {
            let address = guard(&self.hosts).get(to).copied();
            let unknown = || io::Error::new(io::ErrorKind::NotFound, format!("no host is called '{to}'"));
            connection(TcpStream::connect(address.ok_or_else(unknown)?).await?, to)
        })
    }

    fn listen<'a>(&'a self, task: &'a Arc<Task>) -> BoxFuture<'a, io::Result<Box<dyn Listener>>> {
        Box::pin(async move {
            let address = guard(&self.hosts).get(&*task.node).copied();
            let address = address.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, 0).into());
            let port = TcpListener::bind(address).await?;
            guard(&self.hosts).insert(task.node.to_string(), port.local_addr()?);
            Ok(Box::new(Port(port)) as Box<dyn Listener>)
        })
    }

    fn sleep<'a>(&'a self, _: &'a Arc<Task>, for_: Duration, _: Wait) -> BoxFuture<'a, ()> {
        Box::pin(tokio::time::sleep(for_))
    }

    fn wall(&self, _: &Arc<Task>) -> DateTime<FixedOffset> {
        let since_1970 =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let micros = i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX);
        DateTime::<Utc>::from_timestamp_micros(micros).unwrap_or_default().fixed_offset()
    }

    fn uptime(&self, task: &Arc<Task>) -> Duration {
        guard(&self.lives).get(&task.life).map_or(Duration::ZERO, |life| life.began.elapsed())
    }

    fn mint(&self, task: &Arc<Task>, mint: Mint<'_>) -> Uuid {
        // Subscriptions, applications and what is never spoken of are of version 4, the rest of version 7
        // (docs/spec/platform.md section 2).
        match mint {
            Mint::Subscription { .. } | Mint::Application { .. } | Mint::Other { .. } => {
                uuid::Builder::from_random_bytes(random()).into_uuid()
            }
            Mint::Artifact { .. }
            | Mint::LocalArtifact { .. }
            | Mint::Deployment(_)
            | Mint::Key { .. }
            | Mint::Gateway(_)
            | Mint::Plan { .. }
            | Mint::Project { .. } => {
                let millis = u64::try_from(self.wall(task).timestamp_millis()).unwrap_or_default();
                uuid::Builder::from_unix_timestamp_millis(millis, &random()).into_uuid()
            }
        }
    }

    fn draw(&self, _: &Arc<Task>, _: &'static str) -> u64 {
        random()
    }

    fn caused_by(&self, _: &Arc<Task>, _: CrossingId, words: &str, _: Subject<'_>) -> Arc<str> {
        format!("{words} {}", self.tasks.fetch_add(1, Ordering::Relaxed) + 1).into()
    }

    fn spawn(&self, task: Arc<Task>, future: BoxFuture<'static, ()>) -> Handle {
        let mut lives = guard(&self.lives);
        let Some(life) = lives.get_mut(&task.life) else { return Handle::new(|| ()) };
        let span = info_span!(parent: None, "task", node = &*task.node, task = &*task.name);
        let abort = tokio::spawn(future.instrument(span)).abort_handle();
        life.tasks.retain(|task| !task.is_finished());
        life.tasks.push(abort.clone());
        Handle::new(move || abort.abort())
    }

    fn asked_to_stop<'a>(&'a self, task: &'a Arc<Task>) -> BoxFuture<'a, ()> {
        let asked = guard(&self.lives).get(&task.life).map(|life| life.stop.subscribe());
        Box::pin(async move {
            let Some(mut asked) = asked else { return std::future::pending().await };
            // The sending half goes with the life, and a life that has ended waits for ever.
            if asked.wait_for(|asked| *asked).await.is_err() {
                std::future::pending().await
            }
        })
    }

    fn recovered(&self, task: &Arc<Task>, panic: &(dyn Any + Send)) {
        let said = panic.downcast_ref::<&str>().copied().unwrap_or("no message");
        error!(node = &*task.node, task = &*task.name, "recovered from a panic: {said}");
    }
}

struct Port(TcpListener);

impl Listener for Port {
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Connection>> {
        Box::pin(async move {
            let (stream, from) = self.0.accept().await?;
            connection(stream, &from.ip().to_string())
        })
    }
}

/// What is known of a socket: who is at the other end.
struct Peer(String);

impl Wire for Peer {
    fn outgoing(&self, _: CrossingId) {}

    fn incoming(&self) -> CrossingId {
        CrossingId::default()
    }

    fn peer(&self) -> &str {
        &self.0
    }
}

fn connection(stream: TcpStream, peer: &str) -> io::Result<Connection> {
    stream.set_nodelay(true)?;
    Ok(Connection { stream: Box::new(stream), wire: Arc::new(Peer(peer.to_owned())) })
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
