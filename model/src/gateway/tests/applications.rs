//! Applications (docs/spec/gateway.md sections 4.1, 8.6 and 14.1).

use serde_json::{Value, json};
use uuid::Uuid;

use super::fixture::{Fixture, api, at, id, key, sha256};
use super::platform::CORRELATION;
use crate::cx::CrossingId;
use crate::gateway::tables::{ApiKey, Application, ApplicationKey};
use crate::wire::time;

impl Fixture {
    fn application(&self, keys: &[Value]) {
        self.application_with(json!({}), keys);
    }

    fn application_with(&self, fields: Value, keys: &[Value]) {
        let mappings: Vec<Value> = keys.iter().map(|key| json!({ "apiKeyUuid": key })).collect();
        let mut payload = json!({ "applicationId": "shop", "applicationUuid": id(9), "applicationName": "Shop",
            "applicationType": "genai", "mappings": mappings });
        payload.as_object_mut().expect("an object").extend(fields.as_object().expect("one").clone());
        let event =
            json!({ "type": "application.updated", "payload": payload, "correlationId": CORRELATION });
        self.world.run(self.replica.handle_message(&self.cx, CrossingId(0), event));
    }

    fn mapped(&self) -> Vec<u128> {
        self.rows::<ApplicationKey>().iter().map(|row| row.api_key.as_u128()).collect()
    }
}

fn with_keys() -> Fixture {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    for (n, name) in [(5, "a"), (6, "b"), (7, "c")] {
        fixture.insert(key(n, id(1), name));
    }
    fixture
}

fn uuid(n: u128) -> Value {
    json!(id(n))
}

#[test]
fn the_mappings_replace_what_there_was_in_one_transaction() {
    let fixture = with_keys();
    fixture.application(&[uuid(5), uuid(6)]);
    assert_eq!(fixture.mapped(), [5, 6]);
    fixture.world.take_sites();
    fixture.application_with(json!({ "applicationName": "New" }), &[uuid(7)]);
    assert_eq!(fixture.mapped(), [7]);
    assert_eq!(fixture.rows::<Application>()[0].name, "New");
    let steps = [
        "store.find-key",
        "store.list-application-keys",
        "store.upsert-application",
        "store.delete-application-keys",
        "store.insert-application-key",
        "store.commit-application",
        // The second event has the identifier of the first, and goes for a duplicate.
        "hub.insert-event",
        "hub.find-event",
        // Those it had and those it has.
        "memory.policy-key",
        "memory.policy-key",
        "memory.policy-key",
    ];
    assert_eq!(fixture.world.take_sites(), steps);
    assert_eq!(fixture.published(), [format!("APPLICATION UPDATE {CORRELATION}")]);
}

#[test]
fn unknown_and_unreadable_keys_are_skipped() {
    let fixture = with_keys();
    fixture.application(&[uuid(99), json!(""), json!("no identifier"), uuid(6), uuid(6)]);
    assert_eq!(fixture.mapped(), [6]);
}

#[test]
fn all_four_texts_are_required() {
    for field in ["applicationId", "applicationUuid", "applicationName", "applicationType"] {
        let fixture = with_keys();
        fixture.application_with(json!({ field: "" }), &[uuid(5)]);
        assert_eq!(fixture.rows::<Application>(), [], "{field}");
        assert_eq!(fixture.published(), [""; 0]);
    }
}

#[test]
fn a_storage_error_ends_it_and_leaves_everything_as_it_was() {
    for site in ["store.find-key", "store.list-application-keys", "store.insert-application-key"] {
        let fixture = with_keys();
        fixture.application(&[uuid(5)]);
        fixture.world.break_at(site);
        fixture.application(&[uuid(6)]);
        assert_eq!(fixture.mapped(), [5], "{site}");
        assert_eq!(fixture.projections.keys().len(), 1, "{site}");
    }
}

#[test]
fn keys_are_pushed_as_they_were_and_even_if_nobody_was_told() {
    let fixture = with_keys();
    fixture.world.break_at("hub.insert-event");
    fixture.application(&[uuid(5)]);
    assert!(fixture.projections.accepts_key(id(1), "a", at(0)), "without the listener");
    assert!(fixture.projections.memory_keys().is_empty(), "into the policy engine only");
}

#[test]
fn a_mapping_goes_with_either_of_its_ends() {
    let fixture = with_keys();
    fixture.application(&[uuid(5), uuid(6)]);
    let revoked = json!({ "type": "apikey.revoked", "payload": { "apiId": id(1), "keyName": "a" },
        "correlationId": "c", "userId": "alice" });
    fixture.world.run(fixture.replica.handle_message(&fixture.cx, CrossingId(0), revoked));
    assert_eq!(fixture.mapped(), [6]);
    let at = crate::cx::At::site("test.delete");
    let gone = fixture.database.write(&fixture.cx, at, |w| w.delete_where(|_: &Application| true));
    assert_eq!(fixture.world.run(gone), Ok(1));
    assert_eq!(fixture.mapped(), [0; 0]);
}

/// `apikey.created` for the name of key 5, a second later.
fn created_again(fixture: &Fixture, uuid: Uuid) {
    let payload = json!({ "uuid": uuid, "apiId": id(1), "name": "a", "maskedApiKey": "****",
        "apiKeyHashes": json!({ "sha256": sha256("new") }).to_string(),
        "createdAt": time::seconds(&at(1)), "updatedAt": time::seconds(&at(1)) });
    let event =
        json!({ "type": "apikey.created", "payload": payload, "correlationId": "c2", "userId": "alice" });
    fixture.world.run(fixture.replica.handle_message(&fixture.cx, CrossingId(0), event));
}

#[test]
fn a_key_with_an_application_takes_another_hash_and_no_other_identifier() {
    let fixture = with_keys();
    fixture.application(&[uuid(5)]);
    created_again(&fixture, id(5));
    assert_eq!(fixture.mapped(), [5], "the mapping points to the identifier");
    let hash = |fixture: &Fixture| {
        let row = fixture.rows::<ApiKey>().into_iter().find(|key| key.name == "a");
        row.map(|key| (key.uuid, key.api_key.clone()))
    };
    assert_eq!(hash(&fixture), Some((id(5), sha256("new"))));

    let fixture = with_keys();
    fixture.application(&[uuid(5)]);
    created_again(&fixture, id(8));
    assert_eq!(hash(&fixture), Some((id(5), sha256("a"))), "its foreign key refuses");
    assert_eq!(fixture.published().len(), 1);

    let fixture = with_keys();
    created_again(&fixture, id(8));
    assert_eq!(hash(&fixture), Some((id(8), sha256("new"))), "without an application it may");
}
