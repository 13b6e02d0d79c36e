//! The calls of the actors: turns, dials, waits, identifiers, tasks. What a turn waits for is in
//! [`super::crossings`].

use std::any::Any;
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use driftless_model::cx::{
    self, At, BoxFuture, Connection, CrossingId, Handle, LifeId, Listener, Mint, Subject, Task, Turn, Wait,
};
use futures::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use crate::address::Address;
use crate::draw;
use crate::net::{Conn, Direction, Item, ListenerState, Port, Side};
use crate::panics::{self, Panic};
use crate::plan::Node;

use super::lives::Death;
use super::{State, World, micros};

/// The wall clock of every node at the beginning of a run: 2026-01-01 00:00:00 UTC, in seconds since 1970.
const EPOCH_S: i64 = 1_767_225_600;

impl cx::World for World {
    fn turn<'a>(&'a self, task: &'a Arc<Task>, at: At<'a>) -> BoxFuture<'a, Turn> {
        Box::pin(async move {
            let Some((address, waiting)) = self.queue_crossing(task, at) else { return never().await };
            waiting.called().await;
            self.reach(task, &address, at);
            while let Some(waiting) = self.stand_still(task, &address) {
                waiting.called().await;
            }
            let delayed = match self.hold_up(task, &address) {
                Some((faults, waiting)) => {
                    waiting.called().await;
                    faults
                }
                None => Vec::new(),
            };
            match self.begin(task, address, at, &delayed) {
                Some(turn) => turn,
                None => never().await,
            }
        })
    }

    fn end(&self, task: &Arc<Task>, turn: Turn) -> bool {
        let mut state = self.lock();
        let mut record = turn.record;
        if let Some(plant) = state.plant {
            plant.disturb(&mut record);
        }
        state.finish(turn.id, record);
        task.see(turn.id);
        // What an exchange or a frame begins with has its effect when its bytes are handed over.
        let dying = state.dying.iter().position(|dying| dying.crossing == turn.id && dying.writes.is_none());
        if let Some(dying) = dying.map(|at| state.dying.swap_remove(at)) {
            state.die(dying);
        }
        state.is_alive(task.life)
    }

    fn connect<'a>(&'a self, task: &'a Arc<Task>, to: &'a str) -> BoxFuture<'a, io::Result<Connection>> {
        Box::pin(async move {
            let Some(id) = self.dial(task, to) else { return never().await };
            let dial = std::future::poll_fn(|cx| {
                let mut state = self.lock();
                if state.stands_still(task.life) {
                    state.faults.stand(cx.waker());
                    return Poll::Pending;
                }
                let Some((true, conn)) = state.held(id, task.life) else { return Poll::Pending };
                if let Some(failure) = conn.client.failure {
                    return Poll::Ready(Err(failure.error()));
                }
                if conn.established {
                    return Poll::Ready(Ok(()));
                }
                conn.dialler = Some(cx.waker().clone());
                Poll::Pending
            });
            // The end is made first: a dial that is given up closes it.
            let connection = crate::net::connection(&self.weak(), id, Side::Client, task.life, to.into());
            dial.await.map(|()| connection)
        })
    }

    fn listen<'a>(&'a self, task: &'a Arc<Task>) -> BoxFuture<'a, io::Result<Box<dyn Listener>>> {
        Box::pin(async move {
            match self.open_port(task) {
                Some(port) => port,
                None => never().await,
            }
        })
    }

    fn sleep<'a>(&'a self, task: &'a Arc<Task>, for_: Duration, wait: Wait) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let waiting = {
                let mut state = self.lock();
                let label = state.label(task.life);
                let address = Address {
                    node: label,
                    task: task.name.clone(),
                    site: "wait",
                    peer: None,
                    subject: None,
                    n: 0,
                    phase: None,
                };
                let n = state.count(address.series_hash());
                let until = state.gate.now_us().saturating_add(micros(for_));
                let address = Address { n, ..address };
                state.queue(task.life, until, wait == Wait::Periodic, address, self)
            };
            match waiting {
                Some(waiting) => waiting.called().await,
                None => never().await,
            }
        })
    }

    fn wall(&self, task: &Arc<Task>) -> DateTime<FixedOffset> {
        self.lock().wall(&task.node)
    }

    fn uptime(&self, task: &Arc<Task>) -> Duration {
        let state = self.lock();
        let since = state.lives.get(&task.life).map_or(0, |life| life.since_us);
        Duration::from_micros(state.gate.now_us().saturating_sub(since))
    }

    fn mint(&self, task: &Arc<Task>, mint: Mint<'_>) -> Uuid {
        let mut state = self.lock();
        let within = format!("{} {}", state.label(task.life), task.name);
        state.names.mint(mint, &within)
    }

    fn draw(&self, task: &Arc<Task>, stream: &'static str) -> u64 {
        let mut state = self.lock();
        let of = draw::of(&format!("{} {} {stream}", state.label(task.life), task.name));
        let n = state.count(of);
        state.draws.number("draw", of.wrapping_add(u128::from(n)))
    }

    fn caused_by(&self, task: &Arc<Task>, begun: CrossingId, words: &str, subject: Subject<'_>) -> Arc<str> {
        let mut state = self.lock();
        let mut name = words.to_owned();
        let from = state.history.get(begun).map(|crossing| &crossing.address);
        match from {
            // A request is named after the work that made it; the user's own need no further words.
            Some(from) if words == "request" && from.node_name() == "user" => {
                name = format!("{name} {}", from.task)
            }
            Some(from) if words == "request" => {
                let call = from.site.trim_start_matches("http.");
                name = format!("{name} {} {} {call}", from.node, from.task);
            }
            _ => {}
        }
        if let Some(subject) = state.names.subject(subject) {
            name = format!("{name} {subject}");
        }
        let is_users = from_user(&state, begun, words);
        let of = draw::of(&format!("{} {name}", state.label(task.life)));
        let n = state.count(of);
        if is_users && n == 1 { name.into() } else { format!("{name} {n}").into() }
    }

    fn spawn(&self, task: Arc<Task>, future: BoxFuture<'static, ()>) -> Handle {
        if !self.lock().is_alive(task.life) {
            return Handle::new(|| ());
        }
        let (future, abort) = futures::future::abortable(future);
        let (me, of) = (self.weak(), task.clone());
        let guarded = async move {
            if let Err(panic) = AssertUnwindSafe(future).catch_unwind().await
                && let Some(world) = me.upgrade()
            {
                world.panicked(&of, &panics::words(&*panic));
            }
        };
        self.spawn_guarded(&task, guarded);
        Handle::new(move || abort.abort())
    }

    fn asked_to_stop<'a>(&'a self, task: &'a Arc<Task>) -> BoxFuture<'a, ()> {
        Box::pin(std::future::poll_fn(|cx| {
            let mut state = self.lock();
            if !state.is_alive(task.life) {
                return Poll::Pending;
            }
            if state.stands_still(task.life) {
                state.faults.stand(cx.waker());
                return Poll::Pending;
            }
            let Some(life) = state.lives.get_mut(&task.life) else { return Poll::Pending };
            if let Some(asked) = life.asked_to_stop {
                task.see(asked);
                return Poll::Ready(());
            }
            life.waits_for_stop = Some(cx.waker().clone());
            Poll::Pending
        }))
    }

    fn recovered(&self, task: &Arc<Task>, panic: &(dyn Any + Send)) {
        let mut state = self.lock();
        if state.is_alive(task.life) {
            let label = state.label(task.life);
            let words = format!("{label} {}: {}", task.name, panics::words(panic));
            state.panics.push(Panic { words, recovered: true });
        }
    }
}

