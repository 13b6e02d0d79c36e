//! A gateway never loses an artifact that exists on the platform, nor its keys and subscriptions, by a restart,
//! a reconnect or a sync; and nobody but somebody at the gateway itself takes away what was made there.
//!
//! Judged at the moment of each removal, by what the platform holds at that moment: the end state can't show
//! it, since a wrongly removed artifact may come back with the next deployment. A key counts as existing
//! while its row is active and its artifact exists, a subscription while its row exists.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use uuid::Uuid;

use crate::causes::chain_of;
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::{Node, Role};

use super::ground::{self, Ground};
use super::removal::{Removal, Removed, removals};
use super::{Found, Modality, Property};

/// What the platform holds at some moment.
#[derive(Default)]
struct Truth {
    artifacts: BTreeSet<Uuid>,
    keys: BTreeSet<Uuid>,
    subscriptions: BTreeSet<Uuid>,
}

/// What exists is never taken from a gateway.
pub(super) struct ExistingArtifactsSurvive;

impl Property for ExistingArtifactsSurvive {
    fn name(&self) -> &'static str {
        "existing-artifacts-survive"
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "a gateway never loses an artifact that exists on the platform, nor its keys and subscriptions, nor \
         what was made at the gateway itself"
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        judge(evidence)
    }
}

fn judge(evidence: &Evidence) -> Found {
    let (mut found, mut truth) = (Found::default(), Truth::default());
    let mut held: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
    for crossing in evidence.history.crossings() {
        match evidence.role_of(crossing) {
            Some(Role::Platform) => truth.follow(crossing),
            Some(Role::Gateway) => {
                let held = held.entry(Node::original(crossing.address.node_name())).or_default();
                if crossing.address.site == "http.deployments" && !held.is_disjoint(&truth.artifacts) {
                    found.relevant = true;
                }
                for change in &crossing.record.changes {
                    if let Some(row) = change.after_as::<gateway::Artifact>() {
                        found.relevant |= row.origin == gateway::Origin::GatewayApi;
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
            if let Some(row) = change.after_as::<platform::Subscription>() {
                self.subscriptions.insert(row.uuid);
            } else if let Some(row) = change.before_as::<platform::Subscription>() {
                self.subscriptions.remove(&row.uuid);
            }
        }
    }
}

fn lost(evidence: &Evidence, crossing: &Crossing, truth: &Truth) -> Vec<Violation> {
    let has = |removed: &Removal| {
        let exists = truth.artifacts.contains(&removed.artifact);
        match removed.what {
            Removed::LocalArtifact | Removed::LocalKey => true,
            Removed::Artifact => exists,
            Removed::Key => exists && truth.keys.contains(&removed.thing),
            Removed::Subscription => exists && truth.subscriptions.contains(&removed.thing),
        }
    };
    let lost = removals(crossing).filter(has);
    let lost = lost.map(|removed| (removed, ground::of(evidence, crossing, removed.artifact)));
    let lost = lost.filter(|(_, ground)| *ground != Ground::Ordered);
    let node = crossing.address.node_name();
    let violation = |(removed, ground): (Removal, Ground)| {
        let subject = evidence.name(removed.thing);
        let (what, home) = match removed.what {
            Removed::Artifact => (subject.clone(), "exists on the platform"),
            Removed::LocalArtifact => (subject.clone(), "was made there"),
            Removed::Key => (format!("the key {subject}"), "exists on the platform"),
            Removed::LocalKey => (format!("the key {subject}"), "was made there"),
            Removed::Subscription => (format!("the subscription {subject}"), "exists on the platform"),
        };
        Violation {
            at_us: crossing.at_us,
            node: node.to_owned(),
            expected: format!("{node} keeps {what}, which {home}"),
            seen: format!("{node} removes {what} in its {}", crossing.address.task),
            decision: format!("{} removed, {}", removed.what.word(), ground.word()),
            subject,
            chain: chain_of(&evidence.history, crossing.id),
        }
    };
    lost.map(violation).collect()
}
