//! The gate: one queue for everything that waits, and the only clock.
//!
//! Three kinds of things wait: a crossing, the arrival of what a link carries, and the end of a wait given
//! out by the clock seam. The driver takes the entry lowest in (time, hash of its address), sets the clock
//! and wakes it; when every task waits again it takes the next. The order of things of one instant is drawn
//! by hash, so another seed tries another order, and what doesn't depend on one another keeps its time.
//!
//! Knows nothing of lives, links or actors beyond their numbers.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use driftless_model::cx::LifeId;

use crate::address::Address;
use crate::net::Arrival;

/// Where an entry stands in the queue.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// When its turn comes, in microseconds since the run began.
    pub time_us: u64,
    order: u128,
    // Two entries of one address and one instant are a slip of an actor, not a reason to lose one.
    sequence: u64,
}

/// Something that waits.
#[derive(Debug)]
pub struct Entry {
    /// The life that waits; zero for the world itself.
    pub life: LifeId,
    /// Whether it belongs to a series that never ends.
    pub periodic: bool,
    /// What it is, for people.
    pub what: What,
    /// Who is woken.
    pub wakes: Wakes,
}

/// What waits, for people.
#[derive(Clone, Debug)]
pub enum What {
    /// A crossing or a wait of a task.
    Task(Address),
    /// Something on its way from one node to another.
    Transit {
        /// The sender.
        from: Arc<str>,
        /// The receiver.
        to: Arc<str>,
    },
    /// Something that the world itself has to do.
    Errand(Errand),
}

/// What the world itself has to do at some time, for the fault of that place in the plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Errand {
    /// Open its window.
    Open(usize),
    /// Close its window.
    Close(usize),
    /// Let a process die once more.
    Again(usize),
    /// Keep what a database holds.
    Snapshot(usize),
    /// Start a process that a fault has ended.
    Start(Arc<str>),
}

/// Who is woken when its turn comes.
#[derive(Debug)]
pub enum Wakes {
    /// A task.
    Task(Arc<Ticket>),
    /// Nobody: the world itself delivers.
    Link(Arrival),
    /// Nobody: the world itself does it.
    World(Errand),
}

/// The queue and its clock.
#[derive(Debug, Default)]
pub struct Gate {
    now_us: u64,
    queue: BTreeMap<Place, Entry>,
    sequence: u64,
}

impl Gate {
    /// The time, in microseconds since the run began.
    pub fn now_us(&self) -> u64 {
        self.now_us
    }

    /// Lets something wait until `time_us`, in an order among its equals that `order` decides.
    pub fn wait(&mut self, time_us: u64, order: u128, entry: Entry) -> Place {
        self.sequence += 1;
        let place = Place { time_us: time_us.max(self.now_us), order, sequence: self.sequence };
        self.queue.insert(place, entry);
        place
    }

    /// Takes the next entry and sets the clock to its time.
    pub fn take(&mut self) -> Option<Entry> {
        let (place, entry) = self.queue.pop_first()?;
        self.now_us = place.time_us;
        Some(entry)
    }

    /// When the next entry's turn comes.
    pub fn next_us(&self) -> Option<u64> {
        self.queue.first_key_value().map(|(place, _)| place.time_us)
    }

    /// Takes an entry out before its turn.
    pub fn forget(&mut self, place: Place) {
        self.queue.remove(&place);
    }

    /// Takes out every entry of a life that has ended.
    pub fn drop_life(&mut self, life: LifeId) {
        self.queue.retain(|_, entry| entry.life != life);
    }

    /// Everything that waits, in order.
    pub fn waiting(&self) -> impl Iterator<Item = (u64, &Entry)> {
        self.queue.iter().map(|(place, entry)| (place.time_us, entry))
    }
}

/// What a waiting task holds: it becomes ready when its turn comes.
#[derive(Debug, Default)]
pub struct Ticket(Mutex<(bool, Option<Waker>)>);

impl Ticket {
    /// Its turn has come.
    pub fn call(&self) {
        let mut ticket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ticket.0 = true;
        if let Some(waker) = ticket.1.take() {
            waker.wake();
        }
    }
}

/// Waits until a ticket is called.
pub struct Called<'a>(pub &'a Ticket);

impl Future for Called<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut ticket = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ticket.0 {
            return Poll::Ready(());
        }
        ticket.1 = Some(cx.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(life: u64, periodic: bool) -> Entry {
        let what = What::Transit { from: "a".into(), to: "b".into() };
        Entry { life: LifeId(life), periodic, what, wakes: Wakes::Task(Arc::default()) }
    }

    #[test]
    fn entries_come_by_time_and_then_by_the_order_drawn_for_them() {
        let mut gate = Gate::default();
        gate.wait(20, 1, entry(1, false));
        gate.wait(10, 9, entry(2, false));
        gate.wait(10, 3, entry(3, false));
        let lives: Vec<_> = std::iter::from_fn(|| gate.take().map(|e| e.life.0)).collect();
        assert_eq!(lives, [3, 2, 1]);
        assert_eq!(gate.now_us(), 20);
    }

    #[test]
    fn the_clock_never_goes_back() {
        let mut gate = Gate::default();
        gate.wait(50, 0, entry(1, false));
        gate.take();
        gate.wait(10, 0, entry(1, false));
        gate.take();
        assert_eq!(gate.now_us(), 50);
    }

    #[test]
    fn what_is_forgotten_or_of_a_life_that_ended_never_has_its_turn() {
        let mut gate = Gate::default();
        let place = gate.wait(1, 0, entry(1, false));
        gate.wait(2, 0, entry(1, true));
        gate.forget(place);
        assert_eq!(gate.waiting().map(|(time_us, _)| time_us).collect::<Vec<_>>(), [2]);
        gate.wait(3, 0, entry(2, false));
        gate.drop_life(LifeId(1));
        assert_eq!((gate.take().map(|e| e.life.0), gate.take().map(|e| e.life.0)), (Some(2), None));
    }
}
