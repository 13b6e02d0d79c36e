//! News: how a gateway was told of what the platform did.
//!
//! Most of what goes wrong where no fault struck goes wrong because a gateway didn't hear of something, and why it
//! didn't is half of the cause: a platform keeps no news for whoever is away, knows nothing of who is connected to
//! another instance, and tells nobody but whom it thinks concerned.

use std::collections::BTreeSet;

use driftless_model::cx::{CrossingId, Phase};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::history::Crossing;
use crate::outcome::Evidence;
use crate::plan::Node;

/// How a gateway was told of a change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum News {
    /// A process of it was told.
    Heard,
    /// Writing it to its connection failed, or to another's before its own: those that come after aren't told either.
    Failed,
    /// It had no connection, or lost it before the news arrived.
    Missed,
    /// Its connection ended at another instance of the platform.
    Elsewhere,
    /// The platform didn't mean to tell it.
    Untold,
}

impl News {
    /// How a gateway was told of what a crossing of the platform changed.
    pub(super) fn of(change: &Crossing, gateway: &str, evidence: &Evidence) -> Self {
        let gateway = Node::original(gateway);
        let is_it = |name: &Option<_>| name.as_deref().is_some_and(|name| Node::original(name) == gateway);
        let later = evidence.history.crossings().iter().skip_while(|crossing| crossing.id <= change.id);
        // Whoever made the change tells it, in the same work, and looks for the connection of each that it means.
        let work: Vec<&Crossing> = later.filter(|crossing| is_same_work(crossing, change)).collect();
        let told = work.iter().filter_map(|crossing| match crossing.address.site {
            "memory.registry-lookup" if is_it(&crossing.address.subject) => Some(News::Missed),
            "ws.send" if is_it(&crossing.address.peer) && crossing.record.failed.is_some() => {
                Some(News::Failed)
            }
            "ws.send" if is_it(&crossing.address.peer) && crossing.address.phase == Some(Phase::Received) => {
                Some(News::Heard)
            }
            _ => None,
        });
        match told.min() {
            None if is_ended(&work) => News::Failed,
            None => News::Untold,
            Some(News::Missed) if is_elsewhere(change, gateway, evidence) => News::Elsewhere,
            Some(news) => news,
        }
    }

    /// Where the work ended that the news of a change began at a gateway, before it said what had come of it: of the
    /// process that is asked about, or of another of its gateway.
    pub(super) fn ended<'a>(
        change: &Crossing,
        process: &str,
        evidence: &'a Evidence,
    ) -> Option<&'a Crossing> {
        let gateway = Node::original(process);
        let all = || evidence.history.crossings().iter().skip_while(|crossing| crossing.id <= change.id);
        let is_told = |crossing: &Crossing| {
            let peer = crossing.address.peer.as_deref().map(Node::original);
            crossing.address.site == "ws.send" && peer == Some(gateway) && is_same_work(crossing, change)
        };
        let frames: BTreeSet<CrossingId> = all().filter(|one| is_told(one)).map(|one| one.id).collect();
        let there = || all().filter(|one| Node::original(one.address.node_name()) == gateway);
        // The connection that reads a frame follows from it too.
        let is_event = |crossing: &Crossing| crossing.address.task.starts_with("event ");
        let is_begun = |crossing: &&Crossing| {
            is_event(crossing) && crossing.causes.iter().any(|cause| frames.contains(cause))
        };
        let ends = there().filter(is_begun).filter_map(|begun| {
            let work = there().filter(|one| is_same_work(one, begun) && !one.address.site.starts_with("ws."));
            work.last()
        });
        ends.max_by_key(|crossing| (crossing.address.node_name() == process, crossing.id))
    }

    /// How whoever was meant was told of it, where it isn't known who that is: of interest is that it failed.
    pub(super) fn of_any(change: &Crossing, evidence: &Evidence) -> Option<Self> {
        let mut later = evidence.history.crossings().iter().skip_while(|crossing| crossing.id <= change.id);
        let failed =
            |crossing: &Crossing| crossing.address.site == "ws.send" && crossing.record.failed.is_some();
        later.any(|crossing| is_same_work(crossing, change) && failed(crossing)).then_some(News::Failed)
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            News::Heard => "heard",
            News::Failed => "failed",
            News::Missed => "missed",
            News::Elsewhere => "elsewhere",
            News::Untold => "untold",
        }
    }
}

/// Whether the telling was ended by a failure to write to somebody's connection: nobody is looked for after that.
fn is_ended(work: &[&Crossing]) -> bool {
    let is_telling = |crossing: &&&Crossing| match crossing.address.site {
        "memory.registry-lookup" => true,
        "ws.send" => crossing.address.phase != Some(Phase::Received),
        _ => false,
    };
    work.iter().rfind(is_telling).is_some_and(|last| last.record.failed.is_some())
}

/// Whether a gateway's connections all ended at other instances than that which made a change.
fn is_elsewhere(change: &Crossing, gateway: &str, evidence: &Evidence) -> bool {
    let ends = connections(change.id, gateway, evidence);
    !ends.is_empty() && ends.iter().all(|end| *end != change.address.node_name())
}

/// The instances of the platform that have a connection of a gateway in their registry, at a crossing.
fn connections<'a>(at: CrossingId, gateway: &str, evidence: &'a Evidence) -> BTreeSet<&'a str> {
    let before = evidence.history.crossings().iter().take_while(|crossing| crossing.id < at);
    let mut open: BTreeSet<(&str, &str)> = BTreeSet::new();
    for Crossing { address, .. } in before {
        let node = address.node_name();
        match address.site {
            "memory.registry-store" if address.subject.as_deref().map(Node::original) == Some(gateway) => {
                // The first that the work of a connection writes is that it is there, and whatever comes later, be
                // it by its heartbeat, that it isn't.
                let (work, connection) = address.task.split_once(' ').unwrap_or_default();
                if work == "connection" && address.n == 1 {
                    open.insert((node, connection));
                } else {
                    open.remove(&(node, connection));
                }
            }
            // A registry dies with its process.
            "life.start" => open.retain(|(other, _)| *other != node),
            _ => {}
        }
    }
    open.into_iter().map(|(node, _)| node).collect()
}

fn is_same_work(one: &Crossing, other: &Crossing) -> bool {
    (&one.address.node, &one.address.task) == (&other.address.node, &other.address.task)
}
