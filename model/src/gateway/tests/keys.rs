//! API keys: events and the bulk sync (docs/spec/gateway.md sections 7.3 and 8.4).

use std::sync::Arc;

use serde_json::{Value, json};

use super::fixture::{Fixture, api, at, id, key, sha256};
use super::platform::CORRELATION;
use crate::cx::CrossingId;
use crate::design::{Design, KeySyncSource};
use crate::gateway::tables::{ApiKey, KeyStatus};
use crate::store::Row;
use crate::wire::time;

impl Fixture {
    fn key_event(&self, verb: &str, payload: Value) {
        let event = json!({ "type": format!("apikey.{verb}"), "payload": payload,
            "correlationId": CORRELATION, "userId": "alice" });
        self.world.run(self.replica.handle_message(&self.cx, CrossingId(0), event));
    }

    fn names(&self) -> Vec<String> {
        self.rows::<ApiKey>().iter().map(|key| key.name.clone()).collect()
    }

    fn sync_keys(&self, listed: &[ApiKey]) {
        self.platform.answer_json("GET /apis/api-keys", listed.iter().map(entry).collect());
        self.world.run(self.replica.later_sync(&self.cx));
    }
}

/// A key as the platform lists it.
fn entry(key: &ApiKey) -> Value {
    let status = if key.status == KeyStatus::Active { "active" } else { "revoked" };
    json!({ "etag": format!("etag-{}", key.uuid), "uuid": key.uuid, "name": key.name, "maskedApiKey": "****",
        "apiKeyHashes": { "sha256": key.api_key }, "artifactUuid": key.artifact_uuid, "status": status,
        "createdAt": time::nanos(&key.created_at), "createdBy": key.created_by,
        "updatedAt": time::nanos(&key.updated_at), "expiresAt": null, "source": "external",
        "externalRefId": null })
}

/// The payload of `apikey.created` for key 5 of API 1.
fn created(secret: &str, seconds: i64) -> Value {
    json!({ "uuid": id(5), "apiId": id(1), "name": "k", "maskedApiKey": "****",
        "apiKeyHashes": json!({ "sha256": sha256(secret) }).to_string(),
        "createdAt": time::seconds(&at(0)), "updatedAt": time::seconds(&at(seconds)) })
}

fn updated(secret: &str) -> Value {
    json!({ "apiId": id(1), "keyName": "k", "maskedApiKey": "****", "updatedAt": time::seconds(&at(-9)),
        "apiKeyHashes": json!({ "sha256": sha256(secret) }).to_string() })
}

fn with_petstore() -> Fixture {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture
}

#[test]
fn a_created_key_is_written_and_published() {
    let fixture = with_petstore();
    fixture.key_event("created", created("s", 0));
    let rows = fixture.rows::<ApiKey>();
    assert_eq!((rows[0].uuid, rows[0].api_key.clone()), (id(5), sha256("s")));
    assert_eq!((rows[0].created_by.as_str(), rows[0].source.as_str()), ("alice", "external"));
    assert_eq!(fixture.published(), [format!("API_KEY CREATE {CORRELATION}")]);
}

#[test]
fn an_older_key_changes_nothing_and_is_published_all_the_same() {
    let fixture = with_petstore();
    fixture.insert(ApiKey { updated_at: at(5), ..key(6, id(1), "k") });
    fixture.key_event("created", created("s", 5));
    assert_eq!(fixture.rows::<ApiKey>()[0].uuid, id(6));
    assert_eq!(fixture.published().len(), 1);
    fixture.key_event("created", created("s", 6));
    let rows = fixture.rows::<ApiKey>();
    assert_eq!((rows.len(), rows[0].uuid), (1, id(5)), "a newer one replaces it, identifier included");
}

#[test]
fn a_key_that_lacks_something_is_not_created() {
    let mut no_hash = created("s", 0);
    no_hash["apiKeyHashes"] = "{}".into();
    let mut expired = created("s", 0);
    expired["expiresAt"] = time::seconds(&at(-1)).into();
    let mut never = created("s", 0);
    never["expiresAt"] = "soon".into();
    let mut no_unit = created("s", 0);
    no_unit["expiresIn"] = json!({ "duration": 1, "unit": "fortnights" });
    let mut unknown = created("s", 0);
    unknown["apiId"] = id(9).to_string().into();
    for payload in [no_hash, expired, never, no_unit, unknown] {
        let fixture = with_petstore();
        fixture.key_event("created", payload);
        assert_eq!(fixture.rows::<ApiKey>(), []);
        assert_eq!(fixture.published(), [""; 0]);
    }
}

