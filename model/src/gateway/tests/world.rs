//! A world in which nothing takes time but waiting, and nothing fails but what a test breaks.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::{Future, poll_fn};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::cx::{
    At, BoxFuture, Connection, CrossingId, Cx, Handle, LifeId, Listener, Mint, Passage, Subject, Task, Turn,
    Wait, Wire, World,
};
use crate::wire::time::{self, Instant};

/// The world of one test.
#[derive(Default)]
pub struct TestWorld {
    inner: Mutex<Inner>,
    woken: Arc<Woken>,
}

#[derive(Default)]
struct Inner {
    crossings: u64,
    minted: u128,
    now: Duration,
    skew: TimeDelta,
    sites: Vec<String>,
    broken: BTreeSet<&'static str>,
    /// Sites at which a node's tasks wait, and at which any task panics.
    held: BTreeSet<(String, &'static str)>,
    panicking: BTreeSet<&'static str>,
    recovered: usize,
    stopping: BTreeSet<String>,
    tasks: Vec<(Arc<str>, BoxFuture<'static, ()>)>,
    timers: BTreeMap<(Duration, u64), oneshot::Sender<()>>,
    ports: BTreeMap<String, mpsc::UnboundedSender<Connection>>,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl TestWorld {
    pub fn cx(self: &Arc<Self>, node: &str) -> Cx {
        Cx::root(self.clone(), node.into(), LifeId(0), node)
    }

    /// Runs `work` and whatever it spawns until it ends, without letting any time pass.
    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let waker = Waker::from(self.woken.clone());
        let mut context = Context::from_waker(&waker);
        loop {
            self.woken.0.store(false, Ordering::SeqCst);
            if let Poll::Ready(output) = work.as_mut().poll(&mut context) {
                return output;
            }
            self.poll_tasks();
            assert!(self.woken.0.load(Ordering::SeqCst), "the work waits for something that never comes");
        }
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        let end = self.inner().now + time;
        loop {
            self.settle();
            let mut inner = self.inner();
            let Some(timer) = inner.timers.first_entry().filter(|timer| timer.key().0 <= end) else { break };
            let ((due, _), fire) = timer.remove_entry();
            inner.now = due;
            drop(inner);
            // Whoever waited may have been dropped.
            let _ = fire.send(());
        }
        self.inner().now = end;
    }

    /// Runs everything that doesn't wait for time.
    pub fn settle(&self) {
        self.woken.0.store(true, Ordering::SeqCst);
        while self.woken.0.swap(false, Ordering::SeqCst) {
            self.poll_tasks();
        }
    }

    fn poll_tasks(&self) {
        let waker = Waker::from(self.woken.clone());
        let mut context = Context::from_waker(&waker);
        let mut tasks = std::mem::take(&mut self.inner().tasks);
        let mut dead = BTreeSet::new();
        tasks.retain_mut(|(node, task)| {
            let polled = catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(&mut context)));
            polled
                .unwrap_or_else(|_| {
                    dead.insert(node.clone());
                    Poll::Ready(())
                })
                .is_pending()
        });
        let mut inner = self.inner();
        tasks.append(&mut inner.tasks);
        inner.tasks = tasks;
        drop(inner);
        // A panic that nobody recovers from ends the process.
        dead.iter().for_each(|node| self.kill(node));
    }

    /// Ends every task of a node. Its connections end with them.
    pub fn kill(&self, node: &str) {
        let tasks = std::mem::take(&mut self.inner().tasks);
        let (killed, spared) = tasks.into_iter().partition(|(of, _)| **of == *node);
        self.inner().tasks = spared;
        drop::<Vec<_>>(killed);
    }

    /// Asks the process on a node to end in good order.
    pub fn stop(&self, node: &str) {
        self.inner().stopping.insert(node.into());
        self.settle();
    }

    /// How many tasks a node runs.
    pub fn tasks(&self, node: &str) -> usize {
        self.inner().tasks.iter().filter(|(of, _)| **of == *node).count()
    }

    /// From now on the tasks of a node wait before they cross `site`.
    pub fn hold(&self, node: &str, site: &'static str) {
        self.inner().held.insert((node.into(), site));
    }

    /// They go on.
    pub fn release(&self, node: &str, site: &'static str) {
        self.inner().held.remove(&(node.into(), site));
        self.settle();
    }

    /// From now on whoever crosses `site` panics.
    pub fn panic_at(&self, site: &'static str) {
        self.inner().panicking.insert(site);
    }

    pub fn calm(&self, site: &'static str) {
        self.inner().panicking.remove(site);
    }

    /// How many panics were recovered from.
    pub fn recovered(&self) -> usize {
        self.inner().recovered
    }

    /// From now on no crossing at `site` takes place.
    pub fn break_at(&self, site: &'static str) {
        self.inner().broken.insert(site);
    }

    pub fn mend(&self, site: &'static str) {
        self.inner().broken.remove(site);
    }

    /// Moves the wall clocks.
    pub fn jump(&self, by: TimeDelta) {
        self.inner().skew += by;
    }

    /// How often a site was crossed.
    pub fn count(&self, site: &str) -> usize {
        self.inner().sites.iter().filter(|crossed| *crossed == site).count()
    }

