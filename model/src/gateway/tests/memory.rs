//! The rules of the in-memory stores (docs/spec/gateway.md section 4.2).

use std::sync::Arc;

use super::fixture::{api, at, config, id, key};
use crate::gateway::memory::{ConfigError, ConfigStore, PolicyKeys, Routes};
use crate::gateway::tables::{DesiredState, KeyStatus};
use crate::wire::kind::Kind;

fn store_of(configs: &[(u128, &str)]) -> ConfigStore {
    let mut store = ConfigStore::default();
    for (n, handle) in configs {
        store.add(Arc::new(api(*n, handle))).expect("nothing in the way");
    }
    store
}

#[test]
fn add_refuses_a_taken_handle_and_a_taken_name_even_of_the_same_artifact() {
    let mut store = store_of(&[(1, "petstore")]);
    assert!(matches!(store.add(Arc::new(api(1, "petstore"))), Err(ConfigError::Conflict(_))));
    let mut same_handle = api(2, "petstore");
    same_handle.artifact.display_name = "Other".into();
    assert!(matches!(store.add(Arc::new(same_handle)), Err(ConfigError::Conflict(_))));
    let mut same_name = api(2, "petstore");
    same_name.artifact.handle = "other".into();
    assert!(matches!(store.add(Arc::new(same_name.clone())), Err(ConfigError::Conflict(_))));
    same_name.artifact.version = "v2".into();
    assert_eq!(store.add(Arc::new(same_name)), Ok(()));
    assert_eq!(store.add(Arc::new(config(Kind::Mcp, 3, "petstore"))), Ok(()), "another kind");
}

#[test]
fn update_needs_the_artifact_and_moves_its_handle() {
    let mut store = store_of(&[(1, "petstore"), (2, "orders")]);
    assert_eq!(store.update(Arc::new(api(3, "new"))), Err(ConfigError::Absent(id(3))));
    assert!(matches!(store.update(Arc::new(api(1, "orders"))), Err(ConfigError::Conflict(_))));
    assert_eq!(store.update(Arc::new(api(1, "pets"))), Ok(()));
    assert_eq!(store.add(Arc::new(api(4, "petstore"))), Ok(()), "the old handle is free");
    assert!(store.add(Arc::new(api(5, "pets"))).is_err(), "the new one is not");
}

#[test]
fn delete_of_an_absent_artifact_is_an_error_that_changes_nothing() {
    let mut store = store_of(&[(1, "petstore")]);
    assert_eq!(store.delete(id(2)), Err(ConfigError::Absent(id(2))));
    assert!(store.delete(id(1)).is_ok());
    assert_eq!(store.add(Arc::new(api(2, "petstore"))), Ok(()), "handle and name are free");
}

#[test]
fn a_key_is_replaced_under_its_own_identifier_only() {
    let mut store = ConfigStore::default();
    store.store_key(Arc::new(key(1, id(9), "k"))).expect("new");
    let mut changed = key(1, id(9), "k");
    changed.masked_api_key = "new".into();
    assert_eq!(store.store_key(Arc::new(changed.clone())), Ok(()));
    let other = Arc::new(key(2, id(9), "k"));
    assert!(matches!(store.store_key(other.clone()), Err(ConfigError::KeyName { .. })));
    assert_eq!(store.keys().map(|key| (**key).clone()).collect::<Vec<_>>(), [changed]);

    let mut policy = PolicyKeys::default();
    policy.store(Arc::new(key(1, id(9), "k")));
    policy.store(other.clone());
    assert_eq!(policy.keys().collect::<Vec<_>>(), [&other], "the policy engine has no such rule");
}

#[test]
fn keys_go_one_by_one_or_with_their_artifact() {
    let mut store = ConfigStore::default();
    for (n, artifact, name) in [(1, 8, "a"), (2, 9, "a"), (3, 9, "b")] {
        store.store_key(Arc::new(key(n, id(artifact), name))).expect("new");
    }
    assert_eq!(store.remove_key(id(8), id(2)), None, "the key of another artifact");
    assert_eq!(store.remove_key(id(9), id(2)).map(|key| key.uuid), Some(id(2)));
    store.remove_keys_of(id(9));
    assert_eq!(store.keys().map(|key| key.uuid).collect::<Vec<_>>(), [id(1)]);
}

#[test]
fn a_key_lets_in_while_it_is_active_and_not_expired() {
    let mut ending = key(1, id(9), "secret");
    ending.expires_at = Some(at(60));
    let mut revoked = key(2, id(9), "gone");
    revoked.status = KeyStatus::Revoked;
    let mut policy = PolicyKeys::default();
    policy.store(Arc::new(ending));
    policy.store(Arc::new(revoked));
    assert!(policy.accepts(id(9), "secret", at(59)));
    assert!(!policy.accepts(id(9), "secret", at(60)), "expired");
    assert!(!policy.accepts(id(8), "secret", at(0)), "of another artifact");
    assert!(!policy.accepts(id(9), "gone", at(0)), "revoked");
    assert!(!policy.accepts(id(9), "guess", at(0)));
}

#[test]
fn only_what_is_deployed_and_translatable_is_routed() {
    let mut store = store_of(&[(1, "petstore")]);
    let mut undeployed = api(2, "orders");
    undeployed.artifact.desired_state = DesiredState::Undeployed;
    let mut broken = api(3, "broken");
    broken.configuration = "not: [a definition".into();
    store.add(Arc::new(undeployed)).expect("free");
    store.add(Arc::new(broken)).expect("free");
    let routes = Routes::translate(&store);
    assert_eq!(routes.iter().map(|route| route.handle.as_str()).collect::<Vec<_>>(), ["petstore"]);
    assert_eq!(routes.of(id(1)).and_then(|route| route.deployment), Some(id(10)));
}
