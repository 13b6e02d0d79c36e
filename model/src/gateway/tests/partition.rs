//! Two gateways that share a database by their partitions (docs/spec/gateway.md sections 1 and 4.1).

use std::time::Duration;

use serde_json::json;

use super::fixture::{Fixture, api, at, id, key, subscription};
use crate::gateway::memory::StoredConfig;
use crate::gateway::tables::{
    Action, ApiKey, Artifact, EntityType, Event, GatewayState, RestApi, Subscription,
};

const OTHER: &str = "another-gateway";

/// A gateway whose database has the same API, key and subscription in both partitions, and in the other one
/// more of each, and an event.
fn beside_another() -> Fixture {
    let fixture = Fixture::new();
    fixture.insert(GatewayState { gateway_id: OTHER.into(), version_id: "theirs".into(), updated_at: at(0) });
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    fixture.insert(subscription(6, id(1)));
    for (n, handle) in [(1, "petstore"), (2, "orders")] {
        let StoredConfig { artifact, configuration } = api(n, handle);
        fixture.insert(Artifact { gateway_id: OTHER.into(), ..artifact });
        fixture.insert(RestApi { gateway_id: OTHER.into(), uuid: id(n), configuration });
        fixture.insert(ApiKey { gateway_id: OTHER.into(), ..key(4 + n, id(n), ["k", "l"][n as usize - 1]) });
        fixture.insert(Subscription { gateway_id: OTHER.into(), ..subscription(5 + n, id(n)) });
    }
    fixture.insert(Event {
        gateway_id: OTHER.into(),
        processed_timestamp: at(-7200),
        originated_timestamp: at(-7200),
        entity_type: EntityType::Api,
        action: Action::Delete,
        entity_id: id(1).to_string(),
        event_id: "theirs".into(),
        event_data: "{}".into(),
    });
    fixture
}

fn of_the_other(fixture: &Fixture) -> [usize; 5] {
    let artifacts = fixture.rows::<Artifact>().iter().filter(|row| row.gateway_id == OTHER).count();
    let configurations = fixture.rows::<RestApi>().iter().filter(|row| row.gateway_id == OTHER).count();
    let keys = fixture.rows::<ApiKey>().iter().filter(|row| row.gateway_id == OTHER).count();
    let subscriptions = fixture.rows::<Subscription>().iter().filter(|row| row.gateway_id == OTHER).count();
    let events = fixture.rows::<Event>().iter().filter(|row| row.gateway_id == OTHER).count();
    [artifacts, configurations, keys, subscriptions, events]
}

#[test]
fn one_gateway_neither_serves_nor_touches_the_rows_of_another() {
    let fixture = beside_another();
    // Everything the platform lists is empty, and nothing here exists any more.
    for list in ["/apis/api-keys", "/llm-providers/api-keys", "/llm-proxies/api-keys", "/subscription-plans"]
    {
        fixture.platform.answer_json(&format!("GET {list}"), json!([]));
    }
    fixture.platform.answer_json("POST /artifacts/exists", json!({ "artifacts": [] }));
    fixture.platform.answer_json("GET /deployments", json!({ "deployments": [] }));
    fixture.world.hold("gw1", "http.deployments");
    fixture.start();
    assert!(fixture.projections.route("petstore").is_some() && fixture.projections.route("orders").is_none());
    assert!(fixture.projections.accepts_key(id(1), "k", at(0)));
    assert!(!fixture.projections.accepts_key(id(2), "l", at(0)));
    fixture.world.release("gw1", "http.deployments");
    fixture.world.pass(Duration::from_secs(7));
    assert!(fixture.projections.route("petstore").is_none(), "ours is gone");
    assert_eq!(fixture.world.run(fixture.replica.hub.clean_up(&fixture.cx, 0)), Ok(0));
    assert_eq!(of_the_other(&fixture), [2, 2, 2, 2, 1]);
    assert_eq!(fixture.rows::<Artifact>().len(), 2);
    let states = fixture.rows::<GatewayState>();
    let theirs = states.iter().find(|row| row.gateway_id == OTHER).expect("there");
    assert_eq!(theirs.version_id, "theirs");
}
