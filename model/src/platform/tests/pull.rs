//! What a gateway pulls: the list, batches, definitions, keys.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rig::Rig;
use crate::design::Design;
use crate::wire::archive::{unbatch, unzip};
use crate::wire::definition::Definition;

const PETSTORE: &str = "rest-apis/petstore";

#[tokio::test]
async fn the_list_has_every_status_row_of_the_gateway_newest_first() {
    let rig = Rig::new(Design::default()).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    assert_eq!(gw1.get("/deployments").await.json(), json!({ "deployments": [] }));
    let (petstore, orders) = (rig.create_api("petstore").await, rig.create_api("orders").await);
    let d1 = rig.deploy(PETSTORE, &gw1).await;
    rig.deploy("rest-apis/orders", &gw1).await;
    rig.change(PETSTORE, "undeploy", &d1, &gw1).await;
    rig.deploy(PETSTORE, &gw2).await;

    let list = gw1.get("/deployments").await.json();
    let row =
        |n: usize| (list["deployments"][n]["artifactId"].clone(), list["deployments"][n]["state"].clone());
    assert_eq!(row(0), (json!(petstore), json!("UNDEPLOYED")));
    assert_eq!(row(1), (json!(orders), json!("DEPLOYED")));
    assert_eq!(list["deployments"][2], Value::Null);
    assert_eq!(list["deployments"][0]["deploymentId"], d1);

    let since = list["deployments"][1]["deployedAt"].as_str().unwrap().replace('+', "%2B");
    let later = gw1.get(&format!("/deployments?since={since}")).await.json();
    assert_eq!(later["deployments"].as_array().unwrap().len(), 1);
    assert_eq!(gw1.get("/deployments?since=yesterday").await.status, 400);

    rig.delete(&format!("{PETSTORE}/deployments/{d1}")).await;
    let list = gw1.get("/deployments").await.json();
    assert_eq!(list["deployments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_batch_has_what_is_the_gateways_own() {
    let rig = Rig::new(Design::default()).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    rig.create_api("petstore").await;
    let d1 = rig.deploy(PETSTORE, &gw1).await;
    let d2 = rig.deploy(PETSTORE, &gw1).await;
    let other = rig.deploy(PETSTORE, &gw2).await;
    let path = "/deployments/fetch-batch";
    // Archived ones are given out, others' and unknown ones are left out, and so are repetitions.
    let answer = gw1.post(path, json!({ "deploymentIds": [d1, d2, d2, other, "x"] })).await;
    assert_eq!(answer.status, 200);
    let found = unbatch(&answer.bytes).unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), [&d1, &d2]);
    assert_eq!(Definition::parse(&found[&d1]).unwrap().metadata.name, "petstore");

    assert_eq!(gw1.post(path, json!({ "deploymentIds": [] })).await.status, 400);
    let request = Request::post("/api/internal/v1/deployments/fetch-batch").header("api-key", &gw1.token);
    let request = request.header("accept", "*/*").body(Body::from("{}")).unwrap();
    assert_eq!(rig.send(request).await.status, 406);
}

#[tokio::test]
async fn a_definition_is_served_while_it_is_wanted() {
    let rig = Rig::new(Design::default()).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    let artifact = rig.create_api("petstore").await;
    let d1 = rig.deploy(PETSTORE, &gw1).await;
    let path = format!("/apis/{artifact}");
    let answer = gw1.get(&path).await;
    assert_eq!((answer.status, &answer.headers["content-type"]), (200, &"application/zip".parse().unwrap()));
    let name = format!("attachment; filename=\"api-{artifact}.zip\"");
    assert_eq!(answer.headers["content-disposition"], name.as_str());
    let definition = Definition::parse(&unzip(&answer.bytes).unwrap()).unwrap();
    assert_eq!((definition.kind.as_str(), definition.spec.version.as_str()), ("RestApi", "v1"));

    assert_eq!(gw2.get(&path).await.status, 404);
    rig.change(PETSTORE, "undeploy", &d1, &gw1).await;
    let answer = gw1.get(&path).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.text("description"), "No active deployment found for this API on this gateway");
    assert_eq!(gw1.get(&format!("/apis/{}", Uuid::from_u128(1))).await.status, 404);
}

#[tokio::test]
async fn keys_are_listed_while_there_is_a_status_row() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let _socket = gw1.connect().await;
    let artifact = rig.create_api("petstore").await;
    let d1 = rig.deploy(PETSTORE, &gw1).await;
    for name in ["one", "two"] {
        let body = json!({ "apiKey": format!("secret-{name}"), "name": name, "issuer": name });
        assert_eq!(rig.post(&format!("{PETSTORE}/api-keys"), body).await.status, 201);
    }
    rig.delete(&format!("{PETSTORE}/api-keys/one")).await;
    rig.change(PETSTORE, "undeploy", &d1, &gw1).await;

    let keys = gw1.get("/apis/api-keys").await.json();
    let key = |n: usize| (keys[n]["name"].clone(), keys[n]["status"].clone());
    assert_eq!((key(0), key(1)), ((json!("two"), json!("active")), (json!("one"), json!("revoked"))));
    assert_eq!((&keys[0]["artifactUuid"], &keys[0]["source"]), (&json!(artifact), &json!("external")));
    assert!(keys[0]["apiKeyHashes"]["sha256"].as_str().is_some_and(|hash| hash.len() == 64));
    let issued = gw1.get("/apis/api-keys?issuer=one").await.json();
    assert_eq!((issued.as_array().unwrap().len(), &issued[0]["name"]), (1, &json!("one")));

    rig.delete(&format!("{PETSTORE}/deployments/{d1}")).await;
    assert_eq!(gw1.get("/apis/api-keys").await.json(), json!([]));
}
