//! The links between nodes, with the behaviour of a real network where it matters.
//!
//! A connection is two directions, each a queue of segments that arrive in order. Only the head of each
//! direction waits in the gate. A segment that is due while its link is cut is sent again after 200 ms, then
//! 400 ms, and so on to two minutes, as TCP does; after 15 attempts the connection has timed out. Dialling
//! has its own pace: a SYN is repeated after 1, 2, 4 s and given up after six, and so it is where only its
//! answer is lost.
//!
//! A crashed process resets its connections; a machine without power says nothing, and answers with a reset
//! once it is up again. Send buffer and receive window are one bound on the bytes of a direction that were
//! written and not yet read. Windows open at once: the update has no latency of its own. Segments are never
//! lost singly or reordered, since TCP would hide it. `docs/links.md` holds all this against a real kernel.

mod conn;
mod stream;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::task::Waker;

use driftless_model::cx::LifeId;
use xxhash_rust::xxh3::xxh3_128;

pub use conn::{Conn, ConnId, Direction, EndState, Failure, Item, Segment, Side};
pub(crate) use stream::connection;
pub use stream::{End, Port, WireEnd};

/// The head of a direction is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arrival {
    /// The connection.
    pub conn: ConnId,
    /// The side it travels to.
    pub to: Side,
}

/// Every connection, listener and cut link.
#[derive(Debug, Default)]
pub struct Net {
    /// The connections that some process still holds, or that still carry something.
    pub conns: BTreeMap<ConnId, Conn>,
    /// The open ports by node.
    pub listeners: BTreeMap<Arc<str>, ListenerState>,
    /// The cut links, as (from, to).
    pub cuts: BTreeSet<(Arc<str>, Arc<str>)>,
    /// Grows whenever a connection is made or ends.
    pub version: u64,
    /// A hash of all the bytes that were written so far, if somebody wants to know.
    pub bytes: Option<u128>,
    last: u64,
}

/// An open port.
#[derive(Debug, Default)]
pub struct ListenerState {
    /// The life that opened it.
    pub life: LifeId,
    /// Connections nobody has accepted yet.
    pub waiting: VecDeque<ConnId>,
    /// Who waits for one.
    pub waker: Option<Waker>,
}

impl Net {
    /// The number of the next connection.
    pub fn next_id(&mut self) -> ConnId {
        self.last += 1;
        ConnId(self.last)
    }

    /// Bytes are written on a connection, of which `hash` says which it is.
    pub fn count_bytes(&mut self, hash: u128, side: Side, data: &[u8]) {
        if let Some(before) = self.bytes {
            let head = [before.to_le_bytes(), hash.to_le_bytes()].concat();
            self.bytes = Some(xxh3_128(&[&head, [side as u8].as_slice(), data].concat()));
        }
    }

    /// Whether nothing gets through from one node to another.
    pub fn is_cut(&self, from: &Arc<str>, to: &Arc<str>) -> bool {
        !self.cuts.is_empty() && self.cuts.contains(&(from.clone(), to.clone()))
    }

    /// Forgets a connection that both processes have let go of and that carries nothing any more.
    pub fn sweep(&mut self, id: ConnId) {
        if self.conns.get(&id).is_some_and(Conn::is_over) {
            self.conns.remove(&id);
        }
    }
}
