//! How a run ends: what rest is, how it is watched, and what becomes of verdicts where there is none.

use driftless::{Outcome, Verdict, run};
use driftless_model::platform::tables::{DeploymentStatus, State};
use driftless_tests::parse;

fn outcome(steps: &str, design: &str) -> Outcome {
    let text = format!("format 1\n{steps}---\n");
    let plan = parse("rest", &text).plan;
    run(&plan.under(design)).expect("the plan runs")
}

fn status(outcome: &Outcome) -> State {
    let database = &outcome.evidence.nodes["platform"].database;
    database.look(|view| view.first::<DeploymentStatus>(|_| true)).expect("there is a status").status
}

const SERVED: &str = "platform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\n";

/// A deployment whose acknowledgement is lost waits for a minute, and the job looks every 20 s: for longer than the
/// 25 s in which nothing changes otherwise. (A run that doesn't settle first ends its faults before the loss.)
#[test]
fn what_waits_for_an_acknowledgement_is_not_at_rest() {
    let lost = "set platform deployments.transitional_status_enabled=true\n\
                fault \"gw1 event api.deployed petstore 1 ws.ack petstore\" lose\n";
    let ended = outcome(&format!("{lost}{SERVED}settle\n"), "as-merged");
    assert_eq!((status(&ended), ended.stall.as_deref()), (State::Failed, None));
    let nobody = "set platform deployments.timeout_enabled=false\n";
    let ended = outcome(&format!("{nobody}{lost}{SERVED}settle\n"), "as-merged");
    assert_eq!((status(&ended), ended.stall.as_deref()), (State::Deploying, None));
}

/// The world has moved last before it came to rest, which it did 25 s later, and was watched for the window.
#[test]
fn a_run_ends_with_a_window_in_which_nothing_moves() {
    let of = |window: &str| {
        let ended = outcome(&format!("set world settle.window={window}\n{SERVED}"), "as-merged");
        let since_us = ended.evidence.rest.as_ref().map(|rest| rest.since_us);
        (ended.lasted_us, since_us, ended.verdict("rest-is-lasting"))
    };
    let (lasted, since, verdict) = of("40s");
    let since = since.expect("it was watched");
    assert!((since + 40_000_000..since + 42_000_000).contains(&lasted), "{lasted} {since}");
    assert_eq!(verdict, Verdict::Held);
    assert_eq!(of("0s"), (since, None, Verdict::NotJudged));
}

/// A step at a crossing that comes while the world is watched is no reason to say that it moves by itself.
#[test]
fn what_somebody_does_in_the_window_is_not_held_against_it() {
    let late = format!("{SERVED}when \"platform heartbeat gw1 1 ws.ping #2\" undeploy petstore gw1\n");
    let ended = outcome(&late, "as-merged");
    let since_us = ended.evidence.rest.as_ref().map(|rest| rest.since_us);
    assert!(since_us > ended.steps[4].ended_us, "{since_us:?} {:?}", ended.steps[4]);
    assert_eq!(status(&ended), State::Undeployed);
    assert_eq!(ended.verdict("rest-is-lasting"), Verdict::Held);
}

/// A peer that vanished without a word is noticed in the window at the earliest, and that is no rest.
#[test]
fn a_world_that_never_stays_at_rest_is_a_violation_and_nothing_else_is_judged_there() {
    let ended = outcome(&format!("set world settle.limit=2min\n{SERVED}"), "pings-are-no-sign-of-life");
    assert_eq!(ended.verdict("comes-to-rest"), Verdict::Violated);
    assert_eq!(ended.verdict("rest-is-lasting"), Verdict::Stalled);
    assert_eq!(ended.verdict("status-tells-the-truth"), Verdict::Stalled);
    assert_eq!(ended.verdict("what-is-held-is-not-fetched-again"), Verdict::Vacuous);
    assert!(ended.stall.as_deref().is_some_and(|stall| stall.ends_with("connections come and go")));
}
