//! The named profiles: mixes that people ask for by a word.

use super::profile::{Profile, Topology};
use crate::fault::{Effect, EffectKind};
use crate::sometimes;

/// The named profiles, and what each is for.
pub const NAMED: &[(&str, &str)] = &[
    ("everything", "all moves, all faults, all topologies; the default"),
    (
        "envelope",
        "all moves and topologies, and the faults that a design can survive: no well-formed lies, no forgetful databases",
    ),
    ("no-faults", "all moves and all topologies, and nothing goes wrong"),
    ("plain", "one process of each node with default settings, artifacts and keys, restarts, no faults"),
    ("calls", "faults on calls and frames: what fails, is lost, late, damaged or answered on the way"),
    ("network", "faults on links"),
    ("crashes", "crashes, power losses, pauses and slow boots"),
    ("storage", "faults on databases"),
    ("clocks", "wall clocks that are off"),
    ("old-peers", "gateways from before the fix beside a platform from after it"),
];

/// What no design survives that believes its peer and its own database: answers that are well formed and wrong, and
/// databases that forget or show only a part. What `envelope` leaves out (docs/hardened.md).
const BEYOND: &[&str] =
    &["omit", "empty-list", "stale", "part", "foreign-keys-off", "old-snapshot", "wipe", "clock-stop"];

/// The situations that nobody can count on with a named profile: what brings them about is left out of it, or rare.
const OUT_OF_REACH: &[(&str, &[&str])] = &[
    ("no-faults", &["failed-exists-with-orphans"]),
    (
        "plain",
        &[
            "failed-exists-with-orphans",
            "two-tenants",
            "two-replicas-write",
            "subscribed",
            "key-mapped",
            "deployment-failed",
            "request-failed",
        ],
    ),
    ("network", &["failed-exists-with-orphans"]),
    ("crashes", &["failed-exists-with-orphans"]),
    ("storage", &["failed-exists-with-orphans"]),
    ("clocks", &["failed-exists-with-orphans"]),
    ("old-peers", &["failed-exists-with-orphans", "orphan-kept", "orphan-truly-deleted"]),
];

/// What the weights of `plain` are for.
const PLAIN_MOVES: &[&str] = &[
    "create",
    "deploy",
    "undeploy",
    "restore",
    "delete-deployment",
    "delete",
    "create-key",
    "update-key",
    "revoke-key",
    "restart",
    "wait",
    "settle",
    "retire",
    "replace",
    "redeploy",
    "keys",
    "amid-sync",
];

impl Profile {
    /// The profile of that name.
    pub fn named(name: &str) -> Option<Self> {
        let effects_of = |words: &[&str]| {
            let of = |kind: &&EffectKind| words.contains(&kind.word);
            Effect::KINDS.iter().filter(of).map(|kind| (kind.word.to_owned(), 1)).collect()
        };
        let all = Profile::default();
        let with = |words: &[&str]| Profile { faults: [1, 3], effects: effects_of(words), ..all.clone() };
        let profile = match name {
            "everything" => all,
            "envelope" => {
                let mut effects = all.effects.clone();
                effects.retain(|word, _| !BEYOND.contains(&word.as_str()));
                let topology = Topology { aging_foreign_keys: 0, ..all.topology.clone() };
                Profile { effects, topology, ..all }
            }
            "no-faults" => Profile { faults: [0, 0], ..all },
            "plain" => {
                let mut weights = all.weights.clone();
                weights.retain(|name, _| PLAIN_MOVES.contains(&name.as_str()));
                Profile { faults: [0, 0], weights, topology: Topology::PLAIN, ..all }
            }
            "calls" => {
                with(&["fail", "lose", "delay", "answer", "body", "omit", "empty-list", "stale", "twice"])
            }
            "network" => with(&[
                "cut",
                "slow",
                "lossy",
                "hold",
                "narrow",
                "refuse",
                "ignore-dials",
                "reset",
                "half-open",
            ]),
            "crashes" => with(&[
                "crash-before",
                "crash-after",
                "power-loss-before",
                "power-loss-after",
                "pause",
                "down",
                "dark",
                "crash-loop",
                "slow-boot",
            ]),
            "storage" => with(&["fail", "lose", "abort", "part", "foreign-keys-off", "old-snapshot", "wipe"]),
            "clocks" => with(&["clock-offset", "clock-drift", "clock-stop", "utc-offset"]),
            "old-peers" => Profile { topology: Topology { old_gateway: 100, ..all.topology.clone() }, ..all },
            _ => return None,
        };
        let out_of_reach = OUT_OF_REACH.iter().find(|(of, _)| *of == name).map(|(_, names)| *names);
        let demands = out_of_reach.map(|names| {
            let all = sometimes::ALL.iter().map(|situation| situation.name);
            all.filter(|situation| !names.contains(situation)).map(str::to_owned).collect()
        });
        Some(Profile { demands, ..profile })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_profile_is_one() {
        for (name, _) in NAMED {
            let profile = Profile::named(name).expect(name);
            assert_eq!(profile.check(), Ok(()), "{name}");
            assert!(!profile.effects.is_empty() && !profile.weights.is_empty(), "{name}");
        }
        assert_eq!(Profile::named("nothing"), None);
    }
}
