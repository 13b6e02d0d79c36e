//! The three kinds of lines, as they stand in the file.

use std::collections::BTreeMap;

use driftless_model::cx::{CrossingId, Phase};
use driftless_model::store::Change;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FORMAT, VERSION};
use crate::address::phase_word;
use crate::history::Crossing;
use crate::names::Names;
use crate::outcome::Outcome;
use crate::parting::{Ending, named, spelled};
use crate::plan::{Choice, Plan};

/// Any of the three, as programs know them that read one line after the other.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum AnyLine {
    /// What was run: the first line.
    Header(Header),
    /// A crossing: every line between.
    Crossing(CrossingLine),
    /// How it ended: the last line.
    End(EndLine),
}

/// What was run: the first line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Always [`FORMAT`].
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// Where the script came from.
    pub script: String,
    /// The plan, as a script.
    pub plan: String,
    /// Of each node, how its design was chosen, the last choice last.
    pub design: BTreeMap<String, Vec<String>>,
    /// The seed.
    pub seed: u64,
    /// The faults of the plan, as its script says them.
    pub faults: Vec<String>,
    /// How many crossings follow.
    pub crossings: usize,
    /// The digest of the run.
    pub digest: String,
}

impl Header {
    /// The header of a run of a plan.
    pub fn of(script: &str, plan: &Plan, outcome: &Outcome) -> Self {
        let chosen = |choice: &Choice| match choice {
            Choice::Design(name) => name.clone(),
            Choice::Decision { name, variant } => format!("{name}={variant}"),
        };
        let design =
            plan.nodes.iter().map(|node| (node.name.clone(), node.design.iter().map(chosen).collect()));
        Header {
            format: FORMAT.to_owned(),
            version: VERSION,
            script: script.to_owned(),
            plan: plan.to_script(),
            design: design.collect(),
            seed: plan.seed,
            faults: plan.faults.iter().map(|fault| format!("fault {fault}")).collect(),
            crossings: outcome.evidence.history.crossings().len(),
            digest: outcome.digest.clone(),
        }
    }
}

/// A crossing: every line but the first and the last.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossingLine {
    /// Its number, from 1.
    pub n: u64,
    /// When, in microseconds since the run began.
    pub time_us: u64,
    /// Where, as a text.
    pub address: String,
    /// The same in parts.
    pub at: AddressLine,
    /// The numbers of the crossings that it follows from.
    pub causes: Vec<u64>,
    /// The status of an answer.
    pub status: Option<u16>,
    /// Why it failed, if it did.
    pub failed: Option<String>,
    /// What a frame, a call or an answer says.
    pub body: Option<String>,
    /// The rows that a commit changed, by table.
    pub changes: BTreeMap<String, Vec<ChangeLine>>,
    /// The fault that struck, by its place in the header's list, from 1.
    pub fault: Option<usize>,
    /// What it tells.
    pub told: Vec<String>,
}

/// An address in parts.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressLine {
    pub node: String,
    pub task: String,
    pub site: String,
    pub peer: Option<String>,
    pub subject: Option<String>,
    pub nth: u64,
    pub phase: Option<String>,
}

/// A row before and after a commit.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeLine {
    /// Its primary key, in parts.
    pub key: Vec<String>,
    /// What it was; none if it is new.
    pub before: Option<String>,
    /// What it is; none if it was deleted.
    pub after: Option<String>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndLine {
    /// How the run ended.
    pub end: Ending,
    /// How many crossings there were.
    pub crossings: usize,
    /// The hash of all lines before this one.
    pub hash: String,
}

impl CrossingLine {
    /// The line of a crossing.
    pub fn of(crossing: &Crossing, names: &Names, told: Vec<String>) -> Self {
        let Crossing { id, at_us, address, causes, record, fault } = crossing;
        let owned = |text: &std::sync::Arc<str>| text.to_string();
        let mut changes: BTreeMap<String, Vec<ChangeLine>> = BTreeMap::new();
        for change in &record.changes {
            changes.entry(change.table.to_owned()).or_default().push(ChangeLine::of(change, names));
        }
        CrossingLine {
            n: id.0,
            time_us: *at_us,
            address: address.to_string(),
            at: AddressLine {
                node: owned(&address.node),
                task: owned(&address.task),
                site: address.site.to_owned(),
                peer: address.peer.as_ref().map(owned),
                subject: address.subject.as_ref().map(owned),
                nth: address.n,
                phase: address.phase.map(|phase: Phase| phase_word(phase).to_owned()),
            },
            causes: causes.iter().map(|cause: &CrossingId| cause.0).collect(),
            status: record.status,
            failed: record.failed.as_deref().map(|failed| named(failed, names)),
            body: record.body.as_ref().map(|body| named(&spelled(body), names)),
            changes,
            fault: fault.map(|place| place + 1),
            told,
        }
    }
}

impl ChangeLine {
    fn of(change: &Change, names: &Names) -> Self {
        let row =
            |row: &std::sync::Arc<dyn driftless_model::store::AnyRow>| named(&format!("{row:?}"), names);
        ChangeLine {
            key: change.key.parts().iter().map(|part| named(part, names)).collect(),
            before: change.before.as_ref().map(row),
            after: change.after.as_ref().map(row),
        }
    }
}
