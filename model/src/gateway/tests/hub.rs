//! The event hub (docs/spec/gateway.md sections 9.1 to 9.3 and 14.3).

use chrono::TimeDelta;
use tokio::sync::mpsc;

use super::fixture::{Fixture, at, id};
use crate::cx::At;
use crate::gateway::boot::replica;
use crate::gateway::hub::{Announcement, Cursor, Delivered};
use crate::gateway::tables::{Action, EntityType, Event, GATEWAY_ID, GatewayState};
use crate::wire::kind::Kind;

impl Fixture {
    fn publish(&self, event_id: &str) {
        let announcement = Announcement::artifact(Kind::RestApi, Action::Create, id(1), event_id);
        self.world.run(self.replica.hub.publish(&self.cx, announcement)).expect("published");
    }

    /// Puts an event there as another replica would have, and a version that tells of it.
    pub(super) fn event(&self, event_id: &str, seconds: i64) {
        self.insert(Event {
            gateway_id: GATEWAY_ID.into(),
            processed_timestamp: at(seconds),
            originated_timestamp: at(seconds),
            entity_type: EntityType::Api,
            action: Action::Create,
            entity_id: id(1).to_string(),
            event_id: event_id.into(),
            event_data: "{}".into(),
        });
        let version_id = format!("after {event_id}");
        let state = GatewayState { gateway_id: GATEWAY_ID.into(), version_id, updated_at: at(seconds) };
        let write = self.database.write(&self.cx, At::site("test.version"), |w| w.put(state.clone()));
        self.world.run(write).expect("written");
    }

    pub(super) fn subscribe(&self) -> mpsc::Receiver<Delivered> {
        self.world.run(self.replica.hub.subscribe(&self.cx, At::site("test.subscribe"))).expect("subscribed")
    }

    pub(super) fn poll(&self, cursor: &mut Cursor) {
        self.world.run(self.replica.hub.poll(&self.cx, cursor, 0)).expect("polled");
    }
}

pub fn taken(channel: &mut mpsc::Receiver<Delivered>) -> Vec<String> {
    std::iter::from_fn(|| channel.try_recv().ok())
        .filter_map(|d| d.event)
        .map(|event| event.event_id.clone())
        .collect()
}

#[test]
fn publish_writes_the_event_and_a_new_version_together() {
    let fixture = Fixture::new();
    fixture.publish("e1");
    let version = fixture.rows::<GatewayState>()[0].version_id.clone();
    assert!(!version.is_empty());
    fixture.world.break_at("hub.publish");
    let announcement = Announcement::artifact(Kind::RestApi, Action::Create, id(1), "e2");
    assert!(fixture.world.run(fixture.replica.hub.publish(&fixture.cx, announcement)).is_err());
    assert_eq!(fixture.published(), ["API CREATE e1"]);
    assert_eq!(fixture.rows::<GatewayState>()[0].version_id, version);
}

#[test]
fn a_duplicate_event_id_is_a_success_that_changes_nothing() {
    let fixture = Fixture::new();
    fixture.publish("e1");
    let version = fixture.rows::<GatewayState>()[0].version_id.clone();
    let other = Announcement::artifact(Kind::Mcp, Action::Delete, id(2), "e1");
    fixture.world.run(fixture.replica.hub.publish(&fixture.cx, other)).expect("a duplicate is fine");
    assert_eq!(fixture.published(), ["API CREATE e1"]);
    assert_eq!(fixture.rows::<GatewayState>()[0].version_id, version);
}

#[test]
fn an_event_without_an_id_is_given_one() {
    let fixture = Fixture::new();
    fixture.publish("");
    fixture.publish("");
    assert_eq!(fixture.rows::<Event>().len(), 2);
}

#[test]
fn registering_again_keeps_the_version() {
    let fixture = Fixture::new();
    fixture.publish("e1");
    let before = fixture.rows::<GatewayState>();
    fixture.world.run(fixture.replica.hub.register(&fixture.cx, At::site("t"))).expect("registered");
    assert_eq!(fixture.rows::<GatewayState>(), before);
}

#[test]
fn every_subscriber_is_given_every_event_once() {
    let fixture = Fixture::new();
    let (mut one, mut two) = (fixture.subscribe(), fixture.subscribe());
    let mut cursor = Cursor::default();
    fixture.poll(&mut cursor);
    fixture.publish("e1");
    fixture.poll(&mut cursor);
    fixture.poll(&mut cursor);
    assert_eq!((taken(&mut one), taken(&mut two)), (vec!["e1".to_owned()], vec!["e1".to_owned()]));
}

