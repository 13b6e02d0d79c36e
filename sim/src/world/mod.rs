//! The simulated world: what answers on the other side of the actors' seams.
//!
//! What a run's world consists of is in one [`State`] behind one lock, taken for the length of one call and never
//! across a wait; one thread runs everything, so the lock is a formality that the types ask for. What is in
//! it: the gate, the links, the lives of the nodes, the names, the faults that are still to come, and the
//! history. The calls of the actors are in `seams` and `crossings`, what travels on links in `traffic`, births and deaths
//! in [`lives`]; what goes wrong in `faults` and their `windows`, `strikes` (at crossings), `answers` (what arrives of calls),
//! `weather` (on links) and `machines` (at nodes); what the end of the faults doesn't reach in `healing`.

pub(crate) mod answers;
pub(crate) mod bodies;
mod crossings;
mod faults;
mod healing;
pub mod lives;
mod machines;
mod seams;
mod strikes;
#[cfg(test)]
mod tests;
mod traffic;
mod watches;
mod weather;
mod windows;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use driftless_model::cx::{CrossingId, LifeId, Record};

use crate::address::Address;
use crate::draw::Draws;
use crate::fault::Fault;
use crate::gate::Gate;
use crate::history::History;
use crate::names::Names;
use crate::net::Net;
use crate::panics::Panic;
use crate::plant::Plant;
use crate::settings::WorldSettings;

pub use faults::Faults;
pub use lives::{Death, Life, NodeState, Request};
use watches::Watches;

/// The simulated world of one run.
pub struct World {
    state: Mutex<State>,
    me: Weak<World>,
}

/// A crossing under way with which a life ends.
#[derive(Clone, Copy, Debug)]
struct Dying {
    crossing: CrossingId,
    life: LifeId,
    how: Death,
    /// After how long the next life is started, in microseconds.
    restart_us: Option<u64>,
    /// The exchange or the frame whose bytes are handed over first, if the crossing's effect is that they are.
    writes: Option<CrossingId>,
}

/// How long things take, in microseconds.
#[derive(Clone, Debug)]
pub struct Latencies {
    /// A statement, a commit, a hub operation.
    pub storage: Range<u64>,
    /// One way over a link.
    pub link: Range<u64>,
    /// A boot step.
    pub boot: Range<u64>,
    /// A process taking up what it has to do.
    pub local: Range<u64>,
}

/// What the lock guards.
pub struct State {
    /// The queue and the clock.
    pub gate: Gate,
    /// The links.
    pub net: Net,
    /// The nodes, by name.
    pub nodes: BTreeMap<Arc<str>, NodeState>,
    /// Which node a life is of.
    pub lives: BTreeMap<LifeId, Life>,
    /// What the plan calls things.
    pub names: Names,
    /// What has happened.
    pub history: History,
    /// The plan's faults as they go.
    pub faults: Faults,
    /// Whether crossings and segments pass as if there were no faults to ask; only to measure what asking costs.
    pub asks_no_faults: bool,
    /// The steps that wait for a crossing.
    pub(crate) watches: Watches,
    /// Where random numbers come from.
    pub draws: Draws,
    /// The world's settings.
    pub settings: Settings,
    /// What the driver has still to do to the executor's nodes.
    pub requests: Vec<Request>,
    /// When something last changed that properties speak of, in microseconds.
    pub changed_us: u64,
    /// Panics of actors.
    pub panics: Vec<Panic>,
    /// Non-determinism put in on purpose.
    pub plant: Option<Plant>,
    /// Whether the run is over and every call is to be ignored.
    pub over: bool,
    answered: BTreeMap<CrossingId, CrossingId>,
    counts: BTreeMap<u128, u64>,
    /// Crossings under way with which a life ends.
    dying: Vec<Dying>,
    seen_version: u64,
}

/// The settings in the form in which the world uses them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long things take.
    pub latencies: Latencies,
    /// Bytes of a direction that may be written and not yet read.
    pub connection_buffer_bytes: usize,
    /// The pace of a person, in microseconds.
    pub pace_us: u64,
    /// How long nothing may change before the world is at rest, in microseconds.
    pub settle_quiet_us: u64,
    /// How long that may take, in microseconds.
    pub settle_limit_us: u64,
    /// How long the world is watched after that, at the end of a run, in microseconds.
    pub settle_window_us: u64,
}