#[test]
fn a_key_ends_when_its_event_says() {
    let mut until = created("s", 0);
    until["expiresAt"] = time::seconds(&at(60)).into();
    let mut within = created("s", 0);
    within["expiresIn"] = json!({ "duration": 1, "unit": "minutes" });
    for payload in [until, within] {
        let fixture = with_petstore();
        fixture.key_event("created", payload);
        assert_eq!(fixture.rows::<ApiKey>()[0].expires_at, Some(at(60)));
        let mut longer = updated("t");
        longer["expiresIn"] = json!({ "duration": 1, "unit": "hours" });
        fixture.key_event("updated", longer);
        assert_eq!(fixture.rows::<ApiKey>()[0].expires_at, Some(at(3600)));
        fixture.key_event("updated", updated("u"));
        assert_eq!(fixture.rows::<ApiKey>()[0].expires_at, None, "an update without an end takes it away");
    }
}

#[test]
fn a_user_may_have_ten_keys_of_an_artifact() {
    let fixture = with_petstore();
    for n in 0..10 {
        fixture.insert(key(100 + n, id(1), &format!("k{n}")));
    }
    fixture.key_event("created", created("s", 0));
    assert_eq!(fixture.rows::<ApiKey>().len(), 10);
    assert_eq!(fixture.published(), [""; 0]);
}

#[test]
fn an_update_replaces_the_hash_whatever_its_age() {
    let fixture = with_petstore();
    fixture.insert(ApiKey { status: KeyStatus::Revoked, ..key(6, id(1), "k") });
    let mut payload = updated("new");
    payload["maskedApiKey"] = "***new".into();
    fixture.key_event("updated", payload);
    let rows = fixture.rows::<ApiKey>();
    assert_eq!((rows.len(), rows[0].uuid, rows[0].api_key.clone()), (1, id(6), sha256("new")));
    assert_eq!(rows[0].masked_api_key, "***new", "and what is shown of it");
    assert_eq!((rows[0].status, rows[0].updated_at), (KeyStatus::Active, at(-9)));
    assert_eq!(fixture.published(), [format!("API_KEY UPDATE {CORRELATION}")]);
}

#[test]
fn an_update_of_an_unknown_key_makes_one_of_a_new_identifier() {
    let fixture = with_petstore();
    fixture.key_event("updated", updated("new"));
    let rows = fixture.rows::<ApiKey>();
    assert_eq!((rows[0].name.as_str(), rows[0].updated_at), ("k", at(0)), "at the gateway's own time");
    assert_eq!(fixture.published().len(), 1);
}

#[test]
fn a_key_of_another_user_or_source_is_not_touched() {
    for foreign in [
        ApiKey { created_by: "bob".into(), ..key(6, id(1), "k") },
        ApiKey { source: "local".into(), ..key(6, id(1), "k") },
    ] {
        let fixture = with_petstore();
        fixture.insert(foreign.clone());
        fixture.key_event("updated", updated("new"));
        assert_eq!(*fixture.rows::<ApiKey>()[0], foreign);
        assert_eq!(fixture.published(), [""; 0]);
    }
    let fixture = with_petstore();
    fixture.insert(ApiKey { created_by: "bob".into(), ..key(6, id(1), "k") });
    fixture.key_event("revoked", json!({ "apiId": id(1), "keyName": "k" }));
    assert_eq!(fixture.rows::<ApiKey>().len(), 1);
}

#[test]
fn a_revoked_key_is_marked_told_of_and_deleted_in_that_order() {
    let fixture = with_petstore();
    fixture.insert(key(6, id(1), "k"));
    fixture.world.take_sites();
    fixture.key_event("revoked", json!({ "apiId": id(1), "keyName": "k" }));
    assert_eq!(fixture.rows::<ApiKey>(), []);
    let steps = [
        "store.find-artifact",
        "store.find-key-by-name",
        "store.revoke-key",
        "hub.insert-event",
        "hub.bump-version",
        "hub.publish",
        "store.delete-key",
    ];
    assert_eq!(fixture.world.take_sites(), steps);
    assert_eq!(fixture.published(), [format!("API_KEY DELETE {CORRELATION}")]);
}

