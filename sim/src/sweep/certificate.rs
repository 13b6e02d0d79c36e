//! The certificate: what a sweep comes to, as a file that can be checked.
//!
//! It holds the plan itself and what every node decides, so whoever has it needs nothing else to run a sample again.
//! It holds no times: the same sweep by the same build makes the same certificate, on however many workers. What
//! stands for the outcomes is in its leaves, in the order of the plans; the digest is over all of them, and the
//! seal over the whole certificate, so a change of one word shows.

use std::collections::BTreeMap;

use driftless_model::design::Design;
use serde::{Deserialize, Serialize};

use super::{Count, Folded, Number, Row, Subject, Table, Tally, Wanted};
use crate::build::Build;
use crate::campaign::{Finding, Signature};
use crate::outcome::Unrunnable;
use crate::plan::Plan;

/// What a certificate says that it is.
const FORMAT: &str = "driftless-sweep";
/// The version of what is written here.
const VERSION: u32 = 2;
/// Why a plan that isn't run is none that is missing.
const WHY: &str = "periodic: of the crossings of one timer between which nothing but timers came, each finds what the \
                   first did, so the first and the last stand for those between; gaps: a process that dies before a \
                   crossing dies after its last one, where nothing at all crosses between; equal: another effect \
                   makes the same of the same crossing (docs/sweeps.md)";

/// By node, what it decides.
pub type Designs = BTreeMap<String, BTreeMap<String, String>>;

/// What a sweep comes to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// That it is one.
    pub format: String,
    /// The version of what is written here.
    pub version: u32,
    /// The build by which it was made.
    pub build: Build,
    /// Where the plan came from.
    pub script: String,
    /// The plan, as a script.
    pub plan: String,
    /// What every node decides.
    pub design: Designs,
    /// What was put into the plan.
    pub wanted: Wanted,
    /// Whether every plan was run.
    pub complete: bool,
    /// What isn't there of what the sweep was to be, in words.
    pub missing: Vec<String>,
    /// How many plans there are. Where not every plan was run, as far as that is known.
    pub plans: u64,
    /// How many were run.
    pub executed: u64,
    /// In how many of them what was put in changed anything.
    pub bit: u64,
    /// How deep it bit, in how many plans.
    pub bites: BTreeMap<String, u64>,
    /// What the plans came to, by kind of addition.
    pub by_kind: BTreeMap<String, Count>,
    /// The same by node.
    pub by_node: BTreeMap<String, Count>,
    /// In how many plans the world didn't come to rest.
    pub stalled: u64,
    /// By property, how many plans violated it that holds without additions.
    pub violated: BTreeMap<String, u64>,
    /// The same by what was added, and where.
    pub table: Table,
    /// What was found, each once.
    pub findings: Vec<Found>,
    /// How many plans another stands for.
    pub folded: Folded,
    /// Why they need not be run.
    pub why_folded: String,
    /// The digest of the run without additions.
    pub base: String,
    /// What stands for the outcomes.
    pub rows: Vec<Row>,
    /// The digest over all outcomes.
    pub digest: String,
    /// The digest of all of the above.
    pub seal: String,
}

/// A finding as a certificate tells it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Found {
    /// What it is called by.
    pub id: String,
    /// The violated property.
    pub property: String,
    /// What makes it the same as others.
    pub signature: Signature,
    /// How many plans showed it.
    pub plans: u64,
    /// The first of them, by its number; 0 is the plan by itself.
    pub first: Number,
    /// Whether the plan shows it by itself.
    pub known: bool,
    /// The first of them, as a script.
    pub script: String,
}

impl From<&Finding> for Found {
    fn from(finding: &Finding) -> Self {
        Found {
            id: finding.signature.id(),
            property: finding.signature.property.clone(),
            signature: finding.signature.clone(),
            plans: finding.count,
            first: Number::of_run(finding.run),
            known: finding.known,
            script: finding.script.clone(),
        }
    }
}

