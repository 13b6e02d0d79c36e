//! What the end of the faults doesn't reach, and what is still under way beside it.
//!
//! A fault that ends `never` outlasts the heal. The node that has it goes on failing for as long as the world
//! does, so nothing of it is waited for, and nobody demands that it gets anywhere: a dial that can't succeed
//! is not progress. Everybody else has to.
//!
//! An errand is under way only while it can still do something. The end of a window that the heal has closed
//! before it is none.

use driftless_model::cx::{CrossingId, LifeId};

use crate::address::Address;
use crate::fault::{Link, Target};
use crate::gate::{Entry, Errand, What};
use crate::net::ConnId;
use crate::plan::Role;

use super::State;

impl State {
    /// Whether the heal doesn't reach a node: a fault on it outlasts it, or, to a gateway, one on its links to
    /// every platform or on every platform.
    pub fn is_never_healed(&self, node: &str) -> bool {
        if !self.faults.outlast() {
            return false;
        }
        let is_gateway = self.nodes.get(node).is_some_and(|at| at.role == Some(Role::Gateway));
        let mut platforms = self.of_role(Role::Platform).peekable();
        self.is_failed_for_good(node)
            || (is_gateway
                && platforms.peek().is_some()
                && platforms.all(|(name, _)| self.is_failed_for_good(name) || self.is_parted(node, name)))
    }

    /// Whether a fault that outlasts the heal is on the node itself.
    pub fn is_failed_for_good(&self, node: &str) -> bool {
        let mut lasting = self.faults.all.iter().filter(|course| course.lasts_for_good());
        lasting.any(|course| match &course.fault.target {
            Target::Node(on) => on == node,
            Target::Link(Link { from, to, .. }) => {
                // A node from all others; where both sides are named it is the link that fails, and no node.
                let alone = |side: &[String], other: &[String]| {
                    other.is_empty() && side.iter().any(|name| name == node)
                };
                alone(from, to) || alone(to, from)
            }
            Target::Crossing(at) => at.peer().unwrap_or(at.node_name()) == node,
        })
    }

    /// Whether a fault that outlasts the heal is on the link between two nodes.
    fn is_parted(&self, node: &str, other: &str) -> bool {
        let mut lasting = self.faults.all.iter().filter(|course| course.lasts_for_good());
        lasting.any(|course| match &course.fault.target {
            Target::Link(link) => link.carries(node, other) || link.carries(other, node),
            Target::Node(_) | Target::Crossing(_) => false,
        })
    }

    /// A connection was made or has ended. Those of a node that is never healed are nobody's business.
    pub(super) fn connections_changed(&mut self, id: ConnId) {
        let idle = self.net.conns.get(&id).is_some_and(|conn| {
            self.is_never_healed(&conn.client.node) || self.is_never_healed(&conn.server.node)
        });
        self.net.version += u64::from(!idle);
    }

    /// What is under way and may yet get somewhere, in order.
    pub fn under_way(&self) -> impl Iterator<Item = &What> {
        let waiting = self.gate.waiting().map(|(_, entry)| entry);
        waiting.filter(|entry| !entry.periodic && self.counts(entry)).map(|entry| &entry.what)
    }

    /// Whether an errand waits that begins or ends something which goes wrong.
    pub fn has_errand(&self) -> bool {
        self.under_way().any(|what| matches!(what, What::Errand(_)))
    }

    fn counts(&self, entry: &Entry) -> bool {
        match &entry.what {
            What::Task(_) => !self.is_life_unhealed(entry.life),
            What::Transit { from, to } => !self.is_never_healed(from) && !self.is_never_healed(to),
            What::Errand(errand) => match errand {
                Errand::Open(_) | Errand::Snapshot(_) => true,
                Errand::Close(fault) => self.faults.course(*fault).is_open(),
                Errand::Again(fault) => {
                    let course = self.faults.course(*fault);
                    course.is_open() && !course.outlasts_heal()
                }
                Errand::Start(node) => self.is_down(node) && !self.is_kept_down(node),
            },
        }
    }

    /// Whether a crossing is one of a node that is never healed, or about one.
    pub(super) fn is_of_unhealed(&self, crossing: CrossingId) -> bool {
        let Some(crossing) = self.history.get(crossing).filter(|_| self.faults.outlast()) else {
            return false;
        };
        let Address { peer, subject, .. } = &crossing.address;
        let named = [Some(crossing.address.node_name()), peer.as_deref(), subject.as_deref()];
        named.into_iter().flatten().any(|name| self.is_never_healed(name))
    }

    fn is_life_unhealed(&self, life: LifeId) -> bool {
        self.lives.get(&life).is_some_and(|life| self.is_never_healed(&life.node))
    }
}
