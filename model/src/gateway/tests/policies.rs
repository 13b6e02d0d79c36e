//! The runtime store of the policy engine, apart from the routes (docs/spec/gateway.md sections 1, 5.3 and
//! 9.4).

use std::time::Duration;

use serde_json::json;

use super::fixture::{Fixture, api, config, id};
use crate::gateway::hub::Announcement;
use crate::gateway::memory::StoredConfig;
use crate::gateway::tables::{Action, Artifact, DesiredState};
use crate::wire::kind::Kind;

impl Fixture {
    /// Publishes that something happened to an artifact, and waits for the poll.
    fn tell(&self, kind: Kind, action: Action, n: u128) {
        let told = Announcement::artifact(kind, action, id(n), "");
        self.world.run(self.replica.announce(&self.cx, told));
        self.world.pass(Duration::from_secs(4));
    }

    /// The artifacts that the policy engine knows, each under its kind and handle.
    fn policies(&self) -> Vec<String> {
        let words = |(kind, handle, policy): (Kind, String, crate::gateway::RuntimePolicy)| {
            format!("{} {handle} {}", kind.name(), policy.artifact.as_u128())
        };
        self.projections.runtime_policies().into_iter().map(words).collect()
    }

    fn rename(&self, n: u128, handle: &str) {
        let at = crate::cx::At::site("test.rename");
        let rename = self.database.write(&self.cx, at, |w| {
            w.update_where(|row: &Artifact| row.uuid == id(n), |row| row.handle = handle.to_owned())
        });
        self.world.run(rename).expect("renamed");
    }
}

fn undeployed(n: u128, handle: &str) -> StoredConfig {
    let mut config = api(n, handle);
    config.artifact.desired_state = DesiredState::Undeployed;
    config
}

#[test]
fn a_boot_derives_the_policies_of_everything_stored() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert_config(undeployed(2, "orders"));
    fixture.insert_config(config(Kind::Mcp, 3, "petstore"));
    fixture.start();
    assert_eq!(fixture.policies(), ["RestApi orders 2", "RestApi petstore 1", "Mcp petstore 3"]);
}

#[test]
fn policies_come_and_go_beside_the_routes() {
    for kind in [Kind::RestApi, Kind::LlmProvider, Kind::Mcp] {
        let fixture = Fixture::new();
        fixture.start();
        fixture.insert_config(config(kind, 1, "petstore"));
        fixture.tell(kind, Action::Create, 1);
        assert_eq!(fixture.policies(), [format!("{} petstore 1", kind.name())]);
        fixture.tell(kind, Action::Delete, 1);
        assert_eq!(fixture.policies(), [""; 0]);
        assert!(fixture.projections.route("petstore").is_none());
    }
}

#[test]
fn what_is_not_served_has_policies_too() {
    let fixture = Fixture::new();
    fixture.start();
    fixture.insert_config(undeployed(1, "petstore"));
    fixture.tell(Kind::RestApi, Action::Update, 1);
    assert_eq!(fixture.policies(), ["RestApi petstore 1"]);
    assert!(fixture.projections.route("petstore").is_none());
}

#[test]
fn policies_that_cannot_be_written_leave_a_route_without_them() {
    let fixture = Fixture::new();
    fixture.start();
    fixture.insert_config(api(1, "petstore"));
    fixture.world.break_at("memory.runtime-policy");
    fixture.tell(Kind::RestApi, Action::Create, 1);
    assert!(fixture.projections.route("petstore").is_some());
    assert_eq!(fixture.policies(), [""; 0]);
}

#[test]
fn a_handle_that_is_given_up_keeps_its_policies() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.start();
    fixture.rename(1, "pets");
    fixture.tell(Kind::RestApi, Action::Update, 1);
    assert_eq!(fixture.policies(), ["RestApi pets 1", "RestApi petstore 1"]);
    fixture.tell(Kind::RestApi, Action::Delete, 1);
    assert_eq!(fixture.policies(), ["RestApi petstore 1"], "and nothing ever takes it");
}

#[test]
fn a_delete_of_an_api_unknown_to_memory_leaves_its_policies() {
    let fixture = Fixture::new();
    fixture.start();
    fixture.projections.change(|state| state.runtime_policies.upsert(&api(1, "petstore")));
    fixture.tell(Kind::RestApi, Action::Delete, 1);
    assert_eq!(fixture.policies(), ["RestApi petstore 1"], "nobody knows the handle");
}

#[test]
fn an_mcp_delete_takes_the_policies_before_it_can_fail() {
    let fixture = Fixture::new();
    fixture.insert_config(config(Kind::Mcp, 1, "tools"));
    fixture.platform.answer_json(
        "GET /deployments",
        json!({ "deployments": [
        { "artifactId": id(1), "deploymentId": id(10), "kind": "Mcp", "state": "DEPLOYED",
            "deployedAt": "2026-03-31T12:00:00Z", "etag": "" }] }),
    );
    fixture.start();
    // The process has a store of its own, and a replica of its own on these projections.
    assert_eq!(fixture.policies(), ["Mcp tools 1"]);
    fixture.world.break_at("store.commit-delete");
    fixture.platform.send("mcpproxy.deleted", json!({ "proxyId": id(1) }));
    fixture.world.pass(Duration::from_secs(4));
    assert_eq!(fixture.policies(), [""; 0]);
    assert!(fixture.artifact(id(1)).is_some() && fixture.projections.route("tools").is_some());
}
