//! Bands: what one node holds of one artifact in one place, over time.

use serde::Serialize;

/// What one node holds of one artifact, in one place, over time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Band {
    /// Whose it is.
    pub lane: usize,
    /// The artifact.
    pub artifact: usize,
    /// Where it is held.
    pub layer: Layer,
    /// What was held, one span after the other.
    pub spans: Vec<Span>,
}

/// Where something is held.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// What the platform says of an artifact, to each gateway.
    Says,
    /// The database of a gateway.
    Database,
    /// The artifacts in the memory of a process.
    Memory,
    /// What a process serves.
    Routes,
    /// The keys and subscriptions that a process lets in.
    Access,
}

/// A stretch of time in which nothing changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Span {
    /// When it began, in microseconds since the run began.
    pub from_us: u64,
    /// When it ended.
    pub to_us: u64,
    /// What was held; empty for nothing.
    pub holds: String,
    /// How it stood.
    pub stands: Stands,
}

/// How something that is held stands beside what the platform says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stands {
    /// It is as it ought to be, or as it may.
    Agrees,
    /// It isn't.
    Differs,
    /// The platform has nothing to say about it.
    Unjudged,
    /// There is no process that could hold anything.
    Down,
}
