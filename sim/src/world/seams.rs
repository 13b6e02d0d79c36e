//! The calls of the actors: turns, dials, waits, identifiers, tasks.

use std::any::Any;
use std::io;
use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use driftless_model::cx::{
    self, At, BoxFuture, Connection, CrossingId, Handle, LifeId, Listener, Mint, Phase, Record, Subject,
    Task, Turn, Wait,
};
use futures::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use crate::address::Address;
use crate::draw;
use crate::gate::{Called, Entry, Place, Ticket, Wakes, What};
use crate::net::{Conn, Direction, Item, ListenerState, Port, Side};
use crate::panics::{self, Panic};
use crate::plan::Node;

use super::lives::Death;
use super::strikes::Strike;
use super::{Dying, HOUSEKEEPING, State, World, micros};

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
                Some((fault, waiting)) => {
                    waiting.called().await;
                    Some(fault)
                }
                None => None,
            };
            match self.begin(task, address, at, delayed) {
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

/// An entry of the gate that a task waits for. Dropping it takes the entry out.
struct Waiting<'a> {
    world: &'a World,
    ticket: Arc<Ticket>,
    place: Place,
    done: bool,
}

impl Waiting<'_> {
    async fn called(mut self) {
        Called(&self.ticket).await;
        self.done = true;
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.world.lock().gate.forget(self.place);
        }
    }
}

impl World {
    fn queue_crossing(&self, task: &Arc<Task>, at: At<'_>) -> Option<(Address, Waiting<'_>)> {
        let mut state = self.lock();
        if !state.is_alive(task.life) {
            return None;
        }
        let address = state.address(task, at)?;
        let mut after = state.draws.within("crossing", address.hash(), state.range(&address));
        if let Some(plant) = state.plant {
            after += plant.delay_us();
        }
        if address.site.starts_with("boot.") {
            after += state.slow_boot_us(address.node_name());
        }
        let periodic = matches!(at, At::Site { nth: Some(_), .. });
        let time = state.gate.now_us() + after;
        let waiting = state.queue(task.life, time, periodic, address.clone(), self)?;
        Some((address, waiting))
    }

    /// A crossing is reached: windows open and close with it, before it has any effect.
    fn reach(&self, task: &Arc<Task>, address: &Address, at: At<'_>) {
        let mut state = self.lock();
        if !state.asks_no_faults && state.is_alive(task.life) {
            let mut causes = task.seen();
            if let At::Phase { begun, .. } = at {
                causes.push(begun);
            }
            state.turn_windows(address, &causes);
        }
    }

