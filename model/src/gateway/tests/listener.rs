//! The listener (docs/spec/gateway.md sections 9.4 and 14.2), in a process that polls.

use std::sync::Arc;
use std::time::Duration;

use super::fixture::{Fixture, api, at, config, id, key, proxy, subscription};
use crate::gateway::hub::Announcement;
use crate::gateway::tables::{Action, ApiKey, Artifact, DesiredState, EntityType, RestApi, Subscription};
use crate::wire::kind::Kind;

impl Fixture {
    /// Publishes and waits for the poll.
    pub(super) fn announce(&self, announcement: Announcement) {
        self.world.run(self.replica.announce(&self.cx, announcement));
        self.world.pass(Duration::from_secs(4));
    }

    fn announce_api(&self, action: Action, n: u128) {
        self.announce(Announcement::artifact(Kind::RestApi, action, id(n), ""));
    }

    pub(super) fn announce_key(&self, action: Action, artifact: u128, n: u128) {
        self.announce(Announcement::key(action, id(artifact), id(n), ""));
    }

    pub(super) fn in_memory(&self) -> Vec<u128> {
        self.projections.artifacts().iter().map(|config| config.artifact.uuid.as_u128()).collect()
    }

    pub(super) fn delete_row(&self, n: u128) {
        let at = crate::cx::At::site("test.delete");
        let delete =
            self.database.write(&self.cx, at, |w| w.delete_where(|row: &Artifact| row.uuid == id(n)));
        self.world.run(delete).expect("deleted");
    }
}

/// A process without a platform, polling an empty database.
fn polling() -> Fixture {
    let fixture = Fixture::new();
    fixture.start();
    fixture
}

#[test]
fn a_create_adds_what_the_database_has_and_routes_it() {
    let fixture = polling();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    fixture.announce_api(Action::Create, 1);
    assert_eq!(fixture.in_memory(), [1]);
    assert_eq!(fixture.projections.route("petstore").map(|route| route.artifact), Some(id(1)));
    assert!(fixture.projections.keys().is_empty(), "keys are not loaded with it");
}

#[test]
fn an_update_applies_what_is_there_by_then() {
    let fixture = polling();
    let mut undeployed = api(1, "petstore");
    undeployed.artifact.desired_state = DesiredState::Undeployed;
    fixture.insert_config(undeployed);
    fixture.announce_api(Action::Create, 1);
    assert_eq!(fixture.in_memory(), [1]);
    assert!(fixture.projections.route("petstore").is_none());
    fixture.announce_api(Action::Update, 1);
    assert_eq!(fixture.in_memory(), [1], "updated in place");
}

#[test]
fn a_create_without_its_row_adds_nothing() {
    let fixture = polling();
    fixture.announce_api(Action::Create, 1);
    assert_eq!(fixture.in_memory(), [0; 0]);
    assert_eq!(fixture.world.count("memory.routes"), 0);
}

#[test]
fn what_memory_refuses_is_dropped_and_not_routed() {
    let fixture = polling();
    fixture.insert_config(api(1, "petstore"));
    fixture.announce_api(Action::Create, 1);
    fixture.delete_row(1);
    fixture.insert_config(api(2, "petstore"));
    fixture.announce_api(Action::Create, 2);
    assert_eq!(fixture.in_memory(), [1], "memory still has the old owner of the handle");
    fixture.announce_api(Action::Delete, 1);
    assert_eq!(fixture.in_memory(), [0; 0]);
    assert!(fixture.projections.route("petstore").is_none(), "and nobody tries again");
}

#[test]
fn a_delete_takes_the_artifact_its_keys_and_its_subscriptions() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    fixture.insert(subscription(6, id(1)));
    fixture.start();
    assert!(fixture.projections.accepts_key(id(1), "k", at(0)), "loaded at boot");
    fixture.delete_row(1);
    fixture.announce_api(Action::Delete, 1);
    assert_eq!(fixture.in_memory(), [0; 0]);
    assert!(fixture.projections.memory_keys().is_empty() && fixture.projections.keys().is_empty());
    assert!(fixture.projections.route("petstore").is_none());
    assert_eq!(fixture.rows::<Subscription>(), []);
}

