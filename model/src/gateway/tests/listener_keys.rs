//! Keys that the listener takes up or drops while their artifact is elsewhere, or another is in its place
//! (docs/spec/gateway.md sections 9.4 and 14.2).

use std::sync::Arc;

use super::fixture::{Fixture, api, at, id, key, sha256};
use crate::cx::At;
use crate::gateway::tables::{Action, ApiKey};

#[test]
fn an_updated_key_lets_in_under_its_new_secret_only() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    fixture.start();
    let at_once = At::site("test.update");
    let changed = ApiKey { api_key: sha256("other"), ..key(5, id(1), "k") };
    let write = fixture.database.write(&fixture.cx, at_once, |w| {
        w.delete_where(|key: &ApiKey| key.uuid == id(5))?;
        w.insert(changed.clone())
    });
    fixture.world.run(write).expect("written");
    fixture.announce_key(Action::Update, 1, 5);
    assert!(fixture.projections.accepts_key(id(1), "other", at(0)));
    assert!(!fixture.projections.accepts_key(id(1), "k", at(0)));
    assert_eq!(fixture.projections.memory_keys()[0].api_key, sha256("other"));
}

#[test]
fn a_key_is_taken_up_though_memory_has_no_room_for_its_artifact() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.start();
    // Memory still has the old owner of the handle when the key of the new one comes.
    fixture.delete_row(1);
    fixture.insert_config(api(2, "petstore"));
    fixture.insert(key(5, id(2), "k"));
    fixture.announce_key(Action::Create, 2, 5);
    assert_eq!(fixture.in_memory(), [1]);
    assert!(fixture.projections.accepts_key(id(2), "k", at(0)), "a conflict is only warned of");
}

#[test]
fn a_key_whose_artifact_is_nowhere_is_not_revoked_in_the_policy_engine() {
    let fixture = Fixture::new();
    fixture.start();
    let orphan = Arc::new(key(5, id(1), "k"));
    fixture.projections.change(|state| {
        state.policy_keys.store(orphan.clone());
        state.memory.store_key(orphan.clone()).expect("it is empty");
    });
    fixture.announce_key(Action::Delete, 1, 5);
    assert!(fixture.projections.memory_keys().is_empty());
    assert_eq!(fixture.projections.keys(), [orphan]);
}
