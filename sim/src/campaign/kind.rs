//! A campaign as work that can be divided: what its folder is called by, and what it comes to.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::build::Build;
use crate::outcome::Unrunnable;
use crate::parts::{Count, Kind, Shards};

use super::coverage::add_up;
use super::{Finding, Subject, Tally, summary};

/// Campaigns, as a kind of work.
#[derive(Debug)]
pub enum Campaign {}

impl Kind for Campaign {
    const NOUN: &'static str = "campaign";
    const FORMAT: &'static str = "driftless-campaign";
    const VERSION: u32 = 4;
    const LABEL: &'static str = "campaign.json";
    type Subject = Subject;
    type Count = Tally;

    fn differences(one: &Subject, other: &Subject) -> Vec<&'static str> {
        let differs = [
            ("design", one.design != other.design),
            ("profile", one.profile != other.profile),
            ("seed", one.seed != other.seed),
        ];
        differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }

    fn conclusion(_: &Build, _: &Subject, tally: &Tally) -> Result<Vec<(&'static str, Vec<u8>)>, Unrunnable> {
        let json = serde_json::to_vec_pretty(&summary::json(tally)).map_err(Unrunnable::of)?;
        Ok(vec![("summary.json", json), ("summary.txt", summary::text(tally).into_bytes())])
    }
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

    fn united(mut self, other: Tally) -> Tally {
        self.runs += other.runs;
        self.shards.unite(other.shards);
        self.bad_runs += other.bad_runs;
        self.took += other.took;
        self.take_findings(other.findings, |_| false);
        add_up(&mut self.known, other.known);
        self.coverage.unite(other.coverage);
        add_up(&mut self.relevant, other.relevant);
        self.delays.unite(other.delays);
        self.canary = self.canary.take().or(other.canary);
        self.demands = other.demands;
        self
    }

    fn contradiction(&self, other: &Tally) -> Option<String> {
        (self.canary != other.canary).then(|| "its canary came to something else".to_owned())
    }
}
