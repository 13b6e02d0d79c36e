//! A gateway never refuses an artifact of the platform because something has its handle, or its name and version,
//! that the platform has deleted.
//!
//! Who deletes an artifact has its handle free again, and the platform lets them use it. A gateway that hasn't heard
//! of the deletion refuses the new one for the old one's sake (docs/spec/gateway.md section 12), and mostly for good:
//! nobody tries again. Judged at the moment in which the gateway looks whether handle and name are free, by the row
//! that it found. The end state can't show it: what stood in the way may have gone after it did.
//!
//! Not judged are what somebody at the gateway has made under the handle, which is theirs; what the database's
//! constraints alone refuse, which takes two writers at once; and what memory refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use driftless_model::cx::CrossingId;
use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use uuid::Uuid;

use crate::causes::{chain_of, join};
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::{Node, Role};

use super::{Found, Modality, Property};

/// A free handle can be used.
pub(super) struct AFreeHandleIsUsable;

impl Property for AFreeHandleIsUsable {
    fn name(&self) -> &'static str {
        "a-free-handle-is-usable"
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "a gateway never refuses an artifact for the handle or name of one that the platform has deleted"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["handle-reused"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["no-delete-handler", "sync-fetch-before-delete", "delete-recipients-from-status"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        judge(evidence)
    }
}

/// Where a gateway looks whether something is free, and what that is called.
const LOOKS: &[(&str, &str)] =
    &[("store.find-handle", HANDLE), ("store.find-name-version", "name and version")];
const HANDLE: &str = "handle";

/// What the platform has and had.
#[derive(Default)]
struct Truth<'a> {
    /// The artifacts there are, by the plan's names.
    there: BTreeMap<Arc<str>, &'a platform::Artifact>,
    /// Those that were deleted, with the crossing that did.
    deleted: BTreeMap<Uuid, CrossingId>,
    /// The handles, and the names with versions, that those had.
    freed: BTreeSet<(Uuid, &'a str, &'a str)>,
}

/// What a gateway has of the platform.
#[derive(Default)]
struct Rows<'a> {
    /// By artifact, with the crossing that wrote the row last. One may have written several.
    written: BTreeMap<Uuid, (&'a gateway::Artifact, CrossingId)>,
    /// What a piece of work has deleted and not committed yet: nothing of that is in its own way.
    going: BTreeMap<(&'a str, &'a str), BTreeSet<Uuid>>,
}

fn judge(evidence: &Evidence) -> Found {
    let (mut found, mut truth) = (Found::default(), Truth::default());
    let mut held: BTreeMap<&str, Rows> = BTreeMap::new();
    for crossing in evidence.history.crossings() {
        match evidence.role_of(crossing) {
            Some(Role::Platform) => truth.follow(evidence, crossing),
            Some(Role::Gateway) => {
                let rows = held.entry(Node::original(crossing.address.node_name())).or_default();
                let Some((wanted, what)) = looks(&truth, crossing) else {
                    rows.keep(evidence, crossing);
                    continue;
                };
                found.relevant |= truth.was_freed(wanted);
                for (old, stored) in rows.met(crossing).into_iter().filter(|(old, _)| has(old, wanted, what))
                {
                    if let Some(deleted) = truth.deleted.get(&old.uuid) {
                        let (wanted, old) = ((wanted.uuid, what), (old.uuid, stored, *deleted));
                        found.violations.push(violation(evidence, crossing, wanted, old));
                    }
                }
            }
            None => {}
        }
    }
    found
}

impl<'a> Truth<'a> {
    fn follow(&mut self, evidence: &Evidence, crossing: &'a Crossing) {
        for change in &crossing.record.changes {
            if let Some(row) = change.after_as::<platform::Artifact>() {
                let name = evidence.names.of(row.uuid).cloned();
                self.there.extend(name.map(|name| (name, row)));
            } else if let Some(row) = change.before_as::<platform::Artifact>() {
                self.there.retain(|_, there| there.uuid != row.uuid);
                self.deleted.insert(row.uuid, crossing.id);
                self.freed.extend([
                    (row.organisation, row.handle.as_str(), ""),
                    (row.organisation, row.name.as_str(), row.version.as_str()),
                ]);
            }
        }
    }

    /// Whether something that was deleted had its handle, or its name and version.
    fn was_freed(&self, row: &platform::Artifact) -> bool {
        self.freed.contains(&(row.organisation, row.handle.as_str(), ""))
            || self.freed.contains(&(row.organisation, row.name.as_str(), row.version.as_str()))
    }
}

/// The artifact of the platform for which a gateway looks whether something is free, and what.
fn looks<'a>(truth: &Truth<'a>, crossing: &Crossing) -> Option<(&'a platform::Artifact, &'static str)> {
    let (_, what) = LOOKS.iter().find(|(site, _)| *site == crossing.address.site)?;
    let wanted = truth.there.get(crossing.address.subject.as_ref()?)?;
    crossing.record.failed.is_none().then_some((*wanted, *what))
}

/// Whether what a gateway has has what another artifact would have.
fn has(old: &gateway::Artifact, wanted: &platform::Artifact, what: &str) -> bool {
    let same = match what {
        HANDLE => old.handle == wanted.handle,
        _ => (&old.display_name, &old.version) == (&wanted.name, &wanted.version),
    };
    old.uuid != wanted.uuid && same
}

/// The statement by which a transaction takes an artifact away.
const DELETES: &str = "store.delete-artifact";

impl<'a> Rows<'a> {
    /// Follows which rows a gateway has.
    fn keep(&mut self, evidence: &Evidence, crossing: &'a Crossing) {
        let work = (&*crossing.address.node, &*crossing.address.task);
        for change in &crossing.record.changes {
            // A commit ends what was going.
            self.going.remove(&work);
            if let Some(row) = change.before_as::<gateway::Artifact>() {
                self.written.remove(&row.uuid);
            }
            if let Some(row) = change.after_as::<gateway::Artifact>()
                && row.origin == gateway::Origin::ControlPlane
            {
                self.written.insert(row.uuid, (row, crossing.id));
            }
        }
        if crossing.address.site == DELETES
            && let Some(artifact) =
                crossing.address.subject.as_deref().and_then(|name| evidence.names.id(name))
        {
            self.going.entry(work).or_default().insert(artifact);
        }
    }

    /// What a look may have met, with the crossing that stored it.
    fn met(&self, crossing: &Crossing) -> Vec<(&'a gateway::Artifact, CrossingId)> {
        let going = self.going.get(&(&*crossing.address.node, &*crossing.address.task));
        let there = self.written.values().filter(|(_, by)| crossing.record.seen.contains(by)).copied();
        there.filter(|(row, _)| going.is_none_or(|going| !going.contains(&row.uuid))).collect()
    }
}

fn violation(
    evidence: &Evidence,
    crossing: &Crossing,
    (wanted, what): (Uuid, &str),
    (old, stored, deleted): (Uuid, CrossingId, CrossingId),
) -> Violation {
    let (node, subject, old_name) = (crossing.address.node_name(), evidence.name(wanted), evidence.name(old));
    let history = &evidence.history;
    let chain = join(chain_of(history, crossing.id), [stored]);
    let chain = join(chain, chain_of(history, deleted));
    let work = crossing.address.task.split(' ').next().unwrap_or_default();
    Violation {
        at_us: crossing.at_us,
        node: node.to_owned(),
        expected: format!("{node} stores {subject}: nothing else on the platform has its {what}"),
        seen: format!("{node} refuses it: it still has {old_name} under that {what}, which is deleted"),
        decision: format!("{what} of something deleted, by {work}"),
        subject,
        chain,
    }
}
