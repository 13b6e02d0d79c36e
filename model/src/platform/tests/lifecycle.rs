//! Create, deploy, undeploy, restore, delete: statuses, refusals and what is left in the tables.

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};
use uuid::Uuid;

use super::rig::{ORGANISATION, Rig, bearer};
use crate::design::Design;
use crate::platform::tables::{
    ApiKey, Artifact, AssociationMapping, Deployment, DeploymentStatus, RestApi, State,
};
use crate::settings::PlatformSettings;
use crate::wire::time;

const PETSTORE: &str = "rest-apis/petstore";

#[tokio::test]
async fn the_ordinary_life_of_an_api() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    rig.create_api("petstore").await;
    assert_eq!(rig.get(PETSTORE).await.text("id"), "petstore");

    let d1 = rig.deploy(PETSTORE, &gw1).await;
    let undeployed = rig.change(PETSTORE, "undeploy", &d1, &gw1).await;
    assert_eq!((undeployed.status, undeployed.text("status").as_str()), (200, "UNDEPLOYED"));
    assert_eq!(rig.count::<DeploymentStatus>(), 1);

    // The status row goes with the deployment it points to.
    assert_eq!(rig.delete(&format!("{PETSTORE}/deployments/{d1}")).await, 204);
    assert_eq!((rig.count::<Deployment>(), rig.count::<DeploymentStatus>()), (0, 0));
    assert_eq!(rig.delete(&format!("{PETSTORE}/deployments/{d1}")).await, 404);

    assert_eq!(rig.delete(PETSTORE).await, 204);
    assert_eq!((rig.count::<Artifact>(), rig.count::<RestApi>()), (0, 0));
    assert_eq!(rig.delete(PETSTORE).await, 404);
    assert_eq!(rig.get(PETSTORE).await.status, 404);
}

#[tokio::test]
async fn a_delete_takes_everything_that_hangs_on_the_artifact() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let _socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    let key = json!({ "apiKey": "secret-12345", "name": "k" });
    assert_eq!(rig.post(&format!("{PETSTORE}/api-keys"), key).await.status, 201);
    assert_eq!(rig.count::<AssociationMapping>(), 1);

    // Nothing needs to be undeployed first.
    assert_eq!(rig.delete(PETSTORE).await, 204);
    let left = (rig.count::<Deployment>(), rig.count::<DeploymentStatus>(), rig.count::<ApiKey>());
    assert_eq!((left, rig.count::<AssociationMapping>()), ((0, 0, 0), 0));
}

#[tokio::test]
async fn what_the_state_of_a_deployment_forbids() {
    let rig = Rig::new(Design::default()).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    rig.create_api("petstore").await;
    let d1 = rig.deploy(PETSTORE, &gw1).await;

    assert_eq!(rig.delete(&format!("{PETSTORE}/deployments/{d1}")).await, 409);
    assert_eq!(rig.change(PETSTORE, "restore", &d1, &gw1).await.status, 409);
    assert_eq!(rig.change(PETSTORE, "undeploy", &d1, &gw2).await.status, 400);
    assert_eq!(rig.change(PETSTORE, "restore", &d1, &gw2).await.status, 400);
    let nil = Uuid::nil().to_string();
    assert_eq!(rig.change(PETSTORE, "undeploy", &nil, &gw1).await.status, 400);
    let nobody = Uuid::from_u128(1).to_string();
    assert_eq!(rig.change(PETSTORE, "undeploy", &nobody, &gw1).await.status, 404);

    assert_eq!(rig.change(PETSTORE, "undeploy", &d1, &gw1).await.status, 200);
    assert_eq!(rig.change(PETSTORE, "undeploy", &d1, &gw1).await.status, 409);
    let restored = rig.change(PETSTORE, "restore", &d1, &gw1).await;
    assert_eq!((restored.status, restored.text("status").as_str()), (200, "DEPLOYED"));
}

