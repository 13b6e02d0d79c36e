//! What the wire can't show of subscriptions, plans and projects: pages, and what a race leaves behind.

use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rig::{ORGANISATION, Rig};
use crate::cx::At;
use crate::design::Design;
use crate::platform::tables::{
    ApiKey, Application, ApplicationApiKey, Artifact, DeploymentStatus, PlanStatus, Project, RestApi,
    Subscription, SubscriptionPlan,
};
use crate::wire::time;

const PETSTORE: &str = "rest-apis/petstore";

/// As many plans as that, put straight into the table.
async fn plans(rig: &Rig, many: u128) {
    let cx = rig.cx("platform");
    let at = time::parse("2026-03-31T17:47:43Z").unwrap();
    let plan = |n: u128| SubscriptionPlan {
        uuid: Uuid::from_u128(0xabc_0000 + n),
        organisation: ORGANISATION,
        plan_name: format!("plan {n}"),
        billing_plan: None,
        stop_on_quota_reach: true,
        throttle: None,
        expiry_time: None,
        status: PlanStatus::Active,
        created_at: at + chrono::Duration::milliseconds(n as i64),
        updated_at: at,
    };
    let all = |writer: &mut crate::store::Writer<'_>| (0..many).try_for_each(|n| writer.insert(plan(n)));
    rig.database.write(&cx, At::site("store.put-plans"), all).await.unwrap();
}

#[tokio::test]
async fn a_list_is_read_page_by_page_and_put_together() {
    for (many, pages) in [(0, 1), (999, 1), (1000, 2), (2001, 3)] {
        let rig = Rig::new(Design::default()).await;
        plans(&rig, many).await;
        let list = rig.get("subscription-plans").await.json()["list"].clone();
        let names: Vec<_> = list.as_array().unwrap().iter().map(|plan| plan["planName"].clone()).collect();
        let newest_first: Vec<_> = (0..many).rev().map(|n| Value::from(format!("plan {n}"))).collect();
        assert_eq!(names, newest_first);
        assert_eq!(rig.world.times("store.list-plans"), pages, "of {many}");
    }
}

#[tokio::test]
async fn a_page_that_fails_fails_the_list() {
    let rig = Rig::new(Design::default()).await;
    plans(&rig, 1000).await;
    rig.world.break_next("store.list-plans");
    assert_eq!(rig.get("subscription-plans").await.status, 500);
}

#[tokio::test]
async fn an_api_takes_its_subscriptions_along_and_a_plan_stays() {
    let rig = Rig::new(Design::default()).await;
    rig.create_api("petstore").await;
    let plan = rig.post("subscription-plans", json!({ "planName": "gold" })).await.text("id");
    let body = json!({ "apiId": "petstore", "subscriberId": "bob", "subscriptionPlanId": plan });
    assert_eq!(rig.post("subscriptions", body.clone()).await.status, 201);
    assert_eq!(rig.post("subscriptions", body).await.status, 409);
    assert_eq!(rig.delete(&format!("subscription-plans/{plan}")).await, 500);
    assert_eq!(rig.delete(PETSTORE).await, 204);
    assert_eq!((rig.count::<Subscription>(), rig.count::<SubscriptionPlan>()), (0, 1));
    assert_eq!(rig.delete(&format!("subscription-plans/{plan}")).await, 204);
}

#[tokio::test]
async fn a_subscription_goes_with_the_detail_that_a_project_takes() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let api = rig.create_api("petstore").await;
    let deployment = rig.deploy(PETSTORE, &gw1).await;
    let body = json!({ "apiId": "petstore", "subscriberId": "bob" });
    assert_eq!(rig.post("subscriptions", body).await.status, 201);

    // As when the API is made between the checks of the project's delete and the delete itself.
    let (cx, project) = (rig.cx("platform"), rig.project().await);
    let at = At::site("store.delete-project");
    rig.database.write(&cx, at, |writer| writer.delete::<Project>(&project)).await.unwrap();
    assert_eq!((rig.count::<RestApi>(), rig.count::<Subscription>()), (0, 0));
    assert_eq!((rig.count::<Artifact>(), rig.count::<DeploymentStatus>()), (1, 1));

    // The deployment routes of REST APIs look the handle up among all artifacts, so they go on as if nothing
    // had happened, but for a deploy, which needs the detail; the artifact itself is unknown.
    assert_eq!(rig.change(PETSTORE, "undeploy", &deployment, &gw1).await.status, 200);
    assert_eq!(rig.change(PETSTORE, "restore", &deployment, &gw1).await.status, 200);
    assert_eq!(rig.try_deploy(PETSTORE, &gw1).await.status, 404);
    assert_eq!((rig.get(PETSTORE).await.status, rig.delete(PETSTORE).await), (404, 404));
    let listed = gw1.get(&format!("/apis/{api}")).await;
    assert_eq!(listed.status, 200, "its definition is still served");
}

