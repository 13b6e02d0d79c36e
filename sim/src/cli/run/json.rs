//! What `driftless run --json` prints: of all runs together, and of each its plan and its outcome.
//!
//! Its schema is derived from these types (`driftless schema outcome`). Not here: the history, which is long and
//! has a form of its own (docs/history.md).

use schemars::JsonSchema;
use serde::Serialize;

use crate::bites::Effectiveness;
use crate::outcome::{Judgement, Shown, Verdict};
use crate::panics::Panic;
use crate::plan::Plan;
use crate::properties;

use super::{Ran, Transcript};

/// What scripts were run, and what came of it.
#[derive(Serialize, JsonSchema)]
pub struct Outcomes<'a> {
    /// Of each property the worst verdict of all runs.
    verdicts: Vec<Judgement>,
    /// Of one run its digest; of several the digest of their digests.
    digest: String,
    /// Each run, in the order in which the scripts were named.
    runs: Vec<OneOutcome<'a>>,
}

/// A plan, and its outcome.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Outcome")]
struct OneOutcome<'a> {
    /// Where the script is.
    script: &'a str,
    /// What was run: the script's plan with what the arguments changed.
    plan: &'a Plan,
    /// What became of each property.
    verdicts: &'a [Judgement],
    /// The digest of the history.
    digest: &'a str,
    /// How many crossings the history has.
    crossings: usize,
    /// How many entries the gate let pass.
    events: u64,
    /// How long the run took in the world, in microseconds.
    simulated_us: u64,
    /// What each step showed, in the order of the plan.
    steps: &'a [Shown],
    /// Why the world did not come to rest, if it didn't.
    stall: Option<&'a str>,
    /// Panics of actors.
    panics: &'a [Panic],
    /// Of each fault of the plan the number of the crossing at which it struck first, if it did.
    faults: Vec<Option<u64>>,
    /// The faults that never struck, as a script says them.
    unreached_faults: Vec<String>,
    /// Of each fault whether it bit, with `--explain-faults`.
    #[serde(skip_serializing_if = "Option::is_none")]
    bites: Option<&'a [Effectiveness]>,
    /// Whether what was shown differs from the transcript.
    transcript_differs: bool,
}

/// The text.
pub(super) fn text(ran: &[Ran]) -> serde_json::Result<String> {
    let runs: Vec<OneOutcome<'_>> = ran.iter().map(one).collect();
    let digest = match runs.as_slice() {
        [one] => one.digest.to_owned(),
        _ => {
            let mut hasher = blake3::Hasher::new();
            runs.iter().for_each(|run| {
                hasher.update(run.digest.as_bytes());
            });
            hasher.finalize().to_hex().to_string()
        }
    };
    serde_json::to_string_pretty(&Outcomes { verdicts: worst(ran), digest, runs })
}

fn one(ran: &Ran) -> OneOutcome<'_> {
    let outcome = &ran.outcome;
    let unreached = ran.plan.faults.iter().zip(&outcome.faults).filter(|(_, reached)| reached.is_none());
    OneOutcome {
        script: &ran.loaded.name,
        plan: &ran.plan,
        verdicts: &outcome.judgements,
        digest: &outcome.digest,
        crossings: outcome.evidence.history.crossings().len(),
        events: outcome.events,
        simulated_us: outcome.lasted_us,
        steps: &outcome.steps,
        stall: outcome.stall.as_deref(),
        panics: &outcome.panics,
        faults: outcome.faults.iter().map(|struck| struck.map(|at| at.0)).collect(),
        unreached_faults: unreached.map(|(fault, _)| fault.to_string()).collect(),
        bites: ran.bites.as_deref(),
        transcript_differs: matches!(ran.transcript, Transcript::Differs(_)),
    }
}

fn worst(ran: &[Ran]) -> Vec<Judgement> {
    let severity = |verdict: Verdict| match verdict {
        Verdict::Violated => 4,
        Verdict::Stalled => 3,
        Verdict::Held => 2,
        Verdict::Vacuous => 1,
        Verdict::NotJudged => 0,
    };
    let of = |property: &'static str| {
        let all = ran.iter().flat_map(|ran| &ran.outcome.judgements);
        let mut verdict = Verdict::NotJudged;
        let mut violations = Vec::new();
        for judgement in all.filter(|judgement| judgement.property == property) {
            if severity(judgement.verdict) > severity(verdict) {
                verdict = judgement.verdict;
            }
            violations.extend(judgement.violations.iter().cloned());
        }
        Judgement { property, verdict, violations }
    };
    properties::names().iter().map(|name| of(name)).collect()
}
