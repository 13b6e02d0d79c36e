//! Properties, named as claims.
//!
//! Each is judged from the evidence of a run: its history, and what it left behind. None of them knows the
//! plan or its faults, so none can excuse the system because of one. *Always* speaks of every crossing,
//! *eventually* of the world at rest. Both are judged when the run is over: the history has kept everything, so
//! what an *always* says of a crossing is what was the case at that crossing.
//!
//! * a file for each property;
//! * `removal`, `ground`, `heard`: what was taken from a gateway, why, and what it could know then;
//! * `requests`: what the platform answered, and what it wrote for it;
//! * `rest`, `trail`: what properties of the world at rest, and explanations, have in common;
//! * `registry`: the list of them, to which others may add their own.

mod a_free_handle_is_usable;
mod a_slow_gateway_harms_no_other;
mod a_success_is_durable;
mod an_error_changes_nothing;
mod comes_to_rest;
mod deleted_stays_deleted;
mod deletes_reach_every_gateway;
mod deployed_is_served;
mod existing_artifacts_survive;
mod failed_checks_never_delete;
pub(crate) mod ground;
pub mod heard;
mod keys_follow_the_platform;
mod mappings_follow_the_platform;
mod registry;
pub(crate) mod removal;
mod replicas_agree;
mod requests;
pub mod rest;
mod rest_is_lasting;
mod status_tells_the_truth;
mod subscriptions_follow_the_platform;
mod tenants_are_apart;
pub mod trail;
mod undeployed_is_not_served;
mod what_is_held_is_not_fetched_again;

use crate::outcome::{Evidence, Judgement, Verdict, Violation};

pub use registry::{all, names, register};

/// When a property is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Modality {
    /// At every crossing.
    Always,
    /// When the faults have ended and the world has come to rest.
    Eventually,
}

impl Modality {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Modality::Always => "always",
            Modality::Eventually => "eventually",
        }
    }
}

/// A claim about every run.
pub trait Property: Sync {
    /// The claim, as a name.
    fn name(&self) -> &'static str;
    /// When it is judged.
    fn modality(&self) -> Modality;
    /// The claim as a sentence.
    fn sentence(&self) -> &'static str;
    /// The situations, by name, without which holding it says little; a campaign has to have seen them.
    fn companions(&self) -> &'static [&'static str] {
        &[]
    }
    /// The designs with a defect, by name, that violate it by the script of their name.
    fn mutants(&self) -> &'static [&'static str] {
        &[]
    }
    /// Whether it says nothing of a world that did not come to rest: one that still moves may yet get there.
    fn needs_rest(&self) -> bool {
        self.modality() == Modality::Eventually
    }
    /// Judges a run.
    fn judge(&self, evidence: &Evidence) -> Found;
}

/// What a property found in a run.
#[derive(Debug, Default)]
pub struct Found {
    /// Whether there was something that could have violated it.
    pub relevant: bool,
    /// Why it can't be judged, if it can't.
    pub unjudged: Option<String>,
    /// How it was violated.
    pub violations: Vec<Violation>,
}

impl Found {
    /// That a property can't be judged.
    pub fn unjudged(why: impl Into<String>) -> Self {
        Found { unjudged: Some(why.into()), ..Found::default() }
    }
}

/// Judges a run by every property.
pub fn judge(evidence: &Evidence) -> Vec<Judgement> {
    let judge = |property: &&dyn Property| {
        let found = property.judge(evidence);
        let verdict = match &found {
            _ if property.needs_rest() && evidence.stall.is_some() => Verdict::Stalled,
            Found { unjudged: Some(_), .. } => Verdict::NotJudged,
            Found { violations, .. } if !violations.is_empty() => Verdict::Violated,
            Found { relevant: true, .. } => Verdict::Held,
            Found { relevant: false, .. } => Verdict::Vacuous,
        };
        let violations = if verdict == Verdict::Violated { found.violations } else { Vec::new() };
        Judgement { property: property.name(), verdict, violations }
    };
    all().iter().map(judge).collect()
}
