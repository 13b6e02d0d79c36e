//! What the platform's list means for what is here: a pure function (docs/spec/gateway.md section 6.2).
//!
//! Nothing asks which side is newer. That something differs is enough to fetch it, and the guarded upsert
//! decides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::design::UnknownDeployments;
use crate::gateway::tables::{Artifact, DesiredState};
use crate::wire::internal::DeploymentEntry;

/// What is to be done.
#[derive(Clone, PartialEq, Default, Debug)]
pub(in crate::gateway) struct Diff {
    /// Deployments whose definition is to be fetched, in the order of the list.
    pub fetch: Vec<DeploymentEntry>,
    /// Deployments of which only the state differs, in the order of the list.
    pub restate: Vec<(DeploymentEntry, DesiredState)>,
    /// Artifacts that the list doesn't have, by identifier.
    pub orphans: Vec<Uuid>,
}

enum Step {
    Nothing,
    Fetch,
    Restate(DesiredState),
}

/// Compares the platform's list with the artifacts here that came from the platform.
pub(in crate::gateway) fn diff(
    remote: &[DeploymentEntry],
    local: &[Arc<Artifact>],
    unknown: UnknownDeployments,
) -> Diff {
    let here: BTreeMap<Uuid, &Artifact> = local.iter().map(|row| (row.uuid, &**row)).collect();
    let mut diff = Diff::default();
    for entry in remote {
        let step = match here.get(&entry.artifact_id) {
            Some(here) => step(entry, here),
            None => step_for_unknown(entry, unknown),
        };
        match step {
            Step::Nothing => {}
            Step::Fetch => diff.fetch.push(entry.clone()),
            Step::Restate(state) => diff.restate.push((entry.clone(), state)),
        }
    }
    let seen: BTreeSet<Uuid> = remote.iter().map(|entry| entry.artifact_id).collect();
    diff.orphans = here.into_keys().filter(|uuid| !seen.contains(uuid)).collect();
    diff
}

/// What isn't here is fetched only to be served; the pipeline stores nothing else.
fn step_for_unknown(entry: &DeploymentEntry, unknown: UnknownDeployments) -> Step {
    let is_to_be_served = DesiredState::from_list(&entry.state) == Some(DesiredState::Deployed);
    match unknown {
        UnknownDeployments::AreFetchedIfDeployed if is_to_be_served => Step::Fetch,
        UnknownDeployments::AreFetchedIfDeployed => Step::Nothing,
        UnknownDeployments::AreFetched => Step::Fetch,
    }
}

fn step(entry: &DeploymentEntry, here: &Artifact) -> Step {
    if here.deployment_id != Some(entry.deployment_id) {
        return Step::Fetch;
    }
    match DesiredState::from_list(&entry.state) {
        None => Step::Nothing,
        Some(state) if state != here.desired_state => Step::Restate(state),
        Some(_) if here.deployed_at != Some(entry.deployed_at) => Step::Fetch,
        Some(_) => Step::Nothing,
    }
}
