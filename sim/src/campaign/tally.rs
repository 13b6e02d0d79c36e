//! What a campaign has so far.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::properties;
use crate::sometimes::{self, Situation};

use crate::parts::Shards;

use super::{Canary, Coverage, Delays, Finding, Known, Ran};

/// Why a finding is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum News {
    /// Nobody had it.
    First,
    /// A smaller plan shows it than any before.
    Smaller,
}

/// What a campaign has so far.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    /// How many runs have ended.
    pub runs: u64,
    /// Of which shards they are.
    pub shards: Shards,
    /// How many of them violated a property, stalled or panicked.
    pub bad_runs: u64,
    /// How long it took, all sessions together.
    pub took: Duration,
    /// What was found that no script shows, by the id of the signature.
    pub findings: BTreeMap<String, Finding>,
    /// By the name of a script, how many runs found what it shows.
    #[serde(default)]
    pub known: BTreeMap<String, u64>,
    /// What was seen.
    pub coverage: Coverage,
    /// The situations that have to be seen.
    #[serde(default)]
    pub demands: Vec<String>,
    /// By property, how many runs had something that could have violated it.
    pub relevant: BTreeMap<String, u64>,
    /// How long what users did took to show.
    #[serde(default)]
    pub delays: Delays,
    /// Whether the design that must be caught was.
    pub canary: Option<Canary>,
}

impl Tally {
    /// One more run. What it found that nobody had, or that it shows by a smaller plan, and whether it is that.
    pub(super) fn add(&mut self, ran: Ran, known: &Known) -> Vec<(Finding, News)> {
        self.runs += 1;
        self.shards.ran();
        self.bad_runs += u64::from(!ran.signatures.is_empty());
        self.coverage.add(ran.shown);
        for property in ran.relevant {
            *self.relevant.entry(property.to_owned()).or_default() += 1;
        }
        ran.delays.into_iter().for_each(|delay| self.delays.add(delay));
        let scripts: BTreeSet<&str> = ran.signatures.iter().filter_map(|one| known.script(one)).collect();
        for script in scripts {
            *self.known.entry(script.to_owned()).or_default() += 1;
        }
        let earlier = ran.signatures.iter().filter(|signature| known.script(signature).is_none());
        for signature in earlier {
            if let Some(earlier) = self.findings.get_mut(&signature.id()) {
                earlier.count += 1;
            }
        }
        let mut news = Vec::new();
        for finding in ran.findings {
            let kept = (!finding.known).then(|| finding.clone());
            match self.findings.entry(finding.signature.id()) {
                Entry::Vacant(place) => {
                    news.extend(kept.map(|kept| (kept, News::First)));
                    place.insert(finding);
                }
                Entry::Occupied(mut place) if finding.is_kept_before(place.get()) => {
                    news.extend(kept.map(|kept| (kept, News::Smaller)));
                    // It was counted above.
                    place.get_mut().unite(Finding { count: 0, ..finding });
                }
                Entry::Occupied(_) => {}
            }
        }
        news
    }

    /// How many runs found something, by property; a run that found several counts for each.
    pub fn by_property(&self) -> BTreeMap<&str, (usize, u64)> {
        let mut counts: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
        for finding in self.findings.values() {
            let count = counts.entry(&finding.signature.property).or_default();
            count.0 += 1;
            count.1 += finding.count;
        }
        counts
    }

    /// What makes the campaign vacuous, in words: a situation that is demanded and that no run had, and a property
    /// that nothing in any run could have violated although what makes it interesting is demanded. Neither counts
    /// before the campaign is as long as the situations say.
    pub fn vacuous(&self) -> Vec<String> {
        let demanded = |name: &str| self.demands.iter().any(|demand| demand == name);
        let seen = self.coverage.situations();
        let never = |name: &str| seen.iter().any(|(of, runs)| *of == name && *runs == 0);
        let overdue = |situation: &&Situation| demanded(situation.name) && self.runs >= situation.within;
        let unseen = sometimes::ALL.iter().filter(overdue).filter(|situation| never(situation.name));
        let unseen = unseen.map(|Situation { name, about, .. }| format!("no run had {name}: {about}"));
        let untried = properties::all().iter().filter(|property| {
            let companions = property.companions().iter();
            let known = companions.filter_map(|name| sometimes::ALL.iter().find(|one| one.name == *name));
            let mut known = known.filter(overdue);
            known.next().is_some() && !self.relevant.contains_key(property.name())
        });
        let untried =
            untried.map(|property| format!("nothing in any run could have violated {}", property.name()));
        unseen.chain(untried).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(runs: u64, demands: &[&str]) -> Vec<String> {
        let demands = demands.iter().map(|name| (*name).to_owned()).collect();
        Tally { runs, demands, ..Tally::default() }.vacuous()
    }

    #[test]
    fn what_is_demanded_must_be_seen_by_the_time_it_names() {
        assert_eq!(after(299, &["undeployed"]), Vec::<String>::new());
        let vacuous = after(300, &["undeployed"]);
        assert_eq!(vacuous.len(), 2, "{vacuous:?}");
        assert!(vacuous[0].starts_with("no run had undeployed: "), "{vacuous:?}");
        assert_eq!(vacuous[1], "nothing in any run could have violated undeployed-is-not-served");
        assert_eq!(after(1_000_000, &[]), Vec::<String>::new());
    }

    #[test]
    fn companions_are_situations() {
        for property in properties::all() {
            assert!(!property.companions().is_empty(), "{}", property.name());
            for name in property.companions() {
                assert!(sometimes::ALL.iter().any(|one| one.name == *name), "{name}");
            }
        }
    }
}
