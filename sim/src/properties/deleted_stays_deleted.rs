//! Once a gateway has removed an artifact that the platform had deleted, nothing of it comes back there: no row,
//! no key, no subscription, and no route in a process that had withdrawn it.
//!
//! Judged at the moment in which something comes back, even if a second delete takes it away again: until then it
//! is served, and there need not be a second one. What comes with a row that is back belongs to that row.
//!
//! A route is judged within one life. A process that starts again serves what its disk has, and whether that may be
//! there is said of the row. Nor is anything said of a disk that holds again what was removed from it (it is
//! another), or across a restart of the platform, whose disk may be another too. What is made at the gateway itself
//! has its home there.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::cx::CrossingId;
use driftless_model::gateway::{Route, tables as gateway};
use driftless_model::platform::tables as platform;
use driftless_model::store::Change;
use uuid::Uuid;

use crate::causes::{chain_of, join};
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::{Node, Role};

use super::removal::{Removal, Removed, removals};
use super::{Found, Modality, Property};

/// What is deleted doesn't come back.
pub(super) struct DeletedStaysDeleted;

impl Property for DeletedStaysDeleted {
    fn name(&self) -> &'static str {
        "deleted-stays-deleted"
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "nothing of a deleted artifact comes back to a gateway that has removed it"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["delete-beside-a-deployment"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["sync-writes-at-the-end"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        judge(evidence)
    }
}

/// What is deleted, and what has become of it on gateways.
#[derive(Default)]
struct Deleted<'a> {
    /// The artifacts that the platform has deleted, with the crossing that did.
    on_platform: BTreeMap<Uuid, CrossingId>,
    /// Those of them that a gateway has removed since, with the crossing that did.
    on_gateways: BTreeMap<(&'a str, Uuid), CrossingId>,
    /// The lives that have withdrawn their routes to them since.
    withdrawn: BTreeSet<(&'a str, Uuid)>,
    /// What has come back to a gateway: an artifact with all that is its, or something of it.
    back: BTreeSet<(&'a str, Uuid, &'static str)>,
}

/// The row of an artifact, in words.
const ROW: &str = "artifact";

fn judge(evidence: &Evidence) -> Found {
    let (mut found, mut deleted) = (Found::default(), Deleted::default());
    for crossing in evidence.history.crossings() {
        match evidence.role_of(crossing) {
            Some(Role::Platform) if crossing.address.site == "life.start" => deleted = Deleted::default(),
            Some(Role::Platform) => deleted.follow(crossing),
            Some(Role::Gateway) => {
                for (artifact, what) in deleted.comes_back(crossing) {
                    found.violations.push(violation(evidence, crossing, &deleted, artifact, what));
                }
            }
            None => {}
        }
        found.relevant |= !deleted.on_gateways.is_empty();
    }
    found
}

impl<'a> Deleted<'a> {
    fn follow(&mut self, crossing: &Crossing) {
        for change in &crossing.record.changes {
            if change.after_as::<platform::Artifact>().is_none()
                && let Some(row) = change.before_as::<platform::Artifact>()
            {
                self.on_platform.insert(row.uuid, crossing.id);
            }
        }
    }

    /// What comes back to a gateway with this crossing that wasn't back already, by artifact.
    fn comes_back(&mut self, crossing: &'a Crossing) -> Vec<(Uuid, &'static str)> {
        if self.on_platform.is_empty() {
            return Vec::new();
        }
        let name = Node::original(crossing.address.node_name());
        let mut back = Vec::new();
        for change in &crossing.record.changes {
            let Some((artifact, what)) = self.appears(crossing, name, change) else { continue };
            let is_new = !self.back.contains(&(name, artifact, ROW));
            if is_new && self.back.insert((name, artifact, what)) {
                back.push((artifact, what));
            }
        }
        for Removal { thing, what, .. } in removals(crossing) {
            if what == Removed::Artifact && self.on_platform.contains_key(&thing) {
                self.on_gateways.entry((name, thing)).or_insert(crossing.id);
            }
        }
        back
    }

    /// What a change brings of an artifact that the gateway has removed.
    fn appears(
        &mut self,
        crossing: &'a Crossing,
        name: &'a str,
        change: &Change,
    ) -> Option<(Uuid, &'static str)> {
        let (artifact, what) = of_artifact(change)?;
        if !self.on_gateways.contains_key(&(name, artifact)) {
            return None;
        }
        let life = &*crossing.address.node;
        match (what, &change.before, &change.after) {
            (ROUTE, _, None) => {
                self.withdrawn.insert((life, artifact));
                None
            }
            (ROUTE, None, Some(_)) => self.withdrawn.contains(&(life, artifact)).then_some((artifact, what)),
            (ROW, Some(_), Some(_)) if !self.back.contains(&(name, artifact, ROW)) => {
                self.on_gateways.remove(&(name, artifact));
                None
            }
            (_, None, Some(_)) => Some((artifact, what)),
            (_, _, _) => None,
        }
    }
}

/// A route, in words.
const ROUTE: &str = "route";

/// The artifact that a changed row is or belongs to, and what it is, unless it was made at the gateway itself.
fn of_artifact(change: &Change) -> Option<(Uuid, &'static str)> {
    fn either<T: driftless_model::store::Row>(change: &Change) -> Option<&T> {
        change.after_as::<T>().or(change.before_as::<T>())
    }
    if let Some(row) = either::<gateway::Artifact>(change) {
        return (row.origin == gateway::Origin::ControlPlane).then_some((row.uuid, ROW));
    }
    if let Some(row) = either::<gateway::ApiKey>(change) {
        return (row.source != gateway::ApiKey::LOCAL).then_some((row.artifact_uuid, "key"));
    }
    if let Some(row) = either::<gateway::Subscription>(change) {
        return Some((row.api_id, "subscription"));
    }
    either::<Route>(change).map(|route| (route.artifact, ROUTE))
}

fn violation(
    evidence: &Evidence,
    crossing: &Crossing,
    deleted: &Deleted<'_>,
    artifact: Uuid,
    what: &str,
) -> Violation {
    let (node, subject) = (crossing.address.node_name(), evidence.name(artifact));
    let history = &evidence.history;
    let removed = deleted.on_gateways.get(&(Node::original(node), artifact)).copied();
    let on_platform = deleted.on_platform.get(&artifact).copied();
    let mut chain = chain_of(history, crossing.id);
    for before in removed.into_iter().chain(on_platform) {
        chain = join(chain, chain_of(history, before));
    }
    let work = crossing.address.task.split(' ').next().unwrap_or_default();
    Violation {
        at_us: crossing.at_us,
        node: node.to_owned(),
        expected: format!(
            "nothing of {subject} is on {node}, which has removed it after the platform deleted it"
        ),
        seen: format!("its {what} is there again, by {}", crossing.address.task),
        decision: format!("{what} back by {work}"),
        subject,
        chain,
    }
}
