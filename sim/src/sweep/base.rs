//! The run that nothing was put into, and what becomes of a run beside it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::addition::Addition;
use super::number::Number;
use crate::campaign::{Finding, Record, findings_of, run_safely};
use crate::outcome::{Outcome, Unrunnable, Verdict};
use crate::parting::{Bite, Ending, Side, weigh};
use crate::plan::Plan;

/// The run that nothing was put into.
pub(super) struct Base {
    pub outcome: Outcome,
    ending: Ending,
    /// What is found without anything put in.
    pub findings: Vec<Finding>,
    known: BTreeSet<String>,
}

/// What became of a plan with additions.
pub(super) struct Ran {
    /// What stands for it in the certificate.
    pub mark: [u8; 32],
    /// How deep the last addition bit; none if nothing came by where it waited.
    pub bite: Option<Bite>,
    /// What is found that the run without additions doesn't show.
    pub findings: Vec<Finding>,
    /// Whether the world didn't come to rest.
    pub stalled: bool,
    /// The run as it is kept, if it found something that is to be.
    pub record: Option<Record>,
}

/// How many plans came to what.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Count {
    /// How many were run.
    pub plans: u64,
    /// In how many of them what was put in changed anything.
    pub bit: u64,
    /// How many violated something that holds without.
    pub bad: u64,
}

impl Count {
    /// Those of other plans too.
    pub(super) fn add(&mut self, other: Count) {
        self.plans += other.plans;
        self.bit += other.bit;
        self.bad += other.bad;
    }
}

impl Base {
    /// Runs the plan by itself.
    pub fn of(plan: &Plan) -> Result<Self, Unrunnable> {
        let outcome = run_safely(plan)?;
        let findings: Vec<Finding> = findings_of(plan, &outcome, 0);
        let findings: Vec<Finding> =
            findings.into_iter().map(|finding| Finding { known: true, ..finding }).collect();
        let known = findings.iter().map(|finding| finding.signature.id()).collect();
        Ok(Base { ending: (&outcome).into(), outcome, findings, known })
    }

    /// Runs a plan to which these were added. `number` is its number in the sweep.
    pub fn run(
        &self,
        plan: &Plan,
        additions: &[&Addition],
        number: Number,
        is_kept: impl Fn(&Finding) -> bool,
    ) -> Result<Ran, Unrunnable> {
        let outcome = run_safely(plan)?;
        let reached = additions.last().is_none_or(|last| last.struck(&outcome).is_some());
        let mut findings: Vec<Finding> = findings_of(plan, &outcome, number.run());
        findings.retain(|finding| !self.known.contains(&finding.signature.id()));
        for finding in &mut findings {
            finding.script = script(plan, additions, finding, number);
        }
        let record = findings.iter().any(is_kept).then(|| Record::of(plan, &outcome)).transpose()?;
        Ok(Ran {
            mark: mark(additions, &outcome),
            bite: reached.then(|| self.bite(&outcome)),
            stalled: outcome.stall.is_some(),
            findings,
            record,
        })
    }

    fn bite(&self, outcome: &Outcome) -> Bite {
        let side = |outcome| Side::from(outcome);
        weigh((side(&self.outcome), &self.ending), (side(outcome), &outcome.into()))
    }
}

/// What stands for a plan and all that came of it: its additions, the digest of its history, and what was violated.
fn mark(additions: &[&Addition], outcome: &Outcome) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut say = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update(b"\n");
    };
    additions.iter().for_each(|addition| say(&addition.to_string()));
    say(&outcome.digest);
    let violated = outcome.judgements.iter().filter(|judged| judged.verdict == Verdict::Violated);
    violated.for_each(|judged| say(judged.property));
    say(outcome.stall.as_deref().unwrap_or_default());
    *hasher.finalize().as_bytes()
}

/// The plan as a script, with a comment on what was put in and what it shows.
fn script(plan: &Plan, additions: &[&Addition], finding: &Finding, number: Number) -> String {
    let signature = &finding.signature;
    let added: Vec<String> = additions.iter().map(|addition| format!("#   {addition}\n")).collect();
    format!(
        "# Found by plan {number} of a sweep: {}, {}.\n# Added:\n{}\n{}",
        signature.property,
        signature.decision,
        added.concat(),
        plan.to_script()
    )
}
