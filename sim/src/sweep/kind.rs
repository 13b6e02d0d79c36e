//! A sweep as work that can be divided: what its folder is called by, and what it comes to.

use std::collections::BTreeMap;
use std::time::Duration;

use super::certificate::{Certificate, designs};
use super::{Subject, Tally, table};
use crate::build::Build;
use crate::campaign::Finding;
use crate::outcome::Unrunnable;
use crate::parts::{Count, Kind, Shards};
use crate::plan::Plan;

/// Sweeps, as a kind of work.
#[derive(Debug)]
pub enum Sweep {}

impl Kind for Sweep {
    const NOUN: &'static str = "sweep";
    const FORMAT: &'static str = "driftless-sweep-folder";
    const VERSION: u32 = 2;
    const LABEL: &'static str = "sweep.json";
    type Subject = Subject;
    type Count = Tally;

    fn differences(one: &Subject, other: &Subject) -> Vec<&'static str> {
        let (a, b) = (&one.wanted, &other.wanted);
        let differs = [
            ("script", one.script != other.script),
            ("plan", undecided(&one.plan) != undecided(&other.plan)),
            ("seed", one.plan.seed != other.plan.seed),
            ("design", designs(&one.plan).ok() != designs(&other.plan).ok()),
            ("faults", a.faults != b.faults),
            ("kinds", a.kinds != b.kinds),
            ("sites", a.sites != b.sites),
            ("rule", a.rule != b.rule),
            ("operations", a.operations != b.operations),
            ("unfolded", a.unfolded != b.unfolded),
        ];
        differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }

    fn conclusion(
        build: &Build,
        subject: &Subject,
        tally: &Tally,
    ) -> Result<Vec<(&'static str, Vec<u8>)>, Unrunnable> {
        let certificate = Certificate::of(build, subject, tally)?;
        let text = table::text(&certificate);
        Ok(vec![
            ("certificate.json", certificate.to_json()?.into_bytes()),
            ("certificate.txt", text.into_bytes()),
        ])
    }
}

/// A plan without what is told apart from it.
fn undecided(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    plan.seed = 0;
    for node in &mut plan.nodes {
        node.design.clear();
    }
    plan
}

impl Count for Tally {
    fn shards(&self) -> &Shards {
        &self.shards
    }

    fn shards_mut(&mut self) -> &mut Shards {
        &mut self.shards
    }

    fn findings(&self) -> &BTreeMap<String, Finding> {
        &self.findings
    }

    fn findings_mut(&mut self) -> &mut BTreeMap<String, Finding> {
        &mut self.findings
    }

    fn without_time(self) -> Self {
        Tally { took: Duration::ZERO, ..self }
    }

    fn united(self, other: Tally) -> Tally {
        self.with_those_of(other)
    }

    fn contradiction(&self, other: &Tally) -> Option<String> {
        let singles = |tally: &Tally| tally.rows.get(&0).map(|row| (row.plans, row.folded));
        let differs = [
            ("the run without anything added is another", self.base != other.base),
            ("other plans have one thing added", singles(self) != singles(other)),
        ];
        differs.into_iter().find(|(_, differs)| *differs).map(|(why, _)| why.to_owned())
    }
}
