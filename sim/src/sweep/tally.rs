//! What a sweep has so far.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::addition::Addition;
use super::additions::Additions;
use super::base::{Base, Count, Ran};
use super::folding::Folded;
use super::number::Number;
use super::row::{self, Row};
use crate::campaign::{Finding, add_up};
use crate::parting::Bite;
use crate::parts::{Count as _, Shards};
use crate::shard::Shard;

/// By property, kind of addition and site: in how many plans it was violated.
pub type Table = BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>>;

/// What a sweep has so far.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    /// The digest of the run without additions.
    pub base: String,
    /// Of which shards it is.
    pub shards: Shards,
    /// By number: first the plans with one addition, then for each of those the plans with it and a second one.
    pub rows: BTreeMap<usize, Row>,
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

impl Tally {
    /// How many plans there are, as far as it is known.
    pub fn plans(&self) -> u64 {
        self.rows.values().map(|row| row.plans).sum()
    }

    /// How many were run.
    pub fn executed(&self) -> u64 {
        self.rows.values().map(|row| row.done).sum()
    }

    /// How many plans another stands for.
    pub fn folded(&self) -> Folded {
        let mut folded = Folded::default();
        self.rows.values().for_each(|row| folded.merge(row.folded));
        folded
    }

    /// In how many plans the last addition changed anything.
    pub fn bit(&self) -> u64 {
        self.by_kind.values().map(|count| count.bit).sum()
    }

    /// About how many plans its part has in all, if the rows that are still to come are like those that came.
    pub fn expected(&self, faults: u8) -> u64 {
        let Some(singles) = self.rows.get(&0) else { return 0 };
        let own = self.shards.only().unwrap_or(Shard::WHOLE).share(singles.plans);
        if faults < 2 {
            return own;
        }
        let pairs = self.rows.len() as u64 - 1;
        let so_far: u64 = self.rows.range(1..).map(|(_, row)| row.plans).sum();
        let mean = so_far.checked_div(pairs).unwrap_or(singles.plans / 2);
        own + so_far + mean * own.saturating_sub(pairs)
    }

    /// What isn't there of what the sweep was to be, in words.
    pub fn missing(&self, faults: u8) -> Vec<String> {
        let mut missing = self.shards.missing();
        for shard in self.shards.all() {
            let (done, known, is_done) = self.progress(shard, faults);
            if is_done {
                continue;
            }
            let whose = match shard {
                Shard::WHOLE => String::new(),
                shard => format!("of shard {} of {} ", shard.index(), shard.of()),
            };
            missing.push(format!("{whose}only {done} of {known} plans known so far were run"));
        }
        missing
    }

    /// How many plans of a shard were run, how many are known, and whether that is all of it.
    fn progress(&self, shard: Shard, faults: u8) -> (u64, u64, bool) {
        let Some(singles) = self.rows.get(&0) else { return (0, 0, false) };
        let (mut done, mut known) = (singles.done_by(shard), shard.share(singles.plans));
        let mut is_done = done == known;
        if faults > 1 {
            let rows = 1 + usize::try_from(singles.plans).unwrap_or(usize::MAX - 1);
            for number in row::numbers(shard, rows).skip(1) {
                let row = self.rows.get(&number);
                is_done &= row.is_some_and(Row::is_done);
                done += row.map_or(0, |row| row.done);
                known += row.map_or(0, |row| row.plans);
            }
        }
        (done, known, is_done)
    }

    /// Where among all plans that are known one of that number stands, from 1.
    pub fn rank(&self, number: Number) -> u64 {
        let (row, place) = number.parts();
        place + self.rows.range(..row).map(|(_, row)| row.plans).sum::<u64>()
    }

    /// The sweep begins with what the plan shows by itself.
    pub(super) fn begin(&mut self, base: &Base) {
        self.base = base.outcome.digest.clone();
        for finding in &base.findings {
            self.findings.entry(finding.signature.id()).or_insert_with(|| finding.clone());
        }
    }

    /// A row, with what can be put into its plan.
    pub(super) fn row(&mut self, number: usize, additions: &Additions) -> &mut Row {
        let Additions { all, folded } = additions;
        let row = || Row { plans: all.len() as u64, folded: *folded, ..Row::default() };
        self.rows.entry(number).or_insert_with(row)
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

    /// What other parts have too.
    pub(super) fn with_those_of(mut self, other: Tally) -> Tally {
        self.base = other.base;
        self.shards.unite(other.shards);
        for (number, row) in other.rows {
            match self.rows.entry(number) {
                Entry::Vacant(place) => _ = place.insert(row),
                Entry::Occupied(mut place) => place.get_mut().unite(row),
            }
        }
        for (counts, more) in [(&mut self.by_kind, other.by_kind), (&mut self.by_node, other.by_node)] {
            for (name, count) in more {
                counts.entry(name).or_default().add(count);
            }
        }
        add_up(&mut self.bites, other.bites);
        self.stalled += other.stalled;
        add_up(&mut self.violated, other.violated);
        for (property, by_kind) in other.table {
            let here = self.table.entry(property).or_default();
            for (kind, by_site) in by_kind {
                add_up(here.entry(kind).or_default(), by_site);
            }
        }
        // What the plan shows by itself is no plan's of the sweep.
        self.take_findings(other.findings, |finding| finding.known);
        self.took += other.took;
        self
    }
}
