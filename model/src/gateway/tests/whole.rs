//! Memory made after the database as a whole: what tells a replica that there is something new, and what becomes of a
//! reading that fails.

use std::time::Duration;

use super::fixture::{Fixture, api};
use crate::design::Design;
use crate::gateway::hub::Announcement;
use crate::gateway::tables::Action;
use crate::wire::kind::Kind;

fn polling(design: Design) -> Fixture {
    let fixture = Fixture::of(design);
    fixture.start();
    fixture
}

/// Stores an API and publishes that it was made.
fn made(fixture: &Fixture, n: u128, handle: &str) {
    fixture.insert_config(api(n, handle));
    fixture.announce(Announcement::artifact(Kind::RestApi, Action::Create, api(n, handle).artifact.uuid, ""));
}

#[test]
fn whoever_reads_everything_needs_no_clock_to_know_what_is_new() {
    for (design, in_memory) in [(Design::as_merged(), vec![1]), (Design::hardened(), vec![1, 2])] {
        let fixture = polling(design);
        made(&fixture, 1, "petstore");
        // Another replica whose clock is an hour behind.
        fixture.insert_config(api(2, "orders"));
        fixture.event("late", -3600);
        fixture.world.pass(Duration::from_secs(4));
        assert_eq!(fixture.in_memory(), in_memory);
    }
}

#[test]
fn a_reading_that_failed_is_repeated() {
    let fixture = polling(Design::hardened());
    fixture.world.break_at("store.load-all");
    made(&fixture, 1, "petstore");
    assert!(fixture.in_memory().is_empty());
    fixture.world.mend("store.load-all");
    fixture.world.pass(Duration::from_secs(4));
    assert_eq!(fixture.in_memory(), [1]);
}
