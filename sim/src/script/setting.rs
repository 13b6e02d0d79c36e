//! Whether a setting exists for its node, and takes its value.

use driftless_model::settings::{BadSetting, GatewaySettings, PlatformSettings, Setting as Known};

use super::action::{PLATFORM, USER, WORLD};
use super::error::Mistake;
use super::suggestion::{expected, unknown};
use super::usage::Bound;
use crate::plan::{Node, Setting};
use crate::settings::{MACHINE, MachineSettings, WorldSettings};

/// What is wrong with a setting, where these nodes are set up.
pub(super) fn check(set: &Setting, nodes: &[&str], bound: &Bound<'_>) -> Option<Mistake> {
    let (name, value) = (set.name.as_str(), set.value.as_str());
    let (known, tried) = match set.node.as_str() {
        WORLD => (WorldSettings::all(), WorldSettings::default().set(name, value)),
        USER => (MachineSettings::all(), MachineSettings::default().set(name, value)),
        node if nodes.contains(&node) && name.starts_with(MACHINE) => {
            (MachineSettings::all(), MachineSettings::default().set(name, value))
        }
        node if nodes.contains(&node) && Node::original(node) == PLATFORM => {
            (PlatformSettings::all(), PlatformSettings::default().set(name, value))
        }
        node if nodes.contains(&node) => {
            (GatewaySettings::all(), GatewaySettings::default().set(name, value))
        }
        node => {
            let nodes: Vec<_> = nodes.iter().copied().chain([WORLD]).collect();
            return Some(Mistake::at(bound.word("NODE").at, unknown("node", node, &nodes)));
        }
    };
    tried.err().map(|wrong| mistake(set, &known, wrong, bound))
}

fn mistake(set: &Setting, known: &[Known], wrong: BadSetting, bound: &Bound<'_>) -> Mistake {
    let (name, value) = bound.pair();
    let names: Vec<_> = known.iter().map(|setting| setting.name).collect();
    match names.contains(&set.name.as_str()) {
        true => Mistake::at(value.at, wrong.to_string()),
        false => {
            let complaint = format!("'{}' has no setting '{}'", set.node, set.name);
            Mistake::at(name.at, expected(&complaint, &set.name, &names))
        }
    }
}
