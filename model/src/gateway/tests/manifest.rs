//! The manifest (docs/spec/gateway.md sections 2 and 11).

use std::time::Duration;

use serde_json::{Value, json};

use super::fixture::{Fixture, id};

const S: fn(u64) -> Duration = Duration::from_secs;

/// The path has the identifier that the platform greets by.
fn manifest() -> String {
    format!("POST /gateways/{}/manifest", id(1))
}

#[test]
fn it_is_pushed_three_times_at_most_with_2_and_4_seconds_between() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    let tried = || fixture.platform.asked(&manifest()).len();
    // At 0, 2 and 6 s. The heartbeat would end the connection after 40.
    for (wait, tries) in [(S(1), 1), (S(2), 2), (S(2), 2), (S(2), 3), (S(20), 3)] {
        fixture.world.pass(wait);
        assert_eq!(tried(), tries);
    }
}

#[test]
fn one_that_is_taken_is_pushed_once_for_each_connect() {
    let fixture = Fixture::new();
    fixture.platform.answer(&manifest(), 204, "");
    fixture.start_and_sync();
    fixture.world.pass(S(10));
    assert_eq!(fixture.platform.asked(&manifest()).len(), 1);
    let body: Value = serde_json::from_slice(&fixture.platform.asked(&manifest())[0]).expect("JSON");
    let policies = body["policies"].as_array().expect("a list");
    assert!(policies.iter().all(|policy| policy["name"].is_string() && policy["managedBy"].is_string()));
    fixture.platform.hang_up();
    fixture.world.pass(S(1));
    assert_eq!(fixture.platform.asked(&manifest()).len(), 2);
}

#[test]
fn a_platform_on_the_premises_gets_none() {
    let fixture = Fixture::new();
    fixture.platform.answer_json("GET /internal/gateway/.well-known", json!({ "gatewayPath": "/gw" }));
    fixture.world.run(fixture.replica.platform.connect_path(&fixture.cx));
    fixture.world.take_sites();
    fixture.world.run(fixture.replica.push_manifest(&fixture.cx, id(1)));
    assert_eq!(fixture.world.take_sites(), [""; 0]);
}