#[test]
fn an_unchanged_version_reads_no_events() {
    let fixture = Fixture::new();
    let mut cursor = Cursor::default();
    fixture.poll(&mut cursor);
    assert_eq!(fixture.world.count("hub.read-events"), 0, "nothing was ever published");
    fixture.publish("e1");
    fixture.poll(&mut cursor);
    fixture.poll(&mut cursor);
    assert_eq!(fixture.world.count("hub.read-events"), 1);
}

#[test]
fn the_first_poll_goes_back_two_minutes() {
    let fixture = Fixture::new();
    let mut channel = fixture.subscribe();
    // The wall clock says noon: 121 s ago is out of the window, 120 s ago just in it.
    fixture.event("old", -121);
    fixture.event("edge", -120);
    fixture.event("new", -1);
    fixture.poll(&mut Cursor::default());
    assert_eq!(taken(&mut channel), ["edge", "new"]);
}

#[test]
fn a_single_event_at_the_boundary_is_not_delivered_again() {
    let fixture = Fixture::new();
    let (mut channel, mut cursor) = (fixture.subscribe(), Cursor::default());
    fixture.event("e1", 0);
    fixture.poll(&mut cursor);
    fixture.event("e2", 1);
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut channel), ["e1", "e2"]);
}

#[test]
fn several_events_at_the_boundary_are_all_delivered_again() {
    let fixture = Fixture::new();
    let (mut channel, mut cursor) = (fixture.subscribe(), Cursor::default());
    fixture.event("e1", 0);
    fixture.poll(&mut cursor);
    // It came late, with the same timestamp: nobody can tell it from what was delivered.
    fixture.event("e0", 0);
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut channel), ["e1", "e0", "e1"]);
}

#[test]
fn an_event_behind_the_cursor_is_never_delivered() {
    let fixture = Fixture::new();
    let (mut channel, mut cursor) = (fixture.subscribe(), Cursor::default());
    fixture.event("e1", 10);
    fixture.poll(&mut cursor);
    fixture.event("from a slow clock", 9);
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut channel), ["e1"]);
}

#[test]
fn a_full_channel_stops_the_poll_which_goes_on_from_the_last_delivered() {
    let fixture = Fixture::new();
    let (mut channel, mut cursor) = (fixture.subscribe(), Cursor::default());
    for n in 0..103 {
        fixture.event(&format!("e{n:03}"), n);
    }
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut channel).len(), 100);
    // The version is still unknown, so nothing new need happen; e099 is alone at the boundary.
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut channel), ["e100", "e101", "e102"]);
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut channel), [""; 0]);
}

#[test]
fn a_poll_that_fails_is_made_up_for_by_the_next() {
    let fixture = Fixture::new();
    let (mut channel, mut cursor) = (fixture.subscribe(), Cursor::default());
    fixture.publish("e1");
    for site in ["hub.poll", "hub.read-events", "hub.deliver"] {
        fixture.world.break_at(site);
        assert!(fixture.world.run(fixture.replica.hub.poll(&fixture.cx, &mut cursor, 0)).is_err());
        fixture.world.mend(site);
    }
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut channel), ["e1"]);
}

#[test]
fn without_subscribers_events_count_as_delivered() {
    let fixture = Fixture::new();
    let mut cursor = Cursor::default();
    fixture.publish("e1");
    fixture.poll(&mut cursor);
    let mut channel = fixture.subscribe();
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut channel), [""; 0]);
}

#[test]
fn events_are_forgotten_by_age_and_their_ids_can_be_used_again() {
    let fixture = Fixture::new();
    fixture.event("old", 0);
    fixture.event("young", 1);
    fixture.world.jump(TimeDelta::seconds(3601));
    let gone = fixture.world.run(fixture.replica.hub.clean_up(&fixture.cx, 0));
    assert_eq!(gone, Ok(1));
    fixture.publish("old");
    assert_eq!(fixture.published(), ["API CREATE old", "API CREATE young"]);
}

