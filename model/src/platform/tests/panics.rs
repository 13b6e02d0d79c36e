//! What a panic ends: a request, a connection, or the process (docs/spec/platform.md section 6.6).

use std::time::Duration;

use uuid::Uuid;

use super::gateway::Gateway;
use super::rig::Rig;
use crate::design::Design;
use crate::platform::tables::{DeploymentStatus, Gateway as Row, State};
use crate::settings::PlatformSettings;

const PETSTORE: &str = "rest-apis/petstore";

fn active(rig: &Rig, gateway: &Gateway<'_>) -> bool {
    let id: Uuid = gateway.id.parse().unwrap();
    rig.database.look(|view| view.get::<Row>(id).unwrap().is_active)
}

#[tokio::test]
async fn one_in_a_handler_is_a_500_and_what_was_committed_stays() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.world.panic_next("memory.registry-lookup");
    let answer = rig.try_deploy(PETSTORE, &gw1).await;
    assert_eq!((answer.status, answer.bytes.len()), (500, 0));
    assert_eq!(rig.count::<DeploymentStatus>(), 1);
    assert!(socket.events().await.is_empty());
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!(socket.events().await, ["api.deployed"]);
    assert_eq!(rig.world.panics(), (1, 0));
}

#[tokio::test]
async fn one_in_a_read_loop_ends_its_connection_and_no_other() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut one = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.deploy(PETSTORE, &gw1).await;
    let event = one.next().await.unwrap();
    let mut two = gw1.connect().await;
    rig.world.panic_next("store.fail-status");
    one.ack(&event, "deploy", "failed").await;
    assert!(one.ended(Duration::from_millis(50)).await.unwrap().contains("1000 normal closure"));
    let row = rig.database.look(|view| view.first(|_: &DeploymentStatus| true).unwrap());
    assert_eq!(row.status, State::Deployed);
    assert!(active(&rig, &gw1));
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!(two.events().await, ["api.deployed"]);
    assert_eq!(rig.world.panics(), (1, 0));
}

#[tokio::test]
async fn one_while_a_connection_is_set_up_leaves_it_registered_and_unread_until_it_is_evicted() {
    let (ping, limit) = (Duration::from_millis(40), Duration::from_millis(50));
    let settings =
        PlatformSettings { ping_interval: ping, connection_timeout: limit, ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let gw1 = rig.gateway("gw1").await;
    rig.create_api("petstore").await;
    rig.world.panic_next("ws.ack");
    let mut socket = gw1.dial().await.unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert!(!active(&rig, &gw1));
    // Events reach it, and the first one is taken for the acknowledgement that never came.
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!(socket.next().await.unwrap()["type"], "api.deployed");
    // It answers pings, and nobody hears.
    let end = socket.ended(Duration::from_millis(200)).await.unwrap();
    assert!(end.contains("1000 normal closure"), "{end}");
    let sent = rig.world.times("ws.send");
    rig.deploy(PETSTORE, &gw1).await;
    assert_eq!(rig.world.times("ws.send"), sent);
    assert_eq!(rig.world.panics(), (1, 0));
}

#[tokio::test]
async fn one_in_a_heartbeat_ends_the_process() {
    let settings =
        PlatformSettings { ping_interval: Duration::from_millis(10), ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let gw1 = rig.gateway("gw1").await;
    let _socket = gw1.connect().await;
    rig.world.panic_next("ws.ping");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(rig.world.panics(), (0, 1));
}

#[tokio::test]
async fn one_in_the_timeout_job_ends_the_process() {
    let settings =
        PlatformSettings { timeout_interval: Duration::from_millis(10), ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    rig.world.panic_next("store.list-stale");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(rig.world.panics(), (0, 1));
}

#[tokio::test]
async fn two_texts_at_once_panic_in_the_second_and_a_ping_does_not() {
    let settings =
        PlatformSettings { ping_interval: Duration::from_millis(10), ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.world.slow_next("ws.written", Duration::from_millis(60));
    let first = rig.try_deploy(PETSTORE, &gw1);
    let second = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        rig.try_deploy(PETSTORE, &gw1).await.status
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!((first.status, second), (201, 500));
    assert!(rig.world.times("ws.ping") >= 3);
    assert_eq!(rig.world.panics(), (1, 0));
    // Once it is written the next may be.
    rig.deploy(PETSTORE, &gw1).await;
    for _ in 0..2 {
        assert_eq!(socket.next().await.unwrap()["type"], "api.deployed");
    }
}
