//! The pure diff (docs/spec/gateway.md sections 6.2 and 14.1, `sync_test.go`).

use std::sync::Arc;

use uuid::Uuid;

use super::fixture::{api, at, id};
use crate::design::UnknownDeployments;
use crate::gateway::sync::diff;
use crate::gateway::tables::{Artifact, DesiredState};
use crate::wire::internal::DeploymentEntry;
use crate::wire::time::Instant;

/// A row of the list: artifact, deployment, state, seconds.
type Remote<'a> = (u128, u128, &'a str, i64);
/// An artifact here: artifact, deployment, state, seconds if it has any.
type Local = (u128, u128, DesiredState, Option<i64>);

use DesiredState::{Deployed, Undeployed};

fn check(
    remote: &[Remote<'_>],
    local: &[Local],
    fetch: &[u128],
    restate: &[(u128, DesiredState)],
    gone: &[u128],
) {
    let remote: Vec<_> = remote.iter().map(entry).collect();
    let local: Vec<_> = local.iter().map(row).collect();
    let diff = diff(&remote, &local, UnknownDeployments::AreFetchedIfDeployed);
    let ids = |ids: &[u128]| ids.iter().copied().map(id).collect::<Vec<Uuid>>();
    assert_eq!(diff.fetch.iter().map(|e| e.artifact_id).collect::<Vec<_>>(), ids(fetch), "fetch");
    let restated: Vec<_> = diff.restate.iter().map(|(e, state)| (e.artifact_id, *state)).collect();
    assert_eq!(restated, restate.iter().map(|(n, state)| (id(*n), *state)).collect::<Vec<_>>(), "restate");
    assert_eq!(diff.orphans, ids(gone), "orphans");
}

fn entry(&(artifact, deployment, state, seconds): &Remote<'_>) -> DeploymentEntry {
    DeploymentEntry {
        artifact_id: id(artifact),
        deployment_id: id(deployment),
        kind: "RestApi".into(),
        state: state.into(),
        desired: None,
        deployed_at: at(seconds),
        etag: String::new(),
    }
}

fn row(&(artifact, deployment, state, seconds): &Local) -> Arc<Artifact> {
    let mut row = api(artifact, "petstore").artifact;
    row.deployment_id = Some(id(deployment));
    row.desired_state = state;
    row.deployed_at = seconds.map(at);
    Arc::new(row)
}

#[test]
fn what_is_deployed_there_and_unknown_here_is_fetched() {
    check(&[(1, 10, "DEPLOYED", 0), (2, 20, "deployed", 0)], &[], &[1, 2], &[], &[]);
}

#[test]
fn what_is_unknown_here_and_not_deployed_there_is_ignored() {
    let remote = ["UNDEPLOYED", "DEPLOYING", "UNDEPLOYING", "FAILED"];
    for state in remote {
        check(&[(1, 10, state, 0)], &[], &[], &[], &[]);
    }
}

#[test]
fn what_is_equal_is_left_alone() {
    check(&[(1, 10, "DEPLOYED", 5)], &[(1, 10, Deployed, Some(5))], &[], &[], &[]);
    check(&[(1, 10, "UNDEPLOYED", 5)], &[(1, 10, Undeployed, Some(5))], &[], &[], &[]);
}

#[test]
fn another_deployment_is_fetched_whatever_its_state() {
    for state in ["DEPLOYED", "UNDEPLOYED", "FAILED"] {
        check(&[(1, 11, state, 5)], &[(1, 10, Deployed, Some(5))], &[1], &[], &[]);
    }
}

#[test]
fn another_state_of_the_same_deployment_is_a_status_update_either_way() {
    check(&[(1, 10, "UNDEPLOYED", 6)], &[(1, 10, Deployed, Some(5))], &[], &[(1, Undeployed)], &[]);
    check(&[(1, 10, "DEPLOYED", 6)], &[(1, 10, Undeployed, Some(5))], &[], &[(1, Deployed)], &[]);
}

#[test]
fn a_transitional_state_of_the_same_deployment_is_ignored() {
    for state in ["DEPLOYING", "UNDEPLOYING", "FAILED"] {
        check(&[(1, 10, state, 6)], &[(1, 10, Deployed, Some(5))], &[], &[], &[]);
    }
}

#[test]
fn another_instant_is_fetched_even_if_it_is_older() {
    check(&[(1, 10, "DEPLOYED", 4)], &[(1, 10, Deployed, Some(5))], &[1], &[], &[]);
    check(&[(1, 10, "DEPLOYED", 6)], &[(1, 10, Deployed, Some(5))], &[1], &[], &[]);
    check(&[(1, 10, "DEPLOYED", 6)], &[(1, 10, Deployed, None)], &[1], &[], &[]);
}

#[test]
fn the_same_instant_in_another_offset_is_equal() {
    let mut remote = entry(&(1, 10, "DEPLOYED", 5));
    let offset = chrono::FixedOffset::east_opt(5 * 3600 + 1800).expect("an offset");
    remote.deployed_at = Instant::with_timezone(&remote.deployed_at, &offset);
    assert_eq!(
        diff(&[remote], &[row(&(1, 10, Deployed, Some(5)))], UnknownDeployments::AreFetchedIfDeployed),
        Default::default()
    );
}

#[test]
fn what_the_list_lacks_is_an_orphan() {
    check(&[], &[(1, 10, Deployed, Some(0)), (2, 20, Undeployed, Some(0))], &[], &[], &[1, 2]);
}

#[test]
fn all_of_it_at_once() {
    check(
        &[(1, 10, "DEPLOYED", 0), (2, 20, "DEPLOYED", 0), (3, 30, "UNDEPLOYED", 1), (4, 41, "DEPLOYED", 1)],
        &[
            (2, 20, Deployed, Some(0)),
            (3, 30, Deployed, Some(0)),
            (4, 40, Deployed, Some(0)),
            (5, 50, Deployed, None),
        ],
        &[1, 4],
        &[(3, Undeployed)],
        &[5],
    );
}
