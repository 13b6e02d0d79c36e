//! Situations of what users do, and of what their gateways are at then.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::cx::Phase;
use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use driftless_model::store::{Change, Row};
use driftless_model::wire::internal::BatchRequest;
use uuid::Uuid;

use super::of_role;
use crate::history::Crossing;
use crate::outcome::Evidence;
use crate::plan::{Node, Role};

pub(super) fn delete_while_away(evidence: &Evidence) -> bool {
    let mut deleted = of_role(evidence, Role::Platform).flat_map(|crossing| {
        let rows = crossing.record.changes.iter().filter(|change| change.after.is_none());
        rows.filter_map(move |change| Some((change.before_as::<platform::Artifact>()?.uuid, crossing)))
    });
    deleted.any(|(artifact, delete)| {
        let mut holds: BTreeMap<&str, bool> = BTreeMap::new();
        for crossing in of_role(evidence, Role::Gateway).take_while(|c| c.id < delete.id) {
            for change in &crossing.record.changes {
                if change.after_as::<gateway::Artifact>().is_some_and(|row| row.uuid == artifact) {
                    holds.insert(crossing.address.node_name(), true);
                } else if change.before_as::<gateway::Artifact>().is_some_and(|row| row.uuid == artifact) {
                    holds.insert(crossing.address.node_name(), false);
                }
            }
        }
        let told = |gateway: &str| {
            of_role(evidence, Role::Platform).any(|c| {
                c.id > delete.id
                    && c.address.site == "ws.send"
                    && c.address.peer.as_deref() == Some(gateway)
                    && c.address.task == delete.address.task
            })
        };
        holds.iter().any(|(gateway, holds)| *holds && !told(gateway))
    })
}

pub(super) fn handle_reused(evidence: &Evidence) -> bool {
    let mut handles = BTreeSet::new();
    of_role(evidence, Role::Platform).flat_map(|c| &c.record.changes).any(|change| {
        match (change.before_as::<platform::Artifact>(), change.after_as::<platform::Artifact>()) {
            (None, Some(row)) => !handles.insert((row.organisation, row.handle.clone())),
            (Some(_), _) | (None, None) => false,
        }
    })
}

/// Whether the platform changed a row in a certain way.
fn changed<T: Row>(evidence: &Evidence, how: impl Fn(Option<&T>, Option<&T>) -> bool) -> bool {
    let changes = of_role(evidence, Role::Platform).flat_map(|crossing| &crossing.record.changes);
    changes
        .filter(|change| is_of::<T>(change))
        .any(|change| how(change.before_as::<T>(), change.after_as::<T>()))
}

fn is_of<T: Row>(change: &Change) -> bool {
    change.table == T::TABLE
}

pub(super) fn undeployed(evidence: &Evidence) -> bool {
    changed::<platform::DeploymentStatus>(evidence, |before, after| {
        let desired = |row: Option<&platform::DeploymentStatus>| row.map(|row| row.status_desired);
        desired(before) == Some(platform::Desired::Deployed)
            && desired(after) == Some(platform::Desired::Undeployed)
    })
}

pub(super) fn content_replaced(evidence: &Evidence) -> bool {
    let mut contents: BTreeMap<(Uuid, Uuid), BTreeSet<&[u8]>> = BTreeMap::new();
    let changes = of_role(evidence, Role::Platform).flat_map(|crossing| &crossing.record.changes);
    for row in changes.filter_map(|change| change.after_as::<platform::Deployment>()) {
        contents.entry((row.artifact, row.gateway)).or_default().insert(&row.content);
    }
    contents.values().any(|contents| contents.len() > 1)
}

pub(super) fn key_taken_back(evidence: &Evidence) -> bool {
    changed::<platform::ApiKey>(evidence, |before, after| {
        let good =
            |row: Option<&platform::ApiKey>| row.is_some_and(|row| row.status == platform::KeyStatus::Active);
        good(before) && !good(after)
    })
}

pub(super) fn subscribed(evidence: &Evidence) -> bool {
    changed::<platform::Subscription>(evidence, |before, after| before.is_none() && after.is_some())
}

