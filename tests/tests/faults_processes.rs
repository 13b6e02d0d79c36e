//! Faults on processes and machines: who dies when and is there again when, and what was done by then.

use std::time::Duration;

use driftless::address::Pattern;
use driftless::outcome::Outcome;
use driftless::{Verdict, run};
use driftless_model::cx::Phase;
use driftless_model::settings::Value;
use driftless_tests::parse;

/// A gateway serves an API, and another beside it.
const SERVES: &str = "platform
gateway gw1
gateway gw2
create rest-api petstore
deploy petstore gw1
deploy petstore gw2
settle
";

fn play(faults: &[&str], steps: &str) -> Outcome {
    let faults: String = faults.iter().map(|fault| format!("fault {fault}\n")).collect();
    run(&parse("a play", &format!("format 1\n{faults}{steps}---\n")).plan).expect("the plan runs")
}

/// The births and deaths of a node, each with its time in whole seconds.
fn lives(outcome: &Outcome, node: &str) -> Vec<String> {
    let crossings = outcome.evidence.history.crossings().iter();
    let of = crossings.filter(|c| c.address.node_name() == node && c.address.site.starts_with("life."));
    let line = |c: &driftless::history::Crossing| {
        let what = c.address.site.trim_start_matches("life.");
        format!("{} {what}", Duration::from_secs(c.at_us / 1_000_000).write())
    };
    of.map(line).collect()
}

/// The times in microseconds of the crossings of that address.
fn times(outcome: &Outcome, address: &str) -> Vec<u64> {
    let pattern: Pattern = address.parse().expect("an address");
    let crossings = outcome.evidence.history.crossings().iter();
    let fits = |address: &driftless::address::Address| {
        pattern.fits_each_at(address, address.phase.unwrap_or(Phase::Sent))
            && (address.phase.is_none() || pattern.fits_each_at(address, Phase::Sent))
    };
    crossings.filter(|c| fits(&c.address)).map(|c| c.at_us).collect()
}

fn verdict(outcome: &Outcome, property: &str) -> Verdict {
    let of = outcome.judgements.iter().find(|judgement| judgement.property == property);
    of.expect("a property").verdict
}

#[test]
fn a_process_is_down_while_a_window_is_open() {
    for (fault, expected) in [
        ("\"gw1\" down from=20s for=10s", ["20s crash", "30s start"]),
        ("\"gw1\" down from=20s until=30s", ["20s crash", "30s start"]),
        ("\"gw1\" dark from=20s for=10s", ["20s power-loss", "30s start"]),
    ] {
        let outcome = play(&[fault], SERVES);
        assert_eq!(lives(&outcome, "gw1")[1..], expected, "{fault}");
        assert_eq!(lives(&outcome, "gw2").len(), 1, "{fault}");
        assert_eq!(outcome.stall, None);
    }
    // Without an end it is the heal, once the plan is over.
    let outcome = play(&["\"gw1\" down from=20s"], SERVES);
    let lives = lives(&outcome, "gw1");
    assert_eq!((lives.len(), lives[1].as_str()), (3, "20s crash"));
    assert!(lives[2].ends_with("start"), "{lives:?}");
}

#[test]
fn what_keeps_a_node_down_keeps_it_down() {
    let down = "\"gw1\" down from=20s for=10s";
    // The end of one of several is not the end.
    let outcome = play(&[down, "\"gw1\" dark from=25s for=15s"], SERVES);
    assert_eq!(lives(&outcome, "gw1")[1..], ["20s crash", "40s start"]);
    let outcome = play(&["\"gw1\" dark from=20s for=10s", "\"gw1\" down from=25s for=15s"], SERVES);
    assert_eq!(lives(&outcome, "gw1")[1..], ["20s power-loss", "40s start"]);
    // Neither an operator nor another fault starts it before.
    let outcome = play(&[down], &format!("{SERVES}[22s] restart gw1\n"));
    assert_eq!(lives(&outcome, "gw1")[1..], ["20s crash", "30s start"]);
    let outcome = play(&["\"gw1\" down from=1s for=20s"], SERVES);
    assert_eq!(lives(&outcome, "gw1"), ["21s start"], "nor does its first start");
    let outcome = play(&[down, "\"gw1\" crash-loop every=3s from=18s for=14s"], SERVES);
    assert_eq!(
        lives(&outcome, "gw1")[1..],
        ["18s crash", "18s start", "20s crash", "30s start", "30s crash", "30s start"]
    );
    let crash = "\"gw1 connection ws.pong #*\" crash-before restart=4s";
    let outcome = play(&[crash, "\"gw1\" down from=\"gw1 life.crash\" for=10s"], SERVES);
    let (died, lives) = (times(&outcome, "gw1 life.crash")[0], times(&outcome, "gw1@2 life.start"));
    assert_eq!(lives, [died + 10_000_000]);
}

