//! Lanes: who is there, and when each of their processes ran.

use serde::Serialize;

use crate::names;
use crate::outcome::Evidence;
use crate::plan::Role;

/// Somebody who does something: users, an instance of the platform, a process of a gateway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Lane {
    /// The name, without a life.
    pub name: String,
    /// What it is.
    pub part: Part,
    /// Its processes, one after the other.
    pub lives: Vec<Life>,
}

/// What a lane is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Whoever manages artifacts, and whoever runs the nodes.
    User,
    /// An instance of the platform.
    Platform,
    /// A process of a gateway.
    Gateway,
}

/// One process of a node.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Life {
    /// Its name: `gw1`, then `gw1@2`.
    pub name: String,
    /// When it began.
    pub from_us: u64,
    /// When it ended, if it did.
    pub to_us: Option<u64>,
    /// How: `crash`, `power-loss` or `exit`.
    pub end: Option<&'static str>,
}

/// The lanes of a run: users, platforms, gateways, each in the order of their names.
pub(super) fn all(evidence: &Evidence) -> Vec<Lane> {
    let mut lanes = vec![Lane { name: crate::boot::USER.to_owned(), part: Part::User, lives: Vec::new() }];
    for (role, part) in [(Role::Platform, Part::Platform), (Role::Gateway, Part::Gateway)] {
        let of_role = evidence.nodes.iter().filter(|(_, node)| node.role == role);
        lanes.extend(of_role.map(|(name, _)| Lane { name: name.to_string(), part, lives: Vec::new() }));
    }
    for crossing in evidence.history.crossings() {
        let end = match crossing.address.site {
            "life.start" => None,
            "life.crash" => Some("crash"),
            "life.power-loss" => Some("power-loss"),
            "life.exit" => Some("exit"),
            _ => continue,
        };
        let (life, at_us) = (&*crossing.address.node, crossing.at_us);
        let Some(lane) = find(&lanes, life) else { continue };
        let lives = &mut lanes[lane].lives;
        match (end, lives.last_mut()) {
            (None, _) => lives.push(Life { name: life.to_owned(), from_us: at_us, to_us: None, end: None }),
            (Some(end), Some(last)) if last.end.is_none() => {
                (last.to_us, last.end) = (Some(at_us), Some(end))
            }
            (Some(_), _) => {}
        }
    }
    lanes
}

/// The lane of a node or of one of its lives.
pub(super) fn find(lanes: &[Lane], node: &str) -> Option<usize> {
    let name = names::before(node, b'@');
    lanes.iter().position(|lane| lane.name == name)
}
