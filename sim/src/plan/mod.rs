//! A plan: everything a run depends on, as data.
//!
//! Topology and designs, settings, the steps a user or an operator takes, the faults, and a seed. A script is
//! the text form of a plan ([`crate::script`]); `run` turns a plan into an outcome and looks at nothing else.

mod action;
mod kind;

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::design::Design;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

pub use action::{
    Action, Change, KeyChange, LocalChange, OfDeployment, PlanChange, Start, Step, SubscriptionChange,
    SubscriptionStatus, split_handle,
};

/// The version of the script format that this build reads and writes.
pub const FORMAT: u32 = 1;

/// Everything a run depends on.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// What is claimed to be violated under which design; a design that isn't a mutant and isn't
    /// here must hold.
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

impl Plan {
    /// The designs about which the header states something: every named one, by a line or by the lack of one,
    /// and the mutants that have a line.
    pub fn designs(&self) -> Vec<&str> {
        let mutants = self.expect.keys().map(String::as_str).filter(|name| !Design::NAMES.contains(name));
        Design::NAMES.iter().copied().chain(mutants).collect()
    }

    /// The same plan with a design on every node; what it says of single nodes goes on top of that.
    pub fn under(&self, design: &str) -> Plan {
        let mut plan = self.clone();
        for node in &mut plan.nodes {
            node.design.insert(0, Choice::Design(design.to_owned()));
        }
        plan
    }
}

/// A platform or a gateway, by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    /// What scripts call it.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// The organisation of a gateway, where it isn't the one every plan has.
    pub organisation: Option<String>,
    /// How its design differs from that of the run, in the order given: a named design, or one decision.
    pub design: Vec<Choice>,
}

impl Node {
    /// What the name of a replica is made from: `gw1` of `gw1/b`. Replicas share database, settings and
    /// design with it.
    pub fn original(name: &str) -> &str {
        crate::names::before(name, b'/')
    }
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The control plane.
    Platform,
    /// A data plane.
    Gateway,
}

/// A departure from the design of the run.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// A named design in its place.
    #[serde(alias = "Design")]
    Design(String),
    /// One decision taken otherwise.
    #[serde(alias = "Decision")]
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
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Setting {
    /// The node, or `world`.
    pub node: String,
    /// The setting's name.
    pub name: String,
    /// Its value, as written.
    pub value: String,
}
