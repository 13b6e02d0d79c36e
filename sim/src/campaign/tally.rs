//! What a campaign has so far.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::properties;

use super::{Canary, Coverage, Finding, Ran};

/// Runs after which a property that nothing could have violated makes a campaign vacuous.
const VACUOUS_AFTER: u64 = 200;

/// What a campaign has so far.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    /// How many runs have ended.
    pub runs: u64,
    /// How many of them violated a property, stalled or panicked.
    pub bad_runs: u64,
    /// How long it took, all sessions together.
    pub took: Duration,
    /// What was found, by the id of the signature.
    pub findings: BTreeMap<String, Finding>,
    /// What was seen.
    pub coverage: Coverage,
    /// By property, how many runs had something that could have violated it.
    pub relevant: BTreeMap<String, u64>,
    /// Whether the design that must be caught was.
    pub canary: Option<Canary>,
}

impl Tally {
    /// One more run. What it found for the first time.
    pub(super) fn add(&mut self, ran: Ran, known: &BTreeSet<String>) -> Vec<Finding> {
        self.runs += 1;
        self.bad_runs += u64::from(!ran.findings.is_empty());
        self.coverage.add(ran.shown);
        for property in ran.relevant {
            *self.relevant.entry(property.to_owned()).or_default() += 1;
        }
        let mut new = Vec::new();
        for finding in ran.findings {
            let id = finding.signature.id();
            match self.findings.get_mut(&id) {
                Some(earlier) => earlier.count += 1,
                None => {
                    let finding = Finding { known: known.contains(&id), ..finding };
                    if !finding.known {
                        new.push(finding.clone());
                    }
                    self.findings.insert(id, finding);
                }
            }
        }
        new
    }

    /// How many runs found something, by property; a run that found several counts for each.
    pub fn by_property(&self) -> BTreeMap<&str, (usize, u64)> {
        let mut counts: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
        for finding in self.findings.values() {
            let count = counts.entry(&finding.signature.property).or_default();
            count.0 += 1;
            count.1 += finding.count;
        }
        counts
    }

    /// Properties that nothing in any run could have violated, in a campaign that is long enough to tell.
    pub fn vacuous(&self) -> Vec<&'static str> {
        if self.runs < VACUOUS_AFTER {
            return Vec::new();
        }
        properties::names().iter().filter(|name| !self.relevant.contains_key(**name)).copied().collect()
    }
}
