//! API keys: who hears of them, and what happens when nobody does.

use http::Method;
use serde_json::json;

use super::rig::Rig;
use crate::design::Design;
use crate::platform::tables::{ApiKey, KeyStatus};

const PETSTORE: &str = "rest-apis/petstore";
const KEYS: &str = "rest-apis/petstore/api-keys";

#[tokio::test]
async fn a_key_goes_to_the_associated_gateways() {
    let rig = Rig::new(Design::default()).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    let (mut one, mut two) = (gw1.connect().await, gw2.connect().await);
    let artifact = rig.create_api("petstore").await;
    let new = json!({ "apiKey": " secret-12345 ", "name": "k" });
    assert_eq!(rig.post(KEYS, new.clone()).await.status, 503);
    assert_eq!(rig.count::<ApiKey>(), 0);

    let d1 = rig.deploy(PETSTORE, &gw1).await;
    rig.change(PETSTORE, "undeploy", &d1, &gw1).await;
    rig.delete(&format!("{PETSTORE}/deployments/{d1}")).await;
    assert_eq!(one.events().await, ["api.deployed", "api.undeployed"]);
    // Associated is who once had it, deployed or not.
    let made = rig.post(KEYS, new).await;
    assert_eq!((made.status, made.text("keyId").as_str()), (201, "k"));
    let event = one.next().await.unwrap();
    assert_eq!((&event["type"], &event["userId"]), (&json!("apikey.created"), &json!("ann")));
    let payload = &event["payload"];
    assert_eq!(payload["apiId"], artifact.to_string());
    assert_eq!((&payload["maskedApiKey"], &payload["name"]), (&json!("***12345"), &json!("k")));
    // SHA-256 of `secret-12345`: the space around a key doesn't count.
    let hash = "539332b4288f1cd72d38ec5c92dd57828d548e0161435c9555a0a76de9da1926";
    assert_eq!(payload["apiKeyHashes"], format!("{{\"sha256\":\"{hash}\"}}"));
    assert!(two.events().await.is_empty());

    assert_eq!(rig.call(Method::PUT, &format!("{KEYS}/k"), json!({ "apiKey": "other" })).await.status, 200);
    assert_eq!(rig.delete(&format!("{KEYS}/k")).await, 204);
    assert_eq!(one.events().await, ["apikey.updated", "apikey.revoked"]);
    let row = rig.database.look(|view| view.first(|_: &ApiKey| true).unwrap());
    assert_eq!(row.status, KeyStatus::Revoked);
    // The name stays taken, and an unknown one is no case that is thought of.
    assert_eq!(rig.post(KEYS, json!({ "apiKey": "x", "name": "k" })).await.status, 500);
    assert_eq!(rig.delete(&format!("{KEYS}/nothing")).await, 500);
}

#[tokio::test]
async fn a_key_that_reached_nobody_is_written_all_the_same() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    let before = rig.world.times("memory.registry-lookup");
    assert_eq!(rig.post(KEYS, json!({ "apiKey": "x", "name": "k" })).await.status, 500);
    assert_eq!(rig.count::<ApiKey>(), 1);
    // Key events are tried twice.
    assert_eq!(rig.world.times("memory.registry-lookup") - before, 2);
}

#[tokio::test]
async fn only_key_events_are_tried_again() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.world.break_next("ws.send");
    rig.deploy(PETSTORE, &gw1).await;
    assert!(socket.events().await.is_empty());
    rig.world.break_next("ws.send");
    assert_eq!(rig.post(KEYS, json!({ "apiKey": "x", "name": "k" })).await.status, 201);
    assert_eq!(socket.events().await, ["apikey.created"]);
}
