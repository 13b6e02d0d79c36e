//! The summary of a campaign as a program reads it. What is written is put together in `campaign::summary`, and the
//! tests hold the two together.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::campaign::{Canary, Delays, Signature};

/// What a campaign comes to.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it says which fields there are; nothing holds them")]
pub struct Summary {
    /// How many runs there were.
    runs: u64,
    /// How many of them violated a property, stalled or panicked.
    bad_runs: u64,
    /// How fast they were, all who worked on it together. Printed, and not kept: it differs each time.
    #[serde(skip_serializing_if = "Option::is_none")]
    runs_per_second: Option<f64>,
    /// The scripts given with `--known` whose mistakes were met again, most often first.
    known: Vec<Known>,
    /// What was found, by the name of its signature.
    findings: Vec<Finding>,
    /// What was seen.
    coverage: Coverage,
    /// By the effect of a fault that struck, and by what was done, how long it took to show.
    visibility: Delays,
    /// The design that had to be caught.
    canary: Option<Canary>,
    /// Why the campaign says nothing, in words; empty if it says something.
    vacuous: Vec<String>,
    /// What isn't there of what the campaign was to be, in words.
    missing: Vec<String>,
}

/// A script whose mistake was met again.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it says which fields there are; nothing holds them")]
struct Known {
    /// The script.
    script: String,
    /// How many runs showed it.
    runs: u64,
}

/// A violation for the first time.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it says which fields there are; nothing holds them")]
struct Finding {
    /// Eight digits that stand for the signature.
    id: String,
    /// The violated property.
    property: String,
    /// What makes it the same as others.
    signature: Signature,
    /// How many runs showed it.
    runs: u64,
    /// The number of the first of them.
    first_run: u64,
    /// The number of the one whose plan is told: the smallest.
    run: u64,
    /// Whether it was known before the campaign.
    known: bool,
    /// The digest of that run.
    digest: String,
    /// Its plan as a script.
    script: String,
    /// What was expected and seen, and what led there.
    explanation: String,
}

/// What was seen.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it says which fields there are; nothing holds them")]
struct Coverage {
    /// Distinct addresses.
    addresses: u64,
    /// Distinct abstract states.
    states: u64,
    /// The chance of something new in the next run, at most.
    unseen: f64,
    /// Of each situation the number of runs that had it.
    situations: BTreeMap<String, u64>,
}
