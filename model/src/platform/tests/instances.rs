//! Two processes over one database (docs/spec/platform.md section 10): what they share, and what they don't.

use std::time::Duration;

use uuid::Uuid;

use super::gateway::Gateway;
use super::rig::Rig;
use crate::design::Design;
use crate::platform::tables::{Artifact, DeploymentStatus, Gateway as Row, State};
use crate::settings::PlatformSettings;

const PETSTORE: &str = "rest-apis/petstore";

/// The same gateway, as it calls another process.
fn at<'r>(rig: &'r Rig, gateway: &Gateway<'_>) -> Gateway<'r> {
    Gateway::new(rig, &gateway.name, &gateway.id, gateway.token.clone())
}

fn active(rig: &Rig, gateway: &Gateway<'_>) -> bool {
    let id: Uuid = gateway.id.parse().unwrap();
    rig.database.look(|view| view.get::<Row>(id).unwrap().is_active)
}

#[tokio::test]
async fn an_event_reaches_only_the_sockets_of_the_process_that_serves_the_request() {
    let one = Rig::new(Design::default()).await;
    let other = one.beside().await;
    let (gw1, gw2) = (one.gateway("gw1").await, one.gateway("gw2").await);
    let (mut here, mut there) = (gw1.connect().await, at(&other, &gw2).connect().await);
    one.create_api("petstore").await;
    one.deploy(PETSTORE, &gw1).await;
    // The rows are there for both; the event is lost for whoever is connected elsewhere.
    one.deploy(PETSTORE, &gw2).await;
    assert_eq!(at(&other, &gw2).get("/deployments").await.json()["deployments"][0]["state"], "DEPLOYED");
    assert_eq!(here.events().await, ["api.deployed"]);
    assert!(there.events().await.is_empty());

    // A delete is for everybody, and reaches who is connected to the process that serves it.
    assert_eq!(other.delete(PETSTORE).await, 204);
    assert_eq!(one.count::<Artifact>(), 0);
    assert!(here.events().await.is_empty());
    assert_eq!(there.events().await, ["api.deleted"]);
}

#[tokio::test]
async fn the_limit_of_the_organisation_is_counted_in_each_process() {
    let settings = PlatformSettings { max_connections_per_org: 1, ..PlatformSettings::default() };
    let one = Rig::with(Design::default(), settings).await;
    let other = one.beside().await;
    let gw1 = one.gateway("gw1").await;
    let _here = gw1.connect().await;
    assert_eq!(gw1.dial().await.err(), Some(429));
    let _there = at(&other, &gw1).connect().await;
}

#[tokio::test]
async fn a_gateway_is_inactive_once_one_process_has_lost_it() {
    let one = Rig::new(Design::default()).await;
    let other = one.beside().await;
    let gw1 = one.gateway("gw1").await;
    let (mut here, there) = (gw1.connect().await, at(&other, &gw1).connect().await);
    assert!(active(&one, &gw1));
    drop(there);
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert!(!active(&one, &gw1));
    // Yet it is connected and told.
    one.create_api("petstore").await;
    one.deploy(PETSTORE, &gw1).await;
    assert_eq!(here.events().await, ["api.deployed"]);
}

#[tokio::test]
async fn both_give_up_waiting_and_only_one_of_them_writes() {
    let settings = PlatformSettings {
        transitional: true,
        timeout_duration: Duration::ZERO,
        ..PlatformSettings::default()
    };
    let one = Rig::with(Design::default(), settings).await;
    let other = one.beside().await;
    let gw1 = one.gateway("gw1").await;
    one.create_api("petstore").await;
    assert_eq!(one.try_deploy(PETSTORE, &gw1).await.text("status"), "DEPLOYING");
    // The other clock is as far as this one, so that the row is as old for both.
    for _ in 0..1000 {
        other.cx("platform").wall();
    }
    // Both read the row before either writes.
    one.world.slow_next("store.time-out-status", Duration::from_millis(10));
    other.world.slow_next("store.time-out-status", Duration::from_millis(20));
    let (first, second) = (one.cx("platform"), other.cx("platform"));
    tokio::join!(one.platform.fail_stale(&first, 1), other.platform.fail_stale(&second, 1));
    assert_eq!(
        (one.world.times("store.time-out-status"), other.world.times("store.time-out-status")),
        (1, 1)
    );
    let row = one.database.look(|view| view.first(|_: &DeploymentStatus| true).unwrap());
    assert_eq!((row.status, row.status_reason.as_deref()), (State::Failed, Some("DEPLOYMENT_TIMEOUT")));
    // The second found it changed and left it alone.
    let version = one.database.version();
    other.platform.fail_stale(&second, 2).await;
    assert_eq!(one.database.version(), version);
}

/// The mode is a process's own, and the job isn't part of it.
#[tokio::test]
async fn a_process_without_transitional_mode_gives_up_waiting_too() {
    let timeout_duration = Duration::ZERO;
    let settings = PlatformSettings { transitional: true, timeout_duration, ..PlatformSettings::default() };
    let one = Rig::with(Design::default(), settings.clone()).await;
    let gw1 = one.gateway("gw1").await;
    one.create_api("petstore").await;
    assert_eq!(one.try_deploy(PETSTORE, &gw1).await.text("status"), "DEPLOYING");
    let timeout_interval = Duration::from_millis(5);
    let other = one.beside_with(PlatformSettings { transitional: false, timeout_interval, ..settings }).await;
    for _ in 0..1000 {
        other.cx("platform").wall();
    }
    tokio::time::sleep(Duration::from_millis(30)).await;
    let row = one.database.look(|view| view.first(|_: &DeploymentStatus| true).unwrap());
    assert_eq!((row.status, row.status_reason.as_deref()), (State::Failed, Some("DEPLOYMENT_TIMEOUT")));
}
