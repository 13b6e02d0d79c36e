//! Local management (docs/spec/gateway.md sections 5.1, 8.4, 11 and 12): what the rows and the wire don't show.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::fixture::{Fixture, api, at, config, definition, id, key, proxy};
use super::platform::CORRELATION;
use crate::cx::CrossingId;
use crate::design::{Design, HubEvents};
use crate::gateway::tables::{ApiKey, Artifact, DesiredState, Event, Origin};
use crate::gateway::{Config, LocalOperation, LocalRefusal};
use crate::wire::archive;
use crate::wire::kind::Kind;

impl Fixture {
    fn local(&self, operation: LocalOperation) -> Result<(), LocalRefusal> {
        self.world.run(self.config().management.carry_out(&self.cx, operation))
    }

    fn create(&self, kind: Kind, handle: &str) -> Result<(), LocalRefusal> {
        let definition = definition(kind, handle);
        self.local(LocalOperation::CreateArtifact { kind, handle: handle.into(), definition })
    }

    fn update(&self, kind: Kind, handle: &str, version: &str) -> Result<(), LocalRefusal> {
        let definition = String::from_utf8(definition(kind, handle)).expect("text");
        let definition = definition.replace("version: v1\n", &format!("version: {version}\n")).into_bytes();
        self.local(LocalOperation::UpdateArtifact { kind, handle: handle.into(), definition })
    }

    fn delete(&self, kind: Kind, handle: &str) -> Result<(), LocalRefusal> {
        self.local(LocalOperation::DeleteArtifact { kind, handle: handle.into() })
    }

    fn create_key(&self, name: &str) -> Result<(), LocalRefusal> {
        let (kind, handle, name) = (Kind::RestApi, "petstore".into(), name.to_owned());
        let secret = format!("secret of {name}");
        self.local(LocalOperation::CreateKey { kind, handle, name, secret, user: "alice".into() })
    }

    fn revoke_key(&self, name: &str) -> Result<(), LocalRefusal> {
        let (kind, handle) = (Kind::RestApi, "petstore".into());
        self.local(LocalOperation::RevokeKey { kind, handle, name: name.into() })
    }

    fn heard(&self, event: &str, payload: Value) {
        let event =
            json!({ "type": event, "payload": payload, "correlationId": CORRELATION, "userId": "alice" });
        self.world.run(self.replica.handle_message(&self.cx, CrossingId(0), event));
    }
}

/// A process that is up, without anything.
fn up() -> Fixture {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    fixture
}

#[test]
fn nothing_is_carried_out_before_the_listener_is_up() {
    let fixture = Fixture::new();
    assert_eq!(fixture.create(Kind::RestApi, "petstore"), Err(LocalRefusal::NotUp));
    fixture.world.break_at("boot.management");
    fixture.start();
    assert_eq!(fixture.create(Kind::RestApi, "petstore"), Err(LocalRefusal::NotUp));
    assert_eq!(fixture.rows::<Artifact>(), []);
}

#[test]
fn what_is_made_here_is_served_after_the_next_poll() {
    for kind in Kind::ALL {
        let fixture = up();
        fixture.insert_config(config(Kind::LlmProvider, 0, "openai"));
        let handle = "mine".to_owned();
        let definition = match kind {
            Kind::LlmProxy => proxy(1, "mine", "openai").configuration.to_vec(),
            other => definition(other, "mine"),
        };
        let done = fixture.local(LocalOperation::CreateArtifact { kind, handle, definition });
        assert_eq!(done, Ok(()));
        let row = fixture.rows::<Artifact>().into_iter().find(|row| row.handle == "mine").expect("a row");
        assert_eq!((row.origin, row.deployment_id), (Origin::GatewayApi, None));
        assert_eq!(row.deployed_at, Some(row.created_at), "now");
        assert!(fixture.projections.route("mine").is_none());
        fixture.world.pass(Duration::from_secs(4));
        assert!(fixture.projections.route("mine").is_some(), "{kind:?}");
    }
}

