//! Deploy events and the deploy pipeline (docs/spec/gateway.md sections 5.2, 8.1, 12 and 14.4).

use std::time::Duration;

use serde_json::{Value, json};

use super::fixture::{Fixture, api, at, config, definition, id};
use super::platform::CORRELATION;
use crate::gateway::tables::{Artifact, DesiredState, Origin};
use crate::wire::kind::Kind;

const PERFORMED_AT: &str = "2026-03-31T12:00:05.1234+02:00";

impl Fixture {
    /// A connected gateway that is told of deployment 10 of API 1, performed five seconds after ten.
    fn told_to_deploy(&self) -> Vec<Value> {
        self.told(
            "api.deployed",
            json!({ "apiId": id(1), "deploymentId": id(10), "performedAt": PERFORMED_AT }),
        )
    }

    /// What a connected gateway says of an event.
    pub fn told(&self, event: &str, payload: Value) -> Vec<Value> {
        self.platform.send(event, payload);
        self.world.pass(Duration::from_millis(1));
        self.platform.take_heard()
    }
}

/// An ack of deployment 10 of API 1.
pub fn ack(action: &str, status: &str, error: Option<&str>, performed_at: &str) -> Value {
    let mut payload = json!({ "deploymentId": id(10), "artifactId": id(1), "resourceType": "api",
        "action": action, "status": status, "performedAt": performed_at });
    if let Some(error) = error {
        payload["errorCode"] = error.into();
    }
    json!({ "type": "deployment.ack", "payload": payload })
}

fn failed() -> Value {
    ack("deploy", "failed", Some("GATEWAY_PROCESSING_ERROR"), PERFORMED_AT)
}

fn connected() -> Fixture {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    fixture
}

#[test]
fn a_deploy_is_written_published_and_acknowledged() {
    let fixture = connected();
    fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
    assert_eq!(fixture.told_to_deploy(), [ack("deploy", "success", None, PERFORMED_AT)]);
    let row = fixture.artifact(id(1)).expect("deployed");
    assert_eq!((row.handle.as_str(), row.desired_state), ("petstore", DesiredState::Deployed));
    assert_eq!((row.deployment_id, row.origin), (Some(id(10)), Origin::ControlPlane));
    let millis = crate::wire::time::parse("2026-03-31T12:00:05.123+02:00");
    assert_eq!(row.deployed_at, millis, "cut to milliseconds, unlike the ack");
    assert_eq!(fixture.published(), [format!("API CREATE {CORRELATION}")]);
    assert!(fixture.projections.route("petstore").is_none(), "nothing is routed before the hub is polled");
    fixture.world.pass(Duration::from_secs(3));
    let route = fixture.projections.route("petstore").expect("routed");
    assert_eq!(route.digest, crate::gateway::digest(&definition(Kind::RestApi, "petstore")));
}

#[test]
fn a_deploy_of_a_known_artifact_is_an_update() {
    let fixture = Fixture::new();
    let mut known = api(1, "petstore");
    known.artifact.deployed_at = Some(at(-86400));
    known.artifact.desired_state = DesiredState::Undeployed;
    fixture.insert_config(known);
    fixture.list(&[(id(1), id(10), "UNDEPLOYED", at(-86400))]);
    fixture.start();
    fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
    assert_eq!(fixture.told_to_deploy(), [ack("deploy", "success", None, PERFORMED_AT)]);
    assert_eq!(fixture.published(), [format!("API UPDATE {CORRELATION}")]);
    assert_eq!(fixture.artifact(id(1)).expect("there").desired_state, DesiredState::Deployed);
}

#[test]
fn a_stale_deploy_is_neither_published_nor_acknowledged() {
    let fixture = Fixture::new();
    let mut newer = api(1, "petstore");
    newer.artifact.deployed_at = Some(at(86400));
    newer.artifact.deployment_id = Some(id(11));
    fixture.insert_config(newer);
    fixture.list(&[(id(1), id(11), "DEPLOYED", at(86400))]);
    fixture.start();
    fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
    assert_eq!(fixture.told_to_deploy(), [] as [Value; 0]);
    assert_eq!(fixture.published(), [""; 0]);
    assert_eq!(fixture.artifact(id(1)).expect("there").deployment_id, Some(id(11)));
}

