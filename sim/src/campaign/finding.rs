//! A finding: a violation for the first time, with the plan that shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::explain;
use crate::outcome::Outcome;
use crate::panics::Panic;
use crate::plan::Plan;

use super::{Chain, Signature};

/// What the signature of a run in which a process died of a panic says in the place of a property.
pub(crate) const PANIC: &str = "panic";

/// A violation for the first time.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// What makes it the same as others.
    pub signature: Signature,
    /// The number of the first run that showed it.
    pub first_run: u64,
    /// The number of the run whose plan is kept: the smallest, and of those as small the first.
    pub run: u64,
    /// How many nodes, steps and faults that plan has.
    pub size: usize,
    /// How many runs of the campaign showed it.
    pub count: u64,
    /// Whether another campaign had kept it.
    pub known: bool,
    /// The plan as a script.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub script: String,
    /// What was expected and seen, and what led there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub explanation: String,
    /// The digest of the run.
    pub digest: String,
}

/// The signatures of what a run found, each once.
pub(crate) fn signatures(plan: &Plan, outcome: &Outcome) -> Vec<Signature> {
    let mut signatures: BTreeMap<String, Signature> = BTreeMap::new();
    for judgement in outcome.violated() {
        for violation in &judgement.violations {
            let signature = Signature::of(judgement.property, violation, &outcome.evidence, &plan.faults);
            signatures.entry(signature.id()).or_insert(signature);
        }
    }
    for panic in outcome.panics.iter().filter(|panic| !panic.recovered) {
        let signature = of_panic(plan, panic);
        signatures.insert(signature.id(), signature);
    }
    signatures.into_values().collect()
}

/// All that a run found, none of it known.
pub(crate) fn all(plan: &Plan, outcome: &Outcome, run: u64) -> Vec<Finding> {
    let signatures = signatures(plan, outcome);
    signatures.iter().map(|signature| Finding::of(signature, plan, outcome, run, false)).collect()
}

impl Finding {
    /// One of the things that a run found, with what it takes to look into it.
    pub(super) fn of(signature: &Signature, plan: &Plan, outcome: &Outcome, run: u64, known: bool) -> Self {
        Finding {
            first_run: run,
            run,
            size: size(plan),
            count: 1,
            known,
            script: script(plan, signature, run),
            explanation: explain::violations(plan, outcome),
            digest: outcome.digest.clone(),
            signature: signature.clone(),
        }
    }

    /// Whether its plan is kept rather than that of another finding of the same signature.
    pub(crate) fn is_kept_before(&self, other: &Finding) -> bool {
        (self.size, self.run) < (other.size, other.run)
    }

    /// The same finding of other runs too.
    pub(crate) fn unite(&mut self, other: Finding) {
        let (count, first_run) = (self.count + other.count, self.first_run.min(other.first_run));
        if other.is_kept_before(self) {
            *self = other;
        }
        (self.count, self.first_run) = (count, first_run);
    }

    /// Without what lies in a file of its own.
    pub(crate) fn without_texts(&self) -> Finding {
        Finding { script: String::new(), explanation: String::new(), ..self.clone() }
    }
}

/// How many nodes, steps and faults a plan has, to tell which of two is kept.
pub(super) fn size(plan: &Plan) -> usize {
    plan.nodes.len() + plan.steps.len() + plan.faults.len()
}

/// The signature of a panic by which a process died.
pub(crate) fn of_panic(plan: &Plan, panic: &Panic) -> Signature {
    Signature {
        property: PANIC.to_owned(),
        kind: "-".to_owned(),
        decision: without_names(&panic.words, plan),
        chain: Chain::default(),
    }
}

/// The plan as a script, with a comment on what it shows.
fn script(plan: &Plan, signature: &Signature, run: u64) -> String {
    let Signature { property, kind, decision, .. } = signature;
    let about = if kind == "-" { String::new() } else { format!(" ({kind})") };
    format!("# Found by run {run} of a campaign: {property}{about}, {decision}.\n\n{}", plan.to_script())
}

/// Words with numbers and the plan's names taken out.
fn without_names(words: &str, plan: &Plan) -> String {
    let mut names: Vec<&str> = plan.nodes.iter().map(|node| node.name.as_str()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let kept = words.split(' ').map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let named = names.iter().any(|name| bare.split('@').next() == Some(name));
        let numbered = bare.chars().any(|c| c.is_ascii_digit());
        if named || numbered { "_" } else { word }
    });
    kept.collect::<Vec<_>>().join(" ")
}
