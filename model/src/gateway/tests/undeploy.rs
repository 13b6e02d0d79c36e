//! Undeploy events (docs/spec/gateway.md sections 8.2 and 14.1, `undeployment_test.go`).

use std::time::Duration;

use serde_json::{Value, json};

use super::deploy::ack;
use super::fixture::{Fixture, api, at, id, key};
use super::platform::CORRELATION;
use crate::gateway::tables::{ApiKey, DesiredState, RestApi};

const LATER: &str = "2026-03-31T12:00:05Z";

/// A connected gateway with API 1 deployed at noon as deployment 10, and a key of it.
fn with_petstore() -> Fixture {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    fixture.list(&[(id(1), id(10), "DEPLOYED", at(0))]);
    fixture.start();
    fixture.world.pass(Duration::from_millis(1));
    fixture
}

fn undeploy(deployment: u128, performed_at: &str) -> Value {
    json!({ "apiId": id(1), "deploymentId": id(deployment), "performedAt": performed_at })
}

#[test]
fn an_undeploy_changes_the_state_and_nothing_else() {
    let fixture = with_petstore();
    assert!(fixture.projections.route("petstore").is_some(), "served from the boot on");
    let heard = fixture.told("api.undeployed", undeploy(10, LATER));
    assert_eq!(heard, [ack("undeploy", "success", None, LATER)]);
    let row = fixture.artifact(id(1)).expect("kept");
    assert_eq!((row.desired_state, row.deployment_id), (DesiredState::Undeployed, Some(id(10))));
    assert_eq!(row.deployed_at, Some(at(5)));
    assert_eq!(fixture.rows::<RestApi>()[0].configuration, api(1, "petstore").configuration);
    assert_eq!(fixture.rows::<ApiKey>().len(), 1);
    assert_eq!(fixture.published(), [format!("API UPDATE {CORRELATION}")]);
    fixture.world.pass(Duration::from_secs(3));
    assert!(fixture.projections.route("petstore").is_none());
    assert_eq!(fixture.projections.artifacts().len(), 1, "memory keeps it");
}

#[test]
fn a_stale_undeploy_is_silent() {
    let fixture = with_petstore();
    assert_eq!(fixture.told("api.undeployed", undeploy(10, "2026-03-31T12:00:00Z")), [] as [Value; 0]);
    assert_eq!(fixture.artifact(id(1)).expect("kept").desired_state, DesiredState::Deployed);
    assert_eq!(fixture.world.count("store.upsert-artifact"), 1, "tried once");
    assert_eq!(fixture.published(), [""; 0]);
}

#[test]
fn an_undeploy_of_another_deployment_is_refused_without_a_write() {
    let fixture = with_petstore();
    let heard = fixture.told("api.undeployed", undeploy(11, LATER));
    assert_eq!(heard[0]["payload"]["errorCode"], "DEPLOYMENT_ID_MISMATCH");
    assert_eq!(heard[0]["payload"]["status"], "failed");
    assert_eq!(fixture.artifact(id(1)).expect("kept").desired_state, DesiredState::Deployed);
    assert_eq!(fixture.world.count("store.upsert-artifact"), 0);
    assert_eq!(fixture.published(), [""; 0]);
}

#[test]
fn an_undeploy_without_a_deployment_matches_any() {
    let fixture = with_petstore();
    let heard = fixture.told("api.undeployed", json!({ "apiId": id(1), "performedAt": LATER }));
    assert_eq!(heard[0]["payload"]["status"], "success");
    let row = fixture.artifact(id(1)).expect("kept");
    assert_eq!((row.desired_state, row.deployment_id), (DesiredState::Undeployed, None));
}

#[test]
fn an_undeploy_of_an_unknown_artifact_is_a_success_without_a_publish() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    let heard = fixture.told("api.undeployed", undeploy(10, LATER));
    assert_eq!(heard, [ack("undeploy", "success", None, LATER)]);
    assert_eq!(fixture.published(), [""; 0]);
}

#[test]
fn an_undeploy_that_cannot_be_read_or_written_fails() {
    for site in ["store.find-artifact", "store.upsert-artifact", "store.commit-upsert"] {
        let fixture = with_petstore();
        fixture.world.break_at(site);
        let heard = fixture.told("api.undeployed", undeploy(10, LATER));
        assert_eq!(heard, [ack("undeploy", "failed", Some("GATEWAY_PROCESSING_ERROR"), LATER)], "{site}");
        assert_eq!(fixture.published(), [""; 0]);
        assert_eq!(fixture.artifact(id(1)).expect("kept").desired_state, DesiredState::Deployed);
    }
}
