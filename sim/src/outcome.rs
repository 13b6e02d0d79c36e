//! What a run yields: a verdict for every property, the history and its digest, what each step showed.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use driftless_model::cx::CrossingId;
use driftless_model::gateway::Projections;
use driftless_model::platform::tables as platform;
use driftless_model::store::Database;
use driftless_model::wire::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::history::{Crossing, History};
use crate::names::Names;
use crate::oracle::Ought;
use crate::panics::Panic;
use crate::plan::Role;

/// A plan that can't be run, and why.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unrunnable(pub String);

impl Unrunnable {
    /// From another error's words.
    pub fn of(e: impl std::fmt::Display) -> Self {
        Unrunnable(e.to_string())
    }
}

/// The outcome of a run.
#[derive(Debug)]
pub struct Outcome {
    /// What became of each property.
    pub judgements: Vec<Judgement>,
    /// What the run left behind, and everything that happened in it.
    pub evidence: Evidence,
    /// The digest of the history.
    pub digest: String,
    /// A hash of the bytes on the links, if the executor was to make one.
    pub bytes: Option<String>,
    /// What each step showed, in the order of the plan.
    pub steps: Vec<Shown>,
    /// Why the world did not come to rest, if it didn't.
    pub stall: Option<String>,
    /// For each fault of the plan, the crossing at which it struck.
    pub faults: Vec<Option<CrossingId>>,
    /// Panics of actors.
    pub panics: Vec<Panic>,
    /// How many entries the gate let pass.
    pub events: u64,
    /// How long the run took in the world, in microseconds.
    pub lasted_us: u64,
}

/// What properties judge by.
#[derive(Debug)]
pub struct Evidence {
    /// Every crossing.
    pub history: History,
    /// What the plan calls things.
    pub names: Names,
    /// The nodes as they were left.
    pub nodes: BTreeMap<Arc<str>, Remains>,
    /// The true time at the end, which no node's clock need show.
    pub wall: Instant,
    /// Why the world did not come to rest, if it didn't.
    pub stall: Option<String>,
    /// The last rest that the world came to and was watched in, if it got so far.
    pub rest: Option<Rest>,
    /// What each gateway ought to hold at the end, by its name; found out when it is first asked for.
    pub(crate) ought: OnceLock<BTreeMap<Arc<str>, Ought>>,
    /// What the node of each crossing is, in their order; found out when it is first asked for.
    pub(crate) roles: OnceLock<Vec<Option<Role>>>,
}

impl Evidence {
    /// The plan's name for an identifier.
    pub fn name(&self, id: Uuid) -> String {
        self.names.of(id).map_or_else(|| id.to_string(), |name| name.to_string())
    }

    /// What the node of a crossing is.
    pub fn role_of(&self, crossing: &Crossing) -> Option<Role> {
        let role = |at: &Crossing| self.nodes.get(at.address.node_name()).map(|node| node.role);
        // Nearly every property asks this of every crossing.
        let roles = self.roles.get_or_init(|| self.history.crossings().iter().map(role).collect());
        let index = usize::try_from(crossing.id.0).ok()?.checked_sub(1)?;
        roles.get(index).copied().flatten()
    }

    /// Whether some platform holds an artifact at the end.
    pub fn platform_has(&self, artifact: Uuid) -> bool {
        let mut platforms = self.nodes.values().filter(|node| node.role == Role::Platform);
        platforms.any(|node| node.database.look(|view| view.get::<platform::Artifact>(artifact).is_some()))
    }
}

/// The world at rest, as it was watched for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rest {
    /// When it came to rest, in microseconds since the run began.
    pub since_us: u64,
    /// Whose memory changed since then all the same, by the names of the processes.
    pub stirred: Vec<Arc<str>>,
}

/// A node as it was left.
#[derive(Clone)]
pub struct Remains {
    /// What it is.
    pub role: Role,
    /// Its disk.
    pub database: Database,
    /// The memory of its process, if it is a gateway that has run.
    pub projections: Option<Arc<Projections>>,
    /// Whether its process was running.
    pub alive: bool,
    /// Whether it could get where it should: nothing that never ends was in its way, and if it is a gateway, whoever
    /// set it up got a token for it.
    pub healed: bool,
    /// Whether nothing that never ends was wrong with the machine itself.
    pub sound: bool,
}

impl std::fmt::Debug for Remains {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remains").field("role", &self.role).field("alive", &self.alive).finish()
    }
}

/// What a step showed, and when it ran.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, JsonSchema)]
pub struct Shown {
    /// When it began, in microseconds since the run began; none if it never did.
    pub begun_us: Option<u64>,
    /// When it ended.
    pub ended_us: Option<u64>,
    /// The lines it showed by itself: an unexpected answer, a probe, a listing.
    pub lines: Vec<String>,
}

/// What became of a property in a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub struct Judgement {
    /// The property.
    pub property: &'static str,
    /// What became of it.
    pub verdict: Verdict,
    /// Each way in which it was violated.
    pub violations: Vec<Violation>,
}

/// What became of a property.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It held.
    Held,
    /// It didn't.
    Violated,
    /// The world did not come to rest, so it can't be said.
    Stalled,
    /// Nothing in the run could have violated it.
    Vacuous,
    /// It was not judged.
    NotJudged,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Verdict::Held => "held",
            Verdict::Violated => "violated",
            Verdict::Stalled => "stalled",
            Verdict::Vacuous => "vacuous",
            Verdict::NotJudged => "not-judged",
        })
    }
}

/// One way in which a property was violated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub struct Violation {
    /// When it showed, in microseconds since the run began.
    pub at_us: u64,
    /// The node on which it showed.
    pub node: String,
    /// What it is about, by the plan's name.
    pub subject: String,
    /// What was expected.
    pub expected: String,
    /// What was seen.
    pub seen: String,
    /// What was decided wrongly, in words that go for every plan.
    pub decision: String,
    /// The crossings that led there, in order, by number.
    #[serde(serialize_with = "numbers")]
    #[schemars(with = "Vec<u64>")]
    pub chain: Vec<CrossingId>,
}

fn numbers<S: serde::Serializer>(chain: &[CrossingId], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(chain.iter().map(|id| id.0))
}

impl Outcome {
    /// What became of the property of that name.
    pub fn verdict(&self, property: &str) -> Verdict {
        let judgement = self.judgements.iter().find(|judgement| judgement.property == property);
        judgement.map_or(Verdict::NotJudged, |judgement| judgement.verdict)
    }

    /// The violated properties.
    pub fn violated(&self) -> impl Iterator<Item = &Judgement> {
        self.judgements.iter().filter(|judgement| judgement.verdict == Verdict::Violated)
    }

    /// Whether every property held, the world came to rest, and no process died of a panic. One that was
    /// recovered from is the actor's own business: what it broke shows in the properties.
    pub fn is_good(&self) -> bool {
        self.stall.is_none() && !self.died_of_a_panic() && self.violated().next().is_none()
    }

    /// Whether some process died of a panic.
    pub fn died_of_a_panic(&self) -> bool {
        self.panics.iter().any(|panic| !panic.recovered)
    }
}
