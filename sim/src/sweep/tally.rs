//! What a sweep has so far.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::addition::Addition;
use super::additions::Additions;
use super::base::{Base, Count, Ran};
use super::folding::Folded;
use crate::campaign::Finding;
use crate::parting::Bite;

/// By property, kind of addition and site: in how many plans it was violated.
pub type Table = BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>>;

/// What a sweep has so far.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    /// The digest of the run without additions.
    pub base: String,
    /// First the plans with one addition, then for each of those the plans with it and a second one.
    pub rows: Vec<Row>,
    /// How many plans another stands for.
    pub folded: Folded,
    /// By kind of addition, what its plans came to; of two, both kinds.
    pub by_kind: BTreeMap<String, Count>,
    /// The same by node.
    pub by_node: BTreeMap<String, Count>,
    /// How deep the last addition bit, in how many plans; `unreached` where nothing came by.
    pub bites: BTreeMap<String, u64>,
    /// In how many plans the world didn't come to rest.
    pub stalled: u64,
    /// By property, how many plans violated it.
    pub violated: BTreeMap<String, u64>,
    /// The same by what was added, and where.
    pub table: Table,
    /// What was found, by the id of the signature. What the plan shows by itself is known.
    pub findings: BTreeMap<String, Finding>,
    /// How long it took, all sessions together.
    pub took: Duration,
}

/// The plans with one first addition, or those with one addition in all.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Row {
    /// How many there are.
    pub plans: u64,
    /// How many were run.
    pub done: u64,
    /// What stands for their outcomes, in their order: each leaf for as many plans as the sweep says.
    pub leaves: Vec<String>,
}

impl Row {
    /// Whether all of its plans were run.
    pub fn is_done(&self) -> bool {
        self.done == self.plans
    }
}

/// What stands for some plans and all that came of them.
pub(super) fn leaf<'a>(marks: impl Iterator<Item = &'a [u8; 32]>) -> String {
    let mut hasher = blake3::Hasher::new();
    marks.for_each(|mark| {
        hasher.update(mark);
    });
    hasher.finalize().to_hex()[..12].to_owned()
}

impl Tally {
    /// How many plans there are, as far as it is known.
    pub fn plans(&self) -> u64 {
        self.rows.iter().map(|row| row.plans).sum()
    }

    /// How many were run.
    pub fn executed(&self) -> u64 {
        self.rows.iter().map(|row| row.done).sum()
    }

    /// In how many plans the last addition changed anything.
    pub fn bit(&self) -> u64 {
        self.by_kind.values().map(|count| count.bit).sum()
    }

    /// About how many plans there are in all, if the rows that are still to come are like those that came.
    pub fn expected(&self, faults: u8) -> u64 {
        let Some((singles, pairs)) = self.rows.split_first() else { return 0 };
        if faults < 2 {
            return singles.plans;
        }
        let so_far: u64 = pairs.iter().map(|row| row.plans).sum();
        let mean = if pairs.is_empty() { singles.plans / 2 } else { so_far / pairs.len() as u64 };
        singles.plans + so_far + mean * singles.plans.saturating_sub(pairs.len() as u64)
    }

    /// Whether every plan was run.
    pub fn is_complete(&self, faults: u8) -> bool {
        let rows = match (self.rows.first(), faults) {
            (None, _) => return false,
            (Some(_), ..2) => 1,
            (Some(singles), _) => 1 + singles.plans,
        };
        self.rows.len() as u64 == rows && self.rows.iter().all(Row::is_done)
    }

    /// The sweep begins with what the plan shows by itself.
    pub(super) fn begin(&mut self, base: &Base) {
        self.base = base.outcome.digest.clone();
        for finding in &base.findings {
            self.findings.entry(finding.signature.id()).or_insert_with(|| finding.clone());
        }
    }

    /// One more row, with what can be put into its plan.
    pub(super) fn begin_row(&mut self, additions: &Additions) {
        self.rows.push(Row { plans: additions.all.len() as u64, ..Row::default() });
        self.folded.merge(additions.folded);
    }

    /// One more plan. What it found for the first time.
    pub(super) fn add(&mut self, additions: &[&Addition], ran: Ran) -> Vec<Finding> {
        let join = |words: Vec<String>| words.join(" + ");
        let kind = join(additions.iter().map(|addition| addition.kind()).collect());
        let node = join(additions.iter().map(|addition| addition.node.clone()).collect());
        let site = join(additions.iter().map(|addition| addition.at.site().to_owned()).collect());
        let bit = ran.bite.is_some_and(|bite| bite != Bite::Nothing);
        let counts = [self.by_kind.entry(kind.clone()).or_default(), self.by_node.entry(node).or_default()];
        for count in counts {
            count.plans += 1;
            count.bit += u64::from(bit);
            count.bad += u64::from(!ran.findings.is_empty());
        }
        let bite = ran.bite.map_or("unreached".to_owned(), |bite| bite.to_string());
        *self.bites.entry(bite).or_default() += 1;
        self.stalled += u64::from(ran.stalled);
        let properties: BTreeSet<&str> =
            ran.findings.iter().map(|finding| finding.signature.property.as_str()).collect();
        for property in properties {
            *self.violated.entry(property.to_owned()).or_default() += 1;
            let by_kind = self.table.entry(property.to_owned()).or_default();
            let by_site = by_kind.entry(kind.clone()).or_default();
            *by_site.entry(site.clone()).or_default() += 1;
        }
        let mut new = Vec::new();
        for finding in ran.findings {
            match self.findings.get_mut(&finding.signature.id()) {
                Some(earlier) => earlier.count += 1,
                None => {
                    new.push(finding.clone());
                    self.findings.insert(finding.signature.id(), finding);
                }
            }
        }
        new
    }
}
