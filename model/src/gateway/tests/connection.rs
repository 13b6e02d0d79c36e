//! The connection (docs/spec/gateway.md sections 3.3 to 3.6 and 14.1).

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;

use super::fixture::{Fixture, definition, id};
use crate::gateway::{Config, LinkStatus, run};
use crate::wire::kind::Kind;

const SECOND: Duration = Duration::from_secs(1);

impl Fixture {
    fn is(&self, status: LinkStatus) {
        assert_eq!(self.projections.link(), status);
    }
}

#[test]
fn the_first_connect_syncs_deployments_and_keys_later_ones_keys_only() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    fixture.is(LinkStatus::Connected);
    let counts = |f: &Fixture| (f.world.count("http.deployments"), f.world.count("http.api-keys"));
    assert_eq!(counts(&fixture), (1, 1));
    assert!(fixture.projections.sync().ended);
    fixture.platform.hang_up();
    fixture.world.pass(Duration::from_millis(1));
    fixture.is(LinkStatus::Connected);
    assert_eq!(fixture.world.count("http.connect"), 2, "a lost connection is made again at once");
    assert_eq!(counts(&fixture), (1, 2));
    assert_eq!(fixture.world.count("http.discovery"), 2, "the cloud says no each time");
}

#[test]
fn a_failed_sync_is_not_made_up_for_by_a_reconnect() {
    let fixture = Fixture::new();
    fixture.platform.answer("GET /deployments", 500, "");
    fixture.start();
    fixture.platform.hang_up();
    fixture.world.pass(SECOND);
    fixture.is(LinkStatus::Connected);
    assert_eq!(fixture.world.count("http.deployments"), 1);
}

#[test]
fn an_unreachable_platform_is_tried_again_after_2_4_and_8_seconds() {
    let fixture = Fixture::new();
    let config = Config { platform: "nowhere".into(), ..fixture.config() };
    let cx = fixture.cx.clone();
    fixture.cx.spawn_as_is(async move {
        run(cx, config).await;
    });
    let ms = Duration::from_millis;
    for (wait, tries) in [(ms(1999), 1), (ms(2), 2), (ms(3998), 2), (ms(2), 3), (ms(7998), 3), (ms(2), 4)] {
        fixture.world.pass(wait);
        assert_eq!(fixture.world.count("http.connect"), tries);
    }
    fixture.is(LinkStatus::Reconnecting);
}

#[test]
fn a_first_frame_that_is_no_ack_ends_the_attempt_and_backs_off() {
    for greeting in [r#"{"type":"error","code":"ORG_CONNECTION_LIMIT_EXCEEDED"}"#, "{}", "no JSON"] {
        let fixture = Fixture::new();
        fixture.platform.greet_with(greeting);
        fixture.start();
        fixture.world.pass(SECOND);
        fixture.is(LinkStatus::Reconnecting);
        assert_eq!(fixture.world.count("http.connect"), 1);
        fixture.world.pass(SECOND);
        assert_eq!(fixture.world.count("http.connect"), 2);
        assert_eq!(fixture.world.count("http.deployments"), 0);
    }
}

#[test]
fn pings_are_answered_and_silence_ends_the_connection() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    fixture.world.pass(20 * SECOND);
    fixture.platform.ping();
    fixture.world.pass(SECOND);
    assert_eq!(fixture.world.count("ws.pong"), 1);
    // The monitor looks every 5 s and wants more than 35 s since the ping at 20 s: 60 s is the first.
    fixture.world.pass(38 * SECOND);
    assert_eq!(fixture.world.count("http.connect"), 1);
    fixture.world.pass(2 * SECOND);
    assert_eq!(fixture.world.count("ws.heartbeat-timeout"), 1);
    assert_eq!(fixture.world.count("http.connect"), 2);
    fixture.is(LinkStatus::Connected);
}

#[test]
fn a_wall_clock_that_jumps_ahead_looks_like_silence() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    fixture.world.jump(TimeDelta::seconds(36));
    fixture.world.pass(5 * SECOND);
    assert_eq!(fixture.world.count("ws.heartbeat-timeout"), 1);
}

#[test]
fn monitors_outlive_their_connections() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    for _ in 0..3 {
        fixture.world.pass(SECOND);
        fixture.platform.hang_up();
    }
    // Connects at 0, 1, 2 and 3 s. The last one's monitor looks at 38 s, when the last ping is 35 s ago, and
    // then at 43 s; the first one's looks at 40 s.
    fixture.world.pass(37 * SECOND);
    assert_eq!(fixture.world.count("ws.heartbeat-timeout"), 1);
}

#[test]
fn events_are_handled_one_at_a_time_and_pings_wait() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    let yaml = definition(Kind::RestApi, "petstore");
    fixture.offer(Kind::RestApi, id(1), &yaml);
    let payload = json!({ "apiId": id(1), "deploymentId": id(10), "performedAt": "2026-03-31T12:00:05Z" });
    fixture.platform.send("api.deployed", payload);
    fixture.platform.ping();
    fixture.world.take_sites();
    fixture.world.pass(Duration::from_millis(1));
    let sites = fixture.world.take_sites();
    let position = |site: &str| sites.iter().position(|crossed| crossed == site).expect("crossed");
    assert!(position("http.fetch-api") < position("hub.publish"));
    assert!(position("ws.ack") < position("ws.pong"), "{sites:?}");
}

