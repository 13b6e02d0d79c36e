//! Whether a fault bit: of each depth one, two that cover each other, and one that nothing came by.

use driftless::bites::{self, Effectiveness};
use driftless::parting::Bite;
use driftless::run;
use driftless_tests::parse;

const STEPS: &str = "platform
gateway gw1
create rest-api petstore
deploy petstore gw1
settle
[60s] delete petstore
[80s] show gw1
---
";

/// What became of each of these faults.
fn check(faults: &str, expected: &[Effectiveness]) {
    let plan = parse("bites", &format!("format 1\n{faults}\n{STEPS}")).plan;
    let outcome = run(&plan).expect("the plan runs");
    let found = bites::of(&plan, &outcome).expect("the plan runs without its faults");
    assert_eq!(found, expected, "{faults}");
}

#[test]
fn a_fault_that_nothing_comes_by_is_unreached() {
    check("fault \"gw1@5 sync http.deployments\" fail", &[Effectiveness::Unreached]);
}

#[test]
fn how_deep_a_fault_bit() {
    for (fault, bite) in [
        // There is a window, and nothing that it could strike.
        ("fault \"gw1<->platform\" refuse from=30s for=5s", Bite::Nothing),
        ("fault \"gw1<->platform\" slow by=5ms", Bite::Timing),
        ("fault \"gw1 sync http.deployments\" fail", Bite::Path),
        ("fault \"gw1 store.commit-upsert petstore\" fail", Bite::Path),
        ("fault \"platform request delete petstore 1 ws.send ->gw1 petstore\" lose", Bite::Verdict),
    ] {
        check(fault, &[Effectiveness::Bit(bite)]);
    }
}

#[test]
fn each_of_two_delays_of_one_crossing_has_struck_it() {
    let delay = "fault \"gw1 sync http.deployments\" delay by=100ms";
    let timing = Effectiveness::Bit(Bite::Timing);
    check(&format!("{delay}\n{delay}"), &[timing.clone(), timing]);
}

#[test]
fn faults_that_do_the_same_cover_each_other() {
    let cut = "fault \"platform->gw1\" cut from=59s for=5s";
    let covered = |by| Effectiveness::Covered { by: vec![by] };
    check(&format!("{cut}\n{cut}"), &[covered(1), covered(0)]);
    check(cut, &[Effectiveness::Bit(Bite::Timing)]);
}