/// Whole microseconds.
pub fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

impl From<&WorldSettings> for Settings {
    fn from(from: &WorldSettings) -> Self {
        let range = |min: Duration, max: Duration| micros(min)..micros(max).max(micros(min));
        Settings {
            latencies: Latencies {
                storage: range(from.storage_min, from.storage_max),
                link: range(from.link_min, from.link_max),
                boot: range(from.boot_min, from.boot_max),
                local: range(from.local_min, from.local_max),
            },
            connection_buffer_bytes: usize::try_from(from.connection_buffer_bytes)
                .unwrap_or(usize::MAX)
                .max(1),
            pace_us: micros(from.pace),
            settle_quiet_us: micros(from.settle_quiet),
            settle_limit_us: micros(from.settle_limit),
            settle_window_us: micros(from.settle_window),
        }
    }
}

impl World {
    /// A world in which nothing has happened yet.
    pub fn new(seed: u64, settings: &WorldSettings, faults: Vec<Fault>) -> Arc<World> {
        let draws = Draws::new(seed);
        let state = State {
            gate: Gate::default(),
            net: Net::default(),
            nodes: BTreeMap::new(),
            lives: BTreeMap::new(),
            names: Names::new(draws),
            history: History::default(),
            faults: Faults::new(faults),
            asks_no_faults: false,
            watches: Watches::default(),
            draws,
            settings: settings.into(),
            requests: Vec::new(),
            changed_us: 0,
            panics: Vec::new(),
            plant: None,
            over: false,
            answered: BTreeMap::new(),
            counts: BTreeMap::new(),
            dying: Vec::new(),
            seen_version: 0,
        };
        Arc::new_cyclic(|me| World { state: Mutex::new(state), me: me.clone() })
    }

    /// The state, for the length of one call.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A reference that doesn't keep the world alive.
    pub fn weak(&self) -> Weak<World> {
        self.me.clone()
    }
}

impl State {
    /// Whether that life goes on.
    pub fn is_alive(&self, life: LifeId) -> bool {
        !self.over && self.lives.get(&life).is_some_and(|life| life.alive)
    }

    /// Which of several that are alike this one is, from 1.
    pub fn count(&mut self, series: u128) -> u64 {
        let n = self.counts.entry(series).or_insert(0);
        *n += 1;
        *n
    }

    /// Puts something into the history that is no actor's crossing: a node's or a link's fate.
    pub fn happened(
        &mut self,
        node: &str,
        site: &'static str,
        peer: Option<&str>,
        causes: Vec<CrossingId>,
    ) -> CrossingId {
        self.happened_so(node, site, peer, causes, Record::default())
    }

    /// The same, with more to say of it.
    fn happened_so(
        &mut self,
        node: &str,
        site: &'static str,
        peer: Option<&str>,
        causes: Vec<CrossingId>,
        record: Record,
    ) -> CrossingId {
        let address = Address {
            node: node.into(),
            task: "".into(),
            site,
            peer: peer.map(Into::into),
            subject: None,
            n: 1,
            phase: None,
        };
        let n = self.count(address.series_hash());
        let id = self.history.next_id();
        self.history.begin(self.gate.now_us(), Address { n, ..address }, causes, None);
        self.history.end(id, record);
        if !self.is_never_healed(node.split('@').next().unwrap_or_default()) {
            self.changed_us = self.gate.now_us();
        }
        id
    }

    /// Notes a change of what properties speak of outside the databases: memory, routes, connections.
    pub fn watch(&mut self) {
        let healed = self.nodes.iter().filter(|(name, _)| !self.is_never_healed(name));
        let projections = healed.filter_map(|(_, node)| node.projections.as_ref());
        let version = projections.map(|p| p.version()).sum::<u64>() + self.net.version;
        if version != self.seen_version {
            self.seen_version = version;
            self.changed_us = self.gate.now_us();
        }
    }
}
