//! Wall clocks that are off: what a process reads from its own, second by second, and that timers don't mind.

use super::*;
use crate::script::Script;

/// The faults of these lines of a script.
pub(super) fn faults(lines: &str) -> Vec<crate::fault::Fault> {
    let script = Script::parse("faults", &format!("format 1\n{lines}\nplatform\ngateway gw1\n---\n"));
    script.unwrap_or_else(|errors| panic!("{errors:?}")).plan.faults
}

/// What `platform` and `gw1` read from their clocks every ten seconds while these faults are at work.
fn walls(lines: &str) -> Vec<String> {
    let stage = Stage::new(&WorldSettings::default());
    let reads: Play = |stage, cx| {
        Box::pin(async move {
            for _ in 0..4 {
                let wall = cx.wall();
                stage.say(format!("{} {}", cx.node(), wall.format("%H:%M:%S%:z")));
                cx.sleep(Duration::from_secs(10)).await;
            }
        })
    };
    for fault in faults(lines) {
        stage.fault(fault);
    }
    let cast: Vec<(&str, crate::stage::Part)> = vec![("platform", Box::new(reads)), ("gw1", Box::new(reads))];
    stage.play(Duration::from_secs(40), cast);
    let of = |node: &'static str| {
        let mut said = stage.said();
        said.retain(|line| line.contains(node));
        said
    };
    // Timers go by the true time, whatever the clock on the wall shows.
    let true_times = ["0 ms", "10000 ms", "20000 ms", "30000 ms"];
    for (line, time) in of("platform").iter().zip(true_times) {
        assert!(line.starts_with(&format!("{time} ")), "{line}");
    }
    let others: Vec<_> =
        of("gw1").iter().map(|line| line.split(' ').next_back().unwrap().to_owned()).collect();
    assert_eq!(others, ["00:00:00+00:00", "00:00:10+00:00", "00:00:20+00:00", "00:00:30+00:00"]);
    of("platform").iter().map(|line| line.split(' ').next_back().unwrap().replace("+00:00", "")).collect()
}

#[test]
fn a_wall_clock_is_off_while_a_window_is_open_and_right_again_after_it() {
    // Read at 0, 10, 20 and 30 s.
    let cases = [
        ("clock-offset by=\"+1h\"", ["01:00:00", "01:00:10", "01:00:20", "01:00:30"]),
        ("clock-offset by=\"-5s\" from=5s until=25s", ["00:00:00", "00:00:05", "00:00:15", "00:00:30"]),
        ("clock-drift ppm=\"+100000\" from=10s for=15s", ["00:00:00", "00:00:10", "00:00:21", "00:00:30"]),
        ("clock-drift ppm=\"-500000\"", ["00:00:00", "00:00:05", "00:00:10", "00:00:15"]),
        ("clock-stop from=5s until=25s", ["00:00:00", "00:00:05", "00:00:05", "00:00:30"]),
        (
            "utc-offset to=\"+05:30\" from=5s until=25s",
            ["00:00:00", "05:30:10+05:30", "05:30:20+05:30", "00:00:30"],
        ),
    ];
    for (fault, expected) in cases {
        assert_eq!(walls(&format!("fault \"platform\" {fault}")), expected, "{fault}");
    }
}

#[test]
fn what_is_wrong_with_a_clock_adds_up() {
    let both =
        "fault \"platform\" clock-offset by=\"+1min\"\nfault \"platform\" clock-stop from=5s until=15s";
    assert_eq!(walls(both), ["00:01:00", "00:01:05", "00:01:20", "00:01:30"]);
    let three = "fault \"platform\" clock-offset by=\"+1min\"\nfault \"platform\" clock-drift ppm=\"+100000\"\n\
                 fault \"platform\" utc-offset to=\"-01:00\"";
    let expected = ["23:01:00-01:00", "23:01:11-01:00", "23:01:22-01:00", "23:01:33-01:00"];
    assert_eq!(walls(three), expected);
}
