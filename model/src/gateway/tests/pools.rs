//! What is scarce: the one connection to an SQLite database, and the connections of the REST client
//! (docs/spec/gateway.md sections 2 and 15.2).

use std::time::Duration;

use super::fixture::{Fixture, api, id, key};
use crate::design::Design;
use crate::gateway::hub::{Announcement, Cursor};
use crate::gateway::storage::UpsertError;
use crate::gateway::tables::Action;
use crate::store::{Flavour, StoreError};
use crate::wire::kind::Kind;

impl Fixture {
    /// Begins to write an artifact, and stops in the middle of the transaction.
    fn half_written(&self, n: u128) -> super::fixture::Later<Result<bool, UpsertError>> {
        self.world.hold("gw1", "store.upsert-configuration");
        let (replica, cx) = (self.replica.clone(), self.cx.clone());
        self.begin(async move { replica.storage.upsert(&cx, &api(n, "petstore")).await })
    }

    fn rest(&self) {
        self.world.release("gw1", "store.upsert-configuration");
    }
}

#[test]
fn a_statement_waits_without_limit_for_the_transaction_that_has_the_connection() {
    let fixture = Fixture::new();
    let written = fixture.half_written(1);
    let (replica, cx) = (fixture.replica.clone(), fixture.cx.clone());
    let found = fixture.begin(async move { replica.storage.find(&cx, id(1)).await });
    fixture.world.pass(Duration::from_secs(600));
    assert_eq!(fixture.world.count("store.find-artifact"), 0);
    fixture.rest();
    assert_eq!(*written.lock().expect("whole"), Some(Ok(true)));
    let found = found.lock().expect("whole").take().expect("it went on").expect("read");
    assert_eq!(found, Some(api(1, "petstore")), "it sees what it waited for");
}

#[test]
fn a_transaction_that_is_given_up_gives_the_connection_back() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    let (petstore, orders) = (api(1, "petstore"), api(2, "orders"));
    let stale = fixture.replica.storage.upsert(&fixture.cx, &petstore);
    assert_eq!(fixture.world.run(stale), Ok(false));
    fixture.world.break_at("store.upsert-configuration");
    let failed = fixture.replica.storage.upsert(&fixture.cx, &orders);
    assert!(fixture.world.run(failed).is_err());
    assert!(fixture.world.run(fixture.replica.storage.find(&fixture.cx, id(2))).expect("read").is_none());
}

#[test]
fn the_hub_has_a_connection_of_its_own_and_waits_5_seconds_for_the_lock() {
    let fixture = Fixture::new();
    let _written = fixture.half_written(1);
    let mut cursor = Cursor::default();
    fixture.world.run(fixture.replica.hub.poll(&fixture.cx, &mut cursor, 0)).expect("readers don't wait");
    let (replica, cx) = (fixture.replica.clone(), fixture.cx.clone());
    let told = Announcement::artifact(Kind::RestApi, Action::Create, id(1), "e1");
    let published = fixture.begin(async move { replica.hub.publish(&cx, told).await });
    fixture.world.pass(Duration::from_millis(4_999));
    assert_eq!(*published.lock().expect("whole"), None);
    fixture.world.pass(Duration::from_millis(1));
    assert_eq!(*published.lock().expect("whole"), Some(Err(StoreError::Busy)));
}

#[test]
fn with_postgres_nobody_waits_for_a_connection() {
    let fixture = Fixture::on(Design::as_merged(), Flavour::Postgres);
    let _written = fixture.half_written(1);
    fixture.insert(key(5, id(1), "k"));
    assert!(fixture.world.run(fixture.replica.storage.find(&fixture.cx, id(1))).expect("read").is_none());
    let told = Announcement::artifact(Kind::RestApi, Action::Create, id(1), "e1");
    assert_eq!(fixture.world.run(fixture.replica.hub.publish(&fixture.cx, told)), Ok(()));
}

#[test]
fn the_eleventh_call_waits_for_one_of_the_ten_before_it() {
    let fixture = Fixture::new();
    let asked = format!("GET /apis/{}", id(1));
    fixture.platform.block(&asked);
    let calls: Vec<_> = (0..11)
        .map(|_| {
            let (replica, cx) = (fixture.replica.clone(), fixture.cx.clone());
            fixture.begin(async move { replica.platform.definition(&cx, Kind::RestApi, id(1)).await })
        })
        .collect();
    assert_eq!(fixture.platform.asked(&asked).len(), 10);
    fixture.platform.unblock(&asked);
    fixture.world.settle();
    assert_eq!(fixture.platform.asked(&asked).len(), 11);
    assert!(calls.iter().all(|call| call.lock().expect("whole").is_some()));
}

#[test]
fn a_call_that_waits_for_a_connection_times_out_like_any_other() {
    let fixture = Fixture::new();
    let asked = format!("GET /apis/{}", id(1));
    fixture.platform.block(&asked);
    let begin = || {
        let (replica, cx) = (fixture.replica.clone(), fixture.cx.clone());
        fixture.begin(async move { replica.platform.definition(&cx, Kind::RestApi, id(1)).await.is_err() })
    };
    let first: Vec<_> = (0..10).map(|_| begin()).collect();
    fixture.world.pass(Duration::from_secs(1));
    let eleventh = begin();
    fixture.world.pass(Duration::from_secs(29));
    assert!(first.iter().all(|call| *call.lock().expect("whole") == Some(true)), "30 s are over");
    assert_eq!(fixture.platform.asked(&asked).len(), 11, "their connections went with them");
    fixture.world.pass(Duration::from_secs(1));
    assert_eq!(*eleventh.lock().expect("whole"), Some(true));
}
