//! `POST /artifacts/exists`, where there is one and where there isn't.

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};
use uuid::Uuid;

use super::rig::Rig;
use crate::design::Design;

const PATH: &str = "/artifacts/exists";

#[tokio::test]
async fn every_id_is_answered_in_its_place() {
    let rig = Rig::new(Design::as_merged()).await;
    let gw1 = rig.gateway("gw1").await;
    let (here, gone) = (rig.create_api("petstore").await, rig.create_api("gone").await);
    rig.delete("rest-apis/gone").await;
    let foreign = Uuid::from_u128(0xbe11);
    rig.organisation(foreign, "bell").await;
    let theirs = rig.gateway_of(foreign, "gw9").await;

    let ids = json!([here, gone, "", here, here.to_string().to_uppercase()]);
    let answer = gw1.post(PATH, json!({ "artifactIds": ids })).await;
    let expected: Vec<Value> = [(0, true), (1, false), (2, false), (3, true), (4, false)]
        .map(|(n, exists)| json!({ "artifactId": ids[n], "exists": exists }))
        .into();
    assert_eq!((answer.status, answer.json()), (200, json!({ "artifacts": expected })));

    // What another organisation has can't be told from what is gone.
    let answer = theirs.post(PATH, json!({ "artifactIds": [here] })).await;
    assert_eq!(answer.json()["artifacts"][0]["exists"], false);
}

#[tokio::test]
async fn a_question_about_nothing_is_refused() {
    let rig = Rig::new(Design::as_merged()).await;
    let gw1 = rig.gateway("gw1").await;
    for body in [
        json!({}),
        json!({ "artifactIds": null }),
        json!({ "artifactIds": [] }),
        json!([1]),
        json!({ "artifactIds": [1] }),
        json!({ "artifactIds": "x" }),
        Value::Null,
    ] {
        let answer = gw1.post(PATH, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}");
        let words = "Invalid request body: artifactIds is required and must be a non-empty array";
        assert_eq!(answer.text("description"), words, "{body}");
    }
}

#[tokio::test]
async fn the_route_is_not_there_before_the_change() {
    let rig = Rig::new(Design::before_fix()).await;
    let gw1 = rig.gateway("gw1").await;
    let answer = gw1.post(PATH, json!({ "artifactIds": ["x"] })).await;
    let words = json!({ "error": "Authorization header is required" });
    assert_eq!((answer.status, answer.json()), (401, words));
}

#[tokio::test]
async fn the_gateways_token_decides() {
    let rig = Rig::new(Design::as_merged()).await;
    let mut gw1 = rig.gateway("gw1").await;
    let request = Request::builder().method(Method::POST).uri("/api/internal/v1/artifacts/exists");
    let answer = rig.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.text("description"), "API key is required. Provide 'api-key' header.");

    let body = json!({ "artifactIds": ["x"] });
    rig.world.break_next("store.find-token");
    let answer = gw1.post(PATH, body.clone()).await;
    assert_eq!((answer.status, answer.text("description").as_str()), (500, "Error while validating API key"));
    gw1.token.push('x');
    let answer = gw1.post(PATH, body).await;
    assert_eq!((answer.status, answer.text("description").as_str()), (401, "Invalid or expired API key"));
}

#[tokio::test]
async fn more_ids_than_the_database_can_bind_are_too_many() {
    let rig = Rig::new(Design::as_merged()).await;
    let gw1 = rig.gateway("gw1").await;
    // SQLite binds 32 766, and one of them is the organisation.
    for (count, status) in [(32_765, 200), (32_766, 500)] {
        let answer = gw1.post(PATH, json!({ "artifactIds": vec!["x"; count] })).await;
        assert_eq!(answer.status, status, "{count}");
    }
}

/// Four questions: the most, one more, and both of a platform without a limit, of which an SQLite store takes 32,764
/// beside the organisation and fails above.
#[tokio::test]
async fn a_question_about_too_many_is_refused_before_it_is_a_statement() {
    let ids = |count: usize| json!({ "artifactIds": (0..count).map(|n| format!("{n}")).collect::<Vec<_>>() });
    for (design, count, status) in [
        (Design::hardened(), 1000, 200),
        (Design::hardened(), 1001, 400),
        (Design::as_merged(), 1001, 200),
        (Design::as_merged(), 32_766, 500),
    ] {
        let rig = Rig::new(design).await;
        let gw1 = rig.gateway("gw1").await;
        assert_eq!(gw1.post(PATH, ids(count)).await.status, status, "{count}");
    }
}
