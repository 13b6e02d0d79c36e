//! What a campaign has seen, and an estimate of what it hasn't.
//!
//! A run shows *features*: where its crossings were (who, in which work, at which site, with which outcome), the
//! *abstract states* that an artifact went through (what the platform says of it, and what a gateway holds), and
//! the situations that make a run interesting. Of each, the number of runs that showed it is kept.
//!
//! How many new features the next run shows is estimated as Good and Turing did: by the number of those that one
//! run alone has shown, over the number of runs. The chance that it shows any is at most that.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xxhash_rust::xxh3::Xxh3;

use crate::draw;
use crate::history::Crossing;
use crate::outcome::{Evidence, Outcome};
use crate::plan::{Node, Role};
use crate::sometimes;

use super::signature::work;

/// What runs have shown, by class.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Runs that were looked at.
    pub runs: u64,
    /// By the number that stands for an address, how many runs had it.
    addresses: BTreeMap<u64, u64>,
    /// By the number that stands for an abstract state, how many runs had it.
    states: BTreeMap<u64, u64>,
    /// By name, how many runs had the situation.
    situations: BTreeMap<String, u64>,
}

/// What one run has shown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shown {
    addresses: BTreeSet<u64>,
    states: BTreeSet<u64>,
    situations: Vec<&'static str>,
}

impl Shown {
    /// What a run has shown.
    pub fn of(outcome: &Outcome) -> Self {
        let evidence = &outcome.evidence;
        let crossings = evidence.history.crossings();
        Shown {
            addresses: crossings.iter().filter_map(|crossing| address(crossing, evidence)).collect(),
            states: states(evidence),
            situations: sometimes::of(evidence),
        }
    }
}

impl Coverage {
    /// One more run.
    pub fn add(&mut self, shown: Shown) {
        self.runs += 1;
        for feature in shown.addresses {
            *self.addresses.entry(feature).or_default() += 1;
        }
        for feature in shown.states {
            *self.states.entry(feature).or_default() += 1;
        }
        for situation in shown.situations {
            *self.situations.entry(situation.to_owned()).or_default() += 1;
        }
    }

    /// What other runs have shown too.
    pub(super) fn unite(&mut self, other: Coverage) {
        self.runs += other.runs;
        add_up(&mut self.addresses, other.addresses);
        add_up(&mut self.states, other.states);
        add_up(&mut self.situations, other.situations);
    }

    /// Distinct addresses.
    pub fn addresses(&self) -> usize {
        self.addresses.len()
    }

    /// Distinct abstract states.
    pub fn states(&self) -> usize {
        self.states.len()
    }

    /// How many runs had each situation, those that none had included.
    pub fn situations(&self) -> Vec<(&'static str, u64)> {
        let seen = |name: &str| self.situations.get(name).copied().unwrap_or_default();
        sometimes::ALL.iter().map(|situation| (situation.name, seen(situation.name))).collect()
    }

    /// The chance that the next run shows an address or a state that none has shown, estimated from above.
    pub fn unseen(&self) -> f64 {
        let once = self.addresses.values().chain(self.states.values()).filter(|runs| **runs == 1).count();
        if self.runs == 0 { 1.0 } else { (once as f64 / self.runs as f64).min(1.0) }
    }
}

/// Adds the counts of one map to those of another.
pub(crate) fn add_up<K: Ord>(all: &mut BTreeMap<K, u64>, more: BTreeMap<K, u64>) {
    for (what, count) in more {
        *all.entry(what).or_default() += count;
    }
}