#[test]
fn a_delete_of_an_api_unknown_to_memory_leaves_the_policy_engine_alone() {
    let fixture = Fixture::new();
    fixture.insert(key(5, id(1), "k"));
    fixture.start();
    fixture.announce_api(Action::Delete, 1);
    assert!(fixture.projections.memory_keys().is_empty());
    assert_eq!(fixture.projections.keys().len(), 1);
    assert_eq!(fixture.world.count("memory.revoke-keys"), 0);
}

#[test]
fn a_delete_of_another_kind_unknown_to_memory_does_nothing() {
    let fixture = Fixture::new();
    fixture.insert(key(5, id(1), "k"));
    fixture.start();
    for kind in [Kind::LlmProvider, Kind::LlmProxy, Kind::Mcp] {
        fixture.announce(Announcement::artifact(kind, Action::Delete, id(1), ""));
    }
    assert_eq!(fixture.projections.memory_keys().len(), 1);
    assert_eq!(fixture.world.count("memory.routes"), 0);
}

#[test]
fn a_key_comes_and_goes() {
    for kind in [Kind::RestApi, Kind::LlmProxy] {
        let fixture = Fixture::new();
        if kind == Kind::LlmProxy {
            fixture.insert_config(config(Kind::LlmProvider, 0, "openai"));
        }
        fixture.insert_config(if kind == Kind::LlmProxy {
            proxy(1, "petstore", "openai")
        } else {
            api(1, "petstore")
        });
        fixture.start();
        fixture.insert(key(5, id(1), "k"));
        fixture.announce_key(Action::Create, 1, 5);
        assert!(fixture.projections.accepts_key(id(1), "k", at(0)));
        fixture.announce_key(Action::Delete, 1, 5);
        assert!(!fixture.projections.accepts_key(id(1), "k", at(0)));
        assert!(fixture.projections.memory_keys().is_empty());
    }
}

#[test]
fn a_key_whose_artifact_only_the_database_has_brings_it_into_memory_unrouted() {
    let fixture = polling();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    fixture.announce_key(Action::Create, 1, 5);
    assert_eq!(fixture.in_memory(), [1]);
    assert!(fixture.projections.accepts_key(id(1), "k", at(0)));
    assert!(fixture.projections.route("petstore").is_none());
}

#[test]
fn a_key_without_row_or_artifact_is_dropped() {
    let fixture = polling();
    fixture.announce_key(Action::Create, 1, 5);
    assert!(fixture.projections.memory_keys().is_empty());
    fixture.insert(key(5, id(1), "k"));
    fixture.announce_key(Action::Create, 1, 5);
    assert!(fixture.projections.keys().is_empty(), "its artifact is unknown");
}

#[test]
fn a_key_of_another_identifier_under_the_name_stops_before_the_policy_engine() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    fixture.start();
    let other = ApiKey { api_key: "other".into(), ..key(6, id(1), "k") };
    let replace = self::replace(&fixture, other);
    assert_eq!(replace, 1);
    fixture.announce_key(Action::Create, 1, 6);
    assert_eq!(fixture.projections.keys()[0].uuid, id(5));
    assert_eq!(fixture.projections.memory_keys()[0].uuid, id(5));
}

/// Puts a key in the place of key 5, as an upsert does.
fn replace(fixture: &Fixture, other: ApiKey) -> usize {
    let at = crate::cx::At::site("test.replace");
    let delete =
        fixture.database.write(&fixture.cx, at, |w| w.delete_where(|key: &ApiKey| key.uuid == id(5)));
    let deleted = fixture.world.run(delete).expect("deleted");
    fixture.insert(other);
    deleted
}

