//! An orderly stop (docs/spec/platform.md section 1).

use std::sync::atomic::Ordering;
use std::time::Duration;

use http::Method;
use uuid::Uuid;

use super::rig::{ORGANISATION, Rig, bearer};
use super::world::ANSWER;
use crate::design::Design;
use crate::http::{Call, CallError, Client};
use crate::platform::tables::Gateway as Row;
use crate::settings::PlatformSettings;

/// A user's look at the gateways, over a connection.
fn look() -> Call<'static> {
    let token = bearer(&serde_json::json!({ "organization": ORGANISATION }));
    Call::new("http.look", Method::GET, "/api/v1/gateways").header(http::header::AUTHORIZATION, token)
}

async fn status(client: &Client, rig: &Rig) -> Result<u16, CallError> {
    client.call(&rig.cx("user"), look()).await.map(|answer| answer.status.as_u16())
}

fn stopped(rig: &Rig) -> bool {
    rig.stopped.load(Ordering::Relaxed)
}

async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

#[tokio::test]
async fn what_runs_may_end_and_nothing_new_is_let_in() {
    let rig = Rig::new(Design::default()).await;
    let (idle, busy) = (Client::new("platform"), Client::new("platform"));
    assert_eq!(status(&idle, &rig).await.ok(), Some(200));
    rig.world.slow_next("store.list-gateways", Duration::from_millis(60));
    let running = status(&busy, &rig);
    let stop = async {
        a_moment().await;
        rig.world.ask_to_stop();
        a_moment().await;
        assert!(!stopped(&rig));
        // The idle connection was closed, and the port is.
        let refused = tokio::time::timeout(Duration::from_millis(20), status(&idle, &rig)).await;
        assert!(!matches!(refused, Ok(Ok(_))), "{refused:?}");
        assert!(!stopped(&rig));
    };
    let (answered, ()) = tokio::join!(running, stop);
    assert_eq!(answered.ok(), Some(200));
    a_moment().await;
    assert!(stopped(&rig));
}

#[tokio::test]
async fn a_request_whose_client_has_gone_is_waited_for_too() {
    let rig = Rig::new(Design::default()).await;
    rig.world.slow_next(ANSWER, Duration::from_millis(80));
    let gone = tokio::time::timeout(Duration::from_millis(10), status(&Client::new("platform"), &rig)).await;
    assert!(gone.is_err());
    rig.world.ask_to_stop();
    a_moment().await;
    assert!(!stopped(&rig));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(stopped(&rig));
}

#[tokio::test(start_paused = true)]
async fn after_ten_seconds_nobody_is_waited_for() {
    let rig = Rig::new(Design::default()).await;
    rig.world.slow_next("store.list-gateways", Duration::from_secs(60));
    let client = Client::new("platform");
    let stop = async {
        a_moment().await;
        rig.world.ask_to_stop();
        tokio::time::sleep(Duration::from_millis(9_900)).await;
        assert!(!stopped(&rig));
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(stopped(&rig));
    };
    tokio::select! {
        _ = status(&client, &rig) => panic!("it takes longer"),
        () = stop => {}
    }
}

#[tokio::test]
async fn sockets_are_neither_waited_for_nor_closed_and_their_gateways_stay_active() {
    let settings =
        PlatformSettings { timeout_interval: Duration::from_millis(5), ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    a_moment().await;
    rig.world.ask_to_stop();
    a_moment().await;
    assert!(stopped(&rig));
    // The process would end now; a test goes on.
    assert_eq!(socket.ended(Duration::from_millis(20)).await, None);
    let id: Uuid = gw1.id.parse().unwrap();
    assert!(rig.database.look(|view| view.get::<Row>(id).unwrap().is_active));
    // The job has ended too.
    let looks = rig.world.times("store.list-stale");
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert!(looks > 0);
    assert_eq!(rig.world.times("store.list-stale"), looks);
}