impl Certificate {
    /// What a sweep by a build comes to.
    ///
    /// # Errors
    /// When the plan names a design that doesn't exist.
    pub fn of(build: &Build, subject: &Subject, tally: &Tally) -> Result<Self, Unrunnable> {
        let missing = tally.missing(subject.wanted.faults);
        let rows = (0..tally.rows.last_key_value().map_or(0, |(last, _)| last + 1))
            .map(|number| tally.rows.get(&number).cloned().unwrap_or_default());
        let rows: Vec<Row> = rows.collect();
        let mut certificate = Certificate {
            format: FORMAT.to_owned(),
            version: VERSION,
            build: build.clone(),
            script: subject.script.clone(),
            plan: subject.plan.to_script(),
            design: designs(&subject.plan)?,
            wanted: subject.wanted.clone(),
            complete: missing.is_empty(),
            missing,
            plans: tally.plans(),
            executed: tally.executed(),
            bit: tally.bit(),
            bites: tally.bites.clone(),
            by_kind: tally.by_kind.clone(),
            by_node: tally.by_node.clone(),
            stalled: tally.stalled,
            violated: tally.violated.clone(),
            table: tally.table.clone(),
            findings: tally.findings.values().map(Found::from).collect(),
            folded: tally.folded(),
            why_folded: WHY.to_owned(),
            base: tally.base.clone(),
            digest: digest(&rows),
            rows,
            seal: String::new(),
        };
        certificate.seal = certificate.sealed()?;
        Ok(certificate)
    }

    /// Reads a certificate.
    ///
    /// # Errors
    /// When the text is none, or of another version.
    pub fn read(text: &str) -> Result<Self, Unrunnable> {
        let none = |why: String| Unrunnable(format!("this isn't the certificate of a sweep: {why}"));
        let value: serde_json::Value = serde_json::from_str(text).map_err(|e| none(e.to_string()))?;
        if value["format"] != FORMAT {
            return Err(none(format!("expected the format \"{FORMAT}\"")));
        }
        if value["version"] != VERSION {
            let found = &value["version"];
            return Err(Unrunnable(format!("this certificate is of version {found}; expected {VERSION}")));
        }
        serde_json::from_value(value).map_err(|e| none(e.to_string()))
    }

    /// What of it contradicts itself, if something does.
    pub(super) fn contradiction(&self) -> Option<String> {
        let sealed = self.sealed().ok()?;
        if sealed != self.seal {
            return Some("it was changed after it was made: its seal is that of another".to_owned());
        }
        (digest(&self.rows) != self.digest)
            .then(|| "its digest is not that of the outcomes that it lists".to_owned())
    }

    /// The seal of what it says.
    pub(super) fn sealed(&self) -> Result<String, Unrunnable> {
        let open = Certificate { seal: String::new(), ..self.clone() };
        let text = serde_json::to_vec(&open).map_err(Unrunnable::of)?;
        Ok(blake3::hash(&text).to_hex().to_string())
    }

    /// The certificate as it is written.
    ///
    /// # Errors
    /// When it can't be put into words.
    pub fn to_json(&self) -> Result<String, Unrunnable> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(Unrunnable::of)
    }
}

/// The digest over all outcomes, in the order of the plans.
pub(super) fn digest(rows: &[Row]) -> String {
    let mut hasher = blake3::Hasher::new();
    for row in rows {
        hasher.update(&row.plans.to_le_bytes());
        hasher.update(&row.done.to_le_bytes());
        for leaf in &row.leaves {
            hasher.update(leaf.as_bytes());
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// What every node of a plan decides.
pub(super) fn designs(plan: &Plan) -> Result<Designs, Unrunnable> {
    let mut designs = Designs::new();
    for node in &plan.nodes {
        let mut design = Design::default();
        for choice in &node.design {
            choice.apply(&mut design).map_err(Unrunnable::of)?;
        }
        let decisions = Design::decisions().into_iter();
        let taken = decisions.filter_map(|decision| Some((decision.name, design.get(decision.name)?)));
        let taken = taken.map(|(name, variant)| (name.to_owned(), variant.to_owned()));
        designs.insert(node.name.clone(), taken.collect());
    }
    Ok(designs)
}