#[test]
fn a_definition_that_cannot_be_had_or_read_is_a_failed_ack() {
    let fixture = connected();
    assert_eq!(fixture.told_to_deploy(), [failed()], "404");
    fixture.platform.answer(&format!("GET /apis/{}", id(1)), 200, "no zip");
    assert_eq!(fixture.told_to_deploy(), [failed()], "not an archive");
    fixture.offer(Kind::RestApi, id(1), b"kind: [");
    assert_eq!(fixture.told_to_deploy(), [failed()], "not a definition");
    fixture.offer(Kind::RestApi, id(1), &definition(Kind::Mcp, "petstore"));
    assert_eq!(fixture.told_to_deploy(), [failed()], "of another kind");
    let whole = String::from_utf8(definition(Kind::RestApi, "petstore")).expect("text");
    for (field, nothing) in [("displayName: PETSTORE", "displayName: ''"), ("version: v1", "version: ''")] {
        assert!(whole.contains(field), "{whole}");
        fixture.offer(Kind::RestApi, id(1), whole.replace(field, nothing).as_bytes());
        assert_eq!(fixture.told_to_deploy(), [failed()], "without {field}");
    }
    assert_eq!(fixture.published(), [""; 0]);
}

#[test]
fn a_taken_handle_or_name_is_a_failed_ack_even_if_its_owner_is_undeployed() {
    for (handle, name) in [("petstore", "Other"), ("other", "PETSTORE")] {
        let fixture = Fixture::new();
        let mut owner = api(2, handle);
        owner.artifact.display_name = name.into();
        owner.artifact.desired_state = DesiredState::Undeployed;
        owner.artifact.origin = Origin::GatewayApi;
        fixture.insert_config(owner);
        fixture.start_and_sync();
        fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
        assert_eq!(fixture.told_to_deploy(), [failed()], "{handle} {name}");
        assert_eq!(fixture.world.count("store.upsert-artifact"), 0, "the checks saw it");
        assert!(fixture.artifact(id(1)).is_none());
    }
}

#[test]
fn another_kind_may_have_the_same_handle() {
    let fixture = Fixture::new();
    let mut other = config(Kind::Mcp, 2, "petstore");
    other.artifact.origin = Origin::GatewayApi;
    fixture.insert_config(other);
    fixture.start_and_sync();
    fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
    assert_eq!(fixture.told_to_deploy(), [ack("deploy", "success", None, PERFORMED_AT)]);
}

#[test]
fn a_failed_publish_does_not_show_in_the_ack() {
    let fixture = connected();
    fixture.world.break_at("hub.insert-event");
    fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
    assert_eq!(fixture.told_to_deploy(), [ack("deploy", "success", None, PERFORMED_AT)]);
    assert!(fixture.artifact(id(1)).is_some());
}

#[test]
fn a_deploy_without_its_deployment_or_instant() {
    let fixture = connected();
    fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
    let heard = fixture.told("api.deployed", json!({ "apiId": id(1), "performedAt": PERFORMED_AT }));
    assert_eq!(heard[0]["payload"]["status"], "failed", "a deployment is required");
    let heard = fixture.told("api.deployed", json!({ "apiId": id(1), "deploymentId": id(10) }));
    assert_eq!(
        heard,
        [ack("deploy", "success", None, "0001-01-01T00:00:00Z")],
        "the gateway's own clock will do"
    );
    assert!(fixture.artifact(id(1)).expect("there").deployed_at >= Some(at(0)));
}

#[test]
fn an_event_that_cannot_be_read_is_dropped() {
    let fixture = connected();
    fixture.platform.send_raw("not JSON");
    fixture.platform.send_raw("{}");
    fixture.platform.send_raw(r#"{"type":7}"#);
    for event in ["api.deployed", "api.undeployed", "api.deleted", "apikey.created", "no.such"] {
        for payload in [json!({}), json!({ "apiId": "" }), json!({ "apiId": 7 }), json!("text"), Value::Null]
        {
            assert_eq!(fixture.told(event, payload), [] as [Value; 0], "{event}");
        }
    }
    assert_eq!(fixture.published(), [""; 0]);
    fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
    assert_eq!(fixture.told_to_deploy().len(), 1, "the reader still reads");
}

#[test]
fn a_handle_that_is_taken_between_check_and_write_is_a_failed_ack() {
    let fixture = connected();
    fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
    fixture.world.hold("gw1", "store.upsert-artifact");
    assert_eq!(fixture.told_to_deploy(), [] as [Value; 0]);
    fixture.insert_config(api(2, "petstore"));
    fixture.world.release("gw1", "store.upsert-artifact");
    assert_eq!(fixture.platform.take_heard(), [failed()], "the database has the last word");
    assert!(fixture.artifact(id(1)).is_none());
    assert_eq!(fixture.published(), [""; 0]);
}

#[test]
fn one_context_may_have_two_apis() {
    let fixture = connected();
    let mut taken = api(2, "orders");
    taken.configuration = String::from_utf8(definition(Kind::RestApi, "orders"))
        .expect("text")
        .replace("/orders", "/petstore")
        .into();
    fixture.insert_config(taken);
    fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
    assert_eq!(fixture.told_to_deploy(), [ack("deploy", "success", None, PERFORMED_AT)]);
    assert_eq!(fixture.rows::<Artifact>().len(), 2);
}