/// What stands for an address and its outcome, whatever the names and numbers.
fn address(crossing: &Crossing, evidence: &Evidence) -> Option<u64> {
    let role = evidence.role_of(crossing)?;
    let (address, record) = (&crossing.address, &crossing.record);
    // Every crossing of every run comes by here, so nothing is put into words first.
    let mut hasher = Xxh3::new();
    for part in [work(&address.task), address.site] {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    let flags = [role as u8, address.phase.map_or(0, |phase| 1 + phase as u8)];
    hasher.update(&flags);
    hasher.update(&record.status.unwrap_or_default().to_le_bytes());
    hasher.update(&[u8::from(record.failed.is_some()), u8::from(crossing.fault.is_some())]);
    Some(hasher.digest())
}

fn short(text: &str) -> u64 {
    // The lower half of a hash is one.
    draw::of(text) as u64
}

/// What is the case with an artifact, on the platform and at a gateway.
#[derive(Clone, Default)]
struct Case {
    exists: bool,
    status: String,
    held: String,
    keys: usize,
    keys_held: usize,
}

/// The abstract states that artifacts went through.
fn states(evidence: &Evidence) -> BTreeSet<u64> {
    let mut seen = BTreeSet::new();
    let mut cases: BTreeMap<(String, Uuid), Case> = BTreeMap::new();
    let mut kinds: BTreeMap<Uuid, &'static str> = BTreeMap::new();
    let gateways = || evidence.nodes.iter().filter(|(_, node)| node.role == Role::Gateway);
    let gateways: Vec<String> = gateways().map(|(name, _)| name.to_string()).collect();
    for crossing in evidence.history.crossings() {
        let at = Node::original(crossing.address.node_name()).to_owned();
        for change in &crossing.record.changes {
            let mut touched: Vec<(String, Uuid)> = Vec::new();
            let mut everywhere =
                |artifact: Uuid, cases: &mut BTreeMap<_, Case>, apply: &dyn Fn(&mut Case)| {
                    for gateway in &gateways {
                        apply(cases.entry((gateway.clone(), artifact)).or_default());
                        touched.push((gateway.clone(), artifact));
                    }
                };
            if let Some(row) = change.after_as::<platform::Artifact>() {
                kinds.insert(row.uuid, row.kind.word());
                everywhere(row.uuid, &mut cases, &|case| case.exists = true);
            } else if let Some(row) = change.before_as::<platform::Artifact>() {
                everywhere(row.uuid, &mut cases, &|case| case.exists = false);
            } else if let Some(row) = change.after_as::<platform::DeploymentStatus>() {
                let status = format!("{:?}", row.status);
                let gateway = evidence.name(row.gateway);
                cases.entry((gateway.clone(), row.artifact)).or_default().status = status;
                touched.push((gateway, row.artifact));
            } else if let Some(row) = change.before_as::<platform::DeploymentStatus>() {
                let gateway = evidence.name(row.gateway);
                cases.entry((gateway.clone(), row.artifact)).or_default().status = String::new();
                touched.push((gateway, row.artifact));
            } else if let Some(row) = change.after_as::<gateway::Artifact>() {
                kinds.insert(row.uuid, row.kind.word());
                cases.entry((at.clone(), row.uuid)).or_default().held = format!("{:?}", row.desired_state);
                touched.push((at.clone(), row.uuid));
            } else if let Some(row) = change.before_as::<gateway::Artifact>() {
                cases.entry((at.clone(), row.uuid)).or_default().held = String::new();
                touched.push((at.clone(), row.uuid));
            } else if let Some(row) = change.after_as::<platform::ApiKey>() {
                everywhere(row.artifact, &mut cases, &|case| case.keys = (case.keys + 1).min(2));
            } else if let Some(row) = change.after_as::<gateway::ApiKey>() {
                let case = cases.entry((at.clone(), row.artifact_uuid)).or_default();
                case.keys_held = (case.keys_held + 1).min(2);
                touched.push((at.clone(), row.artifact_uuid));
            } else if let Some(row) = change.before_as::<gateway::ApiKey>() {
                let case = cases.entry((at.clone(), row.artifact_uuid)).or_default();
                case.keys_held = case.keys_held.saturating_sub(1);
                touched.push((at.clone(), row.artifact_uuid));
            }
            for key in touched {
                let Case { exists, status, held, keys, keys_held } = &cases[&key];
                let kind = kinds.get(&key.1).copied().unwrap_or("-");
                seen.insert(short(&format!("{kind} {exists} {status} {held} {keys} {keys_held}")));
            }
        }
    }
    seen
}