#[test]
fn what_is_taken_or_wrong_is_refused_in_words() {
    let fixture = up();
    fixture.insert_config(api(1, "petstore"));
    let conflict = fixture.create(Kind::RestApi, "petstore").unwrap_err();
    assert!(matches!(&conflict, LocalRefusal::Conflict(why) if why.contains("already exists")), "{conflict}");
    let definition = definition(Kind::RestApi, "orders");
    let wrong = [
        (Kind::RestApi, "other", definition.clone()),
        (Kind::Mcp, "orders", definition),
        (Kind::RestApi, "orders", b"no definition".to_vec()),
        (Kind::LlmProxy, "chat", proxy(1, "chat", "nobody").configuration.to_vec()),
    ];
    for (kind, handle, definition) in wrong {
        let operation = LocalOperation::CreateArtifact { kind, handle: handle.into(), definition };
        let refused = fixture.local(operation).unwrap_err();
        assert!(matches!(refused, LocalRefusal::Invalid(_)), "{refused}");
    }
    let (kind, handle) = (Kind::Mcp, "petstore".to_owned());
    let not_found = Err(LocalRefusal::NotFound { kind, handle });
    assert_eq!(fixture.update(Kind::Mcp, "petstore", "v2"), not_found);
    assert_eq!(fixture.delete(Kind::Mcp, "petstore"), not_found);
    assert_eq!(fixture.rows::<Artifact>().len(), 1);
    assert_eq!(fixture.published(), [""; 0]);
}

#[test]
fn a_change_keeps_a_rest_api_the_platform_s_and_makes_the_other_kinds_the_gateway_s_own() {
    for kind in [Kind::RestApi, Kind::LlmProvider, Kind::Mcp] {
        let fixture = up();
        let mut theirs = config(kind, 1, "petstore");
        theirs.artifact.desired_state = DesiredState::Undeployed;
        let before = theirs.artifact.clone();
        fixture.insert_config(theirs);
        fixture.world.pass(Duration::from_secs(60));
        assert_eq!(fixture.update(kind, "petstore", "v2"), Ok(()));
        let row = fixture.artifact(id(1)).expect("a row");
        assert_eq!((row.version.as_str(), row.created_at), ("v2", before.created_at));
        assert!(row.updated_at > before.updated_at);
        if kind == Kind::RestApi {
            let kept = (row.origin, row.deployed_at, row.deployment_id, row.desired_state);
            let was = (before.origin, before.deployed_at, before.deployment_id, before.desired_state);
            assert_eq!(kept, was);
        } else {
            assert_eq!((row.origin, row.desired_state), (Origin::GatewayApi, DesiredState::Deployed));
            assert_eq!((row.deployed_at, row.deployment_id), (Some(row.updated_at), None));
        }
        assert_eq!(fixture.published().len(), 1);
    }
}

#[test]
fn a_change_has_no_guard() {
    let fixture = up();
    let mut later = api(1, "petstore");
    later.artifact.deployed_at = Some(super::fixture::at(9000));
    fixture.insert_config(later);
    fixture.world.take_sites();
    assert_eq!(fixture.update(Kind::RestApi, "petstore", "v2"), Ok(()));
    let steps = [
        "store.find-artifact-by-handle",
        "store.find-artifact",
        "store.find-name-version",
        "store.find-handle",
        "store.update-artifact",
        "store.upsert-configuration",
        "store.commit-update",
        "hub.insert-event",
        "hub.bump-version",
        "hub.publish",
    ];
    assert_eq!(fixture.world.take_sites(), steps);
}

#[test]
fn a_delete_takes_what_the_platform_made_too() {
    let fixture = up();
    for (n, kind) in (1..).zip(Kind::ALL) {
        let handle = kind.word();
        if kind == Kind::LlmProxy {
            continue;
        }
        fixture.insert_config(config(kind, n, handle));
        fixture.insert(key(50 + n, id(n), handle));
        assert_eq!(fixture.delete(kind, handle), Ok(()));
    }
    assert_eq!(fixture.rows::<Artifact>(), []);
    assert_eq!(fixture.rows::<ApiKey>(), []);
    assert_eq!(fixture.published().len(), 3);
}

#[test]
fn a_provider_in_use_stays_and_loses_its_keys() {
    let fixture = up();
    fixture.insert_config(config(Kind::LlmProvider, 0, "openai"));
    fixture.insert_config(proxy(1, "chat", "openai"));
    fixture.insert(key(5, id(0), "k"));
    let refused = fixture.delete(Kind::LlmProvider, "openai").unwrap_err();
    assert!(matches!(refused, LocalRefusal::Failed(_)), "{refused}");
    assert_eq!((fixture.rows::<Artifact>().len(), fixture.rows::<ApiKey>().len()), (2, 0));
    assert_eq!(fixture.published(), [""; 0]);
}

/// Where a delete and the news of it are one transaction, what is refused is left as it was.
#[test]
fn a_provider_in_use_keeps_its_keys_where_a_delete_is_one_transaction() {
    let fixture = Fixture::of(Design { hub_events: HubEvents::WithTheChange, ..Design::as_merged() });
    fixture.start();
    fixture.insert_config(config(Kind::LlmProvider, 0, "openai"));
    fixture.insert_config(proxy(1, "chat", "openai"));
    fixture.insert(key(5, id(0), "k"));
    assert!(fixture.delete(Kind::LlmProvider, "openai").is_err());
    assert_eq!((fixture.rows::<Artifact>().len(), fixture.rows::<ApiKey>().len()), (2, 1));
}

