//! Faults on links, each between two bare machines: what arrives when, and what is as before after its end.
//!
//! Every way takes a millisecond. `a` and `b` have a connection from the third millisecond on; at each whole
//! second `a` writes two bytes with the number of that second to `b`, which says so when it has read it. In the second play
//! `a` makes a new connection at each whole second instead, and says what came of it.

use std::time::Duration;

use driftless::fault::{Effect, Fault, Moment, Window};
use driftless::settings::WorldSettings;
use driftless::stage::{Part, Stage};
use driftless_model::cx::{At, Cx};
use driftless_model::settings::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The fault that a script says so, after the word `fault`.
fn fault(text: &str) -> Fault {
    // What stands in quotes is one word.
    let mut words: Vec<String> = vec![String::new()];
    for (quoted, part) in text.split('"').enumerate().map(|(n, part)| (n % 2 == 1, part)) {
        for (n, piece) in part.split(|c| c == ' ' && !quoted).enumerate() {
            if n > 0 {
                words.push(String::new());
            }
            words.last_mut().expect("there is a first").push_str(piece);
        }
    }
    let given = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let moment = |name| given(name).map(|text| Moment::read(text).expect("a moment"));
    let time = |name| given(name).map(|text| Duration::read(text).expect("a time"));
    let window =
        Window { from: moment("from"), until: moment("until"), for_: time("for"), dwell: time("dwell") };
    assert_eq!(window.wrong(), None, "{text}");
    let effect = Effect::read(&words[1], given).expect("an effect");
    Fault { target: words[0].parse().expect("a target"), effect, window }
}

fn play(faults: &[&str], seconds: u64, cast: Vec<(&str, Part)>) -> Vec<String> {
    let mut settings = WorldSettings::default();
    settings.set("latency.link.min", "1ms").expect("a setting");
    settings.set("latency.link.max", "1ms").expect("a setting");
    let stage = Stage::new(&settings);
    faults.iter().for_each(|text| stage.fault(fault(text)));
    stage.play(Duration::from_secs(seconds), cast);
    assert_eq!(stage.panics(), Vec::<String>::new());
    stage.said()
}

/// Waits for a second of the play.
async fn second(cx: &Cx, n: u64) {
    cx.sleep(Duration::from_secs(n).saturating_sub(cx.uptime())).await;
}

/// What is said in eight seconds and some, without the unit, while `a` writes every second.
fn talk(faults: &[&str]) -> Vec<String> {
    let a: Part = Box::new(|stage, cx| {
        Box::pin(async move {
            let mut connection = cx.connect("b").await.expect("b listens");
            for n in 1..=8 {
                second(&cx, n.into()).await;
                let _ = cx.cross(At::site("step.begin"), |_, _| ()).await;
                if let Err(e) = connection.stream.write_all(&[0, n]).await {
                    stage.say(format!("a: {e}"));
                    break;
                }
            }
            std::future::pending::<()>().await;
        })
    });
    let b: Part = Box::new(|stage, cx| {
        Box::pin(async move {
            let mut port = cx.listen().await.expect("the port is free");
            let mut connection = port.accept().await.expect("a dials");
            loop {
                let mut bytes = [0; 8];
                match connection.stream.read(&mut bytes).await {
                    Ok(0) => break stage.say("end"),
                    Ok(n) => bytes[..n]
                        .iter()
                        .filter(|byte| **byte > 0)
                        .for_each(|byte| stage.say(byte.to_string())),
                    Err(e) => break stage.say(e.to_string()),
                }
            }
            std::future::pending::<()>().await;
        })
    });
    said(play(faults, 14, vec![("a", a), ("b", b)]))
}

/// What is said while `a` dials every second, each time it is answered or given up.
fn dials(faults: &[&str]) -> Vec<String> {
    let a: Part = Box::new(|stage, cx| {
        Box::pin(async move {
            for n in 1..=6 {
                let stage = stage.clone();
                cx.spawn(format!("dial {n}"), move |cx| async move {
                    second(&cx, n).await;
                    let words = match cx.timeout(Duration::from_secs(4), cx.connect("b")).await {
                        Some(Ok(_)) => "connected".to_owned(),
                        Some(Err(e)) => e.to_string(),
                        None => "given up".to_owned(),
                    };
                    stage.say(format!("{n} {words}"));
                });
            }
            std::future::pending::<()>().await;
        })
    });
    let b: Part = Box::new(|_, cx| {
        Box::pin(async move {
            let mut port = cx.listen().await.expect("the port is free");
            loop {
                drop(port.accept().await.expect("an open port accepts"));
            }
        })
    });
    said(play(faults, 14, vec![("a", a), ("b", b)]))
}

