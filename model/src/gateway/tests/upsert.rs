//! The guarded upsert and `DeleteConfig` (docs/spec/gateway.md sections 5.1, 4.1 and 14.4).

use super::fixture::{Fixture, api, at, config, id, key, proxy, subscription};
use crate::gateway::memory::StoredConfig;
use crate::gateway::storage::{Along, RemovalError, UpsertError};
use crate::gateway::tables::{ApiKey, Artifact, LlmProxy, RestApi, Subscription};
use crate::store::StoreError;
use crate::wire::kind::Kind;

impl Fixture {
    fn upsert(&self, config: &StoredConfig) -> Result<bool, UpsertError> {
        self.world.run(self.replica.storage.upsert(&self.cx, config))
    }
}

fn deployed_at(seconds: Option<i64>) -> StoredConfig {
    let mut config = api(1, "petstore");
    config.artifact.deployed_at = seconds.map(at);
    config
}

#[test]
fn what_is_not_there_is_inserted_with_its_configuration() {
    let fixture = Fixture::new();
    assert_eq!(fixture.upsert(&deployed_at(Some(5))), Ok(true));
    assert_eq!(fixture.rows::<Artifact>().len(), 1);
    assert_eq!(fixture.rows::<RestApi>()[0].configuration, api(1, "petstore").configuration);
}

#[test]
fn only_what_is_strictly_newer_replaces_what_is_there() {
    for (stored, incoming, affected) in [
        (Some(5), Some(6), true),
        (Some(5), Some(5), false),
        (Some(5), Some(4), false),
        (None, Some(1), true),
        (None, None, true),
        (Some(5), None, false),
    ] {
        let fixture = Fixture::new();
        fixture.insert_config(deployed_at(stored));
        let mut config = deployed_at(incoming);
        config.artifact.deployment_id = Some(id(11));
        config.artifact.created_at = at(99);
        config.configuration = "other".into();
        assert_eq!(fixture.upsert(&config), Ok(affected), "{stored:?} then {incoming:?}");
        let row = fixture.artifact(id(1)).expect("it stays");
        assert_eq!(row.deployment_id, Some(id(if affected { 11 } else { 10 })));
        assert_eq!(row.created_at, at(0), "when it was made stays");
        assert_eq!(fixture.rows::<RestApi>()[0].configuration == "other", affected);
    }
}

#[test]
fn a_taken_handle_or_name_is_the_database_error() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    let mut same_handle = api(2, "petstore");
    same_handle.artifact.display_name = "Other".into();
    let mut same_name = api(2, "petstore");
    same_name.artifact.handle = "other".into();
    for config in [same_handle, same_name] {
        let refused = fixture.upsert(&config);
        assert!(matches!(refused, Err(UpsertError::Store(StoreError::Unique { .. }))), "{refused:?}");
    }
    assert_eq!(fixture.upsert(&config(Kind::Mcp, 2, "petstore")), Ok(true), "another kind");
}

#[test]
fn an_artifact_must_have_a_handle() {
    let fixture = Fixture::new();
    assert_eq!(fixture.upsert(&api(1, "")), Err(UpsertError::NoHandle));
}

#[test]
fn a_proxy_without_its_provider_is_not_written_at_all() {
    let fixture = Fixture::new();
    let proxy = proxy(2, "chat", "openai");
    assert_eq!(fixture.upsert(&proxy), Err(UpsertError::NoProvider("openai".into())));
    assert_eq!(fixture.rows::<Artifact>(), []);
    fixture.insert_config(config(Kind::LlmProvider, 1, "openai"));
    assert_eq!(fixture.upsert(&proxy), Ok(true));
    assert_eq!(fixture.rows::<LlmProxy>()[0].provider_uuid, id(1));
}

#[test]
fn delete_config_takes_keys_subscriptions_and_configuration_along() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    fixture.insert(subscription(6, id(1)));
    fixture.insert(key(7, id(2), "of another"));
    assert_eq!(
        fixture.world.run(fixture.replica.storage.delete_config(
            &fixture.cx,
            id(1),
            Along::KeysAndSubscriptions,
            &fixture.replica.news(Vec::new())
        )),
        Ok(())
    );
    assert_eq!(fixture.rows::<Artifact>(), []);
    assert_eq!(fixture.rows::<RestApi>(), []);
    assert_eq!(fixture.rows::<Subscription>(), []);
    assert_eq!(fixture.rows::<ApiKey>().len(), 1);
}

#[test]
fn delete_config_of_an_absent_artifact_takes_nothing() {
    let fixture = Fixture::new();
    fixture.insert(key(5, id(1), "k"));
    fixture.insert(subscription(6, id(1)));
    let refused = fixture.world.run(fixture.replica.storage.delete_config(
        &fixture.cx,
        id(1),
        Along::KeysAndSubscriptions,
        &fixture.replica.news(Vec::new()),
    ));
    assert_eq!(refused, Err(RemovalError::NotFound));
    assert_eq!((fixture.rows::<ApiKey>().len(), fixture.rows::<Subscription>().len()), (1, 1));
}