#[tokio::test]
async fn a_new_deployment_archives_the_one_before() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    rig.create_api("petstore").await;
    let d1 = rig.deploy(PETSTORE, &gw1).await;
    let d2 = rig.deploy(PETSTORE, &gw1).await;
    let status = |id: &str| format!("{PETSTORE}/deployments/{id}");
    assert_eq!(rig.get(&status(&d1)).await.text("status"), "ARCHIVED");
    assert_eq!(rig.get(&status(&d2)).await.text("status"), "DEPLOYED");
    let archived = rig.get(&format!("{PETSTORE}/deployments?status=ARCHIVED")).await.json();
    assert_eq!((&archived["count"], &archived["list"][0]["deploymentId"]), (&json!(1), &json!(d1)));
    assert_eq!(rig.get(&format!("{PETSTORE}/deployments?status=GONE")).await.status, 400);

    // Only the row of the archived deployment goes; what is current stays.
    assert_eq!(rig.delete(&status(&d1)).await, 204);
    assert_eq!((rig.count::<Deployment>(), rig.count::<DeploymentStatus>()), (1, 1));
}

#[tokio::test]
async fn the_oldest_archived_deployments_make_room() {
    let settings = PlatformSettings { deployments_max: 2, ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let gw1 = rig.gateway("gw1").await;
    rig.create_api("petstore").await;
    let first = rig.deploy(PETSTORE, &gw1).await;
    for _ in 1..7 {
        rig.deploy(PETSTORE, &gw1).await;
    }
    // Seven is 2 + 5; the eighth finds them and removes five before it comes.
    assert_eq!(rig.count::<Deployment>(), 7);
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!(rig.count::<Deployment>(), 3);
    assert_eq!(rig.get(&format!("{PETSTORE}/deployments/{first}")).await.status, 404);
    // The list is cut to the soft limit.
    assert_eq!(rig.get(&format!("{PETSTORE}/deployments")).await.json()["count"], 2);
}

#[tokio::test]
async fn a_deployment_may_take_the_content_of_another() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    rig.create_api("petstore").await;
    let d1 = rig.deploy(PETSTORE, &gw1).await;
    let mut changed = rig.api("petstore").await;
    changed["context"] = "/other".into();
    assert_eq!(rig.call(Method::PUT, PETSTORE, changed).await.status, 200);

    let path = format!("{PETSTORE}/deployments");
    let d2 = rig.post(&path, json!({ "name": "d", "base": d1, "gatewayId": gw1.id })).await;
    assert_eq!((d2.status, d2.text("baseDeploymentId")), (201, d1.clone()));
    let d3 = rig.deploy(PETSTORE, &gw1).await;
    let content = |id: &str| {
        let id: Uuid = id.parse().unwrap();
        rig.database.look(|view| view.get::<Deployment>(id).unwrap().content.clone())
    };
    // An update leaves what is deployed as it is.
    assert_eq!(content(&d1), content(&d2.text("deploymentId")));
    assert!(String::from_utf8_lossy(&content(&d1)).contains("context: /petstore"));
    assert!(String::from_utf8_lossy(&content(&d3)).contains("context: /other"));
    assert!(String::from_utf8_lossy(&content(&d3)).contains("_gateway_default_"));

    let unknown = json!({ "name": "d", "base": Uuid::from_u128(1), "gatewayId": gw1.id });
    assert_eq!(rig.post(&path, unknown).await.status, 404);
    let elsewhere = json!({ "endpointUrl": "http://elsewhere", "vhostMain": "a.example" });
    let body = json!({ "name": "d", "base": "current", "gatewayId": gw1.id, "metadata": elsewhere });
    let d4 = content(&rig.post(&path, body).await.text("deploymentId"));
    assert!(String::from_utf8_lossy(&d4).contains("http://elsewhere"));
    assert!(String::from_utf8_lossy(&d4).contains("a.example"));
    for bad in [json!(1), json!("")] {
        let bad = json!({ "vhostMain": bad });
        let body = json!({ "name": "d", "base": "current", "gatewayId": gw1.id, "metadata": bad });
        assert_eq!(rig.post(&path, body).await.status, 500);
    }
}

