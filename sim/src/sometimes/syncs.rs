//! Situations of a gateway's start and of what it asks then.

use std::collections::BTreeMap;

use driftless_model::cx::Phase;
use driftless_model::gateway::tables as gateway;
use driftless_model::wire::internal::{DeploymentList, ExistsAnswer};

use super::of_role;
use crate::history::Crossing;
use crate::names::before;
use crate::outcome::Evidence;
use crate::plan::Role;

const EXISTS: &str = "http.artifacts-exists";

fn exists_answers(evidence: &Evidence) -> impl Iterator<Item = &Crossing> {
    of_role(evidence, Role::Gateway)
        .filter(|c| c.address.site == EXISTS && c.address.phase == Some(Phase::AnswerReceived))
}

pub(super) fn failed_exists(evidence: &Evidence) -> bool {
    let usable = |c: &Crossing| c.record.status == Some(200) && names_artifacts(c);
    of_role(evidence, Role::Gateway)
        .filter(|c| c.address.site == EXISTS)
        .any(|c| c.record.failed.is_some() || (c.address.phase == Some(Phase::AnswerReceived) && !usable(c)))
}

/// Whether an answer says anything of any artifact. Nobody asks about none.
fn names_artifacts(answer: &Crossing) -> bool {
    let body = answer.record.body.as_deref().unwrap_or_default();
    serde_json::from_slice::<ExistsAnswer>(body).is_ok_and(|answer| !answer.artifacts.is_empty())
}

pub(super) fn orphan_deleted(evidence: &Evidence) -> bool {
    exists_answers(evidence).any(|answer| {
        of_role(evidence, Role::Gateway).any(|c| {
            c.id > answer.id
                && c.address.node == answer.address.node
                && c.address.task == answer.address.task
                && c.record
                    .changes
                    .iter()
                    .any(|change| change.before_as::<gateway::Artifact>().is_some() && change.after.is_none())
        })
    })
}

pub(super) fn orphan_kept(evidence: &Evidence) -> bool {
    exists_answers(evidence).any(|c| {
        let body = c.record.body.as_deref().unwrap_or_default();
        let answer = serde_json::from_slice::<ExistsAnswer>(body);
        answer.is_ok_and(|answer| answer.artifacts.iter().any(|one| one.exists))
    })
}

pub(super) fn restart_with_artifacts(evidence: &Evidence) -> bool {
    let held = |until: &Crossing| {
        of_role(evidence, Role::Gateway).take_while(|c| c.id < until.id).any(|c| {
            c.address.node_name() == until.address.node_name()
                && c.record.changes.iter().any(|change| change.after_as::<gateway::Artifact>().is_some())
        })
    };
    of_role(evidence, Role::Gateway).any(|c| c.address.site == "life.start" && held(c))
}

pub(super) fn sync_beside_an_event(evidence: &Evidence) -> bool {
    // The processes whose sync has begun, and whether anything has come since its last step.
    let mut told: BTreeMap<&str, bool> = BTreeMap::new();
    for crossing in evidence.history.crossings() {
        let address = &crossing.address;
        match evidence.role_of(crossing) {
            Some(Role::Gateway) if &*address.task == "sync" => {
                let was_told = told.insert(&address.node, false);
                if was_told == Some(true) {
                    return true;
                }
            }
            Some(Role::Platform) if address.site == "ws.send" && address.phase == Some(Phase::Received) => {
                let here = |node: &str| address.peer.as_deref() == Some(before(node, b'@'));
                told.iter_mut().filter(|(node, _)| here(node)).for_each(|(_, told)| *told = true);
            }
            _ => {}
        }
    }
    false
}

pub(super) fn nothing_to_fetch(evidence: &Evidence) -> bool {
    // A sync that was told of deployments and went on to ask for subscription plans without fetching any.
    let mut told: BTreeMap<&str, bool> = BTreeMap::new();
    for crossing in of_role(evidence, Role::Gateway).filter(|c| &*c.address.task == "sync") {
        let (node, record) = (&*crossing.address.node, &crossing.record);
        match (crossing.address.site, crossing.address.phase) {
            ("http.deployments", Some(Phase::AnswerReceived)) => {
                let body = record.body.as_deref().unwrap_or_default();
                let list = serde_json::from_slice::<DeploymentList>(body);
                told.insert(node, list.is_ok_and(|list| !list.deployments.is_empty()));
            }
            ("http.fetch-batch", _) => _ = told.remove(node),
            ("http.subscription-plans", Some(Phase::Sent)) if told.get(node) == Some(&true) => return true,
            _ => {}
        }
    }
    false
}
