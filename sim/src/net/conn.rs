//! One connection: two directions, their segments, and how each side sees its end.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::task::Waker;

use driftless_model::cx::{CrossingId, LifeId};

use crate::gate::Place;

/// The number of a connection within a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ConnId(pub u64);

/// One of the two ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Side {
    /// The end that dialled.
    Client,
    /// The end that accepted.
    Server,
}

impl Side {
    /// The other end.
    pub fn other(self) -> Side {
        match self {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        }
    }
}

/// What a segment carries.
#[derive(Clone, Debug)]
pub enum Item {
    /// The request for a connection.
    Syn,
    /// Its acceptance.
    SynAck,
    /// The last of the three, upon which the server's process sees the connection.
    Ack,
    /// Bytes.
    Data(Vec<u8>),
    /// No more bytes will come.
    Fin,
    /// The connection is over.
    Rst,
}

impl Item {
    /// How many bytes of a stream it carries.
    pub fn bytes(&self) -> usize {
        match self {
            Item::Data(data) => data.len(),
            Item::Syn | Item::SynAck | Item::Ack | Item::Fin | Item::Rst => 0,
        }
    }
}

/// A segment on its way.
#[derive(Debug)]
pub struct Segment {
    /// When it arrives, in microseconds since the run began.
    pub due_us: u64,
    /// When it would have arrived if no fault had held it back.
    pub plain_us: u64,
    /// Its order among what arrives at the same instant.
    pub order: u128,
    /// What it carries.
    pub item: Item,
}

/// How a connection ended badly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// Nobody listens there.
    Refused,
    /// The peer has reset it.
    Reset,
    /// Nothing was acknowledged for too long.
    TimedOut,
}

impl Failure {
    /// As the socket reports it.
    pub fn error(self) -> io::Error {
        let (kind, words) = match self {
            Failure::Refused => (io::ErrorKind::ConnectionRefused, "connection refused"),
            Failure::Reset => (io::ErrorKind::ConnectionReset, "connection reset by peer"),
            Failure::TimedOut => (io::ErrorKind::TimedOut, "connection timed out"),
        };
        io::Error::new(kind, words)
    }
}

/// What travels to one side, and what that side has not yet read.
#[derive(Debug, Default)]
pub struct Direction {
    /// Segments on their way, in order.
    pub segments: VecDeque<Segment>,
    /// Where the head waits in the gate, if it does.
    pub queued: Option<Place>,
    /// Whether a fault holds the head, which then waits nowhere.
    pub held: bool,
    /// Whether bytes have vanished from it, so that what follows makes no sense to the receiver.
    pub torn: bool,
    /// Whether the machine that sends has lost its power since: what doesn't arrive now is not sent again.
    pub orphaned: bool,
    /// How often the head was sent in vain.
    pub attempts: u32,
    /// Bytes that have arrived and were not read.
    pub inbox: VecDeque<Vec<u8>>,
    /// Bytes written and not yet read.
    pub bytes: usize,
    /// Whether the end of the stream has arrived.
    pub ended: bool,
    /// Whether the writer has said that no more will come.
    pub shut: bool,
    /// The exchanges and frames that were begun and not yet taken at the other end.
    pub begun: VecDeque<CrossingId>,
    /// What the bytes being written belong to: the hash of its address.
    pub label: Option<u128>,
    /// How many segments were sent in this direction.
    pub sent: u64,
    /// Who waits to read.
    pub reader: Option<Waker>,
    /// Who waits to write.
    pub writer: Option<Waker>,
}

/// One end as its machine sees it.
#[derive(Clone, Debug)]
pub struct EndState {
    /// The node.
    pub node: Arc<str>,
    /// The life that holds it; none before the server has accepted.
    pub life: Option<LifeId>,
    /// Whether the process has let go of it, or is gone.
    pub gone: bool,
    /// How it ended, if badly.
    pub failure: Option<Failure>,
}

/// A connection.
#[derive(Debug)]
pub struct Conn {
    /// The hash of (from, to, cause of the dial).
    pub hash: u128,
    /// The end that dialled.
    pub client: EndState,
    /// The end that accepted.
    pub server: EndState,
    /// What travels to the server.
    pub to_server: Direction,
    /// What travels to the client.
    pub to_client: Direction,
    /// Whether the client has its connection.
    pub established: bool,
    /// Who waits for it.
    pub dialler: Option<Waker>,
}

impl Conn {
    /// The end on that side.
    pub fn end(&self, side: Side) -> &EndState {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The end on that side.
    pub fn end_mut(&mut self, side: Side) -> &mut EndState {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    /// What travels to that side.
    pub fn to(&self, side: Side) -> &Direction {
        match side {
            Side::Client => &self.to_client,
            Side::Server => &self.to_server,
        }
    }

    /// What travels to that side.
    pub fn to_mut(&mut self, side: Side) -> &mut Direction {
        match side {
            Side::Client => &mut self.to_client,
            Side::Server => &mut self.to_server,
        }
    }

    /// Ends the connection for one side, which then sees `failure` after what it has still to read.
    pub fn fail(&mut self, side: Side, failure: Failure) {
        self.end_mut(side).failure.get_or_insert(failure);
        let wakers = [
            self.to_mut(side).reader.take(),
            self.to_mut(side.other()).writer.take(),
            if side == Side::Client { self.dialler.take() } else { None },
        ];
        for waker in wakers.into_iter().flatten() {
            waker.wake();
        }
    }

    /// Whether nobody holds it and nothing is on its way.
    pub fn is_over(&self) -> bool {
        self.client.gone
            && self.server.gone
            && self.to_client.segments.is_empty()
            && self.to_server.segments.is_empty()
    }
}
