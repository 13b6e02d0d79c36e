//! Connections: who may have one, how it ends, and what is heard on it.

use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::gateway::Gateway;
use super::rig::Rig;
use super::world::ANSWER;
use crate::design::Design;
use crate::platform::tables::{AssociationMapping, Deployment, DeploymentStatus, Gateway as Row, State};
use crate::settings::PlatformSettings;

const PETSTORE: &str = "rest-apis/petstore";

fn active(rig: &Rig, gateway: &Gateway<'_>) -> bool {
    let id: Uuid = gateway.id.parse().unwrap();
    rig.database.look(|view| view.get::<Row>(id).unwrap().is_active)
}

fn status(rig: &Rig) -> (State, Option<String>) {
    let row = rig.database.look(|view| view.first(|_: &DeploymentStatus| true).unwrap());
    (row.status, row.status_reason.clone())
}

#[tokio::test]
async fn a_gateway_is_active_while_one_of_its_connections_is_open() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    assert!(!active(&rig, &gw1));
    let (one, mut two) = (gw1.connect().await, gw1.connect().await);
    assert!(active(&rig, &gw1));
    drop(one);
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert!(active(&rig, &gw1));
    // What is sent goes to the connections there are.
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!(two.events().await, ["api.deployed"]);
    drop(two);
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert!(!active(&rig, &gw1));
}

#[tokio::test]
async fn every_connection_of_a_gateway_gets_an_event() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let (mut one, mut two) = (gw1.connect().await, gw1.connect().await);
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    let (first, second) = (one.next().await.unwrap(), two.next().await.unwrap());
    assert_eq!(first, second);
}

#[tokio::test]
async fn an_organisation_may_have_three_connections() {
    let rig = Rig::new(Design::default()).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    let _sockets = [gw1.connect().await, gw1.connect().await, gw2.connect().await];
    assert_eq!(gw2.dial().await.err(), Some(429));
    // If the gateways can't be listed, nothing counts.
    rig.world.break_next("store.list-gateways");
    let mut socket = gw2.dial().await.unwrap();
    let refused = socket.next().await.unwrap();
    assert_eq!(
        (&refused["type"], &refused["code"]),
        (&json!("error"), &json!("ORG_CONNECTION_LIMIT_EXCEEDED"))
    );
    assert_eq!((&refused["currentCount"], &refused["maxAllowed"]), (&json!(3), &json!(3)));
    // No closing frame.
    assert!(!socket.ended(Duration::from_millis(50)).await.unwrap().contains("closed by the peer"));
    assert_eq!(rig.world.times("ws.refuse"), 1);
}

#[tokio::test]
async fn a_process_may_have_so_many_connections() {
    let settings = PlatformSettings { max_connections: 1, ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    let _socket = gw1.connect().await;
    let refused = gw2.dial().await.unwrap().next().await.unwrap();
    assert_eq!(refused, json!({ "type": "error", "message": "maximum connection limit reached (1)" }));
}

#[tokio::test]
async fn a_token_is_needed_and_is_checked_once() {
    let rig = Rig::new(Design::default()).await;
    let mut gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    let tokens = rig.get(&format!("gateways/{}/tokens", gw1.id)).await.json();
    let token = tokens[0]["id"].as_str().unwrap();
    assert_eq!(rig.delete(&format!("gateways/{}/tokens/{token}", gw1.id)).await, 200);
    assert_eq!(gw1.dial().await.err(), Some(401));
    // A live connection is left alone.
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!(socket.events().await, ["api.deployed"]);

    gw1.token = String::new();
    assert_eq!(gw1.dial().await.err(), Some(401));
    let gw2 = rig.gateway("gw2").await;
    rig.world.break_next("store.find-token");
    assert_eq!(gw2.dial().await.err(), Some(401));
}

#[tokio::test]
async fn a_failed_acknowledgement_fails_the_row_it_is_of() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    let old = socket.next().await.unwrap();
    rig.deploy(PETSTORE, &gw1).await;
    let new = socket.next().await.unwrap();

    socket.say("not json".into()).await;
    socket.say(json!({ "type": "something.else" }).to_string()).await;
    socket.ack(&new, "deploy", "success").await;
    assert_eq!(status(&rig), (State::Deployed, None));
    // The row was written since, so this matches nothing.
    socket.ack(&old, "deploy", "failed").await;
    assert_eq!(status(&rig), (State::Deployed, None));
    socket.ack(&new, "deploy", "failed").await;
    assert_eq!(status(&rig), (State::Failed, Some("GATEWAY_PROCESSING_ERROR".into())));
    // What has failed is still what is wanted, and served.
    assert_eq!(gw1.get(&format!("/apis/{}", rig.uuid_of("petstore"))).await.status, 200);
}

#[tokio::test]
async fn a_gateway_touches_only_its_own_rows() {
    let rig = Rig::new(Design::default()).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    let (mut one, two) = (gw1.connect().await, gw2.connect().await);
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    let event = one.next().await.unwrap();
    two.ack(&event, "deploy", "failed").await;
    assert_eq!(status(&rig), (State::Deployed, None));
}

