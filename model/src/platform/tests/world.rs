//! A world of one process: crossings pass at once unless a test breaks them, and pipes are the network.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use futures::FutureExt;
use tokio::io::{DuplexStream, duplex};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::cx::{
    At, BoxFuture, Connection, CrossingId, Handle, Listener, Mint, Passage, Phase, Record, Subject, Task,
    Turn, Wait, Wire, World,
};

/// Stands for any answer in [`Tiny::slow_next`].
pub(super) const ANSWER: &str = "answered";

/// The world.
pub(super) struct Tiny {
    me: Weak<Tiny>,
    count: AtomicU64,
    began: tokio::time::Instant,
    broken: Mutex<BTreeMap<&'static str, VecDeque<Passage>>>,
    planted: Mutex<Vec<&'static str>>,
    slow: Mutex<BTreeMap<&'static str, VecDeque<Duration>>>,
    stop: watch::Sender<bool>,
    /// The panics that were recovered, and those that would have ended the process.
    panics: Mutex<(usize, usize)>,
    /// Every site that was crossed, in order.
    crossed: Mutex<Vec<&'static str>>,
    port: mpsc::UnboundedSender<Connection>,
    listener: Mutex<Option<mpsc::UnboundedReceiver<Connection>>>,
}

impl Tiny {
    pub fn new() -> Arc<Self> {
        let (port, listener) = mpsc::unbounded_channel();
        Arc::new_cyclic(|me| Tiny {
            me: me.clone(),
            count: AtomicU64::new(0),
            began: tokio::time::Instant::now(),
            broken: Mutex::default(),
            planted: Mutex::default(),
            slow: Mutex::default(),
            stop: watch::Sender::new(false),
            panics: Mutex::default(),
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

    /// The next crossing at this site panics.
    pub fn panic_next(&self, site: &'static str) {
        self.planted.lock().unwrap().push(site);
    }

    /// The next crossing at this site takes so long; [`ANSWER`] is that of any answer.
    pub fn slow_next(&self, site: &'static str, time: Duration) {
        self.slow.lock().unwrap().entry(site).or_default().push_back(time);
    }

    /// Asks every process to stop.
    pub fn ask_to_stop(&self) {
        self.stop.send_replace(true);
    }

    /// How many panics were recovered, and how many would have ended the process.
    pub fn panics(&self) -> (usize, usize) {
        *self.panics.lock().unwrap()
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
        let mut slow = self.slow.lock().unwrap();
        let time = match at {
            At::Site { site, .. } => {
                self.crossed.lock().unwrap().push(site);
                let mut planted = self.planted.lock().unwrap();
                if let Some(at) = planted.iter().position(|planted| *planted == site) {
                    planted.remove(at);
                    drop((planted, slow));
                    panic!("planted at {site}");
                }
                let mut broken = self.broken.lock().unwrap();
                passage = broken.get_mut(site).and_then(VecDeque::pop_front).unwrap_or(passage);
                slow.get_mut(site).and_then(VecDeque::pop_front)
            }
            At::Phase { phase: Phase::Answered, .. } => slow.get_mut(ANSWER).and_then(VecDeque::pop_front),
            At::Phase { .. } => None,
        };
        Box::pin(async move {
            if let Some(time) = time {
                tokio::time::sleep(time).await;
            }
            Turn { id: CrossingId(self.next()), passage, record: Record::default() }
        })
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
        let (future, abort) = futures::future::abortable(future);
        let world = self.me.upgrade().unwrap();
        tokio::task::spawn(async move {
            if AssertUnwindSafe(future).catch_unwind().await.is_err() {
                world.panics.lock().unwrap().1 += 1;
            }
        });
        Handle::new(move || abort.abort())
    }

    fn asked_to_stop<'a>(&'a self, _: &'a Arc<Task>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
        })
    }

    fn recovered(&self, _: &Arc<Task>, _: &(dyn Any + Send)) {
        self.panics.lock().unwrap().0 += 1;
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
