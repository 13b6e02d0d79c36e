//! A crossing from its call to its effect: it is queued, reached, perhaps held up, and begins.

use std::ops::Range;
use std::sync::Arc;

use driftless_model::cx::{At, CrossingId, LifeId, Phase, Record, Task, Turn};
use driftless_model::store::Change;

use crate::address::Address;
use crate::gate::{Called, Entry, Place, Ticket, Wakes, What};
use crate::history::HOUSEKEEPING;

use super::strikes::Strike;
use super::{Dying, State, World};

/// An entry of the gate that a task waits for. Dropping it takes the entry out.
pub(super) struct Waiting<'a> {
    world: &'a World,
    ticket: Arc<Ticket>,
    place: Place,
    done: bool,
}

impl Waiting<'_> {
    pub(super) async fn called(mut self) {
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
    pub(super) fn queue_crossing(&self, task: &Arc<Task>, at: At<'_>) -> Option<(Address, Waiting<'_>)> {
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
    pub(super) fn reach(&self, task: &Arc<Task>, address: &Address, at: At<'_>) {
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
    pub(super) fn stand_still(&self, task: &Arc<Task>, address: &Address) -> Option<Waiting<'_>> {
        let mut state = self.lock();
        if state.asks_no_faults || !state.stands_still(task.life) {
            return None;
        }
        let now = state.gate.now_us();
        state.queue(task.life, now, false, address.clone(), self)
    }

    /// The turn has come, but a fault may hold it up: then it waits once more.
    pub(super) fn hold_up(&self, task: &Arc<Task>, address: &Address) -> Option<(Vec<usize>, Waiting<'_>)> {
        let mut state = self.lock();
        if state.asks_no_faults {
            return None;
        }
        let (faults, by_us) = state.held_up(address);
        if faults.is_empty() {
            return None;
        }
        let until = state.gate.now_us() + by_us;
        let waiting = state.queue(task.life, until, false, address.clone(), self)?;
        Some((faults, waiting))
    }

    /// The turn has come: the faults decide how it passes, and the history has a new line.
    pub(super) fn begin(
        &self,
        task: &Arc<Task>,
        address: Address,
        at: At<'_>,
        delayed: &[usize],
    ) -> Option<Turn> {
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
        let arrives = match at {
            At::Phase { begun, phase: Phase::Received } => Some(begun),
            At::Phase { .. } | At::Site { .. } => answered,
        };
        state.watches.reached(&address, id);
        let strike = match state.asks_no_faults {
            false => state.struck(&address, arrives, delayed),
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
}

impl State {
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

    pub(super) fn queue<'a>(
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
    pub(super) fn finish(&mut self, id: CrossingId, record: Record) {
        let speaks = |change: &Change| !HOUSEKEEPING.contains(&change.table);
        if record.changes.iter().any(speaks) && !self.is_of_unhealed(id) {
            self.changed_us = self.gate.now_us();
        }
        self.history.end(id, record);
        self.watch();
    }
}