fn said(said: Vec<String>) -> Vec<String> {
    said.iter().map(|line| line.replace(" ms", "")).collect()
}

fn sorted(mut said: Vec<String>) -> Vec<String> {
    said.sort();
    said
}

/// The lines without a fault, but for these in the place of those of the second and the third second.
fn but(second_and_third: &[&str]) -> Vec<String> {
    let middle = second_and_third.iter().map(|line| (*line).to_owned());
    let calm = |n: u64| format!("{}001 {n}", n);
    std::iter::once(calm(1)).chain(middle).chain((4..=8).map(calm)).collect()
}

#[test]
fn without_a_fault_everything_arrives_after_a_millisecond() {
    assert_eq!(talk(&[]), but(&["2001 2", "3001 3"]));
    let connected: Vec<_> = (1..=6).map(|n| format!("{n}002 {n} connected")).collect();
    assert_eq!(dials(&[]), connected);
}

#[test]
fn a_cut_is_over_with_the_next_repetition_after_it() {
    // What was due at 2001 is sent again 200, 600, 1400 and 3000 ms later, and the rest waits behind it.
    let late = ["1001 1", "5001 2", "5001 3", "5001 4", "5001 5", "6001 6", "7001 7", "8001 8"];
    for link in ["a->b", "a<->b", "b<->a", "a->*", "*->b", "a<->*", "*<->b", "a,c->b", "a->c,b"] {
        assert_eq!(talk(&[&format!("{link} cut from=1500ms for=2s")]), late, "{link}");
    }
    for link in ["b->a", "c->b", "a->c", "*->a", "c<->*", "a,b->*"] {
        assert_eq!(talk(&[&format!("{link} cut from=1500ms for=2s")]), but(&["2001 2", "3001 3"]), "{link}");
    }
}

#[test]
fn a_dial_goes_through_a_cut_that_ends_in_time() {
    // The dial of 2000 is due at 2001 and again at 3001 and 5001, that of 3000 at 3001 and 4001. Where the way
    // back is cut it is the answers that are due a millisecond later, and again at the same distances.
    let lines = [
        "1002 1 connected",
        "4002 3 connected",
        "4002 4 connected",
        "5002 2 connected",
        "5002 5 connected",
        "6002 6 connected",
    ];
    for link in ["a->b", "b->a", "a<->b"] {
        assert_eq!(sorted(dials(&[&format!("{link} cut from=1500ms for=2s")])), lines, "{link}");
    }
}

#[test]
fn a_slow_link_holds_up_what_is_sent_while_it_is() {
    assert_eq!(talk(&["a->b slow by=300ms from=1500ms for=2s"]), but(&["2301 2", "3301 3"]));
    assert_eq!(talk(&["b->a slow by=300ms from=1500ms for=2s"]), but(&["2001 2", "3001 3"]));
    // Its end sets free what it still holds up.
    assert_eq!(talk(&["a->b slow by=800ms from=1500ms for=2s"]), but(&["2801 2", "3500 3"]));
    let drawn = talk(&["a->b slow by=300ms jitter=100ms from=1500ms for=2s"]);
    let time = |line: &String| line.split(' ').next().and_then(|ms| ms.parse::<u64>().ok()).expect("a time");
    assert!((2302..2401).contains(&time(&drawn[1])) && (3302..3401).contains(&time(&drawn[2])), "{drawn:?}");
    assert_ne!(time(&drawn[1]) + 1000, time(&drawn[2]), "each has its own");
}

#[test]
fn a_lossy_link_repeats_what_it_loses() {
    let all = talk(&["a->b lossy share=100% from=1500ms for=2s"]);
    assert_eq!(all, talk(&["a->b cut from=1500ms for=2s"]), "to lose everything is a cut");
    let some = talk(&["a->b lossy share=40% from=1500ms for=6s"]);
    let numbers: Vec<_> = some.iter().map(|line| line.split(' ').next_back().unwrap_or_default()).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6", "7", "8"], "none is lost for good, none overtakes");
    let late = some.iter().filter(|line| !line.contains("001 ")).count();
    assert!((1..6).contains(&late), "some are late and some are not: {some:?}");
}

