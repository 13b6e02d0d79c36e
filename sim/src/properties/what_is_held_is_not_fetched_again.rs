//! A deployment sync fetches only what its gateway lacks.
//!
//! Deployments never change, and a platform that is asked by each of its gateways at each start for all there is has
//! to bear it. So it is wrong to ask for the definition of a deployment that the gateway's own list had as its
//! current one, deployed, when nothing has been asked of it since the gateway wrote that.
//!
//! What a sync may know is what the two lists said that it began with, so both must have said it: a fetch is no
//! violation unless the gateway's list was made of the row as it was last written, and the platform's of the status
//! row as it was. A database that has forgotten something excuses a fetch thereby, and so does a race with an event.
//! What an acknowledgement changes is nothing new to the gateway that gave it.

use std::collections::BTreeMap;

use driftless_model::cx::{CrossingId, Phase};
use driftless_model::gateway::tables::{Artifact, DesiredState};
use driftless_model::platform::tables::{DeploymentStatus, Desired};
use driftless_model::wire::time::Instant;
use serde::Deserialize;
use uuid::Uuid;

use crate::causes::{chain_of, join};
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::{Node, Role};

use super::{Found, Modality, Property};

/// What is held is not fetched again.
pub(super) struct WhatIsHeldIsNotFetchedAgain;

