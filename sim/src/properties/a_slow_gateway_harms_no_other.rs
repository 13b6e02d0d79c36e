//! Whoever has to hear of a deletion and is connected is told, whatever becomes of the sockets of others.
//!
//! A platform tells its gateways one after the other. One that reads slowly, or not at all, or is gone and nobody has
//! noticed, must cost those behind it a delay and not the news: they are in order and have no part in it.
//!
//! Who has to hear of it is read from the commit that deletes an artifact: the gateways whose status rows go with it.
//! Who is connected is told by a ping: one that arrived while the telling stood still, over a connection that there was
//! before. Such a ping also shows that the platform itself didn't stand still. The bound is 40 s, the time within which
//! the platform finds out by its own pings that a peer is gone (docs/spec/platform.md section 6.3): until then it has
//! no reason to give one up, and after that none to wait for it.
//!
//! Not judged are other events, of which the history doesn't say whom they are for; a telling that stands still
//! elsewhere than at a socket; and one whose platform ends.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::cx::{CrossingId, Phase};
use driftless_model::platform::tables::{Artifact, DeploymentStatus};
use uuid::Uuid;

use crate::causes::{chain_of, join};
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::{Node, Role};

use super::{Found, Modality, Property};

/// A slow gateway harms no other.
pub(super) struct ASlowGatewayHarmsNoOther;

impl Property for ASlowGatewayHarmsNoOther {
    fn name(&self) -> &'static str {
        "a-slow-gateway-harms-no-other"
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "a connected gateway is told of a deletion, whatever becomes of the sockets of others"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["delete-told-to-several"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["untold-gateway-ends-the-telling"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        let mut watched = Watched::default();
        for crossing in evidence.history.crossings() {
            if evidence.role_of(crossing) == Some(Role::Platform) || crossing.address.peer.is_some() {
                watched.follow(evidence, crossing);
            }
        }
        let ends = std::mem::take(&mut watched.ends);
        for ((node, _), telling) in std::mem::take(&mut watched.tellings) {
            let end = ends.get(node).copied().unwrap_or_default();
            watched.judge(evidence, &telling, end);
        }
        Found { relevant: watched.relevant, violations: watched.violations, ..Found::default() }
    }
}

/// How long the telling may stand still at a socket, in microseconds.
const BOUND_US: u64 = 40_000_000;

/// The deletion of an artifact, and who has to hear of it.
struct Telling<'a> {
    artifact: Uuid,
    deleted: CrossingId,
    /// Who hasn't been told yet, by the names of gateways.
    untold: BTreeSet<String>,
    /// The gateway whose connections were looked up last.
    looked_up: Option<&'a str>,
    /// Where it stands.
    last: Option<&'a Crossing>,
}

/// A ping that arrived.
struct Ping<'a> {
    /// The life of the platform, the peer, and which of its connections.
    line: (&'a str, &'a str),
    crossing: CrossingId,
}

#[derive(Default)]
struct Watched<'a> {
    /// By the node and the task that tells.
    tellings: BTreeMap<(&'a str, &'a str), Telling<'a>>,
    /// When each connection was greeted, by the life of the platform and what its tasks are called.
    greeted: BTreeMap<(&'a str, &'a str), CrossingId>,
    pings: Vec<Ping<'a>>,
    /// The last crossing of each life of a platform.
    ends: BTreeMap<&'a str, (CrossingId, u64)>,
    relevant: bool,
    violations: Vec<Violation>,
}

impl<'a> Watched<'a> {
    fn follow(&mut self, evidence: &Evidence, crossing: &'a Crossing) {
        let address = &crossing.address;
        let (node, task) = (&*address.node, &*address.task);
        if address.site == "ws.ping" && address.phase == Some(Phase::Received) {
            if let Some(line) = task.strip_prefix("heartbeat ") {
                self.pings.push(Ping { line: (node, line), crossing: crossing.id });
            }
            return;
        }
        let is_of_process = evidence.role_of(crossing) == Some(Role::Platform) && !happens_to_it(crossing);
        if !is_of_process || is_later_phase(crossing) {
            return;
        }
        self.ends.insert(node, (crossing.id, crossing.at_us));
        if address.site == "ws.ack"
            && let Some(line) = task.strip_prefix("connection ")
        {
            self.greeted.insert((node, line), crossing.id);
        }
        if let Some(mut telling) = self.tellings.remove(&(node, task)) {
            // Where it stood until now.
            self.judge(evidence, &telling, (crossing.id, crossing.at_us));
            telling.goes_on(crossing);
            if !telling.untold.is_empty() {
                self.tellings.insert((node, task), telling);
            }
        }
        if task.starts_with("request ")
            && let Some(telling) = Telling::begun_by(evidence, crossing)
        {
            self.relevant |= telling.untold.len() > 1;
            self.tellings.insert((node, task), telling);
        }
    }