#[test]
fn a_machine_that_has_power_again_refuses_before_its_process_runs() {
    // In the dark a dial is repeated; once the machine is up it is turned away.
    let faults = ["\"platform\" dark from=20s for=50s", "\"platform\" down from=65s for=60s"];
    let outcome = play(&faults, SERVES);
    let crossings = outcome.evidence.history.crossings();
    let refused = crossings.iter().find(|c| {
        c.record.failed.as_deref().is_some_and(|why| why.contains("refused")) && c.at_us > 70_000_000
    });
    assert!(refused.is_some_and(|c| c.at_us < 125_000_000), "{refused:?}");
    assert_eq!(outcome.stall, None);
}

#[test]
fn a_crash_loop_starts_at_once_whatever_dies() {
    let outcome = play(&["\"gw1\" crash-loop every=4s from=20s for=10s"], SERVES);
    let expected = ["20s crash", "20s start", "24s crash", "24s start", "28s crash", "28s start"];
    assert_eq!(lives(&outcome, "gw1")[1..], expected);
    // A step that kills it between two beats is made good at the next, one after the last at the end.
    let outcome = play(
        &["\"gw1\" crash-loop every=4s from=20s for=10s"],
        &format!("{SERVES}[25s] crash gw1\n[29s] crash gw1\n"),
    );
    let expected = [
        "20s crash",
        "20s start",
        "24s crash",
        "24s start",
        "25s crash",
        "28s start",
        "29s crash",
        "30s start",
    ];
    assert_eq!(lives(&outcome, "gw1")[1..], expected);
    assert_eq!(outcome.stall, None);
}

#[test]
fn a_slow_boot_takes_longer_by_its_steps() {
    let calm = play(&[], SERVES);
    let boots = times(&calm, "gw1 boot boot.*").len() as u64;
    let first = |outcome: &Outcome| {
        let serves = times(outcome, "gw1 boot boot.*");
        serves[serves.len() - 1] - times(outcome, "gw1 life.start")[0]
    };
    let slow = play(&["\"gw1\" slow-boot by=2s"], SERVES);
    assert_eq!(times(&slow, "gw1 boot boot.*").len() as u64, boots);
    assert_eq!(first(&slow), first(&calm) + boots * 2_000_000);
    let other = play(&["\"gw2\" slow-boot by=2s"], SERVES);
    assert_eq!(first(&other), first(&calm));
    let over = play(&["\"gw1\" slow-boot by=2s until=1ms"], SERVES);
    assert_eq!(first(&over), first(&calm));
}

#[test]
fn a_paused_process_does_nothing_and_loses_nothing() {
    // The delete event reaches the machine at once and the process after the pause.
    let steps = format!("{SERVES}delete petstore\nsettle\n");
    let paused = "\"gw1\" pause from=\"user delete petstore 1 http.delete-artifact\" for=8s";
    let outcome = play(&[paused], &steps);
    let began = times(&outcome, "gw1 fault.begin")[0];
    let within = |c: &&driftless::history::Crossing| {
        c.address.node_name() == "gw1" && (began..began + 8_000_000).contains(&c.at_us)
    };
    let done: Vec<_> = outcome.evidence.history.crossings().iter().filter(within).collect();
    assert_eq!(done.len(), 1, "nothing but the line that says so: {done:?}");
    let sent = times(&outcome, "platform request delete petstore 1 ws.send ->gw1 petstore")[0];
    let received = times(&outcome, "platform request delete petstore 1 ws.send ->gw1 petstore received")[0];
    assert!(sent < began + 1_000_000, "the platform can write to it");
    assert!((began + 8_000_000..began + 8_001_000).contains(&received));
    let removed = times(&outcome, "gw1 event api.deleted petstore 1 store.commit-delete petstore");
    assert_eq!(removed.len(), 1);
    assert_eq!(verdict(&outcome, "deletes-reach-every-gateway"), Verdict::Held);
}

#[test]
fn a_pause_that_begins_at_a_crossing_holds_that_crossing() {
    let at = "gw1 event api.deployed petstore 1 hub.publish petstore";
    let steps = SERVES;
    let outcome = play(&[&format!("\"gw1\" pause from=\"{at}\" for=5s")], steps);
    let began = times(&outcome, "gw1 fault.begin")[0];
    assert_eq!(times(&outcome, at), [began + 5_000_000]);
    // And death at a crossing comes before it.
    let outcome = play(&[&format!("\"gw1\" down from=\"{at}\" for=5s")], steps);
    assert_eq!(times(&outcome, at), [0; 0]);
}