#[test]
fn a_hold_lets_everything_go_at_once() {
    assert_eq!(talk(&["a->b hold from=1500ms for=2s"]), but(&["3500 2", "3500 3"]));
    // A dial that is held is neither repeated nor given up; its answer comes a way later.
    let said = sorted(dials(&["a->b hold from=1500ms for=2s"]));
    assert_eq!(said[1..4], ["3501 2 connected", "3501 3 connected", "4002 4 connected"]);
    assert_eq!(
        sorted(dials(&["b->a hold from=1500ms for=2s"]))[1..3],
        ["3500 2 connected", "3500 3 connected"]
    );
}

#[test]
fn a_narrow_link_carries_one_byte_after_the_other() {
    // Two bytes take half a second, or two: those of the third second wait for those of the second. The end sets
    // free what waits.
    assert_eq!(talk(&["a->b narrow rate=4B/s from=1500ms for=2s"]), but(&["2501 2", "3500 3"]));
    let narrow = "a->b narrow rate=1B/s from=1500ms for=3s";
    assert_eq!(
        talk(&[narrow]),
        ["1001 1", "4001 2", "4500 3", "4500 4", "5001 5", "6001 6", "7001 7", "8001 8"]
    );
    let narrow = "a->b narrow rate=1B/s from=1500ms for=5s";
    assert_eq!(
        talk(&[narrow]),
        ["1001 1", "4001 2", "6001 3", "6500 4", "6500 5", "6500 6", "7001 7", "8001 8"]
    );
    // The narrowest of several decides, and when it has ended the next.
    let said = talk(&[narrow, "a->b narrow rate=20B/s from=1500ms for=7s"]);
    assert_eq!(said[2..], ["6001 3", "6600 4", "6700 5", "6800 6", "7101 7", "8101 8"]);
}

#[test]
fn a_process_that_stands_still_neither_writes_nor_reads_nor_accepts_and_its_machine_does() {
    assert_eq!(talk(&["b pause from=1500ms for=2s"]), but(&["3500 2", "3500 3"]));
    assert_eq!(talk(&["a pause from=1500ms for=2s"]), but(&["3501 2", "3501 3"]));
    // The machine of b answers dials, and b accepts later; the machine of a hears that, and a does later.
    assert_eq!(dials(&["b pause from=1500ms for=2s"]), dials(&[]));
    assert_eq!(dials(&["a pause from=2001ms for=1s"])[..2], ["1002 1 connected", "3001 2 connected"]);
    let accepts: Part = Box::new(|stage, cx| {
        Box::pin(async move {
            let of = stage.clone();
            cx.spawn("stop", move |cx| async move {
                cx.asked_to_stop().await;
                of.say("stopped");
            });
            let mut port = cx.listen().await.expect("the port is free");
            let _connection = port.accept().await.expect("an open port accepts");
            stage.say("accepted");
            std::future::pending::<()>().await;
        })
    });
    let asks: Part = Box::new(|stage, cx| {
        Box::pin(async move {
            second(&cx, 2).await;
            let _connection = cx.connect("b").await.expect("its machine answers");
            stage.say("connected");
            stage.ask_to_stop("b");
            std::future::pending::<()>().await;
        })
    });
    let said = said(play(&["b pause from=1500ms for=2s"], 9, vec![("a", asks), ("b", accepts)]));
    assert_eq!(sorted(said), ["2002 connected", "3500 accepted", "3500 stopped"]);
}

#[test]
fn a_link_that_refuses_or_ignores_dials_carries_what_is_there() {
    for effect in ["refuse", "ignore-dials"] {
        assert_eq!(talk(&[&format!("a->b {effect} from=1500ms for=2s")]), but(&["2001 2", "3001 3"]));
    }
    let refused = dials(&["a->b refuse from=1500ms for=2s"]);
    assert_eq!(refused[1..4], ["2002 2 connection refused", "3002 3 connection refused", "4002 4 connected"]);
    // Dialled again at 3001 and 5001, and at 4001.
    let ignored = sorted(dials(&["a->b ignore-dials from=1500ms for=2s"]));
    assert_eq!(
        ignored[1..],
        ["4002 3 connected", "4002 4 connected", "5002 2 connected", "5002 5 connected", "6002 6 connected"]
    );
    let given_up = dials(&["a->b ignore-dials from=1500ms"]);
    assert_eq!(given_up[1..3], ["6000 2 given up", "7000 3 given up"]);
}

