//! A world of one process: crossings pass at once unless a test breaks them, and pipes are the network.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use tokio::io::{DuplexStream, duplex};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::cx::{
    At, BoxFuture, Connection, CrossingId, Handle, Listener, Mint, Passage, Record, Subject, Task, Turn,
    Wait, Wire, World,
};

/// The world.
pub(super) struct Tiny {
    count: AtomicU64,
    began: tokio::time::Instant,
    broken: Mutex<BTreeMap<&'static str, VecDeque<Passage>>>,
    /// Every site that was crossed, in order.
    crossed: Mutex<Vec<&'static str>>,
    port: mpsc::UnboundedSender<Connection>,
    listener: Mutex<Option<mpsc::UnboundedReceiver<Connection>>>,
}

impl Tiny {
    pub fn new() -> Arc<Self> {
        let (port, listener) = mpsc::unbounded_channel();
        Arc::new(Tiny {
            count: AtomicU64::new(0),
            began: tokio::time::Instant::now(),
            broken: Mutex::default(),
            crossed: Mutex::default(),
            port,
            listener: Mutex::new(Some(listener)),
        })
    }

    /// The next crossing at this site does not happen.
    pub fn break_next(&self, site: &'static str) {
        let broken = Passage::Broken(format!("{site} is broken"));
        self.broken.lock().unwrap().entry(site).or_default().push_back(broken);
    }

    /// How often a site was crossed.
    pub fn times(&self, site: &str) -> usize {
        self.crossed.lock().unwrap().iter().filter(|crossed| **crossed == site).count()
    }

    fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }
}

impl World for Tiny {
    fn turn<'a>(&'a self, _: &'a Arc<Task>, at: At<'a>) -> BoxFuture<'a, Turn> {
        let mut passage = Passage::Through;
        if let At::Site { site, .. } = at {
            self.crossed.lock().unwrap().push(site);
            let mut broken = self.broken.lock().unwrap();
            passage = broken.get_mut(site).and_then(VecDeque::pop_front).unwrap_or(passage);
        }
        let turn = Turn { id: CrossingId(self.next()), passage, record: Record::default() };
        Box::pin(std::future::ready(turn))
    }

    fn end(&self, _: &Arc<Task>, _: Turn) -> bool {
        true
    }

    fn connect<'a>(&'a self, task: &'a Arc<Task>, to: &'a str) -> BoxFuture<'a, io::Result<Connection>> {
        let (here, there) = duplex(64 * 1024);
        // Whoever listens takes it; a test that dials nobody waits for an answer in vain.
        let _ = self.port.send(end(there, &task.node));
        Box::pin(std::future::ready(Ok(end(here, to))))
    }

    fn listen<'a>(&'a self, _: &'a Arc<Task>) -> BoxFuture<'a, io::Result<Box<dyn Listener>>> {
        let taken = self.listener.lock().unwrap().take();
        let listener = taken.ok_or_else(|| io::ErrorKind::AddrInUse.into());
        let listener = listener.map(|listener| Box::new(Port(listener)) as Box<dyn Listener>);
        Box::pin(std::future::ready(listener))
    }

    fn sleep<'a>(&'a self, _: &'a Arc<Task>, for_: Duration, _: Wait) -> BoxFuture<'a, ()> {
        Box::pin(tokio::time::sleep(for_))
    }

    /// Moves on by 1.0625 ms each time it is read, so that no two rows are of one instant and none is of a
    /// whole millisecond but by chance.
    fn wall(&self, _: &Arc<Task>) -> DateTime<FixedOffset> {
        let base = DateTime::parse_from_rfc3339("2026-03-31T17:47:43.0001+05:30").unwrap();
        base + chrono::Duration::nanoseconds(self.next() as i64 * 1_062_500)
    }

    fn uptime(&self, _: &Arc<Task>) -> Duration {
        self.began.elapsed()
    }

    fn mint(&self, _: &Arc<Task>, _: Mint<'_>) -> Uuid {
        Uuid::from_u128(0x1000 + u128::from(self.next()))
    }

    fn draw(&self, _: &Arc<Task>, _: &'static str) -> u64 {
        self.next()
    }

    fn caused_by(&self, _: &Arc<Task>, _: CrossingId, words: &str, _: Subject<'_>) -> Arc<str> {
        words.into()
    }

    fn spawn(&self, _: Arc<Task>, future: BoxFuture<'static, ()>) -> Handle {
        let task = tokio::task::spawn(future);
        Handle::new(move || task.abort())
    }
}

struct Pipe(String);

impl Wire for Pipe {
    fn outgoing(&self, _: CrossingId) {}

    fn incoming(&self) -> CrossingId {
        CrossingId(0)
    }

    fn peer(&self) -> &str {
        &self.0
    }
}

/// One end of a pipe.
fn end(stream: DuplexStream, peer: &str) -> Connection {
    Connection { stream: Box::new(stream), wire: wire(peer) }
}

/// What is known of a connection beside its bytes.
pub(super) fn wire(peer: &str) -> Arc<dyn Wire> {
    Arc::new(Pipe(peer.to_owned()))
}

struct Port(mpsc::UnboundedReceiver<Connection>);

impl Listener for Port {
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Connection>> {
        Box::pin(async { self.0.recv().await.ok_or_else(|| io::ErrorKind::NotConnected.into()) })
    }
}