#[test]
fn who_unsubscribes_is_given_nothing_more_and_holds_nobody_up() {
    let fixture = Fixture::new();
    let (one, mut two) = (fixture.subscribe(), fixture.subscribe());
    let mut cursor = Cursor::default();
    // The channel of the first is full, and the second goes without.
    for n in 0..101 {
        fixture.event(&format!("e{n:03}"), n);
    }
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut two).len(), 100);
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut two), [""; 0]);
    fixture.world.run(fixture.replica.hub.unsubscribe(&fixture.cx, one));
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut two), ["e100"]);
}

#[test]
fn a_closed_hub_publishes_nothing_and_reads_nothing() {
    let fixture = Fixture::new();
    fixture.publish("e1");
    fixture.world.run(fixture.replica.hub.close(&fixture.cx));
    fixture.world.take_sites();
    let told = Announcement::artifact(Kind::RestApi, Action::Create, id(1), "e2");
    let refused =
        fixture.world.run(fixture.replica.hub.publish(&fixture.cx, told)).map_err(|e| e.to_string());
    assert_eq!(refused, Err("sql: database is closed".to_owned()));
    assert!(fixture.world.run(fixture.replica.hub.poll(&fixture.cx, &mut Cursor::default(), 0)).is_err());
    assert_eq!(fixture.world.take_sites(), [""; 0]);
    assert_eq!(fixture.published(), ["API CREATE e1"]);
}

#[test]
fn each_replica_has_a_cursor_of_its_own_and_the_publisher_hears_itself() {
    let fixture = Fixture::new();
    let other = replica(fixture.config());
    let subscribe = other.hub.subscribe(&fixture.cx, At::site("test.subscribe"));
    let (mut here, mut there) = (fixture.subscribe(), fixture.world.run(subscribe).expect("subscribed"));
    let (mut cursor, mut others) = (Cursor::default(), Cursor::default());
    fixture.event("e1", 0);
    fixture.poll(&mut cursor);
    fixture.event("e2", 1);
    fixture.world.run(other.hub.poll(&fixture.cx, &mut others, 0)).expect("polled");
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut here), ["e1", "e2"]);
    assert_eq!(taken(&mut there), ["e1", "e2"]);
}

#[test]
fn any_replica_forgets_for_all() {
    let fixture = Fixture::new();
    let other = replica(fixture.config());
    fixture.event("old", 0);
    fixture.world.jump(TimeDelta::seconds(3601));
    assert_eq!(fixture.world.run(other.hub.clean_up(&fixture.cx, 0)), Ok(1));
    assert_eq!(fixture.world.run(fixture.replica.hub.clean_up(&fixture.cx, 0)), Ok(0));
}

#[test]
fn a_publisher_whose_clock_is_slow_is_not_heard() {
    let fixture = Fixture::new();
    let (mut channel, mut cursor) = (fixture.subscribe(), Cursor::default());
    fixture.publish("e1");
    fixture.poll(&mut cursor);
    fixture.world.jump(TimeDelta::milliseconds(-1));
    fixture.publish("from a slow clock");
    fixture.poll(&mut cursor);
    fixture.world.jump(TimeDelta::milliseconds(2));
    fixture.publish("e2");
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut channel), ["e1", "e2"]);
}

#[test]
fn a_publisher_whose_clock_is_fast_makes_the_others_unheard() {
    let fixture = Fixture::new();
    let (mut channel, mut cursor) = (fixture.subscribe(), Cursor::default());
    fixture.world.jump(TimeDelta::seconds(60));
    fixture.publish("from a fast clock");
    fixture.poll(&mut cursor);
    fixture.world.jump(TimeDelta::seconds(-60));
    fixture.publish("on time");
    fixture.poll(&mut cursor);
    assert_eq!(taken(&mut channel), ["from a fast clock"]);
}

#[test]
fn an_insert_that_fails_is_a_success_only_if_the_event_is_there() {
    let fixture = Fixture::new();
    fixture.publish("e1");
    fixture.world.break_at("hub.insert-event");
    let publish = |event_id: &str| {
        let told = Announcement::artifact(Kind::RestApi, Action::Create, id(1), event_id);
        fixture.world.run(fixture.replica.hub.publish(&fixture.cx, told))
    };
    assert_eq!(publish("e1"), Ok(()), "whatever the insert died of");
    assert!(publish("e2").is_err());
    assert_eq!(fixture.published(), ["API CREATE e1"]);
}