#[tokio::test]
async fn a_peer_that_answers_no_ping_is_closed() {
    let (ping, limit) = (Duration::from_millis(20), Duration::from_millis(30));
    let settings =
        PlatformSettings { ping_interval: ping, connection_timeout: limit, ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let gw1 = rig.gateway("gw1").await;
    let (mut alive, silent) = (gw1.connect().await, gw1.connect().await);
    // Reading answers the pings; the other socket isn't read. It is over after the second ping at the latest.
    assert_eq!(alive.ended(Duration::from_millis(100)).await, None);
    rig.create_api("petstore").await;
    let sent = rig.world.times("ws.send");
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!(rig.world.times("ws.send") - sent, 1);
    let mut silent = silent;
    assert!(silent.ended(Duration::from_millis(50)).await.is_some());
    assert!(active(&rig, &gw1));
}

#[tokio::test]
async fn an_eviction_looks_like_an_ordinary_close() {
    // The limit is over at the first look, before any ping.
    let settings = PlatformSettings {
        ping_interval: Duration::from_millis(20),
        connection_timeout: Duration::from_millis(10),
        ..PlatformSettings::default()
    };
    let rig = Rig::with(Design::default(), settings).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    let end = socket.ended(Duration::from_millis(50)).await.unwrap();
    assert!(end.contains("closed by the peer: 1000 normal closure"), "{end}");
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert!(!active(&rig, &gw1));
    assert_eq!(rig.world.times("ws.ping"), 0);
}

#[tokio::test]
async fn nobody_looks_after_a_connection_that_is_closed() {
    let settings =
        PlatformSettings { ping_interval: Duration::from_millis(20), ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let gw1 = rig.gateway("gw1").await;
    drop(gw1.connect().await);
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert!(!active(&rig, &gw1));
    // Taking it out once more could take out one that came meanwhile: load and store have no lock between.
    let looked = rig.world.times("memory.registry-load");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(rig.world.times("memory.registry-load"), looked);
}

#[tokio::test]
async fn a_deleted_gateway_keeps_its_connections_and_they_count_no_more() {
    let settings = PlatformSettings { max_connections_per_org: 1, ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    let mut one = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!(gw2.dial().await.err(), Some(429));

    assert_eq!(rig.delete(&format!("gateways/{}", gw1.id)).await, 204);
    assert_eq!((rig.count::<Deployment>(), rig.count::<DeploymentStatus>()), (0, 0));
    assert_eq!(rig.count::<AssociationMapping>(), 0);
    // Its tokens went along, but nobody closed its socket.
    assert_eq!(gw1.dial().await.err(), Some(401));
    assert_eq!(one.events().await, ["api.deployed"]);
    assert_eq!(one.ended(Duration::from_millis(20)).await, None);
    let _two = gw2.connect().await;
}

#[tokio::test]
async fn a_frame_to_one_connection_that_fails_is_no_failure_if_another_took_it() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let (mut one, mut two) = (gw1.connect().await, gw1.connect().await);
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!((one.events().await.len(), two.events().await.len()), (1, 1));
    rig.world.break_next("ws.send");
    let key = json!({ "apiKey": "x", "name": "k" });
    assert_eq!(rig.post(&format!("{PETSTORE}/api-keys"), key).await.status, 201);
    assert!(one.events().await.is_empty());
    assert_eq!(two.events().await, ["apikey.created"]);
}

#[tokio::test]
async fn a_handshake_that_takes_too_long_opens_nothing() {
    let limit = Duration::from_millis(20);
    let settings = PlatformSettings { handshake_timeout: limit, ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let gw1 = rig.gateway("gw1").await;
    rig.world.slow_next(ANSWER, Duration::from_millis(60));
    let mut socket = gw1.dial().await.unwrap();
    assert!(socket.ended(Duration::from_millis(50)).await.is_some());
    assert_eq!((rig.world.times("ws.ack"), rig.world.times("memory.registry-store")), (0, 0));
    let _next = gw1.connect().await;
}

#[tokio::test]
async fn a_connection_that_comes_while_the_last_one_goes_may_be_marked_inactive() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let one = gw1.connect().await;
    // The registry was empty when it was looked at; the mark comes after that of the next connection.
    rig.world.slow_next("store.set-inactive", Duration::from_millis(20));
    drop(one);
    tokio::time::sleep(Duration::from_millis(5)).await;
    let mut two = gw1.connect().await;
    assert!(active(&rig, &gw1));
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert!(!active(&rig, &gw1));
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!(two.events().await, ["api.deployed"]);
}

#[tokio::test]
async fn a_connection_is_registered_before_it_is_greeted() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    rig.world.slow_next("memory.registry-store", Duration::from_millis(80));
    let mut socket = gw1.dial().await.unwrap();
    // Nothing comes within 50 ms, while the registry is written.
    assert_eq!(socket.next().await, None);
    assert_eq!(socket.next().await.unwrap()["type"], "connection.ack");
}

#[tokio::test]
async fn pongs_wait_behind_the_write_that_an_acknowledgement_asks_for() {
    let (ping, limit) = (Duration::from_millis(20), Duration::from_millis(30));
    let settings =
        PlatformSettings { ping_interval: ping, connection_timeout: limit, ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    let event = socket.next().await.unwrap();
    assert_eq!(socket.ended(Duration::from_millis(100)).await, None);
    // It reads, and answers every ping; nobody takes the answers up.
    rig.world.slow_next("store.fail-status", Duration::from_millis(100));
    socket.ack(&event, "deploy", "failed").await;
    let end = socket.ended(Duration::from_millis(150)).await.unwrap();
    assert!(end.contains("1000 normal closure"), "{end}");
}
