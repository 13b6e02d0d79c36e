//! A gateway never loses an artifact that exists on the platform, nor its keys and subscriptions, by a restart,
//! a reconnect or a sync; and nobody but somebody at the gateway itself takes away what was made there.
//!
//! Judged at the moment of each removal by the truth, on whatever ground it was removed, unless somebody at the
//! gateway ordered it. It is a loss if the platform holds the thing when it is removed. And it is one if the
//! platform still held it when the newest answer or event was made that this work had heard: then the gateway
//! could not know, and that the thing went in between is luck. The end state shows neither, since what was wrongly
//! removed may come back with the next deployment.
//!
//! A key counts as existing while its row is active and its artifact exists, a subscription while its row exists.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::cx::CrossingId;
use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use uuid::Uuid;

use crate::causes::chain_of;
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::{Node, Role};

use super::ground::{self, Ground};
use super::removal::{Removal, Removed, removals};
use super::{Found, Modality, Property, heard};

/// What the platform holds at some moment, and when what it no longer holds went.
#[derive(Default)]
struct Truth {
    artifacts: Known,
    keys: Known,
    subscriptions: Known,
}

/// Things of one kind.
#[derive(Default)]
struct Known {
    held: BTreeSet<Uuid>,
    gone: BTreeMap<Uuid, CrossingId>,
}

impl Known {
    fn set(&mut self, thing: Uuid, is_there: bool, by: CrossingId) {
        if is_there {
            self.held.insert(thing);
        } else if self.held.remove(&thing) {
            self.gone.insert(thing, by);
        }
    }

    /// Where a thing is at home, in words, if that is on the platform: there still, or there when it was last heard
    /// of. When that was is asked only of what is gone.
    fn home(&self, thing: Uuid, heard: impl Fn() -> Option<CrossingId>) -> Option<&'static str> {
        if self.held.contains(&thing) {
            return Some("exists on the platform");
        }
        let gone = self.gone.get(&thing)?;
        heard().is_some_and(|heard| heard < *gone).then_some("existed when it last heard of it")
    }
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

    fn companions(&self) -> &'static [&'static str] {
        &["restart-with-artifacts", "orphan-kept"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &[
            "undeploy-hard-deletes",
            "orphan-without-exists-check",
            "exists-failure-means-absent",
            "second-refusal-means-absent",
        ]
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
                if crossing.address.site == "http.deployments" && !held.is_disjoint(&truth.artifacts.held) {
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
        let by = crossing.id;
        for change in &crossing.record.changes {
            if let Some(row) = change.after_as::<platform::Artifact>() {
                self.artifacts.set(row.uuid, true, by);
            } else if let Some(row) = change.before_as::<platform::Artifact>() {
                self.artifacts.set(row.uuid, false, by);
            }
            if let Some(key) = change.after_as::<platform::ApiKey>() {
                self.keys.set(key.uuid, key.status == platform::KeyStatus::Active, by);
            } else if let Some(key) = change.before_as::<platform::ApiKey>() {
                self.keys.set(key.uuid, false, by);
            }
            if let Some(row) = change.after_as::<platform::Subscription>() {
                self.subscriptions.set(row.uuid, true, by);
            } else if let Some(row) = change.before_as::<platform::Subscription>() {
                self.subscriptions.set(row.uuid, false, by);
            }
        }
    }
}

fn lost(evidence: &Evidence, crossing: &Crossing, truth: &Truth) -> Vec<Violation> {
    let heard = || heard::newest(evidence, crossing);
    let home = |removed: &Removal| {
        let artifact = truth.artifacts.home(removed.artifact, heard);
        match removed.what {
            Removed::LocalArtifact | Removed::LocalKey => Some("was made there"),
            Removed::Artifact => artifact,
            Removed::Key => artifact.and_then(|_| truth.keys.home(removed.thing, heard)),
            Removed::Subscription => artifact.and_then(|_| truth.subscriptions.home(removed.thing, heard)),
        }
    };
    let lost = removals(crossing).filter_map(|removed| Some((home(&removed)?, removed)));
    let lost = lost.map(|(home, removed)| {
        (home, ground::of(evidence, crossing, (removed.what, removed.artifact)), removed)
    });
    let lost = lost.filter(|(_, ground, _)| *ground != Ground::Ordered);
    let node = crossing.address.node_name();
    let violation = |(home, ground, removed): (&str, Ground, Removal)| {
        let subject = evidence.name(removed.thing);
        let what = match removed.what {
            Removed::Artifact | Removed::LocalArtifact => subject.clone(),
            Removed::Key | Removed::LocalKey => format!("the key {subject}"),
            Removed::Subscription => format!("the subscription {subject}"),
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
