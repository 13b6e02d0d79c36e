//! A gateway never loses an artifact that exists on the platform, nor its keys, by a restart, a reconnect or
//! a sync.
//!
//! Judged at the moment of each removal, by what the platform holds at that moment: the end state can't show
//! it, since a wrongly removed artifact may come back with the next deployment. A key counts as existing
//! while its row is active and its artifact exists.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use uuid::Uuid;

use crate::causes::chain_of;
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::Role;

use super::{Found, Removal, removals};

/// What the platform holds at some moment.
#[derive(Default)]
struct Truth {
    artifacts: BTreeSet<Uuid>,
    keys: BTreeSet<Uuid>,
}

pub(super) fn judge(evidence: &Evidence) -> Found {
    let (mut found, mut truth) = (Found::default(), Truth::default());
    let mut held: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
    for crossing in evidence.history.crossings() {
        match evidence.role_of(crossing) {
            Some(Role::Platform) => truth.follow(crossing),
            Some(Role::Gateway) => {
                let held = held.entry(crossing.address.node_name()).or_default();
                if crossing.address.site == "http.deployments" && !held.is_disjoint(&truth.artifacts) {
                    found.relevant = true;
                }
                for change in &crossing.record.changes {
                    if let Some(row) = change.after_as::<gateway::Artifact>() {
                        held.insert(row.uuid);
                    } else if let Some(row) = change.before_as::<gateway::Artifact>() {
                        held.remove(&row.uuid);
                    }
                }
                found.violations.extend(lost(evidence, crossing, &truth));
            }
            None => {}
        }
    }
    found
}

impl Truth {
    fn follow(&mut self, crossing: &Crossing) {
        for change in &crossing.record.changes {
            if let Some(row) = change.after_as::<platform::Artifact>() {
                self.artifacts.insert(row.uuid);
            } else if let Some(row) = change.before_as::<platform::Artifact>() {
                self.artifacts.remove(&row.uuid);
            }
            match (change.before_as::<platform::ApiKey>(), change.after_as::<platform::ApiKey>()) {
                (_, Some(key)) if key.status == platform::KeyStatus::Active => {
                    self.keys.insert(key.uuid);
                }
                (Some(key), _) | (_, Some(key)) => {
                    self.keys.remove(&key.uuid);
                }
                (None, None) => {}
            }
        }
    }
}

fn lost(evidence: &Evidence, crossing: &Crossing, truth: &Truth) -> Vec<Violation> {
    let exists = |removed: &Removal| {
        truth.artifacts.contains(&removed.artifact)
            && (!removed.is_key || truth.keys.contains(&removed.thing))
    };
    let lost = removals(crossing).filter(exists).map(|removed| {
        let subject = evidence.name(removed.thing);
        let what = if removed.is_key { format!("the key {subject}") } else { subject.clone() };
        (subject, what)
    });
    let node = crossing.address.node_name();
    let violation = |(subject, what): (String, String)| Violation {
        at_us: crossing.at_us,
        node: node.to_owned(),
        expected: format!("{node} keeps {what}, which exists on the platform"),
        seen: format!("{node} removes {what} in its {}", crossing.address.task),
        subject,
        chain: chain_of(&evidence.history, crossing.id),
    };
    lost.map(violation).collect()
}
