//! *Sometimes*: the situations that have to occur in some run of a campaign, or it has tried nothing.
//!
//! A property that holds in a million runs says little if none of them was interesting. So beside each property
//! stand the situations that make it so (`Property::companions`), and each says within how many runs of the
//! default profile somebody may count on it. A campaign that is that long and never saw one that its profile
//! demands is vacuous, whatever else it found.
//!
//! * `operations`: what users do; `syncs`: what gateways ask when they start.

mod operations;
mod syncs;
#[cfg(test)]
mod tests;

use crate::history::Crossing;
use crate::outcome::Evidence;
use crate::plan::Role;

/// A situation.
pub struct Situation {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// Within how many runs of the default profile it occurs.
    pub within: u64,
    seen: fn(&Evidence) -> bool,
}

/// Declares situations: name, runs, what it is, and what sees it.
macro_rules! situations {
    ($($name:literal within $within:literal: $about:literal, $seen:path;)*) => {
        /// Every situation.
        pub const ALL: &[Situation] =
            &[$(Situation { name: $name, about: $about, within: $within, seen: $seen }),*];
    };
}

situations! {
    "delete-while-a-gateway-is-away" within 300:
        "an artifact is deleted while a gateway that holds it has no connection", operations::delete_while_away;
    "delete-told-to-several" within 300:
        "a deletion is told to more than one gateway", operations::told_several;
    "delete-beside-a-deployment" within 2000:
        "an artifact is deleted while a gateway fetches a deployment of it, alone or among others",
        operations::delete_beside_a_deployment;
    "handle-reused" within 300:
        "an artifact is made under a handle that a deleted one had", operations::handle_reused;
    "undeployed" within 300:
        "something that was deployed is undeployed", operations::undeployed;
    "content-replaced" within 500:
        "a deployment of another content follows one on the same gateway", operations::content_replaced;
    "key-taken-back" within 500:
        "a good key is revoked or deleted", operations::key_taken_back;
    "subscribed" within 500:
        "somebody subscribes to an API", operations::subscribed;
    "key-mapped" within 5000:
        "a key is mapped to an application", operations::key_mapped;
    "deployment-failed" within 2000:
        "a deployment has the status FAILED", operations::deployment_failed;
    "request-failed" within 1000:
        "the platform answers a request with 500", operations::request_failed;
    "two-tenants" within 500:
        "two organisations have deployed something", operations::two_tenants;
    "two-replicas-write" within 500:
        "two processes of one gateway have written artifacts", operations::two_replicas_write;
    "restart-with-artifacts" within 100:
        "a gateway that holds artifacts starts again", syncs::restart_with_artifacts;
    "nothing-to-fetch" within 300:
        "a starting gateway is told of deployments and lacks none", syncs::nothing_to_fetch;
    "orphan-kept" within 300:
        "a gateway asks which of its orphans exist and learns that one does", syncs::orphan_kept;
    "orphan-truly-deleted" within 300:
        "a gateway asks which of its orphans exist and removes one that doesn't", syncs::orphan_deleted;
    "failed-exists-with-orphans" within 1000:
        "a gateway asks which of its orphans exist and gets no usable answer", syncs::failed_exists;
    "sync-beside-an-event" within 500:
        "a gateway is told of something while its first sync is under way", syncs::sync_beside_an_event;
}

/// The situations that a run had.
pub fn of(evidence: &Evidence) -> Vec<&'static str> {
    ALL.iter().filter(|situation| (situation.seen)(evidence)).map(|situation| situation.name).collect()
}

fn of_role(evidence: &Evidence, role: Role) -> impl Iterator<Item = &Crossing> {
    evidence.history.crossings().iter().filter(move |c| evidence.role_of(c) == Some(role))
}