pub(super) fn key_mapped(evidence: &Evidence) -> bool {
    changed::<platform::ApplicationApiKey>(evidence, |_, after| after.is_some())
}

pub(super) fn deployment_failed(evidence: &Evidence) -> bool {
    changed::<platform::DeploymentStatus>(evidence, |_, after| {
        after.is_some_and(|row| row.status == platform::State::Failed)
    })
}

pub(super) fn request_failed(evidence: &Evidence) -> bool {
    let mut of_users = evidence.history.crossings().iter().filter(|c| evidence.role_of(c).is_none());
    of_users.any(|c| c.address.phase == Some(Phase::Answered) && c.record.status == Some(500))
}

pub(super) fn two_tenants(evidence: &Evidence) -> bool {
    let mut organisations = BTreeSet::new();
    let changes = of_role(evidence, Role::Platform).flat_map(|crossing| &crossing.record.changes);
    for row in changes.filter_map(|change| change.after_as::<platform::Deployment>()) {
        organisations.insert(row.organisation);
    }
    organisations.len() > 1
}

pub(super) fn told_several(evidence: &Evidence) -> bool {
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let sent = of_role(evidence, Role::Platform).filter(|crossing| crossing.address.site == "ws.send");
    sent.filter(|crossing| crossing.address.task.starts_with("request delete ")).any(|crossing| {
        let peers = told.entry(&crossing.address.task).or_default();
        peers.extend(crossing.address.peer.as_deref());
        peers.len() > 1
    })
}

pub(super) fn delete_beside_a_deployment(evidence: &Evidence) -> bool {
    // The artifacts that gateways fetch: from the question until the work that asked goes on, or its process ends.
    let mut fetched: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for crossing in evidence.history.crossings() {
        let address = &crossing.address;
        match evidence.role_of(crossing) {
            Some(Role::Gateway) if address.site.starts_with("life.") => {
                fetched.retain(|(node, _), _| Node::original(node) != Node::original(address.node_name()));
            }
            Some(Role::Gateway) if address.site.starts_with("http.fetch-") => {
                let asks = address.phase == Some(Phase::Sent) && crossing.record.failed.is_none();
                let asked = || ((&*address.node, &*address.task), asked_for(evidence, crossing));
                fetched.extend(asks.then(asked));
            }
            Some(Role::Gateway) => _ = fetched.remove(&(&*address.node, &*address.task)),
            Some(Role::Platform) => {
                let mut gone = crossing.record.changes.iter().filter(|change| change.after.is_none());
                let is_fetched = |row: &platform::Artifact| {
                    let name = evidence.name(row.uuid);
                    fetched.values().any(|names| names.contains(&name))
                };
                if gone.any(|change| change.before_as::<platform::Artifact>().is_some_and(is_fetched)) {
                    return true;
                }
            }
            None => {}
        }
    }
    false
}

/// The artifacts whose deployments a call asks for: the one it is about, or those of the deployments in its body.
fn asked_for(evidence: &Evidence, call: &Crossing) -> BTreeSet<String> {
    let body = call.record.body.as_deref().unwrap_or_default();
    let deployments = serde_json::from_slice::<BatchRequest>(body).map(|batch| batch.deployment_ids);
    let names = deployments.unwrap_or_default().into_iter().map(|id| match id.parse() {
        Ok(id) => evidence.name(id),
        Err(_) => id,
    });
    let artifacts = names.filter_map(|name| Some(name.rsplit_once(".d")?.0.to_owned()));
    artifacts.chain(call.address.subject.as_deref().map(str::to_owned)).collect()
}

pub(super) fn two_replicas_write(evidence: &Evidence) -> bool {
    let mut writers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    of_role(evidence, Role::Gateway).any(|crossing| {
        let node = crossing.address.node_name();
        if crossing.record.changes.iter().any(is_of::<gateway::Artifact>) {
            writers.entry(Node::original(node)).or_default().insert(node);
        }
        writers.get(Node::original(node)).is_some_and(|writers| writers.len() > 1)
    })
}