    /// The sites crossed since the last call, in order.
    pub fn take_sites(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().sites)
    }

    pub fn now(&self) -> Instant {
        let inner = self.inner();
        let start = time::parse("2026-03-31T12:00:00Z").expect("an instant");
        start + TimeDelta::from_std(inner.now).expect("a short run") + inner.skew
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no test panics in here")
    }
}

/// One end of a connection: what belongs to its bytes, in both directions.
struct End {
    peer: &'static str,
    out: Arc<Mutex<VecDeque<CrossingId>>>,
    into: Arc<Mutex<VecDeque<CrossingId>>>,
}

impl Wire for End {
    fn outgoing(&self, begun: CrossingId) {
        self.out.lock().expect("whole").push_back(begun);
    }

    fn incoming(&self) -> CrossingId {
        self.into.lock().expect("whole").pop_front().unwrap_or_default()
    }

    fn peer(&self) -> &str {
        self.peer
    }
}

struct Port(mpsc::UnboundedReceiver<Connection>);

impl Listener for Port {
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Connection>> {
        Box::pin(async { self.0.recv().await.ok_or_else(|| io::ErrorKind::ConnectionAborted.into()) })
    }
}

impl World for TestWorld {
    fn turn<'a>(&'a self, task: &'a Arc<Task>, at: At<'a>) -> BoxFuture<'a, Turn> {
        Box::pin(async move {
            if let At::Site { site, .. } = at {
                let place = (task.node.to_string(), site);
                // Whoever is released is polled again, as everybody is.
                let passes = |_: &mut Context<'_>| {
                    if self.inner().held.contains(&place) { Poll::Pending } else { Poll::Ready(()) }
                };
                poll_fn(passes).await;
                let panics = self.inner().panicking.contains(site);
                assert!(!panics, "a panic of the test's own");
            }
            let mut inner = self.inner();
            inner.crossings += 1;
            let id = CrossingId(inner.crossings);
            let mut passage = Passage::Through;
            if let At::Site { site, .. } = at {
                inner.sites.push(site.to_owned());
                if inner.broken.contains(site) {
                    passage = Passage::Broken("broken by the test".into());
                }
            }
            Turn { id, passage, record: Default::default() }
        })
    }

    fn end(&self, _: &Arc<Task>, _: Turn) -> bool {
        true
    }

    fn connect<'a>(&'a self, _: &'a Arc<Task>, to: &'a str) -> BoxFuture<'a, io::Result<Connection>> {
        let (here, there) = tokio::io::duplex(64 * 1024);
        let (out, into) = (Arc::default(), Arc::default());
        let dialler = End { peer: "platform", out: Arc::clone(&out), into: Arc::clone(&into) };
        let acceptor = End { peer: "gw1", out: into, into: out };
        let offered = Connection { stream: Box::new(there), wire: Arc::new(acceptor) };
        let taken = self.inner().ports.get(to).is_some_and(|port| port.send(offered).is_ok());
        let connection = Connection { stream: Box::new(here), wire: Arc::new(dialler) };
        let result = if taken { Ok(connection) } else { Err(io::ErrorKind::ConnectionRefused.into()) };
        Box::pin(std::future::ready(result))
    }

    fn listen<'a>(&'a self, task: &'a Arc<Task>) -> BoxFuture<'a, io::Result<Box<dyn Listener>>> {
        let (door, port) = mpsc::unbounded_channel();
        self.inner().ports.insert(task.node.to_string(), door);
        Box::pin(std::future::ready(Ok(Box::new(Port(port)) as Box<dyn Listener>)))
    }

    fn sleep<'a>(&'a self, _: &'a Arc<Task>, for_: Duration, _: Wait) -> BoxFuture<'a, ()> {
        let (fire, fired) = oneshot::channel();
        let mut inner = self.inner();
        inner.crossings += 1;
        let due = (inner.now + for_, inner.crossings);
        inner.timers.insert(due, fire);
        Box::pin(async {
            // The timer lives as long as the world.
            let _ = fired.await;
        })
    }

    fn wall(&self, _: &Arc<Task>) -> DateTime<FixedOffset> {
        self.now()
    }

    fn uptime(&self, _: &Arc<Task>) -> Duration {
        self.inner().now
    }

    fn mint(&self, _: &Arc<Task>, _: Mint<'_>) -> Uuid {
        let mut inner = self.inner();
        inner.minted += 1;
        Uuid::from_u128(0xffff_0000 + inner.minted)
    }

    fn draw(&self, _: &Arc<Task>, _: &'static str) -> u64 {
        // No jitter in back-offs.
        50
    }

    fn caused_by(&self, _: &Arc<Task>, _: CrossingId, words: &str, _: Subject<'_>) -> Arc<str> {
        words.into()
    }

    fn asked_to_stop<'a>(&'a self, task: &'a Arc<Task>) -> BoxFuture<'a, ()> {
        let asked = |_: &mut Context<'_>| {
            if self.inner().stopping.contains(&*task.node) { Poll::Ready(()) } else { Poll::Pending }
        };
        Box::pin(poll_fn(asked))
    }

    fn recovered(&self, _: &Arc<Task>, _: &(dyn std::any::Any + Send)) {
        self.inner().recovered += 1;
    }

    fn spawn(&self, task: Arc<Task>, future: BoxFuture<'static, ()>) -> Handle {
        self.inner().tasks.push((task.node.clone(), future));
        self.woken.0.store(true, Ordering::SeqCst);
        Handle::new(|| {})
    }
}
