//! A plan: everything a run depends on, as data.
//!
//! Topology and designs, settings, the steps a user or an operator takes, the faults, and a seed. A script is
//! the text form of a plan ([`crate::script`]); `run` turns a plan into an outcome and looks at nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use driftless_model::design::Design;
use driftless_model::wire::kind::Kind;
use serde::{Deserialize, Serialize};

use crate::address::Pattern;

/// The version of the script format that this build reads and writes.
pub const FORMAT: u32 = 1;

/// Everything a run depends on.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// What is claimed to be violated under which design; a design not named here must hold.
    pub expect: BTreeMap<String, BTreeSet<String>>,
    /// Where every random draw comes from.
    pub seed: u64,
    /// The nodes, in the order in which they are set up.
    pub nodes: Vec<Node>,
    /// What the world and the nodes are set to, beyond their defaults.
    pub settings: Vec<Setting>,
    /// What happens on purpose.
    pub steps: Vec<Step>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
}

/// A platform or a gateway, by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Node {
    /// What scripts call it.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// How its design differs from that of the run, in the order given: a named design, or one decision.
    pub design: Vec<Choice>,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Role {
    /// The control plane.
    Platform,
    /// A data plane.
    Gateway,
}

/// A departure from the design of the run.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Choice {
    /// A named design in its place.
    Design(String),
    /// One decision taken otherwise.
    Decision {
        /// The decision.
        name: String,
        /// The variant taken.
        variant: String,
    },
}

impl Choice {
    /// Applies the choice to a design.
    ///
    /// # Errors
    /// When there is no such design, decision or variant.
    pub fn apply(&self, design: &mut Design) -> Result<(), driftless_model::design::UnknownDecision> {
        match self {
            Choice::Design(name) => *design = name.parse()?,
            Choice::Decision { name, variant } => design.set(name, variant)?,
        }
        Ok(())
    }
}

/// A setting of a node, or of the world itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Setting {
    /// The node, or `world`.
    pub node: String,
    /// The setting's name.
    pub name: String,
    /// Its value, as written.
    pub value: String,
}

/// One thing that is done on purpose.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// When it begins.
    pub start: Start,
    /// What is done.
    pub action: Action,
}

/// When a step begins.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Start {
    /// When the one before it has ended, after the pace of a person.
    After,
    /// Together with the one before it.
    With,
    /// At that time since the run began, beside whatever else goes on.
    At(Duration),
}

/// What is done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Action {
    /// A node is set up and started; a gateway is registered first and ends when it has synced.
    Start {
        /// The node.
        node: String,
    },
    /// An artifact is made on the platform.
    Create {
        /// Its kind.
        kind: Kind,
        /// Its handle.
        artifact: String,
        /// The handle of the provider that an LLM proxy stands before; none for the other kinds.
        provider: Option<String>,
    },
    /// An artifact is deployed to a gateway.
    Deploy {
        /// The artifact's handle.
        artifact: String,
        /// The gateway.
        gateway: String,
        /// An earlier deployment whose content is used again, such as `d1`; otherwise the current content.
        base: Option<String>,
    },
    /// A deployment is undeployed.
    Undeploy(OfDeployment),
    /// A deployment is deployed again.
    Restore(OfDeployment),
    /// A deployment is deleted.
    DeleteDeployment(OfDeployment),
    /// An artifact is deleted.
    Delete {
        /// The artifact's handle.
        artifact: String,
    },
    /// An API key is made, given a new secret, or revoked.
    Key {
        /// Which of the three.
        change: KeyChange,
        /// The artifact's handle.
        artifact: String,
        /// The key's name.
        key: String,
    },
    /// A process dies; its machine stays up.
    Crash {
        /// The node.
        node: String,
    },
    /// A machine goes dark.
    PowerLoss {
        /// The node.
        node: String,
    },
    /// A process is started again; one that still runs dies first.
    Restart {
        /// The node.
        node: String,
    },
    /// Nothing gets through from one node to another.
    Partition {
        /// One node.
        from: String,
        /// The other.
        to: String,
        /// Whether the way back is cut as well.
        both: bool,
    },
    /// Cut links carry again.
    Heal,
    /// Time passes.
    Wait(Duration),
    /// Time passes until nothing changes any more.
    Settle,
    /// What a request through a gateway would get.
    Probe {
        /// The gateway.
        gateway: String,
        /// The artifact's handle.
        artifact: String,
        /// The name of the key the request carries.
        key: Option<String>,
    },
    /// What a node holds.
    Show {
        /// The node.
        node: String,
    },
}

/// A step about one deployment of an artifact on a gateway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OfDeployment {
    /// The artifact's handle.
    pub artifact: String,
    /// The gateway.
    pub gateway: String,
    /// Which deployment, such as `d1`; otherwise the newest of that artifact on that gateway.
    pub deployment: Option<String>,
}

/// What is done to a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum KeyChange {
    /// It is made.
    Create,
    /// It gets a new secret.
    Update,
    /// It is revoked.
    Revoke,
}

/// One thing that goes wrong, once, at the first crossing that fits.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// Where.
    pub at: Pattern,
    /// What.
    pub effect: Effect,
}

/// What goes wrong at a crossing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Effect {
    /// It doesn't happen, and its caller is told.
    Fail,
    /// It happens, and word of it is lost: a statement takes effect and its caller is told that it failed, a
    /// call is handled and its answer never comes, a frame is handed over and never arrives.
    Lose,
    /// Something on the way answers an HTTP call with this status in the callee's place.
    Answer(u16),
    /// The process dies before it: no effect.
    CrashBefore,
    /// The process dies after it: the effect stands.
    CrashAfter,
    /// The machine goes dark before it.
    PowerLossBefore,
    /// The machine goes dark after it.
    PowerLossAfter,
}

impl Effect {
    /// The effects that take no argument, by the words a script uses.
    pub const WORDS: &'static [(&'static str, Effect, &'static str)] = &[
        ("fail", Effect::Fail, "it doesn't happen, and its caller is told"),
        (
            "lose",
            Effect::Lose,
            "it happens, and word of it is lost: the answer of a call, a frame on its way",
        ),
        ("crash-before", Effect::CrashBefore, "the process dies before it: no effect"),
        ("crash-after", Effect::CrashAfter, "the process dies after it: the effect stands"),
        ("power-loss-before", Effect::PowerLossBefore, "the machine goes dark before it: no effect"),
        ("power-loss-after", Effect::PowerLossAfter, "the machine goes dark after it: the effect stands"),
    ];
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::Answer(status) => write!(f, "answer status={status}"),
            plain => {
                let word = Effect::WORDS.iter().find(|(_, effect, _)| effect == plain);
                f.write_str(word.map_or("", |(word, _, _)| word))
            }
        }
    }
}