fn with_local_key() -> Fixture {
    let fixture = up();
    fixture.insert_config(api(1, "petstore"));
    assert_eq!(fixture.create_key("mine"), Ok(()));
    fixture
}

#[test]
fn a_local_key_opens_its_artifact_until_it_is_revoked() {
    let fixture = with_local_key();
    fixture.world.pass(Duration::from_secs(4));
    let opens = || fixture.projections.accepts_key(id(1), "secret of mine", fixture.world.now());
    assert!(opens());
    let row = fixture.rows::<ApiKey>()[0].clone();
    assert_eq!((row.created_by.as_str(), row.source.as_str()), ("alice", "local"));
    assert!(matches!(fixture.create_key("mine"), Err(LocalRefusal::Conflict(_))));
    fixture.world.take_sites();
    assert_eq!(fixture.revoke_key("mine"), Ok(()));
    let sites = fixture.world.take_sites();
    let position = |site: &str| sites.iter().position(|crossed| crossed == site).expect("crossed");
    assert!(position("store.revoke-key") < position("hub.publish"));
    assert!(position("hub.publish") < position("store.delete-key"));
    fixture.world.pass(Duration::from_secs(4));
    assert!(!opens());
    assert_eq!(fixture.revoke_key("mine"), Ok(()), "revoking what isn't there is a success");
}

#[test]
fn the_platform_may_replace_and_revoke_a_local_key_and_not_update_it() {
    let hashes = json!({ "sha256": "theirs" }).to_string();
    let fixture = with_local_key();
    let updated = json!({ "apiId": id(1), "keyName": "mine", "apiKeyHashes": hashes, "maskedApiKey": "*",
        "updatedAt": "2030-01-01T00:00:00Z" });
    fixture.heard("apikey.updated", updated);
    assert_eq!(fixture.rows::<ApiKey>()[0].source, "local");

    let created = json!({ "uuid": id(5), "apiId": id(1), "name": "mine", "apiKeyHashes": hashes,
        "maskedApiKey": "*", "createdAt": "2030-01-01T00:00:00Z", "updatedAt": "2030-01-01T00:00:00Z" });
    fixture.heard("apikey.created", created);
    let row = fixture.rows::<ApiKey>()[0].clone();
    assert_eq!((row.uuid, row.source.as_str(), row.api_key.as_str()), (id(5), "external", "theirs"));

    let fixture = with_local_key();
    fixture.heard("apikey.revoked", json!({ "apiId": id(1), "keyName": "mine" }));
    assert_eq!(fixture.rows::<ApiKey>(), [], "who created it is asked for, and not where it comes from");
}

#[test]
fn the_next_key_sync_deletes_local_keys_even_those_of_local_artifacts() {
    let fixture = up();
    assert_eq!(fixture.create(Kind::RestApi, "petstore"), Ok(()));
    assert_eq!(fixture.create_key("mine"), Ok(()));
    fixture.platform.answer_json("GET /apis/api-keys", json!([]));
    fixture.world.run(fixture.replica.later_sync(&fixture.cx));
    assert_eq!(fixture.rows::<ApiKey>(), []);
    assert_eq!(fixture.rows::<Artifact>().len(), 1);
}

/// A process that pushes what is made at it.
fn pushing() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.choose(|settings| settings.deployment_push = true);
    fixture.start_and_sync();
    fixture
}

const PUSH: &str = "POST /apis/mine/gateway-deployments";

#[test]
fn a_local_rest_api_is_pushed_once_it_is_in_memory() {
    let fixture = pushing();
    assert_eq!(fixture.create(Kind::RestApi, "mine"), Ok(()));
    assert_eq!(fixture.create(Kind::Mcp, "tools"), Ok(()));
    fixture.world.pass(Duration::from_millis(2900));
    assert!(fixture.platform.asked(PUSH).is_empty(), "the poll comes after 3 s");
    fixture.world.pass(Duration::from_secs(60));
    assert_eq!(fixture.platform.asked(PUSH).len(), 1, "and the refusal is not answered with another try");
    let pushed: Value = serde_json::from_slice(&fixture.platform.asked(PUSH)[0]).expect("JSON");
    assert_eq!(pushed["configuration"]["spec"]["name"], "MINE");
    assert_eq!(pushed["projectIdentifier"], "default");
    assert_eq!(fixture.world.count("http.push-api"), 1);
}