#[test]
fn a_key_unknown_to_memory_is_not_revoked_in_the_policy_engine() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.start();
    fixture.projections.change(|state| state.policy_keys.store(Arc::new(key(5, id(1), "k"))));
    fixture.announce_key(Action::Delete, 1, 5);
    assert_eq!(fixture.projections.keys().len(), 1);
}

#[test]
fn the_listener_survives_what_it_cannot_read_or_do() {
    let fixture = polling();
    let mut bad = Announcement::artifact(Kind::RestApi, Action::Create, id(1), "");
    bad.entity_id = "no identifier".into();
    fixture.announce(bad);
    let mut bad = Announcement::key(Action::Create, id(1), id(5), "");
    bad.entity_id = id(1).to_string();
    fixture.announce(bad);
    fixture.insert_config(api(1, "petstore"));
    fixture.world.break_at("store.find-artifact");
    fixture.announce_api(Action::Create, 1);
    assert_eq!(fixture.in_memory(), [0; 0], "lost: delivered is delivered");
    fixture.world.mend("store.find-artifact");
    fixture.announce_api(Action::Update, 1);
    assert_eq!(fixture.in_memory(), [1]);
    assert_eq!(fixture.rows::<RestApi>().len(), 1);
}

#[test]
fn a_proxy_needs_its_provider_in_memory_or_in_the_database() {
    let fixture = Fixture::new();
    fixture.insert_config(config(Kind::LlmProvider, 0, "openai"));
    fixture.start();
    fixture.insert_config(proxy(1, "chat", "openai"));
    fixture.insert_config(proxy(2, "talk", "claude"));
    for n in [1, 2] {
        fixture.announce(Announcement::artifact(Kind::LlmProxy, Action::Create, id(n), ""));
    }
    assert_eq!(fixture.in_memory(), [0, 1]);
    fixture.insert_config(config(Kind::LlmProvider, 3, "claude"));
    fixture.announce(Announcement::artifact(Kind::LlmProxy, Action::Update, id(2), ""));
    assert_eq!(fixture.in_memory(), [0, 1, 2], "the database has it by now");
}

#[test]
fn a_panic_costs_one_event() {
    let fixture = polling();
    fixture.insert_config(api(1, "petstore"));
    fixture.world.panic_at("store.find-artifact");
    fixture.announce_api(Action::Create, 1);
    assert_eq!((fixture.in_memory(), fixture.world.recovered()), (vec![], 1));
    fixture.world.calm("store.find-artifact");
    fixture.announce_api(Action::Update, 1);
    assert_eq!(fixture.in_memory(), [1]);
}

#[test]
fn applications_and_certificates_are_only_logged() {
    let fixture = polling();
    fixture.insert_config(api(1, "petstore"));
    fixture.world.take_sites();
    for entity in [EntityType::Application, EntityType::Certificate] {
        for action in [Action::Create, Action::Update, Action::Delete] {
            let told = Announcement::artifact(Kind::RestApi, action, id(1), "");
            fixture.announce(Announcement { entity, ..told });
        }
    }
    let mut sites = fixture.world.take_sites();
    sites.retain(|site| site.starts_with("memory.") || site.starts_with("store."));
    assert_eq!(sites, [""; 0]);
}

#[test]
fn rebuilds_of_the_routes_do_not_wait_for_one_another() {
    let fixture = polling();
    fixture.world.hold("gw1", "memory.routes");
    for (n, handle) in [(1, "petstore"), (2, "orders")] {
        fixture.insert_config(api(n, handle));
        fixture.announce_api(Action::Create, n);
    }
    assert_eq!(fixture.in_memory(), [1, 2]);
    assert_eq!(fixture.world.count("memory.translate"), 2, "the second was read before the first was set");
    assert!(fixture.projections.route("petstore").is_none());
    fixture.world.release("gw1", "memory.routes");
    assert!(fixture.projections.route("petstore").is_some() && fixture.projections.route("orders").is_some());
}