#[tokio::test]
async fn requests_that_lack_something() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let body = rig.api("petstore").await;
    let mut lacking = body.clone();
    lacking["version"] = Value::Null;
    let refused = rig.post("rest-apis", lacking).await;
    assert_eq!((refused.status, &refused.json()["errors"][0]["field"]), (400, &json!("version")));
    let mut elsewhere = body.clone();
    elsewhere["projectId"] = json!(Uuid::from_u128(1));
    assert_eq!(rig.post("rest-apis", elsewhere).await.status, 404);

    assert_eq!(rig.post("rest-apis", body.clone()).await.status, 201);
    assert_eq!(rig.post("rest-apis", body.clone()).await.status, 409);
    let mut same_name = body;
    same_name["id"] = "other".into();
    assert_eq!(rig.post("rest-apis", same_name).await.status, 409);

    let path = format!("{PETSTORE}/deployments");
    for lacking in ["name", "base", "gatewayId"] {
        let mut body = json!({ "name": "d", "base": "current", "gatewayId": gw1.id });
        body[lacking] = "".into();
        let refused = rig.post(&path, body).await;
        assert_eq!((refused.status, refused.text("message").as_str()), (400, "Bad Request"), "{lacking}");
    }
    let nowhere = json!({ "name": "d", "base": "current", "gatewayId": Uuid::from_u128(1) });
    assert_eq!(rig.post(&path, nowhere).await.status, 404);
    // The lookup of a handle fails in a way that nothing maps to a 404.
    assert_eq!(rig.try_deploy("rest-apis/nothing", &gw1).await.status, 500);
}

#[tokio::test]
async fn the_row_has_the_instant_that_the_gateway_is_told() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    let artifact = rig.create_api("petstore").await;
    let deployment = rig.deploy(PETSTORE, &gw1).await;
    let event = socket.next().await.unwrap();
    assert_eq!(event["type"], "api.deployed");
    assert_eq!(event["payload"]["apiId"], artifact.to_string());
    assert_eq!(event["payload"]["deploymentId"], deployment);
    assert!(event.get("userId").is_none() && event["correlationId"].is_string());

    let row = rig.database.look(|view| view.first(|_: &DeploymentStatus| true).unwrap());
    assert_eq!(event["payload"]["performedAt"], time::nanos(&row.performed_at));
    assert_eq!(row.performed_at, time::to_millis(row.performed_at));
}

#[tokio::test]
async fn a_deploy_goes_on_when_the_second_write_of_the_status_fails() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.world.break_next("store.set-status");
    rig.deploy(PETSTORE, &gw1).await;
    let event = socket.next().await.unwrap();
    // The row has the instant of the first transaction, which is not the one in the event.
    let row = rig.database.look(|view| view.first(|_: &DeploymentStatus| true).unwrap());
    assert_eq!(row.status, State::Deployed);
    assert_ne!(event["payload"]["performedAt"], time::nanos(&row.performed_at));
}

#[tokio::test]
async fn a_deploy_whose_commit_fails_leaves_nothing() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.world.break_next("store.commit-deploy");
    assert_eq!(rig.try_deploy(PETSTORE, &gw1).await.status, 500);
    assert_eq!((rig.count::<Deployment>(), rig.count::<DeploymentStatus>()), (0, 0));
    assert_eq!(socket.next().await, None);
}

#[tokio::test]
async fn users_need_a_token_before_anything_else() {
    let rig = Rig::new(Design::default()).await;
    let send = async |path: &str, authorization: Option<String>| {
        let mut request = Request::builder().uri(path);
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        let answer = rig.send(request.body(Body::empty()).unwrap()).await;
        (answer.status, answer.text("error"))
    };
    let required = (401, "Authorization header is required".to_owned());
    assert_eq!(send("/api/v1/rest-apis/petstore", None).await, required);
    assert_eq!(send("/internal/gateway/.well-known", None).await, required);
    for bad in ["Basic x", "Bearer x", "Bearer a.b.c"] {
        assert_eq!(send("/api/v1/rest-apis", Some(bad.to_owned())).await.0, 401, "{bad}");
    }
    assert_eq!(send("/api/v1/rest-apis", Some(bearer(&json!({ "sub": "ann" })))).await.0, 401);
    let known = bearer(&json!({ "organization": ORGANISATION }));
    assert_eq!(send("/api/v1/nothing", Some(known.clone())).await.0, 404);
    assert_eq!(send("/api/v1/rest-apis", Some(known)).await.0, 200);
}