#[test]
fn nothing_is_pushed_unasked_or_unconnected_or_out_of_memory() {
    let fixture = up();
    assert_eq!(fixture.create(Kind::RestApi, "mine"), Ok(()));
    fixture.world.pass(Duration::from_secs(60));
    assert!(fixture.platform.asked(PUSH).is_empty(), "off by default");

    let fixture = pushing();
    assert_eq!(fixture.create(Kind::RestApi, "mine"), Ok(()));
    fixture.world.kill("platform");
    fixture.world.pass(Duration::from_secs(60));
    assert!(fixture.platform.asked(PUSH).is_empty(), "not connected");

    let fixture = pushing();
    fixture.world.break_at("hub.poll");
    assert_eq!(fixture.create(Kind::RestApi, "mine"), Ok(()));
    fixture.world.pass(Duration::from_secs(60));
    assert_eq!(fixture.world.count("memory.find-pushed"), 60, "each 500 ms for 30 s");
    assert!(fixture.platform.asked(PUSH).is_empty());
}

#[test]
fn what_was_deleted_locally_is_back_after_a_restart() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.list(&[(id(1), id(10), "DEPLOYED", at(0))]);
    fixture.start();
    assert_eq!(fixture.delete(Kind::RestApi, "petstore"), Ok(()));
    assert_eq!(fixture.rows::<Artifact>(), []);
    fixture.world.kill("gw1");
    let (name, yaml) = (archive::file_name(Kind::RestApi, id(1)), definition(Kind::RestApi, "petstore"));
    let batch = archive::batch([(id(10), name, &yaml[..])]);
    fixture.platform.answer("POST /deployments/fetch-batch", 200, batch);
    fixture.start_as(
        "gw1",
        Config { projections: Arc::default(), management: Arc::default(), ..fixture.config() },
    );
    fixture.world.pass(Duration::from_millis(1));
    assert_eq!(fixture.artifact(id(1)).expect("fetched").origin, Origin::ControlPlane);
}

/// Somebody at the gateway makes, changes and deletes while the hub's table can't be written: as merged it is done and
/// nobody hears of it, under `hardened` it isn't done.
#[test]
fn what_is_done_here_and_the_news_of_it_are_one_where_the_design_says_so() {
    for (design, one) in [(Design::as_merged(), false), (Design::hardened(), true)] {
        let fixture = Fixture::of(design);
        fixture.start();
        assert_eq!(fixture.create(Kind::RestApi, "petstore"), Ok(()));
        assert_eq!(fixture.create_key("mine"), Ok(()));
        fixture.world.pass(Duration::from_secs(4));
        let rows = || (fixture.rows::<Artifact>().len(), fixture.rows::<ApiKey>().len());
        assert_eq!((rows(), fixture.in_memory().len()), ((1, 1), 1));

        fixture.world.break_at("hub.insert-event");
        assert_eq!(fixture.create(Kind::RestApi, "orders").is_err(), one);
        assert_eq!(fixture.create_key("another").is_err(), one);
        assert_eq!(fixture.update(Kind::RestApi, "petstore", "v2").is_err(), one);
        assert_eq!(fixture.revoke_key("mine").is_err(), one);
        assert_eq!(rows(), if one { (1, 1) } else { (2, 1) });
        let _ = fixture.delete(Kind::RestApi, "petstore");
        assert_eq!(fixture.rows::<ApiKey>().len(), usize::from(one));
        fixture.world.mend("hub.insert-event");
        fixture.world.pass(Duration::from_secs(4));
        assert_eq!(fixture.in_memory().len(), 1, "memory is as the last event told");
        assert_eq!(fixture.rows::<Artifact>().len(), 1, "petstore, or orders");
    }
}

/// A sync whose events can't be written writes nothing of what it was told either.
#[test]
fn what_a_sync_changes_and_the_news_of_it_are_one_where_the_design_says_so() {
    let one = Design::hardened();
    let apart = Design { hub_events: HubEvents::AfterTheChange, ..Design::hardened() };
    for (design, stored) in [(apart, 1), (one, 0)] {
        let fixture = Fixture::of(design);
        fixture.list(&[(id(1), id(10), "DEPLOYED", at(0))]);
        let (name, yaml) = (archive::file_name(Kind::RestApi, id(1)), definition(Kind::RestApi, "petstore"));
        let batch = archive::batch([(id(10), name, &yaml[..])]);
        fixture.platform.answer("POST /deployments/fetch-batch", 200, batch);
        fixture.world.break_at("hub.insert-event");
        fixture.start();
        fixture.world.pass(Duration::from_millis(1));
        assert_eq!((fixture.rows::<Artifact>().len(), fixture.rows::<Event>().len()), (stored, 0));
    }
}