#[tokio::test]
async fn mappings_go_with_the_project_and_with_the_key() {
    let rig = Rig::new(Design::default()).await;
    rig.gateway("gw1").await;
    let provider = json!({
        "id": "gpt", "name": "GPT", "version": "v1", "template": "openai",
        "upstream": { "url": "http://up" }, "accessControl": { "mode": "allow_all" },
    });
    assert_eq!(rig.post("llm-providers", provider).await.status, 201);
    assert_eq!(rig.post("llm-providers/gpt/api-keys", json!({ "name": "one" })).await.status, 201);
    let second = rig.post("projects", json!({ "name": "second" })).await.text("id");
    let mapping = json!({ "apiKeys": [{ "keyId": "one", "associatedEntity": { "id": "gpt" } }] });
    for (name, project) in [("in", json!(second)), ("out", Value::Null)] {
        let body = json!({ "id": name, "name": name, "type": "genai", "projectId": project });
        assert_eq!(rig.post("applications", body).await.status, 201);
        let keys = format!("applications/{name}/api-keys");
        assert_eq!(rig.post(&keys, mapping.clone()).await.status, 201);
    }
    assert_eq!(rig.count::<ApplicationApiKey>(), 2);
    assert_eq!(rig.delete(&format!("projects/{second}")).await, 204);
    assert_eq!((rig.count::<Application>(), rig.count::<ApplicationApiKey>()), (1, 1));
    assert_eq!(rig.delete("llm-providers/gpt/api-keys/one").await, 204);
    assert_eq!((rig.count::<Application>(), rig.count::<ApplicationApiKey>()), (1, 0));
}

#[tokio::test]
async fn what_a_gateway_says_of_itself_survives_what_users_say_of_it() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let socket = gw1.connect().await;
    let before = rig.get(&format!("gateways/{}", gw1.id)).await.json();
    assert_eq!(before["isActive"], true);
    let body = json!({ "displayName": "Uno" });
    let path = format!("gateways/{}", gw1.id);
    let after = rig.call(Method::PUT, &path, body).await.json();
    assert_eq!((&after["displayName"], &after["isActive"]), (&json!("Uno"), &json!(true)));
    drop(socket);
}

/// When the only row of a table was last changed.
macro_rules! stamp {
    ($rig:expr, $table:ty) => {
        $rig.database.look(|view| view.first(|_: &$table| true).unwrap().updated_at)
    };
}

#[tokio::test]
async fn each_change_stamps_its_row() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let _socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    let plan = rig.post("subscription-plans", json!({ "planName": "gold" })).await.text("id");
    let body = json!({ "apiId": "petstore", "subscriberId": "bob" });
    let subscription = rig.post("subscriptions", body).await.text("id");
    let body = json!({ "id": "shop", "name": "shop", "type": "genai" });
    assert_eq!(rig.post("applications", body).await.status, 201);
    let body = json!({ "apiKey": "secret-12345", "name": "one" });
    assert_eq!(rig.post("rest-apis/petstore/api-keys", body).await.status, 201);

    // What lists tell a change by, in the etags of keys, subscriptions and plans.
    let stamps = || {
        [
            stamp!(rig, Artifact),
            stamp!(rig, SubscriptionPlan),
            stamp!(rig, Subscription),
            stamp!(rig, Application),
            stamp!(rig, ApiKey),
        ]
    };
    let changes = [
        (0, PETSTORE.to_owned(), json!({ "name": "Pets" })),
        (1, format!("subscription-plans/{plan}"), json!({ "planName": "silver" })),
        (2, format!("subscriptions/{subscription}?subscriberId=bob"), json!({ "status": "INACTIVE" })),
        (3, "applications/shop".to_owned(), json!({ "description": "of shops" })),
        (4, "rest-apis/petstore/api-keys/one".to_owned(), json!({ "apiKey": "secret-67890" })),
    ];
    for (row, path, change) in changes {
        let before = stamps();
        assert_eq!(rig.call(Method::PUT, &path, change).await.status, 200, "{path}");
        let changed = stamps().iter().zip(before).map(|(now, before)| *now > before).collect::<Vec<_>>();
        assert_eq!(changed, [0, 1, 2, 3, 4].map(|n| n == row), "{path}");
    }
    let name = rig.database.look(|view| view.first(|_: &Artifact| true).unwrap().name.clone());
    assert_eq!(name, "Pets", "the artifact's row has it, too, where names must be free");
    let before = stamp!(rig, ApiKey);
    assert_eq!(rig.delete("rest-apis/petstore/api-keys/one").await, 204);
    assert!(stamp!(rig, ApiKey) > before, "a key that is revoked has changed");
}
