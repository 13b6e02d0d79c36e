//! Situations that make a run interesting: a campaign that never saw one hasn't tried what it is for.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::cx::Phase;
use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use driftless_model::wire::internal::ExistsAnswer;

use crate::history::Crossing;
use crate::outcome::Evidence;
use crate::plan::Role;

/// A situation.
pub struct Situation {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    seen: fn(&Evidence) -> bool,
}

/// Every situation.
pub const ALL: &[Situation] = &[
    Situation {
        name: "delete-while-a-gateway-is-away",
        about: "an artifact is deleted on the platform while a gateway that holds it has no connection",
        seen: delete_while_away,
    },
    Situation {
        name: "failed-exists-with-orphans",
        about: "a gateway asks which of its orphans exist and gets no usable answer",
        seen: failed_exists,
    },
    Situation {
        name: "orphan-truly-deleted",
        about: "a gateway asks which of its orphans exist and removes one that doesn't",
        seen: orphan_deleted,
    },
    Situation {
        name: "orphan-kept",
        about: "a gateway asks which of its orphans exist and learns that one does",
        seen: orphan_kept,
    },
    Situation {
        name: "restart-with-artifacts",
        about: "a gateway that holds artifacts starts again",
        seen: restart_with_artifacts,
    },
    Situation {
        name: "sync-beside-an-event",
        about: "a gateway handles an event while its sync is under way",
        seen: sync_beside_an_event,
    },
    Situation {
        name: "handle-reused",
        about: "an artifact is made under a handle that a deleted one had",
        seen: handle_reused,
    },
];

/// The situations that a run had.
pub fn of(evidence: &Evidence) -> Vec<&'static str> {
    ALL.iter().filter(|situation| (situation.seen)(evidence)).map(|situation| situation.name).collect()
}

const EXISTS: &str = "http.artifacts-exists";

fn of_role(evidence: &Evidence, role: Role) -> impl Iterator<Item = &Crossing> {
    evidence.history.crossings().iter().filter(move |c| evidence.role_of(c) == Some(role))
}

fn delete_while_away(evidence: &Evidence) -> bool {
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

fn exists_answers(evidence: &Evidence) -> impl Iterator<Item = &Crossing> {
    of_role(evidence, Role::Gateway)
        .filter(|c| c.address.site == EXISTS && c.address.phase == Some(Phase::AnswerReceived))
}

fn failed_exists(evidence: &Evidence) -> bool {
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

fn orphan_deleted(evidence: &Evidence) -> bool {
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

fn orphan_kept(evidence: &Evidence) -> bool {
    exists_answers(evidence).any(|c| {
        let body = c.record.body.as_deref().unwrap_or_default();
        let answer = serde_json::from_slice::<ExistsAnswer>(body);
        answer.is_ok_and(|answer| answer.artifacts.iter().any(|one| one.exists))
    })
}

fn restart_with_artifacts(evidence: &Evidence) -> bool {
    let held = |until: &Crossing| {
        of_role(evidence, Role::Gateway).take_while(|c| c.id < until.id).any(|c| {
            c.address.node_name() == until.address.node_name()
                && c.record.changes.iter().any(|change| change.after_as::<gateway::Artifact>().is_some())
        })
    };
    of_role(evidence, Role::Gateway).any(|c| c.address.site == "life.start" && held(c))
}

fn sync_beside_an_event(evidence: &Evidence) -> bool {
    let mut last: BTreeMap<&str, bool> = BTreeMap::new();
    for crossing in of_role(evidence, Role::Gateway) {
        let (node, task) = (&*crossing.address.node, &*crossing.address.task);
        if task == "sync" {
            if last.insert(node, true) == Some(false) {
                // An event came between two steps of one sync.
                return true;
            }
        } else if task.starts_with("event ") && last.contains_key(node) {
            last.insert(node, false);
        }
    }
    false
}

fn handle_reused(evidence: &Evidence) -> bool {
    let mut handles = BTreeSet::new();
    of_role(evidence, Role::Platform).flat_map(|c| &c.record.changes).any(|change| {
        match (change.before_as::<platform::Artifact>(), change.after_as::<platform::Artifact>()) {
            (None, Some(row)) => !handles.insert((row.organisation, row.handle.clone())),
            (Some(_), _) | (None, None) => false,
        }
    })
}
