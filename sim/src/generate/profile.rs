//! A profile: what made-up plans are made of, as data.
//!
//! ```toml
//! gateways = [1, 3]          # at least and at most
//! artifacts = [1, 3]         # made and deployed before anything else
//! moves = [4, 24]
//! faults = [0, 3]
//! swarm = true               # for each plan some moves and effects are off, the rest unevenly weighted
//!
//! [weights]                  # of moves, and of courses of moves; 0 is never
//! deploy = 6
//! restart = 3
//!
//! [effects]                  # of faults, by the words of scripts
//! cut = 2
//!
//! [topology]                 # percent of the plans that have it
//! replicas = 10
//! ```
//!
//! `demands = ["undeployed"]`, above the tables, names the situations without which a campaign is vacuous.
//!
//! What a file leaves out is as in the profile `everything`, but for tables: a table says all there is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::courses;
use crate::fault::{Effect, EffectKind, Family};
use crate::sometimes;

/// What made-up plans are made of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// Gateways, at least and at most.
    pub gateways: [usize; 2],
    /// Artifacts made and deployed before anything else, at least and at most.
    pub artifacts: [usize; 2],
    /// Moves and courses then, at least and at most; what can't make sense where it stands is left out.
    pub moves: [usize; 2],
    /// Faults, at least and at most.
    pub faults: [usize; 2],
    /// Whether for each plan some moves and effects are off and the rest is unevenly weighted.
    pub swarm: bool,
    /// How often each move is made and each course of moves taken, by its name.
    pub weights: BTreeMap<String, u32>,
    /// How often each effect is had, by its word.
    pub effects: BTreeMap<String, u32>,
    /// What plans are set up with, in percent of them.
    pub topology: Topology,
    /// The situations that a campaign of these plans has to have seen; every one unless said.
    pub demands: Option<Vec<String>>,
}

/// What plans are set up with, in percent of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Topology {
    /// A second process on the first gateway's database, which is then Postgres.
    pub replicas: u32,
    /// A second instance of the platform, whose database is then Postgres.
    pub instances: u32,
    /// A platform on Postgres.
    pub postgres: u32,
    /// Transitional statuses.
    pub transitional: u32,
    /// A platform on the premises.
    pub on_premises: u32,
    /// Foreign keys that go off when a connection is old.
    pub aging_foreign_keys: u32,
    /// A gateway as it was before the fix.
    pub old_gateway: u32,
    /// A second organisation with a gateway and an artifact of its own.
    pub tenants: u32,
}

impl Default for Topology {
    fn default() -> Self {
        Topology {
            replicas: 18,
            instances: 5,
            postgres: 15,
            transitional: 15,
            on_premises: 5,
            aging_foreign_keys: 5,
            old_gateway: 0,
            tenants: 8,
        }
    }
}

impl Topology {
    /// One process of each node, with every setting at its default.
    pub(super) const PLAIN: Topology = Topology {
        replicas: 0,
        instances: 0,
        postgres: 0,
        transitional: 0,
        on_premises: 0,
        aging_foreign_keys: 0,
        old_gateway: 0,
        tenants: 0,
    };
}

impl Default for Profile {
    fn default() -> Self {
        Profile {
            gateways: [1, 3],
            artifacts: [1, 3],
            moves: [4, 24],
            faults: [0, 3],
            swarm: true,
            weights: courses::names().map(|(name, weight)| (name.to_owned(), weight)).collect(),
            effects: Effect::KINDS.iter().map(|kind| (kind.word.to_owned(), weight(kind))).collect(),
            topology: Topology::default(),
            demands: None,
        }
    }
}

/// How often an effect is had unless a profile says otherwise: calls fail more often than clocks.
fn weight(kind: &EffectKind) -> u32 {
    match kind.family {
        Family::Crossings | Family::Answers => 4,
        Family::Network | Family::Processes => 2,
        Family::Storage | Family::Clocks => 1,
    }
}

