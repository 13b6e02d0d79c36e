//! What doesn't depend on one another doesn't move: an operation, a log line or a random draw elsewhere changes
//! neither an address that was there nor the time of an independent crossing; and once a life has ended,
//! nothing its destructors do has an effect.

use std::collections::BTreeMap;

use driftless::run;
use driftless_tests::{TWO_GATEWAYS as BASE, parse};

/// The time of every crossing but the user's, by address.
fn times(script: &str) -> BTreeMap<String, u64> {
    let outcome = run(&parse("test", script).plan).expect("the plan runs");
    let crossings = outcome.evidence.history.crossings().iter();
    crossings.map(|crossing| (crossing.address.to_string(), crossing.at_us)).collect()
}

#[test]
fn every_address_is_there_once() {
    let outcome = run(&parse("test", BASE).plan).expect("the plan runs");
    assert_eq!(times(BASE).len(), outcome.evidence.history.crossings().len());
}

#[test]
fn an_unrelated_operation_moves_nothing() {
    let base = times(BASE);
    let more = times(&BASE.replace("[40s]", "[30s] create rest-api orders\n[34s] deploy orders gw2\n[40s]"));
    let gone: Vec<_> = base.keys().filter(|address| !more.contains_key(*address)).collect();
    assert!(gone.is_empty(), "addresses that are no longer there: {gone:?}");
    let moved: Vec<_> = base.iter().filter(|(address, at)| more[*address] != **at).collect();
    // What follows the new operation on its own gateway may move: the end of the run, and gw2's polls find
    // something. Nothing of gw1 and of the operations on it may.
    let strange: Vec<_> = moved.iter().filter(|(address, _)| !address.starts_with("gw2 ")).collect();
    assert!(strange.is_empty(), "{strange:?}");
    assert!(more.len() > base.len() + 20, "the operation left no trace");
}

#[test]
fn another_seed_moves_times_and_keeps_addresses() {
    let base = times(BASE);
    let other = times(&BASE.replace("format 1\n", "format 1\nseed 9\n"));
    let shared = base.keys().filter(|address| other.contains_key(*address)).count();
    // Only what depends on how long something took differs: numbers of waits, retries.
    assert!(shared * 100 >= base.len() * 95, "{shared} of {} addresses", base.len());
    assert!(base.iter().any(|(address, at)| other.get(address).is_some_and(|t| t != at)));
}

#[test]
fn logging_changes_nothing() {
    let silent = run(&parse("test", BASE).plan).expect("the plan runs").digest;
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(std::io::sink);
    let logged = tracing::subscriber::with_default(subscriber.finish(), || {
        run(&parse("test", BASE).plan).expect("the plan runs").digest
    });
    assert_eq!(silent, logged);
}

/// A fault that is taken away moves nothing before the place where it struck.
#[test]
fn a_fault_moves_nothing_before_it() {
    let with = format!(
        "fault \"gw1 event api.deleted petstore 1 hub.publish\" fail\n{}",
        &BASE["format 1\n".len()..]
    );
    let (with, without) = (times(&format!("format 1\n{with}")), times(BASE));
    let struck = with["gw1 event api.deleted petstore 1 hub.publish petstore"];
    for (address, at) in without.iter().filter(|(_, at)| **at <= struck) {
        assert_eq!(with.get(address), Some(at), "{address}");
    }
}

/// A gateway that is cut off draws the jitter of its back-off again and again; no other node's crossing moves.
#[test]
fn random_draws_elsewhere_move_nothing() {
    let three = BASE.replace("gateway gw2\n", "gateway gw2\ngateway gw3\n");
    let base = times(&three);
    let noisy = times(&three.replace("wait 60s", "[52s] partition gw3 platform\nwait 60s"));
    let attempts = |times: &BTreeMap<String, u64>| {
        times.keys().filter(|address| address.starts_with("gw3 connection http.connect")).count()
    };
    assert!(attempts(&noisy) >= attempts(&base) + 2, "no draw was made");
    let others = base.iter().filter(|(address, _)| address.starts_with("gw1") || address.starts_with("gw2"));
    for (address, at) in others {
        assert_eq!(noisy.get(address), Some(at), "{address}");
    }
}