/// The user's steps have names of their own that already tell them apart.
fn from_user(state: &State, begun: CrossingId, words: &str) -> bool {
    words == "request" && state.history.get(begun).is_some_and(|c| c.address.node_name() == "user")
}

/// The future of a life that has ended.
fn never<T>() -> std::future::Pending<T> {
    std::future::pending()
}

impl World {
    fn open_port(&self, task: &Arc<Task>) -> Option<io::Result<Box<dyn Listener>>> {
        let mut state = self.lock();
        if !state.is_alive(task.life) {
            return None;
        }
        let port = state.net.listeners.entry(task.node.clone()).or_default();
        if port.life != LifeId(0) {
            return Some(Err(io::Error::new(io::ErrorKind::AddrInUse, "address in use")));
        }
        *port = ListenerState { life: task.life, ..ListenerState::default() };
        Some(Ok(Box::new(Port::new(self.weak(), task.node.clone(), task.life))))
    }

    fn dial(&self, task: &Arc<Task>, to: &str) -> Option<crate::net::ConnId> {
        let mut state = self.lock();
        if !state.is_alive(task.life) {
            return None;
        }
        let label = state.label(task.life);
        let of = draw::of(&format!("dial {label} {} {to}", task.name));
        let n = state.count(of);
        let hash = of.wrapping_add(u128::from(n));
        let to = state.reached(&task.node, to, hash);
        let id = state.net.next_id();
        let end = |node: Arc<str>, life| crate::net::EndState { node, life, gone: false, failure: None };
        let conn = Conn {
            hash,
            client: end(task.node.clone(), Some(task.life)),
            server: end(to, None),
            to_server: Direction::default(),
            to_client: Direction::default(),
            established: false,
            dialler: None,
        };
        state.net.conns.insert(id, conn);
        state.send(id, Side::Server, Item::Syn);
        Some(id)
    }

