//! Births and deaths. A node is the same machine with the same disk for a whole run; a *life* is one process
//! on it, from a start to its end. Once a life has ended the world ignores whatever its tasks still call, so
//! destructors have no effect.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::Waker;

use driftless_model::cx::{CrossingId, LifeId, Record};
use driftless_model::design::Design;
use driftless_model::gateway::{Management, Projections};
use driftless_model::settings::{GatewaySettings, PlatformSettings};
use driftless_model::store::Database;

use crate::gate::Errand;
use crate::plan::Role;
use crate::settings::MachineSettings;

use super::{Dying, State};

/// How a life ends before its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Death {
    /// The process dies; its machine resets its connections.
    Crash,
    /// The machine goes dark, and its connections fall silent.
    PowerLoss,
    /// The process ends by itself, in good order or because it can't go on; its machine closes what it left
    /// open.
    Exit,
}

/// A process on a node.
#[derive(Clone, Debug)]
pub struct Life {
    /// The node.
    pub node: Arc<str>,
    /// What addresses call it: `gw1`, `gw1@2`.
    pub label: Arc<str>,
    /// Whether it goes on.
    pub alive: bool,
    /// When it began, in microseconds since the run began.
    pub since_us: u64,
    /// The event in the history that began it.
    pub began: CrossingId,
    /// The event in the history that asked it to end in good order, if one did.
    pub asked_to_stop: Option<CrossingId>,
    /// Who waits for that.
    pub waits_for_stop: Option<Waker>,
}

/// What a node is and holds.
pub struct NodeState {
    /// What it is; none for the user's own node.
    pub role: Option<Role>,
    /// What its code decides.
    pub design: Design,
    /// What its operator chose, if it is a platform.
    pub platform: PlatformSettings,
    /// What its operator chose, if it is a gateway.
    pub gateway: GatewaySettings,
    /// What its machine is set to.
    pub machine: MachineSettings,
    /// Its disk; replicas share one.
    pub database: Option<Database>,
    /// What its present process holds in memory, if it is a gateway.
    pub projections: Option<Arc<Projections>>,
    /// Where its present process can be managed, if it is a gateway.
    pub management: Option<Arc<Management>>,
    /// A gateway's token.
    pub token: String,
    /// Whether its machine has power.
    pub powered: bool,
    /// Its present process.
    pub life: Option<LifeId>,
    /// How many lives it has had.
    pub lives: u64,
    /// Whether it was to be started while a fault kept it down, and is when that ends.
    pub owed: bool,
    /// The executor's own node for it.
    pub executor: Option<madsim::task::NodeId>,
}

/// What the driver has to do to the executor's nodes.
#[derive(Clone, Debug)]
pub enum Request {
    /// Start a life.
    Start(Arc<str>),
    /// Drop the tasks of a life that has ended.
    Kill(Arc<str>),
}

impl State {
    /// Starts a process on a node; a machine without power is switched on first. Where a fault keeps the node
    /// down, its end does that.
    pub fn start(&mut self, node: &str, causes: Vec<CrossingId>) -> Option<LifeId> {
        if self.is_kept_down(node) {
            self.nodes.get_mut(node)?.owed = true;
            return None;
        }
        let began = self.happened(&self.next_label(node)?, "life.start", None, causes);
        let id = LifeId(self.lives.len() as u64 + 1);
        let label = self.next_label(node)?.into();
        let now = self.gate.now_us();
        let (name, state) =
            self.nodes.get_key_value(node).map(|(name, _)| name.clone()).zip(self.nodes.get_mut(node))?;
        state.powered = true;
        state.owed = false;
        state.lives += 1;
        state.life = Some(id);
        let life = Life {
            node: name.clone(),
            label,
            alive: true,
            since_us: now,
            began,
            asked_to_stop: None,
            waits_for_stop: None,
        };
        self.lives.insert(id, life);
        self.requests.push(Request::Start(name));
        self.turn_with(began);
        Some(id)
    }

    fn next_label(&self, node: &str) -> Option<String> {
        let lives = self.nodes.get(node)?.lives;
        Some(if lives == 0 { node.to_owned() } else { format!("{node}@{}", lives + 1) })
    }

    /// Asks the present life of a node, if it has one, to end in good order.
    pub fn ask_to_stop(&mut self, node: &str, causes: Vec<CrossingId>) {
        let Some(life) = self.nodes.get(node).and_then(|node| node.life) else { return };
        let label = self.label(life);
        let asked = self.happened(&label, "life.stop", None, causes);
        if let Some(life) = self.lives.get_mut(&life) {
            life.asked_to_stop = Some(asked);
            if let Some(waker) = life.waits_for_stop.take() {
                waker.wake();
            }
        }
        self.turn_with(asked);
    }

    /// A process ends by itself, and says why if it had to.
    pub fn exit(&mut self, node: &str, why: Option<String>, causes: Vec<CrossingId>) {
        self.end_life(node, Death::Exit, why, causes);
    }

    /// Ends the present life of a node, if it has one.
    pub fn kill(&mut self, node: &str, death: Death, causes: Vec<CrossingId>) {
        self.end_life(node, death, None, causes);
    }

    /// A life ends with a crossing, and perhaps another begins after a while.
    pub(super) fn die(&mut self, dying: Dying) {
        let Some(node) = self.lives.get(&dying.life).filter(|life| life.alive).map(|life| life.node.clone())
        else {
            return;
        };
        self.kill(&node, dying.how, vec![dying.crossing]);
        if let Some(restart_us) = dying.restart_us {
            self.later(self.gate.now_us() + restart_us, Errand::Start(node), false);
        }
    }

    /// The bytes of an exchange or a frame were handed over, or can't be: the life that was to end with them
    /// does.
    pub(crate) fn die_with_bytes(&mut self, of: CrossingId, life: LifeId) {
        let dying = self.dying.iter().position(|dying| dying.writes == Some(of) && dying.life == life);
        if let Some(dying) = dying.map(|at| self.dying.swap_remove(at)) {
            self.die(dying);
        }
    }

    fn end_life(&mut self, node: &str, death: Death, why: Option<String>, causes: Vec<CrossingId>) {
        let Some(name) = self.nodes.get_key_value(node).map(|(name, _)| name.clone()) else { return };
        let Some(state) = self.nodes.get_mut(node) else { return };
        let silent = death == Death::PowerLoss;
        if silent {
            state.powered = false;
        }
        let Some(life) = state.life.take() else { return };
        let database = state.database.clone();
        let label = self.lives.get_mut(&life).map(|life| {
            life.alive = false;
            life.label.clone()
        });
        self.gate.drop_life(life);
        if let Some(database) = database {
            database.abandon(life);
        }
        self.drop_sockets(&name, life, death);
        let site = match death {
            Death::Crash => "life.crash",
            Death::PowerLoss => "life.power-loss",
            Death::Exit => "life.exit",
        };
        let record = Record { failed: why, ..Record::default() };
        let ended = self.happened_so(label.as_deref().unwrap_or(node), site, None, causes, record);
        self.requests.push(Request::Kill(name));
        self.turn_with(ended);
    }

    /// The nodes of the topology, by role.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = (&Arc<str>, &NodeState)> {
        self.nodes.iter().filter(move |(_, node)| node.role == Some(role))
    }

    /// The labels of all lives, for the reader of a history.
    pub fn labels(&self) -> BTreeMap<LifeId, Arc<str>> {
        self.lives.iter().map(|(id, life)| (*id, life.label.clone())).collect()
    }
}
