//! What the event hub does by default and as it is set (docs/spec/gateway.md sections 2, 3.1 and 9.2).

use std::time::Duration;

use super::fixture::Fixture;
use super::hub::taken;
use crate::cx::At;
use crate::gateway::boot::replica;
use crate::gateway::hub::Cursor;

#[test]
fn a_channel_has_the_room_that_is_set_and_always_some() {
    for (channel, room) in [(0, 1), (1, 1), (7, 7), (u64::MAX, 20)] {
        let mut fixture = Fixture::new();
        fixture.choose(|settings| settings.channel = channel);
        let hub = replica(fixture.config()).hub;
        let subscribed = fixture.world.run(hub.subscribe(&fixture.cx, At::site("test.subscribe")));
        let mut listener = subscribed.expect("subscribed");
        for n in 0..20 {
            fixture.event(&format!("e{n:02}"), n);
        }
        fixture.world.run(hub.poll(&fixture.cx, &mut Cursor::default(), 0)).expect("polled");
        assert_eq!(taken(&mut listener).len(), room, "{channel}");
    }
}

#[test]
fn the_first_poll_comes_one_interval_after_the_start() {
    let fixture = Fixture::new();
    fixture.start();
    fixture.world.pass(Duration::from_millis(2_999));
    assert_eq!(fixture.world.count("hub.poll"), 0);
    fixture.world.pass(Duration::from_millis(3_001));
    assert_eq!(fixture.world.count("hub.poll"), 2);
}