#[test]
fn a_key_that_is_unknown_or_revoked_already_is_not_told_of() {
    let fixture = with_petstore();
    fixture.key_event("revoked", json!({ "apiId": id(1), "keyName": "k" }));
    fixture.insert(ApiKey { status: KeyStatus::Revoked, ..key(6, id(1), "k") });
    fixture.key_event("revoked", json!({ "apiId": id(1), "keyName": "k" }));
    assert_eq!(fixture.rows::<ApiKey>().len(), 1);
    assert_eq!(fixture.published(), [""; 0]);
}

#[test]
fn the_sync_writes_what_is_listed_and_deletes_what_is_not() {
    let fixture = with_petstore();
    fixture.insert(key(6, id(1), "stale"));
    fixture.insert(key(7, id(2), "of an artifact that is not here"));
    let revoked = ApiKey { status: KeyStatus::Revoked, ..key(8, id(1), "revoked") };
    fixture.sync_keys(&[key(5, id(1), "new"), revoked]);
    let mut names = fixture.names();
    names.sort();
    assert_eq!(names, ["new", "of an artifact that is not here"]);
    let told = fixture.published();
    assert!(told.contains(&format!("API_KEY CREATE etag-{}", id(5))), "{told:?}");
    assert_eq!(told.iter().filter(|event| event.starts_with("API_KEY DELETE")).count(), 1, "{told:?}");
}

#[test]
fn a_failed_list_deletes_no_key() {
    let fixture = with_petstore();
    fixture.insert(key(6, id(1), "k"));
    fixture.platform.answer("GET /apis/api-keys", 500, "");
    fixture.world.run(fixture.replica.later_sync(&fixture.cx));
    assert_eq!(fixture.names(), ["k"]);
    fixture.sync_keys(&[]);
    assert_eq!(fixture.names(), [""; 0], "an empty list is a list");
}

#[test]
fn which_artifacts_are_local_depends_on_the_design() {
    let design = Design { key_sync_source: KeySyncSource::Memory, ..Design::as_merged() };
    let fixture = Fixture::of(design);
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(6, id(1), "stale"));
    fixture.sync_keys(&[key(5, id(1), "new")]);
    assert_eq!(
        fixture.rows::<ApiKey>().len(),
        2,
        "memory is empty, so nothing is stale; the new one is written"
    );
    fixture.projections.change(|state| state.memory.add(Arc::new(api(1, "petstore")))).expect("added");
    fixture.sync_keys(&[key(5, id(1), "new")]);
    assert_eq!(fixture.names(), ["new"]);
}

#[test]
fn a_hash_that_two_artifacts_share_is_refused() {
    let fixture = with_petstore();
    fixture.insert(key(6, id(2), "k"));
    fixture.sync_keys(&[key(5, id(1), "k")]);
    assert_eq!(fixture.rows::<ApiKey>()[0].uuid, id(6), "the primary key is the hash ({})", ApiKey::PRIMARY);
}

#[test]
fn revoked_keys_do_not_count() {
    let fixture = with_petstore();
    for n in 0..9 {
        fixture.insert(key(100 + n, id(1), &format!("k{n}")));
    }
    fixture.insert(ApiKey { status: KeyStatus::Revoked, ..key(109, id(1), "k9") });
    fixture.insert(key(110, id(2), "of another artifact"));
    fixture.key_event("created", created("s", 0));
    assert_eq!(fixture.published(), [format!("API_KEY CREATE {CORRELATION}")]);
}

#[test]
fn an_update_keeps_the_issuer() {
    let fixture = with_petstore();
    fixture.insert(ApiKey { issuer: Some("idp".into()), ..key(6, id(1), "k") });
    let mut other = updated("new");
    other["issuer"] = "another".into();
    other["externalRefId"] = "ref".into();
    fixture.key_event("updated", other);
    let row = &fixture.rows::<ApiKey>()[0];
    assert_eq!((row.issuer.as_deref(), row.external_ref_id.as_deref()), (Some("idp"), Some("ref")));
}
