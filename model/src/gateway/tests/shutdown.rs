//! The orderly end (docs/spec/gateway.md section 3.2).

use std::time::Duration;

use serde_json::{Value, json};

use super::fixture::{Fixture, api, definition, id};
use crate::gateway::hub::Announcement;
use crate::gateway::tables::{Action, Artifact};
use crate::gateway::{Config, Ended, LinkStatus, LocalOperation, LocalRefusal};
use crate::wire::kind::Kind;

const MOMENT: Duration = Duration::from_millis(1);

impl Fixture {
    /// A process that is connected and has synced.
    fn running() -> Self {
        let fixture = Fixture::new();
        fixture.start_and_sync();
        fixture
    }

    fn has_ended(&self) -> bool {
        let ended = self.ended.lock().expect("whole").clone();
        assert!(ended.is_none() || ended == Some(Ended::Stopped), "{ended:?}");
        ended.is_some()
    }

    fn deploy_event(&self) {
        self.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
        let payload =
            json!({ "apiId": id(1), "deploymentId": id(10), "performedAt": "2026-03-31T12:00:05Z" });
        self.platform.send("api.deployed", payload);
        self.world.pass(MOMENT);
    }

    fn statuses_heard(&self) -> Vec<Value> {
        self.platform.take_heard().into_iter().map(|ack| ack["payload"]["status"].clone()).collect()
    }
}

#[test]
fn the_listener_goes_first_then_the_hub_and_then_the_client() {
    let fixture = Fixture::running();
    fixture.world.take_sites();
    fixture.world.stop("gw1");
    assert_eq!(fixture.world.take_sites(), ["hub.unsubscribe", "hub.close", "ws.close"]);
    assert!(fixture.has_ended());
    assert_eq!(fixture.projections.link(), LinkStatus::Disconnected);
    fixture.world.pass(Duration::from_secs(3600));
    assert_eq!(fixture.world.take_sites(), [""; 0], "no poll, no clean-up, no monitor, no connect");
}

#[test]
fn events_between_hub_and_client_are_written_and_acknowledged_and_not_published() {
    let fixture = Fixture::running();
    fixture.world.hold("gw1", "ws.close");
    fixture.world.stop("gw1");
    assert_eq!(fixture.world.count("hub.close"), 1);
    fixture.deploy_event();
    assert!(fixture.artifact(id(1)).is_some());
    assert_eq!(fixture.statuses_heard(), ["success"]);
    assert_eq!(fixture.published(), [""; 0]);
    assert!(!fixture.has_ended());
    fixture.world.release("gw1", "ws.close");
    assert!(fixture.has_ended());
}

#[test]
fn what_is_being_handled_is_finished_and_its_ack_is_lost() {
    let fixture = Fixture::running();
    fixture.world.hold("gw1", "store.upsert-artifact");
    fixture.deploy_event();
    fixture.world.stop("gw1");
    assert_eq!(fixture.world.count("ws.close"), 1);
    assert!(!fixture.has_ended(), "it waits for the event");
    fixture.world.release("gw1", "store.upsert-artifact");
    assert!(fixture.has_ended() && fixture.artifact(id(1)).is_some());
    assert_eq!(fixture.statuses_heard(), [""; 0]);
}

#[test]
fn a_sync_that_is_under_way_is_finished() {
    let fixture = Fixture::new();
    fixture.platform.answer_json("GET /deployments", json!({ "deployments": [] }));
    fixture.platform.block("GET /deployments");
    fixture.start();
    fixture.world.stop("gw1");
    assert!(!fixture.has_ended());
    fixture.platform.unblock("GET /deployments");
    fixture.world.settle();
    assert!(fixture.has_ended() && fixture.projections.sync().ended);
}

#[test]
fn nobody_waits_longer_than_15_seconds() {
    let fixture = Fixture::running();
    fixture.world.hold("gw1", "store.upsert-artifact");
    fixture.deploy_event();
    fixture.world.stop("gw1");
    fixture.world.pass(Duration::from_millis(14_999));
    assert!(!fixture.has_ended());
    fixture.world.pass(MOMENT);
    assert!(fixture.has_ended());
}

#[test]
fn a_back_off_is_interrupted() {
    let fixture = Fixture::new();
    fixture.start_as("gw1", Config { platform: "nowhere".into(), ..fixture.config() });
    assert_eq!(fixture.projections.link(), LinkStatus::Reconnecting);
    fixture.world.stop("gw1");
    assert!(fixture.has_ended());
    assert_eq!(fixture.world.count("http.connect"), 1);
}

#[test]
fn without_a_platform_there_is_nothing_to_say_goodbye_to() {
    let fixture = Fixture::new();
    fixture.start_as("gw1", Config { token: String::new(), ..fixture.config() });
    fixture.world.stop("gw1");
    assert!(fixture.has_ended());
}

#[test]
fn being_asked_again_changes_nothing() {
    let fixture = Fixture::running();
    fixture.world.hold("gw1", "ws.close");
    fixture.world.stop("gw1");
    fixture.world.take_sites();
    fixture.world.stop("gw1");
    assert_eq!(fixture.world.take_sites(), [""; 0]);
    fixture.world.release("gw1", "ws.close");
    fixture.world.stop("gw1");
    assert_eq!(fixture.world.take_sites(), ["ws.close"], "each step once");
    assert!(fixture.has_ended());
}

#[test]
fn what_waits_for_the_listener_is_lost_and_what_it_is_at_is_finished() {
    let fixture = Fixture::running();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert_config(api(2, "orders"));
    fixture.world.hold("gw1", "memory.store");
    for n in [1, 2] {
        let told = Announcement::artifact(Kind::RestApi, Action::Create, id(n), "");
        fixture.world.run(fixture.replica.announce(&fixture.cx, told));
    }
    fixture.world.pass(Duration::from_secs(4));
    fixture.world.stop("gw1");
    assert!(!fixture.has_ended());
    fixture.world.release("gw1", "memory.store");
    assert!(fixture.has_ended());
    let handles: Vec<_> = fixture.projections.routes().into_iter().map(|route| route.handle).collect();
    assert_eq!(handles, ["petstore"]);
}

#[test]
fn a_signal_during_the_boot_ends_the_process_at_once() {
    let fixture = Fixture::new();
    fixture.world.hold("gw1", "boot.load-keys");
    fixture.start();
    fixture.world.stop("gw1");
    assert!(fixture.has_ended());
    assert_eq!(fixture.world.count("boot.load-keys"), 0);
}

#[test]
fn the_management_api_is_open_until_the_client_has_ended_and_then_refuses() {
    let mut fixture = Fixture::new();
    // So that something of the process is still under way when all else has ended: a push waits for memory.
    fixture.choose(|settings| settings.deployment_push = true);
    fixture.start_and_sync();
    let made = |handle: &str| LocalOperation::CreateArtifact {
        kind: Kind::RestApi,
        handle: handle.into(),
        definition: definition(Kind::RestApi, handle),
    };
    let carry_out = |handle| {
        let management = fixture.config().management;
        fixture.world.run(async { management.carry_out(&fixture.cx, made(handle)).await })
    };
    fixture.world.hold("gw1", "ws.close");
    fixture.world.stop("gw1");
    assert_eq!(carry_out("late"), Ok(()));
    assert_eq!((fixture.rows::<Artifact>().len(), fixture.published().len()), (1, 0), "told to nobody");
    fixture.world.release("gw1", "ws.close");
    assert!(fixture.has_ended());
    assert_eq!(carry_out("later"), Err(LocalRefusal::NotUp));
    assert_eq!(fixture.rows::<Artifact>().len(), 1);
}