    /// The turn has come, but with it the life stands still: then it waits until that is over.
    fn stand_still(&self, task: &Arc<Task>, address: &Address) -> Option<Waiting<'_>> {
        let mut state = self.lock();
        if state.asks_no_faults || !state.stands_still(task.life) {
            return None;
        }
        let now = state.gate.now_us();
        state.queue(task.life, now, false, address.clone(), self)
    }

    /// The turn has come, but a fault may hold it up: then it waits once more.
    fn hold_up(&self, task: &Arc<Task>, address: &Address) -> Option<(usize, Waiting<'_>)> {
        let mut state = self.lock();
        if state.asks_no_faults {
            return None;
        }
        let (fault, by_us) = state.held_up(address)?;
        let until = state.gate.now_us() + by_us;
        let waiting = state.queue(task.life, until, false, address.clone(), self)?;
        Some((fault, waiting))
    }

    /// The turn has come: the faults decide how it passes, and the history has a new line.
    fn begin(&self, task: &Arc<Task>, address: Address, at: At<'_>, delayed: Option<usize>) -> Option<Turn> {
        let mut state = self.lock();
        if !state.is_alive(task.life) {
            return None;
        }
        if let At::Phase { begun, phase: Phase::AnswerReceived } = at {
            // A life that was to die with its question has not been able to ask it.
            state.die_with_bytes(begun, task.life);
            if !state.is_alive(task.life) {
                return None;
            }
        }
        let mut causes = task.take_seen();
        if let At::Phase { begun, phase } = at {
            let cause = match phase {
                Phase::AnswerReceived => state.answered.get(&begun).copied().unwrap_or(begun),
                Phase::Sent | Phase::Received | Phase::Answered => begun,
            };
            if cause != CrossingId(0) && !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        let id = state.history.next_id();
        let answered = match at {
            // Of a request that arrives twice the first answer is the one that is heard.
            At::Phase { begun, phase: Phase::Answered } => {
                state.answered.entry(begun).or_insert(id);
                None
            }
            At::Phase { begun, phase: Phase::AnswerReceived } => state.answered.get(&begun).copied(),
            At::Phase { phase: Phase::Sent | Phase::Received, .. } | At::Site { .. } => None,
        };
        state.watches.reached(&address, id);
        let strike = match state.asks_no_faults {
            false => state.struck(&address, answered, delayed),
            true => Strike::none(),
        };
        let now = state.gate.now_us();
        let writes = match at {
            At::Site { .. } => address.phase.map(|_| id),
            At::Phase { begun, phase: Phase::Answered } => Some(begun),
            At::Phase { phase: Phase::Sent | Phase::Received | Phase::AnswerReceived, .. } => None,
        };
        state.history.begin(now, address, causes, strike.fault);
        let restart_us = strike.restart_us;
        let dying = |how, writes| Dying { crossing: id, life: task.life, how, restart_us, writes };
        if let Some(how) = strike.before {
            state.finish(
                id,
                Record { failed: Some("the process died before it".into()), ..Record::default() },
            );
            state.die(dying(how, None));
            return None;
        }
        if let Some(how) = strike.after {
            state.dying.push(dying(how, writes));
        }
        let passage = strike.passage;
        Some(Turn { id, passage, record: Record::default() })
    }

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

    fn address(&mut self, task: &Arc<Task>, at: At<'_>) -> Option<Address> {
        match at {
            At::Phase { begun, phase } => self.history.get(begun).map(|begun| begun.address.at(phase)),
            At::Site { site, peer, subject, nth } => {
                let is_exchange = site.starts_with("http.") || site.starts_with("ws.");
                let address = Address {
                    node: self.label(task.life),
                    task: task.name.clone(),
                    site,
                    peer: peer.map(Into::into),
                    subject: self.names.subject(subject),
                    n: 0,
                    phase: is_exchange.then_some(Phase::Sent),
                };
                let n = nth.unwrap_or_else(|| self.count(address.series_hash()));
                Some(Address { n, ..address })
            }
        }
    }

    fn range(&self, address: &Address) -> &Range<u64> {
        let latencies = &self.settings.latencies;
        match address.site.split('.').next() {
            Some("store" | "hub") => &latencies.storage,
            Some("boot") => &latencies.boot,
            _ => &latencies.local,
        }
    }

    fn queue<'a>(
        &mut self,
        life: LifeId,
        time_us: u64,
        periodic: bool,
        address: Address,
        world: &'a World,
    ) -> Option<Waiting<'a>> {
        if !self.is_alive(life) {
            return None;
        }
        let ticket = Arc::<Ticket>::default();
        let order = self.draws.order(address.hash());
        let entry = Entry { life, periodic, what: What::Task(address), wakes: Wakes::Task(ticket.clone()) };
        let place = self.gate.wait(time_us, order, entry);
        Some(Waiting { world, ticket, place, done: false })
    }

    /// A crossing has had its effect.
    fn finish(&mut self, id: CrossingId, record: Record) {
        let speaks = |change: &driftless_model::store::Change| !HOUSEKEEPING.contains(&change.table);
        if record.changes.iter().any(speaks) && !self.is_of_unhealed(id) {
            self.changed_us = self.gate.now_us();
        }
        self.history.end(id, record);
        self.watch();
    }
}
