//! What is committed stays, whatever becomes of the process, and belongs to one gateway (docs/spec/gateway.md
//! sections 4.1 and 14.4, `gateway-controller/tests/integration`).

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::fixture::{Fixture, api, at, definition, id, key, subscription};
use crate::gateway::Config;
use crate::gateway::storage::Along;
use crate::gateway::tables::{ApiKey, Artifact, RestApi, Subscription};
use crate::wire::kind::Kind;

#[test]
fn what_was_acknowledged_is_served_after_any_number_of_restarts() {
    let fixture = Fixture::new();
    for n in 1..=4 {
        let config = Config { projections: Arc::default(), ..fixture.config() };
        let projections = config.projections.clone();
        // Nothing is asked of the platform: what is here now was here before.
        fixture.platform.answer("GET /deployments", 500, "");
        fixture.start_as("gw1", config);
        let served: Vec<_> = projections.routes().into_iter().map(|route| route.artifact).collect();
        assert_eq!(served, (1..n).map(id).collect::<Vec<_>>(), "before life {n}");
        assert!((1..n).all(|n| projections.accepts_key(id(n), &format!("k{n}"), at(0))), "life {n}");

        fixture.world.pass(Duration::from_millis(1));
        fixture.offer(Kind::RestApi, id(n), &definition(Kind::RestApi, &format!("api{n}")));
        let payload =
            json!({ "apiId": id(n), "deploymentId": id(10 * n), "performedAt": "2026-03-31T12:00:05Z" });
        assert_eq!(fixture.told("api.deployed", payload)[0]["payload"]["status"], "success");
        fixture.insert(key(100 + n, id(n), &format!("k{n}")));
        fixture.world.kill("gw1");
    }
    assert_eq!((fixture.rows::<Artifact>().len(), fixture.rows::<RestApi>().len()), (4, 4));
}

#[test]
fn equal_identifiers_of_another_gateway_are_other_rows() {
    const OTHER: &str = "another-gateway";
    let fixture = Fixture::new();
    let mut theirs = api(1, "petstore");
    theirs.artifact.gateway_id = OTHER.into();
    fixture.insert_config(theirs);
    fixture.insert(ApiKey { gateway_id: OTHER.into(), ..key(5, id(1), "k") });
    fixture.insert(Subscription { gateway_id: OTHER.into(), ..subscription(6, id(1)) });
    // Handle, name, identifiers and hash are those of the other gateway, and in nobody's way.
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    fixture.insert(subscription(6, id(1)));
    fixture.start();
    assert_eq!(fixture.world.count("boot.management"), 1);
    assert_eq!((fixture.projections.artifacts().len(), fixture.projections.keys().len()), (1, 1));

    let storage = &fixture.replica.storage;
    let newer = fixture.world.run(storage.upsert(&fixture.cx, &{
        let mut config = api(1, "petstore");
        config.artifact.deployed_at = Some(at(9));
        config
    }));
    assert_eq!(newer, Ok(true));
    assert_eq!(
        fixture.world.run(storage.delete_config(
            &fixture.cx,
            id(1),
            Along::KeysAndSubscriptions,
            &fixture.replica.news(Vec::new())
        )),
        Ok(())
    );
    let artifacts = fixture.rows::<Artifact>();
    assert_eq!((artifacts.len(), &*artifacts[0].gateway_id), (1, OTHER));
    assert_eq!(artifacts[0].deployed_at, Some(at(0)));
    let left = (fixture.rows::<ApiKey>().len(), fixture.rows::<Subscription>().len());
    assert_eq!(left, (1, 1));

    fixture.world.kill("gw1");
    let config = Config { projections: Arc::default(), ..fixture.config() };
    let projections = config.projections.clone();
    fixture.start_as("gw1", config);
    assert!(projections.artifacts().is_empty() && projections.keys().is_empty());
}
