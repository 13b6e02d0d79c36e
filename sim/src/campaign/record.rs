//! The record of a run that found something: its history and its verdicts, as they lie beside the script.

use serde::Serialize;

use crate::outcome::{Judgement, Outcome, Unrunnable};
use crate::panics::Panic;
use crate::plan::Plan;
use crate::recording::Recording;

/// The name of the script that a history says it is of: it lies beside it.
pub(crate) const SCRIPT: &str = "script";

/// What is kept of a run beside its plan.
pub(crate) struct Record {
    /// The content of `history.jsonl` (docs/history.md).
    pub(crate) history: Vec<u8>,
    /// The content of `verdicts.json`.
    pub(crate) verdicts: Vec<u8>,
}

/// How a run was judged.
#[derive(Serialize)]
struct Verdicts<'a> {
    digest: &'a str,
    verdicts: &'a [Judgement],
    stall: Option<&'a str>,
    panics: &'a [Panic],
}

impl Record {
    /// The record of a run of a plan.
    pub(crate) fn of(plan: &Plan, outcome: &Outcome) -> Result<Self, Unrunnable> {
        let Outcome { digest, judgements, stall, panics, .. } = outcome;
        let verdicts = Verdicts { digest, verdicts: judgements, stall: stall.as_deref(), panics };
        Ok(Record {
            history: Recording::write(SCRIPT, plan, outcome).map_err(Unrunnable::of)?,
            verdicts: serde_json::to_vec_pretty(&verdicts).map_err(Unrunnable::of)?,
        })
    }
}
