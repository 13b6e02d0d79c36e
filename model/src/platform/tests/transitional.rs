//! Deploys that wait for an acknowledgement, where they meet the job that gives up waiting; and instants as the
//! two databases keep them (docs/spec/platform.md sections 3.8 and 3.9).

use std::time::Duration;

use super::rig::Rig;
use crate::design::Design;
use crate::platform::tables::{DeploymentStatus, State};
use crate::settings::PlatformSettings;
use crate::store::Flavour;
use crate::wire::time;

const PETSTORE: &str = "rest-apis/petstore";

fn waiting(driver: Flavour) -> PlatformSettings {
    let timeout_duration = Duration::ZERO;
    PlatformSettings { transitional: true, timeout_duration, driver, ..PlatformSettings::default() }
}

fn status(rig: &Rig) -> State {
    rig.database.look(|view| view.first(|_: &DeploymentStatus| true).unwrap().status)
}

#[tokio::test]
async fn an_acknowledgement_that_is_faster_than_the_job_stands() {
    let rig = Rig::with(Design::default(), waiting(Flavour::Sqlite)).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.try_deploy(PETSTORE, &gw1).await;
    let event = socket.next().await.unwrap();
    rig.world.slow_next("store.time-out-status", Duration::from_millis(20));
    let cx = rig.cx("platform");
    tokio::join!(rig.platform.fail_stale(&cx, 1), socket.ack(&event, "deploy", "success"));
    assert_eq!((rig.world.times("store.time-out-status"), status(&rig)), (1, State::Deployed));
}

#[tokio::test]
async fn a_deploy_that_is_faster_than_the_job_stands() {
    let rig = Rig::with(Design::default(), waiting(Flavour::Sqlite)).await;
    let gw1 = rig.gateway("gw1").await;
    rig.create_api("petstore").await;
    rig.try_deploy(PETSTORE, &gw1).await;
    rig.world.slow_next("store.time-out-status", Duration::from_millis(20));
    let cx = rig.cx("platform");
    let (_, again) = tokio::join!(rig.platform.fail_stale(&cx, 1), rig.try_deploy(PETSTORE, &gw1));
    assert_eq!((again.status, status(&rig)), (201, State::Deploying));
    // One failed write keeps the job from nothing.
    rig.world.break_next("store.time-out-status");
    rig.platform.fail_stale(&cx, 2).await;
    assert_eq!(status(&rig), State::Deploying);
    rig.platform.fail_stale(&cx, 3).await;
    assert_eq!(status(&rig), State::Failed);
}

/// The clock of the tiny world is that of India. SQLite keeps its offset; Postgres drops it, so that the list
/// speaks of another instant than the event, by 5 h 30 min, and an acknowledgement of either matches.
#[tokio::test]
async fn postgres_drops_the_offset_of_what_it_keeps() {
    for driver in [Flavour::Sqlite, Flavour::Postgres] {
        let rig = Rig::with(Design::default(), waiting(driver)).await;
        let gw1 = rig.gateway("gw1").await;
        let mut socket = gw1.connect().await;
        rig.create_api("petstore").await;
        rig.try_deploy(PETSTORE, &gw1).await;
        let mut event = socket.next().await.unwrap();
        let told = event["payload"]["performedAt"].as_str().unwrap().to_owned();
        let listed = gw1.get("/deployments").await.json();
        let listed = listed["deployments"][0]["deployedAt"].as_str().unwrap().to_owned();
        assert!(told.ends_with("+05:30"), "{told}");
        match driver {
            Flavour::Sqlite => assert_eq!(listed, told),
            Flavour::Postgres => {
                let (told, listed) = (time::parse(&told).unwrap(), time::parse(&listed).unwrap());
                assert_eq!((listed - told).num_minutes(), 330);
                event["payload"]["performedAt"] = time::nanos(&listed).into();
            }
        }
        socket.ack(&event, "deploy", "success").await;
        assert_eq!(status(&rig), State::Deployed, "{driver:?}");
    }
}