#[test]
fn a_process_can_die_while_it_stands_still() {
    // The second life stands still as well until the pause is over.
    let pause = "\"gw1\" pause from=20s for=20s";
    let outcome = play(&[pause, "\"gw1\" down from=25s for=5s"], SERVES);
    assert_eq!(lives(&outcome, "gw1")[1..], ["25s crash", "30s start"]);
    let boots = times(&outcome, "gw1@2 boot boot.*");
    assert!(boots[0] >= 40_000_000 && boots[0] < 41_000_000, "{boots:?}");
    assert_eq!(outcome.stall, None);
    // What its dead tasks waited for isn't waited for by anybody.
    let outcome = play(&["\"gw1\" pause from=8s until=never", "\"gw1\" down from=9s for=5s"], SERVES);
    assert_eq!(outcome.stall, None);
}

#[test]
fn an_orderly_stop_waits_for_the_end_of_a_pause() {
    let outcome = play(&["\"gw1\" pause from=20s for=20s"], &format!("{SERVES}[25s] stop gw1\n"));
    let exits = times(&outcome, "gw1 life.exit");
    assert!(exits[0] >= 40_000_000, "{exits:?}");
}

#[test]
fn two_pauses_are_over_with_the_later() {
    let faults = ["\"gw1\" pause from=20s for=5s", "\"gw1\" pause from=23s for=7s"];
    let outcome = play(&faults, SERVES);
    let crossings = outcome.evidence.history.crossings().iter();
    let next = crossings.filter(|c| {
        c.address.node_name() == "gw1" && c.address.site != "fault.begin" && c.address.site != "fault.end"
    });
    let next = next.map(|c| c.at_us).find(|at| *at > 20_000_000).expect("it goes on");
    assert!((30_000_000..30_100_000).contains(&next), "{next}");
}

#[test]
fn deaths_at_crossings_stand_before_or_after_their_effect() {
    let frame = "platform request deploy petstore gw1 1 ws.send ->gw1 petstore";
    let commit = "gw1 event api.deployed petstore 1 store.commit-upsert petstore";
    let received = format!("{frame} received");
    for (address, node) in [(frame, "platform"), (commit, "gw1")] {
        for death in ["crash", "power-loss"] {
            for moment in ["before", "after"] {
                let fault = format!("\"{address}\" {death}-{moment} restart=7s");
                let outcome = play(&[&fault], SERVES);
                let died = times(&outcome, &format!("{node} life.{death}"))[0];
                assert_eq!(times(&outcome, &format!("{node}@2 life.start")), [died + 7_000_000], "{fault}");
                assert_eq!(times(&outcome, address), [died], "{fault}");
                // The row is there when the next life begins, or the frame arrives.
                let stands = match node {
                    "gw1" => outcome
                        .evidence
                        .history
                        .crossings()
                        .iter()
                        .any(|c| c.address.to_string() == address && !c.record.changes.is_empty()),
                    _ => !times(&outcome, &received).is_empty(),
                };
                assert_eq!(stands, moment == "after", "{fault}");
                assert_eq!(outcome.stall, None, "{fault}");
            }
        }
    }
}

#[test]
fn a_question_is_asked_before_its_asker_dies_after_it() {
    let steps = "platform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\nsettle\n";
    let asked = "gw1 event api.deployed petstore 1 http.fetch-api petstore";
    for (effect, arrives) in [("crash-before", false), ("crash-after", true), ("power-loss-after", true)] {
        let outcome = play(&[&format!("\"{asked}\" {effect}")], steps);
        let received = times(&outcome, &format!("{asked} received"));
        assert_eq!(!received.is_empty(), arrives, "{effect}");
        assert!(times(&outcome, &format!("{asked} answer-received")).is_empty(), "{effect}");
    }
    // Nobody is there to be asked, on no connection: the asker dies when it learns so.
    let told = "platform request deploy petstore gw1 1 ws.send ->gw1 petstore received";
    let down = format!("\"platform\" down from=\"{told}\" for=20s");
    let later = format!("\"{asked}\" delay by=1s");
    let outcome = play(&[&down, &later, &format!("\"{asked}\" crash-after")], steps);
    assert_eq!(times(&outcome, "gw1 life.crash").len(), 1);
    assert!(times(&outcome, &format!("{asked} answer-received")).is_empty());
}

#[test]
fn what_a_machine_without_power_has_lost_it_does_not_repeat() {
    // The event is lost over a cut that outlives the platform's power: nothing sends it again.
    let steps = format!("{SERVES}delete petstore\nsettle\n");
    let sent = "platform request delete petstore 1 ws.send ->gw1 petstore";
    let cut = "\"platform->gw1\" cut from=\"user delete petstore 1 http.delete-artifact\" for=3s";
    let arrives = |faults: &[&str]| !times(&play(faults, &steps), &format!("{sent} received")).is_empty();
    assert!(arrives(&[cut]));
    let written = "platform request delete petstore 1 ws.written ->gw1";
    let lost = format!("\"{written}\" delay by=1s");
    let dark = format!("\"{written}\" power-loss-before restart=500ms");
    assert!(arrives(&[cut, &lost]));
    assert!(!arrives(&[cut, &lost, &dark]), "it is up again before the next repetition");
    let dark = format!("\"{sent}\" power-loss-after restart=50ms");
    assert!(arrives(&[&dark]) && !arrives(&[cut, &dark]), "it was on its way, and is lost");
}

