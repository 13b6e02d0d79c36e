//! Crossings: where one is, how the world lets it pass, and what it did.

use bytes::Bytes;
use uuid::Uuid;

use crate::store::{Change, Disturbance};

/// One crossing of one run, numbered in the order in which they took effect.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct CrossingId(pub u64);

impl CrossingId {
    /// In the place of the crossing that began a frame which nobody is to see at the other end.
    pub const UNSEEN: CrossingId = CrossingId(u64::MAX);
}

/// One life of a node: from a start to the next crash, shutdown or end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct LifeId(pub u64);

/// What a crossing is about, in the actor's own terms. The world knows the plan's name for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject<'a> {
    /// Nothing in particular, or many things.
    None,
    /// A thing known by its identifier.
    Id(Uuid),
    /// A thing known by its name, such as a handle in a path.
    Name(&'a str),
}

impl From<Uuid> for Subject<'_> {
    fn from(id: Uuid) -> Self {
        Subject::Id(id)
    }
}

impl<'a> From<&'a str> for Subject<'a> {
    fn from(name: &'a str) -> Self {
        Subject::Name(name)
    }
}

/// A later moment of an exchange that another crossing began.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Phase {
    /// The request or frame leaves.
    Sent,
    /// The request or frame has arrived at its receiver.
    Received,
    /// The answer leaves.
    Answered,
    /// The answer has arrived at the caller.
    AnswerReceived,
}

/// Where a crossing happens.
#[derive(Clone, Copy, Debug)]
pub enum At<'a> {
    /// A crossing that begins here.
    Site {
        /// What is done, such as `http.artifacts-exists` or `store.delete-artifact`.
        site: &'static str,
        /// The node at the other end, if there is one.
        peer: Option<&'a str>,
        /// What it is about.
        subject: Subject<'a>,
        /// The ordinal of a periodic crossing, counted in periods since the life began.
        nth: Option<u64>,
    },
    /// A later phase of an exchange begun elsewhere.
    Phase {
        /// The crossing that sent it.
        begun: CrossingId,
        /// Which moment this is.
        phase: Phase,
    },
}

impl<'a> At<'a> {
    /// A crossing at `site` about nothing in particular.
    pub fn site(site: &'static str) -> Self {
        At::Site { site, peer: None, subject: Subject::None, nth: None }
    }

    /// The same crossing, about `subject`.
    pub fn about(self, about: impl Into<Subject<'a>>) -> Self {
        match self {
            At::Site { site, peer, nth, .. } => At::Site { site, peer, subject: about.into(), nth },
            phase => phase,
        }
    }

    /// The same crossing, towards `peer`.
    pub fn to(self, to: &'a str) -> Self {
        match self {
            At::Site { site, subject, nth, .. } => At::Site { site, peer: Some(to), subject, nth },
            phase => phase,
        }
    }

    /// The same crossing as the `n`th of a periodic series.
    pub fn nth(self, n: u64) -> Self {
        match self {
            At::Site { site, peer, subject, .. } => At::Site { site, peer, subject, nth: Some(n) },
            phase => phase,
        }
    }
}

/// How the world lets a crossing pass.
#[derive(Clone, Debug)]
pub enum Passage {
    /// It happens.
    Through,
    /// It does not happen, and its caller is told.
    Broken(String),
    /// Something on the way answers in the callee's place (exchanges only).
    Instead {
        /// The HTTP status of that answer.
        status: u16,
        /// Its body.
        body: Bytes,
    },
    /// The answer is there, with another status or body than it was given (answers only).
    Altered {
        /// Its HTTP status.
        status: u16,
        /// Its body.
        body: Bytes,
    },
    /// It happens, and what was sent arrives once more, by another connection (exchanges only).
    Twice,
    /// It happens, and its caller is told that it did not.
    Lost(String),
    /// It reaches a database that doesn't do as it is told (statements and commits only).
    Disturbed(Disturbance),
}

/// What a crossing did, as it goes into the history.
#[derive(Default, Debug)]
pub struct Record {
    /// Crossings whose effects were seen in this one, beyond the task's own.
    pub seen: Vec<CrossingId>,
    /// Rows that were committed.
    pub changes: Vec<Change>,
    /// The status of an answer.
    pub status: Option<u16>,
    /// The bytes of a frame, or the body of a request or an answer.
    pub body: Option<Bytes>,
    /// Why it failed, if it did.
    pub failed: Option<String>,
}

/// The turn of one crossing: from the moment the world gives it until [`World::end`](super::World::end).
#[derive(Debug)]
pub struct Turn {
    /// Its number.
    pub id: CrossingId,
    /// How it passes.
    pub passage: Passage,
    /// What it did.
    pub record: Record,
}