    /// Judges a telling that stood still until `end`.
    fn judge(&mut self, evidence: &Evidence, telling: &Telling<'a>, end: (CrossingId, u64)) {
        let Some(at) = telling.last.filter(|last| end.1 > last.at_us + BOUND_US && is_at_a_socket(last))
        else {
            return;
        };
        let slow = at.address.peer.as_deref().unwrap_or_default();
        let during = |ping: &&Ping<'_>| {
            let before = self.greeted.get(&ping.line).is_some_and(|greeted| *greeted < telling.deleted);
            ping.line.0 == &*at.address.node && before && ping.crossing > at.id && ping.crossing < end.0
        };
        let connected: BTreeSet<&str> = self
            .pings
            .iter()
            .filter(during)
            .map(|ping| ping.line.1.split(' ').next().unwrap_or_default())
            .collect();
        let harmed = connected.into_iter().filter(|process| {
            let gateway = Node::original(process);
            gateway != Node::original(slow) && telling.untold.contains(gateway)
        });
        let harmed: Vec<_> = harmed.map(|process| violation(evidence, telling, at, process)).collect();
        self.violations.extend(harmed);
    }
}

impl<'a> Telling<'a> {
    fn begun_by(evidence: &Evidence, crossing: &'a Crossing) -> Option<Self> {
        let changes = &crossing.record.changes;
        let gone = |change: &driftless_model::store::Change| change.after.is_none();
        let artifact =
            changes.iter().filter(|change| gone(change)).find_map(|c| c.before_as::<Artifact>())?.uuid;
        let rows = changes.iter().filter(|change| gone(change));
        let rows = rows.filter_map(|change| change.before_as::<DeploymentStatus>());
        let untold: BTreeSet<String> =
            rows.filter(|row| row.artifact == artifact).map(|row| evidence.name(row.gateway)).collect();
        let deleted = crossing.id;
        (!untold.is_empty()).then_some(Telling { artifact, deleted, untold, looked_up: None, last: None })
    }

    fn goes_on(&mut self, crossing: &'a Crossing) {
        let address = &crossing.address;
        match address.site {
            "memory.registry-lookup" => {
                // Whose connections were looked up before and got nothing had none.
                if let Some(before) = self.looked_up.take() {
                    self.untold.remove(before);
                }
                self.looked_up = address.subject.as_deref();
            }
            "ws.send" => {
                let peer = address.peer.as_deref().unwrap_or_default();
                self.untold.remove(Node::original(peer));
            }
            _ => {}
        }
        self.last = Some(crossing);
    }
}

/// Whether a crossing is where work stands that waits for a socket, or that a socket has ended. One whose frame has
/// been written goes on by itself.
fn is_at_a_socket(crossing: &Crossing) -> bool {
    match crossing.address.site {
        "ws.send" => true,
        "ws.written" => crossing.record.failed.is_some(),
        _ => false,
    }
}

/// Links are cut and faults strike whether or not the process lives that is named beside them.
fn happens_to_it(crossing: &Crossing) -> bool {
    ["link.", "fault."].iter().any(|kind| crossing.address.site.starts_with(kind))
}

/// A frame's receipt carries the address of its sender, and is no work of theirs.
fn is_later_phase(crossing: &Crossing) -> bool {
    crossing.address.phase.is_some_and(|phase| phase != Phase::Sent)
}

fn violation(evidence: &Evidence, telling: &Telling<'_>, at: &Crossing, harmed: &str) -> Violation {
    let slow = at.address.peer.as_deref().unwrap_or_default();
    let subject = evidence.name(telling.artifact);
    let (how, decision) = match (&at.record.failed, at.address.site) {
        (Some(why), "ws.send") => (format!("ends at {slow}: {why}"), "the telling ends at a socket"),
        (Some(why), _) => {
            (format!("ends at {slow}, which it failed to tell: {why}"), "the telling ends at a socket")
        }
        (None, _) => (format!("waits for {slow} to read"), "the telling waits at a socket"),
    };
    Violation {
        at_us: at.at_us,
        node: harmed.to_owned(),
        expected: format!("{harmed}, which is connected, is told that {subject} is gone"),
        seen: format!("the telling {how}, and {harmed} behind it hears nothing"),
        decision: decision.to_owned(),
        subject,
        chain: join(chain_of(&evidence.history, telling.deleted), [at.id]),
    }
}

#[cfg(test)]
mod tests {
    use crate::script::Script;

    /// The platform dies while it tells, and a minute later somebody cuts a link of its machine: no work of the dead.
    #[test]
    fn a_telling_ends_with_the_process_that_tells() {
        let text = "format 1\nseed 7011332\n\
            fault \"gw1<->*\" hold from=\"gw2 resync http.api-keys answer-received\" for=33s\n\
            fault \"platform request delete petstore 1 ws.send\" crash-after\n\
            platform\ngateway gw1\ngateway gw2\ncreate rest-api petstore\ndeploy petstore gw1\nwait 45s\n\
            delete petstore\npartition gw2 platform\nsettle\n---\n";
        let script = Script::parse("dies", text).unwrap_or_else(|errors| panic!("{}", errors[0]));
        let outcome = crate::run(&script.plan.under("hardened")).expect("it runs");
        let violated: Vec<_> = outcome.violated().map(|judged| judged.property).collect();
        assert_eq!(violated, Vec::<&str>::new());
    }
}