#[test]
fn a_reset_ends_every_connection_and_no_later_one() {
    for link in ["a->b", "b->a", "a<->*"] {
        let said = talk(&[&format!("{link} reset from=1500ms")]);
        assert_eq!(said, ["1001 1", "1500 connection reset by peer", "2000 a: connection reset by peer"]);
    }
    assert_eq!(talk(&["c->b reset from=1500ms"]), but(&["2001 2", "3001 3"]));
    // In the midst of a handshake, at each of its ways.
    for time in ["2000500us", "2001500us", "2002500us"] {
        let said = dials(&[&format!("a->b reset from={time}")]);
        let second = if time == "2002500us" { "2002 2 connected" } else { "2 connection reset by peer" };
        assert!(said[1].ends_with(second), "{time}: {said:?}");
        assert_eq!((said.len(), said[2].as_str()), (6, "3002 3 connected"), "{time}");
    }
}

#[test]
fn a_half_open_connection_is_reset_when_it_is_used_after_the_end() {
    // The bytes of two seconds are gone. Those of the fourth arrive where they make no sense.
    let said = talk(&["a->b half-open from=1500ms for=2s"]);
    assert_eq!(said, ["1001 1", "4001 connection reset by peer", "5000 a: connection reset by peer"]);
    // Nothing was lost that way, so nothing is amiss.
    assert_eq!(talk(&["b->a half-open from=1500ms for=2s"]), but(&["2001 2", "3001 3"]));
    // A dial is repeated until it is answered, whichever way is open.
    for link in ["a->b", "b->a"] {
        let said = sorted(dials(&[&format!("{link} half-open from=1500ms for=2s")]));
        assert_eq!(said[1..4], ["4002 3 connected", "4002 4 connected", "5002 2 connected"], "{link}");
    }
}

#[test]
fn delays_add_up_and_the_first_that_does_not_let_it_pass_decides() {
    let slow = ["a->b slow by=300ms from=1500ms for=2s", "a->b slow by=200ms from=1500ms for=2s"];
    assert_eq!(talk(&slow), but(&["2501 2", "3500 3"]));
    // One of them ends, and the other is still at work.
    let slow = ["a->b slow by=300ms from=1500ms for=1700ms", "a->b slow by=500ms from=1500ms for=3s"];
    assert_eq!(talk(&slow), ["1001 1", "2801 2", "3501 3", "4500 4", "5001 5", "6001 6", "7001 7", "8001 8"]);
    let (cut, hold) = ("a->b cut from=1500ms for=2s", "a->b hold from=1500ms for=2s");
    assert_eq!(talk(&[cut, hold]), talk(&[cut]));
    assert_eq!(talk(&[hold, cut]), talk(&[hold]));
    // Held until 3500 by the one, and then until 4500 by the other.
    let said = talk(&[hold, "a->b hold from=2500ms for=2s"]);
    assert_eq!(said, ["1001 1", "4500 2", "4500 3", "4500 4", "5001 5", "6001 6", "7001 7", "8001 8"]);
    let said = talk(&[cut, "a->b cut from=3s for=3s"]);
    assert_eq!(said, ["1001 1", "8201 2", "8201 3", "8201 4", "8201 5", "8201 6", "8201 7", "8201 8"]);
}

#[test]
fn a_window_opens_and_closes_at_crossings() {
    // Open for the crossing of the second second already, and not any more for that of the fourth.
    let (second, fourth) = ("\"a play step.begin #2\"", "\"a play step.begin #4\"");
    let said = talk(&[&format!("a->b hold from={second} until={fourth}")]);
    assert_eq!(said[..4], ["1001 1", "4000 2", "4000 3", "4001 4"]);
    // What closes it at once doesn't before it has dwelt.
    let third = "\"a play step.begin #3\"";
    let said = talk(&[&format!("a->b hold from={second} until={third} dwell=1500ms")]);
    assert_eq!(said[..4], ["1001 1", "3500 2", "3500 3", "4001 4"]);
    let said = talk(&[&format!("a->b hold from={second} until={third} dwell=500ms")]);
    assert_eq!(said[..4], ["1001 1", "3000 2", "3001 3", "4001 4"]);
    let said = talk(&[&format!("a->b hold from={second} for=1200ms")]);
    assert_eq!(said[..4], ["1001 1", "3200 2", "3200 3", "4001 4"]);
    let said = talk(&[&format!("a->b hold from=1500ms until={third}")]);
    assert_eq!(said[..4], ["1001 1", "3000 2", "3001 3", "4001 4"]);
    // From the beginning to the end of the play.
    assert_eq!(talk(&["a->b hold until=never"]), Vec::<String>::new());
}