#[test]
fn a_binary_frame_is_passed_over() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    let payload = json!({ "apiId": id(1), "deploymentId": id(10), "performedAt": "2026-03-31T12:00:05Z" });
    let event = json!({ "type": "api.undeployed", "correlationId": "c", "payload": payload });
    fixture.platform.send_binary(event.to_string());
    fixture.world.pass(SECOND);
    assert_eq!(fixture.world.count("ws.ack"), 0, "whatever it says");
    fixture.platform.send_raw(&event.to_string());
    fixture.world.pass(SECOND);
    assert_eq!(fixture.world.count("ws.ack"), 1, "and the next is heard");
    assert_eq!(fixture.world.count("http.connect"), 1);
}

#[test]
fn an_ack_is_lost_when_nobody_is_connected() {
    let fixture = Fixture::new();
    let payload = json!({ "type": "api.undeployed", "correlationId": "c",
        "payload": { "apiId": id(1), "deploymentId": id(10), "performedAt": "2026-03-31T12:00:05Z" } });
    fixture.world.run(fixture.replica.handle_message(&fixture.cx, crate::cx::CrossingId(0), payload));
    assert_eq!(fixture.world.count("ws.ack"), 0);
}

#[test]
fn the_states_of_the_client() {
    const DISCOVERY: &str = "GET /internal/gateway/.well-known";
    let fixture = Fixture::new();
    fixture.is(LinkStatus::Disconnected);
    fixture.platform.block(DISCOVERY);
    fixture.start();
    fixture.is(LinkStatus::Connecting);
    fixture.platform.unblock(DISCOVERY);
    fixture.world.settle();
    fixture.is(LinkStatus::Connected);
    fixture.world.break_at("http.connect");
    fixture.platform.hang_up();
    fixture.world.pass(Duration::from_millis(1));
    fixture.is(LinkStatus::Reconnecting);
}

#[test]
fn discovery_gives_up_after_5_seconds_and_the_cloud_is_dialled() {
    let fixture = Fixture::new();
    fixture.platform.block("GET /internal/gateway/.well-known");
    fixture.start();
    fixture.world.pass(Duration::from_millis(4_999));
    assert_eq!(fixture.world.count("http.connect"), 0);
    fixture.world.pass(Duration::from_millis(1));
    assert_eq!(fixture.world.count("http.connect"), 1);
    fixture.is(LinkStatus::Connected);
}

#[test]
fn a_success_forgets_the_failures_before_it() {
    let fixture = Fixture::new();
    fixture.world.break_at("http.connect");
    fixture.start();
    fixture.world.pass(6 * SECOND);
    assert_eq!(fixture.world.count("http.connect"), 3, "at 0, 2 and 6 s");
    fixture.world.mend("http.connect");
    fixture.world.pass(8 * SECOND);
    fixture.is(LinkStatus::Connected);
    fixture.world.break_at("http.connect");
    fixture.platform.hang_up();
    fixture.world.pass(Duration::from_millis(1_999));
    assert_eq!(fixture.world.count("http.connect"), 5, "at once, and then not for 2 s");
    fixture.world.pass(Duration::from_millis(2));
    assert_eq!(fixture.world.count("http.connect"), 6);
}

#[test]
fn a_panic_of_the_reader_ends_the_process() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    fixture.world.panic_at("store.find-artifact");
    let payload = json!({ "apiId": id(1), "deploymentId": id(10), "performedAt": "2026-03-31T12:00:05Z" });
    fixture.platform.send("api.undeployed", payload);
    fixture.world.pass(Duration::from_millis(1));
    assert_eq!((fixture.world.tasks("gw1"), fixture.world.recovered()), (0, 0));
    fixture.world.pass(60 * SECOND);
    assert_eq!(fixture.world.count("http.connect"), 1);
}

#[test]
fn the_waits_are_those_that_are_set() {
    let mut fixture = Fixture::new();
    fixture.choose(|settings| {
        settings.reconnect_initial = 2 * SECOND;
        settings.reconnect_max = 5 * SECOND;
    });
    fixture.world.break_at("http.connect");
    fixture.start();
    // Twice the base, and then the limit: 4, 9 and 14 s.
    for (seconds, attempts) in [(3, 1), (1, 2), (4, 2), (1, 3), (4, 3), (1, 4)] {
        fixture.world.pass(seconds * SECOND);
        assert_eq!(fixture.world.count("http.connect"), attempts);
    }
}

#[test]
fn nothing_is_asked_for_again_while_the_connection_holds() {
    let fixture = Fixture::new();
    fixture.platform.answer("POST /gateways/00000000-0000-0000-0000-000000000001/manifest", 204, "");
    fixture.start_and_sync();
    // An hour of pings, which is four polling intervals of the real system's configuration.
    for _ in 0..180 {
        fixture.world.pass(20 * SECOND);
        fixture.platform.ping();
    }
    for site in
        ["http.connect", "http.deployments", "http.subscription-plans", "http.api-keys", "http.manifest"]
    {
        assert_eq!(fixture.world.count(site), 1, "{site}");
    }
    assert_eq!(fixture.world.count("hub.cleanup"), 6, "every ten minutes");
}

#[test]
fn a_wall_clock_that_goes_back_hides_silence() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    fixture.world.jump(TimeDelta::seconds(-100));
    fixture.world.pass(130 * SECOND);
    assert_eq!(fixture.world.count("ws.heartbeat-timeout"), 0);
    // At 140 s the clock reads 40 s after the connect.
    fixture.world.pass(11 * SECOND);
    assert_eq!(fixture.world.count("ws.heartbeat-timeout"), 1);
}