impl Property for WhatIsHeldIsNotFetchedAgain {
    fn name(&self) -> &'static str {
        "what-is-held-is-not-fetched-again"
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "a deployment sync fetches only what its gateway lacks"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["nothing-to-fetch"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["broadcast-after-failed-status-write", "list-uses-updated-at"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        let (mut found, mut known) = (Found::default(), Known::default());
        for crossing in evidence.history.crossings() {
            match evidence.role_of(crossing) {
                Some(Role::Platform) => known.platform(evidence, crossing),
                Some(Role::Gateway) => {
                    known.gateway(crossing);
                    if crossing.address.site == FETCH && crossing.address.phase == Some(Phase::Sent) {
                        known.fetches(evidence, crossing, &mut found);
                    }
                }
                None => {}
            }
            if crossing.address.site == OWN_LIST {
                let compares =
                    |lists: &Lists| lists.own.keys().any(|artifact| lists.theirs.contains_key(artifact));
                found.relevant |= known.lists.get(&work(crossing)).is_some_and(compares);
            }
        }
        found
    }
}

const FETCH: &str = "http.fetch-batch";
/// The statement by which a sync lists what is here.
const OWN_LIST: &str = "store.list-artifacts";
/// The statement by which the platform lists what should be.
const THEIR_LIST: &str = "store.list-status";

/// What the platform has last asked of an artifact on a gateway.
struct Asked {
    what: (Uuid, Desired, Instant),
    /// When it asked for that.
    at: CrossingId,
    /// When the row was last written at all.
    written: CrossingId,
}

/// A deployment that a gateway has, deployed.
#[derive(Clone, Copy)]
struct Held {
    deployment: Uuid,
    written: CrossingId,
}

/// What the two lists of a sync said.
#[derive(Default)]
struct Lists {
    /// What is here, by artifact.
    own: BTreeMap<Uuid, Held>,
    /// Of which artifacts the platform listed the row as it was last written, and when that was.
    theirs: BTreeMap<Uuid, CrossingId>,
}

/// What is known up to a crossing.
#[derive(Default)]
struct Known<'a> {
    /// By gateway and artifact.
    asked: BTreeMap<(String, Uuid), Asked>,
    /// By gateway and artifact.
    held: BTreeMap<(&'a str, Uuid), Held>,
    /// By the node and the task of a sync.
    lists: BTreeMap<(&'a str, &'a str), Lists>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fetch {
    deployment_ids: Vec<Uuid>,
}

fn work(crossing: &Crossing) -> (&str, &str) {
    (&crossing.address.node, &crossing.address.task)
}

impl<'a> Known<'a> {
    fn platform(&mut self, evidence: &Evidence, crossing: &'a Crossing) {
        for change in &crossing.record.changes {
            if let Some(row) = change.after_as::<DeploymentStatus>() {
                let key = (evidence.name(row.gateway), row.artifact);
                let what = (row.deployment, row.status_desired, row.performed_at);
                let at = match self.asked.get(&key) {
                    Some(asked) if asked.what == what => asked.at,
                    _ => crossing.id,
                };
                self.asked.insert(key, Asked { what, at, written: crossing.id });
            } else if let Some(row) = change.before_as::<DeploymentStatus>() {
                self.asked.remove(&(evidence.name(row.gateway), row.artifact));
            }
        }
        if crossing.address.site == THEIR_LIST
            && let Some((node, task)) = asker(&crossing.address.task)
        {
            let gateway = Node::original(node.split('@').next().unwrap_or(node)).to_owned();
            let of_gateway = self.asked.iter().filter(|((name, _), _)| *name == gateway);
            let listed = of_gateway.filter(|(_, asked)| crossing.causes.contains(&asked.written));
            let theirs = listed.map(|((_, artifact), asked)| (*artifact, asked.written)).collect();
            self.lists.entry((node, task)).or_default().theirs = theirs;
        }
    }

    fn gateway(&mut self, crossing: &'a Crossing) {
        let gateway = Node::original(crossing.address.node_name());
        for change in &crossing.record.changes {
            if let Some(row) = change.after_as::<Artifact>() {
                let deployed = row.desired_state == DesiredState::Deployed;
                match row.deployment_id.filter(|_| deployed) {
                    Some(deployment) => {
                        self.held.insert((gateway, row.uuid), Held { deployment, written: crossing.id })
                    }
                    None => self.held.remove(&(gateway, row.uuid)),
                };
            } else if let Some(row) = change.before_as::<Artifact>() {
                self.held.remove(&(gateway, row.uuid));
            }
        }
        if crossing.address.site == OWN_LIST {
            let here = self.held.iter().filter(|((name, _), _)| *name == gateway);
            let listed = here.filter(|(_, held)| crossing.causes.contains(&held.written));
            let own = listed.map(|((_, artifact), held)| (*artifact, *held)).collect();
            self.lists.entry(work(crossing)).or_default().own = own;
        }
    }

    fn fetches(&self, evidence: &Evidence, crossing: &Crossing, found: &mut Found) {
        let body = crossing.record.body.as_deref().unwrap_or_default();
        let (Ok(fetch), Some(lists)) =
            (serde_json::from_slice::<Fetch>(body), self.lists.get(&work(crossing)))
        else {
            return;
        };
        let gateway = Node::original(crossing.address.node_name());
        for id in fetch.deployment_ids {
            let Some((artifact, held)) = lists.own.iter().find(|(_, held)| held.deployment == id) else {
                continue;
            };
            let still = self.held.get(&(gateway, *artifact)).is_some_and(|now| now.written == held.written);
            let asked = self.asked.get(&(gateway.to_owned(), *artifact));
            let nothing_new = asked.filter(|asked| {
                asked.at < held.written && lists.theirs.get(artifact) == Some(&asked.written)
            });
            if let Some(asked) = nothing_new.filter(|_| still) {
                found.violations.push(violation(evidence, crossing, (*artifact, *held), asked));
            }
        }
    }
}

/// The node and the task of the sync for which the platform lists something.
///
/// A request's task names who sends it, their task, what is called, and how often that task had called it.
fn asker(task: &str) -> Option<(&str, &str)> {
    let (node, rest) = task.strip_prefix("request ")?.split_once(' ')?;
    let (rest, _nth) = rest.rsplit_once(' ')?;
    let (task, _call) = rest.rsplit_once(' ')?;
    Some((node, task))
}

fn violation(
    evidence: &Evidence,
    crossing: &Crossing,
    (artifact, held): (Uuid, Held),
    asked: &Asked,
) -> Violation {
    let (node, deployment) = (crossing.address.node_name(), evidence.name(held.deployment));
    Violation {
        at_us: crossing.at_us,
        node: node.to_owned(),
        subject: evidence.name(artifact),
        expected: format!(
            "{node} doesn't fetch {deployment}: it has it, and nothing else was asked for since"
        ),
        seen: format!("{node} fetches {deployment} again in its {}", crossing.address.task),
        decision: "fetched though held".to_owned(),
        chain: join(chain_of(&evidence.history, crossing.id), [asked.at, held.written]),
    }
}

#[cfg(test)]
mod tests {
    use super::asker;

    #[test]
    fn who_asks_is_told_from_what_is_asked() {
        for (task, expected) in [
            ("request gw1@2 sync deployments 1", Some(("gw1@2", "sync"))),
            (
                "request gw1 sync after api.deployed petstore 1 deployments 2",
                Some(("gw1", "sync after api.deployed petstore 1")),
            ),
            ("request delete", None),
            ("sync", None),
        ] {
            assert_eq!(asker(task), expected, "{task}");
        }
    }
}
