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
    &[("store.find-handle", "handle"), ("store.find-name-version", "name and version")];

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

/// The artifacts that the platform has given to a gateway: by the crossing that wrote its row last.
type Rows = BTreeMap<CrossingId, Uuid>;

fn judge(evidence: &Evidence) -> Found {
    let (mut found, mut truth) = (Found::default(), Truth::default());
    let mut held: BTreeMap<&str, Rows> = BTreeMap::new();
    for crossing in evidence.history.crossings() {
        match evidence.role_of(crossing) {
            Some(Role::Platform) => truth.follow(evidence, crossing),
            Some(Role::Gateway) => {
                let rows = held.entry(Node::original(crossing.address.node_name())).or_default();
                let Some((wanted, what)) = looks(&truth, crossing) else {
                    keep(rows, crossing);
                    continue;
                };
                found.relevant |= truth.was_freed(wanted);
                let met = crossing.record.seen.iter().filter_map(|by| Some((*by, *rows.get(by)?)));
                let in_the_way =
                    met.filter(|(_, met)| *met != wanted.uuid && truth.deleted.contains_key(met));
                for (stored, old) in in_the_way {
                    found.violations.push(violation(
                        evidence,
                        crossing,
                        &truth,
                        (wanted.uuid, what),
                        (stored, old),
                    ));
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

/// Follows which rows a gateway has.
fn keep(rows: &mut Rows, crossing: &Crossing) {
    for change in &crossing.record.changes {
        if let Some(row) = change.before_as::<gateway::Artifact>() {
            rows.retain(|_, held| *held != row.uuid);
        }
        if let Some(row) = change.after_as::<gateway::Artifact>()
            && row.origin == gateway::Origin::ControlPlane
        {
            rows.insert(crossing.id, row.uuid);
        }
    }
}

fn violation(
    evidence: &Evidence,
    crossing: &Crossing,
    truth: &Truth<'_>,
    (wanted, what): (Uuid, &str),
    (stored, old): (CrossingId, Uuid),
) -> Violation {
    let (node, subject, old_name) = (crossing.address.node_name(), evidence.name(wanted), evidence.name(old));
    let history = &evidence.history;
    let deleted = truth.deleted.get(&old).copied();
    let chain = join(chain_of(history, crossing.id), [stored]);
    let chain = join(chain, deleted.into_iter().flat_map(|id| chain_of(history, id)));
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