    /// The only place where a task begins, so that every task belongs to a life.
    #[allow(clippy::disallowed_methods)]
    fn spawn_guarded(&self, task: &Arc<Task>, guarded: impl Future<Output = ()> + Send + 'static) {
        if tracing::level_filters::LevelFilter::current() == tracing::level_filters::LevelFilter::OFF {
            madsim::task::spawn(guarded);
        } else {
            let label = self.lock().label(task.life);
            let span = tracing::info_span!(parent: None, "task", node = &*label, task = &*task.name);
            madsim::task::spawn(guarded.instrument(span));
        }
    }

    fn panicked(&self, task: &Arc<Task>, words: &str) {
        let mut state = self.lock();
        if state.is_alive(task.life) {
            let label = state.label(task.life);
            state.panics.push(Panic { words: format!("{label} {}: {words}", task.name), recovered: false });
            let node = task.node.clone();
            state.kill(&node, Death::Crash, task.take_seen());
        }
    }
}

impl State {
    /// The wall clock of a node, in its own offset.
    pub fn wall(&self, node: &str) -> DateTime<FixedOffset> {
        let micros = EPOCH_S * 1_000_000 + i64::try_from(self.gate.now_us()).unwrap_or(i64::MAX / 4);
        let shown = micros + self.clock_error_us(node);
        let utc = DateTime::from_timestamp_micros(shown).expect("a run ends before the year 10000");
        let set = self.nodes.get(node).map_or(0, |node| node.machine.utc_offset.0);
        let minutes = self.utc_offset(node).unwrap_or(set);
        let offset = FixedOffset::east_opt(minutes * 60).expect("an offset is less than a day");
        utc.with_timezone(&offset)
    }

    /// Which node a dial reaches. Whoever dials the platform reaches one of its instances: the one that the
    /// dialling machine is set to, or whichever of those that run the load balancer gives it.
    fn reached(&self, from: &str, to: &str, dial: u128) -> Arc<str> {
        let instances = || self.nodes.iter().filter(|(name, _)| Node::original(name) == to);
        if instances().nth(1).is_none() {
            return to.into();
        }
        let set = self.nodes.get(from).map(|node| node.machine.dials.as_str()).unwrap_or_default();
        if let Some((name, _)) = instances().find(|(name, _)| &***name == set) {
            return name.clone();
        }
        let running: Vec<_> = instances().filter(|(_, node)| node.life.is_some()).collect();
        let most = u64::try_from(running.len()).unwrap_or(u64::MAX);
        if most == 0 {
            return to.into();
        }
        let at = self.draws.within("balance", dial, &(0..most));
        usize::try_from(at)
            .ok()
            .and_then(|at| running.get(at))
            .map_or_else(|| to.into(), |(name, _)| (*name).clone())
    }

    /// What addresses call a life.
    pub fn label(&self, life: LifeId) -> Arc<str> {
        self.lives.get(&life).map_or_else(|| "unknown".into(), |life| life.label.clone())
    }
}
