//! Whether what was found is still there: a plan and what is said of it, judged by running the plan again.
//!
//! What is said is a [`Claim`]: the properties that a header names, or the signature that a campaign has kept. Of
//! each property one of three things comes out ([`Fate`]). That it is no longer violated counts as such only if
//! what the plan does still takes place: where a fault is never met any more, nobody has shown that anything was
//! mended, so the finding no longer applies.
//!
//! * this file: what is said and what comes out; `judge`: how; `met`: what still takes place.
//!
//! Not here: where claims come from, and what is printed (`cli::replay`).

mod judge;
mod met;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::campaign::Signature;
use crate::recording::Recording;

pub use judge::judge;

/// What is said of a run.
#[derive(Debug)]
pub enum Claim {
    /// It violates these properties. Without any, nothing is said.
    Violates(BTreeSet<String>),
    /// It shows a finding of a campaign.
    Shows(Box<Found>),
}

/// A finding as its campaign has kept it.
#[derive(Debug)]
pub struct Found {
    /// What makes it the same as others.
    pub signature: Signature,
    /// The digest of its run, if this plan is still that of the run.
    pub digest: Option<String>,
    /// The history of its run, if it was kept and is whole.
    pub recording: Option<Recording>,
}

/// What became of a run's claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// Of each property that was claimed, what became of it.
    pub properties: Vec<(String, Fate)>,
    /// What else there is to say.
    pub notes: Vec<String>,
    /// The digest of the run, if it could be run.
    pub digest: Option<String>,
    /// What was violated, in words.
    pub explanation: String,
}

/// What became of a property that was claimed to be violated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is violated.
    StillFails,
    /// It isn't any more, although all that led there still takes place.
    NowPasses,
    /// It can't be said any more, and why.
    NoLongerApplies(String),
    /// Nothing was claimed, and nothing is violated.
    StatesNothing,
}

impl Fate {
    /// It in words, without the reason.
    pub fn words(&self) -> &'static str {
        match self {
            Fate::StillFails => "still fails",
            Fate::NowPasses => "now passes",
            Fate::NoLongerApplies(_) => "no longer applies",
            Fate::StatesNothing => "states nothing",
        }
    }
}

impl Judged {
    /// What can't be judged, and why; the same for every property.
    pub fn no_longer(properties: impl IntoIterator<Item = String>, why: &str) -> Self {
        let fate = |property| (property, Fate::NoLongerApplies(why.to_owned()));
        Judged {
            properties: properties.into_iter().map(fate).collect(),
            notes: Vec::new(),
            digest: None,
            explanation: String::new(),
        }
    }
}