#[test]
fn an_answer_is_given_before_its_giver_dies_after_it() {
    let steps = "platform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\nsettle\n";
    let asked = "gw1 event api.deployed petstore 1 http.fetch-api petstore";
    for (effect, arrives) in [("crash-before", false), ("crash-after", true)] {
        let outcome = play(&[&format!("\"{asked} answered\" {effect} restart=1s")], steps);
        assert_eq!(times(&outcome, "platform life.crash").len(), 1, "{effect}");
        let crossings = outcome.evidence.history.crossings().iter();
        let heard = crossings
            .filter(|c| c.address.site == "http.fetch-api" && c.address.phase == Some(Phase::AnswerReceived));
        let heard = heard.map(|c| c.record.status).next().flatten();
        assert_eq!(heard == Some(200), arrives, "{effect}");
    }
}

#[test]
fn whoever_is_never_healed_keeps_nobody_waiting_and_is_not_judged() {
    let steps = format!("{SERVES}delete petstore\nsettle\n");
    for fault in [
        "\"gw2\" down from=20s until=never",
        "\"gw2\" dark from=20s until=never",
        "\"gw2\" pause from=20s until=never",
        "\"gw2\" crash-loop every=5s from=20s until=never",
        "\"gw2<->platform\" cut from=20s until=never",
        "\"platform->gw2\" cut from=20s until=never",
        "\"gw2->*\" hold from=20s until=never",
        "\"gw2->platform\" refuse from=20s until=never",
        "\"gw2<->*\" half-open from=20s until=never",
    ] {
        let outcome = play(&[fault], &steps);
        assert_eq!(outcome.stall, None, "{fault}");
        assert!(outcome.lasted_us < 200_000_000, "{fault}: rest came after {} us", outcome.lasted_us);
        assert_eq!(verdict(&outcome, "deletes-reach-every-gateway"), Verdict::Held, "{fault}");
        // The other one is judged all the same.
        let lost = "\"platform request delete petstore 1 ws.send ->gw1 petstore\" lose";
        let outcome = play(&[fault, lost], &steps);
        let judged = outcome.judgements.iter().find(|j| j.property == "deletes-reach-every-gateway");
        let blamed: Vec<_> = judged.expect("a property").violations.iter().map(|v| v.node.as_str()).collect();
        assert_eq!(blamed, ["gw1"], "{fault}");
    }
    // With the platform nobody gets anywhere, and nobody is blamed.
    for fault in ["\"platform\" down from=60s until=never", "\"platform<->*\" cut from=60s until=never"] {
        let outcome = play(&[fault], &format!("{SERVES}create rest-api bookshop\nsettle\n"));
        assert_eq!(outcome.stall, None, "{fault}");
    }
}

#[test]
fn the_heal_ends_what_is_open_and_waits_for_nothing_that_is_over() {
    for fault in [
        "\"gw1\" down from=20s for=10h",
        "\"gw1\" pause from=20s until=10h",
        "\"gw1\" crash-loop every=3h from=20s for=10h",
        "\"gw1<->platform\" cut from=20s for=10h",
        "\"gw1<->platform\" narrow rate=1B/s from=20s for=10h",
        "\"gw1<->platform\" slow by=5h from=20s for=10h",
        "\"gw1 connection ws.pong #*\" crash-before restart=10h",
    ] {
        // The plan is over at 40 s; nothing in it waits for rest.
        let steps = SERVES.replace("settle\n", "[40s] probe gw2 petstore\n");
        let outcome = play(&[fault], &steps);
        assert_eq!(outcome.stall, None, "{fault}");
        assert!(outcome.lasted_us < 400_000_000, "{fault}: rest came after {} us", outcome.lasted_us);
        assert!(outcome.faults[0].is_some(), "{fault} is reached");
    }
}

#[test]
fn rest_in_the_middle_of_a_plan_waits_for_windows_that_have_an_end() {
    let outcome = play(&["\"gw1\" down from=5s for=30min"], SERVES);
    assert_eq!((lives(&outcome, "gw1").len(), outcome.stall.as_deref()), (3, None));
    assert!(outcome.lasted_us > 1_800_000_000, "the step `settle` comes to its end after the window");
    let shown = outcome.steps.last().expect("it settles");
    assert!(shown.lines.is_empty(), "{:?}", shown.lines);
}