impl Profile {
    /// The situations that a campaign has to have seen.
    pub fn demanded(&self) -> Vec<String> {
        let all = || sometimes::ALL.iter().map(|situation| situation.name.to_owned()).collect();
        self.demands.clone().unwrap_or_else(all)
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// Where the text isn't one, and what was expected there.
    pub fn read(text: &str) -> Result<Self, String> {
        let profile: Profile = toml::from_str(text).map_err(|e| e.to_string().trim_end().to_owned())?;
        profile.check().map(|()| profile)
    }

    /// Whether plans can be made of it.
    ///
    /// # Errors
    /// What can't be, and what was expected.
    pub fn check(&self) -> Result<(), String> {
        let ranges = [
            ("gateways", self.gateways, 1, 9),
            ("artifacts", self.artifacts, 0, 6),
            ("moves", self.moves, 1, 500),
            ("faults", self.faults, 0, 50),
        ];
        for (name, [least, most], floor, ceiling) in ranges {
            if least > most || least < floor || most > ceiling {
                return Err(format!(
                    "'{name}' can't be [{least}, {most}]; expected at least and at most, from {floor} to {ceiling}"
                ));
            }
        }
        let known = |table: &str, given: &BTreeMap<String, u32>, known: Vec<&str>| match given
            .keys()
            .find(|name| !known.contains(&name.as_str()))
        {
            Some(name) => Err(format!("[{table}] has no '{name}'; expected some of {}", known.join(", "))),
            None => Ok(()),
        };
        known("weights", &self.weights, courses::names().map(|(name, _)| name).collect())?;
        known("effects", &self.effects, Effect::KINDS.iter().map(|kind| kind.word).collect())?;
        if self.weights.values().all(|weight| *weight == 0) {
            return Err("[weights] leaves nothing to do; expected one weight above 0".to_owned());
        }
        if self.faults[1] > 0 && self.effects.values().all(|weight| *weight == 0) {
            return Err(
                "[effects] leaves nothing to go wrong; expected one weight above 0, or faults = [0, 0]"
                    .to_owned(),
            );
        }
        if let Some(weight) =
            self.weights.values().chain(self.effects.values()).find(|weight| **weight > 1000)
        {
            return Err(format!("a weight can't be {weight}; expected at most 1000"));
        }
        let situations: Vec<&str> = sometimes::ALL.iter().map(|situation| situation.name).collect();
        if let Some(name) = self.demands.iter().flatten().find(|name| !situations.contains(&name.as_str())) {
            return Err(format!(
                "there is no situation '{name}'; expected some of {}",
                situations.join(", ")
            ));
        }
        let Topology {
            replicas,
            instances,
            postgres,
            transitional,
            on_premises,
            aging_foreign_keys,
            old_gateway,
            tenants,
        } = self.topology;
        let shares = [
            replicas,
            instances,
            postgres,
            transitional,
            on_premises,
            aging_foreign_keys,
            old_gateway,
            tenants,
        ];
        match shares.iter().find(|share| **share > 100) {
            Some(share) => Err(format!("[topology] can't have {share} percent; expected at most 100")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_of_a_file_is_as_in_everything() {
        let read = Profile::read("gateways = [2, 2]\n[weights]\ndeploy = 1\n").expect("a profile");
        assert_eq!((read.gateways, read.moves), ([2, 2], Profile::default().moves));
        assert_eq!(read.weights.len(), 1);
    }

    #[test]
    fn an_impossible_profile_says_what_was_expected() {
        for (text, expected) in [
            ("gateways = [3, 1]", "at least and at most"),
            ("gateways = [0, 1]", "from 1 to 9"),
            ("moves = 3", "line 1"),
            ("[weights]\ndeplyo = 1", "some of create"),
            ("[weights]\ndeploy = 0", "one weight above 0"),
            ("[effects]\nexplode = 1", "some of fail"),
            ("[topology]\nreplicas = 101", "at most 100"),
            ("colour = 1", "colour"),
        ] {
            let error = Profile::read(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
