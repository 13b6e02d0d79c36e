//! Faults of databases and clocks in whole small plans: who dies of them, what a database holds then, when they end.

use driftless::outcome::Outcome;
use driftless::run;
use driftless_tests::parse;

/// A gateway that serves an API, and what a plan does to it.
fn outcome(header: &str, steps: &str) -> Outcome {
    let script = format!(
        "format 1\n{header}\nplatform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\n{steps}\n---\n"
    );
    run(&parse("test", &script).plan).expect("the plan runs")
}

/// What its looks showed.
fn shown(header: &str, steps: &str) -> Vec<String> {
    let outcome = outcome(header, steps);
    for (fault, struck) in outcome.faults.iter().enumerate() {
        assert!(struck.is_some(), "fault {fault} of\n{header}\nwas never reached");
    }
    outcome.steps.into_iter().flat_map(|step| step.lines).collect()
}

/// The labels of the lives that begin, in order.
fn lives(header: &str, steps: &str) -> Vec<String> {
    let outcome = outcome(header, steps);
    let crossings = outcome.evidence.history.crossings().iter().map(|crossing| &crossing.address);
    let began = crossings.filter(|address| address.site == "life.start");
    began.map(|address| address.node.to_string()).filter(|node| node != "user").collect()
}

/// A look at once after a database was replaced finds what the process hasn't mended yet.
#[test]
fn a_database_is_emptied_or_returns_to_a_snapshot() {
    let changes = "create rest-api orders\n[30s] deploy orders gw1\n[40s] undeploy petstore gw1\n";
    let look = |node: &str| format!("{changes}[60001ms] show {node}");
    let cases = [
        ("\"gw1\" wipe from=60s", "gw1", vec!["nothing"]),
        ("\"gw1\" old-snapshot taken=1s from=60s", "gw1", vec!["nothing"]),
        ("\"gw1\" old-snapshot taken=20s from=60s", "gw1", vec!["row petstore petstore.d1 deployed"]),
        (
            "\"gw1\" old-snapshot taken=35s from=60s",
            "gw1",
            vec!["row orders orders.d1 deployed", "row petstore petstore.d1 deployed"],
        ),
        // What isn't taken yet holds what there is.
        (
            "\"gw1\" old-snapshot taken=70s from=60s",
            "gw1",
            vec!["row orders orders.d1 deployed", "row petstore petstore.d1 undeployed"],
        ),
        ("\"platform\" wipe from=60s", "platform", vec!["nothing"]),
        (
            "\"platform\" old-snapshot taken=20s from=60s",
            "platform",
            vec!["artifact orders", "artifact petstore", "deployment petstore.d1 gw1 DEPLOYED"],
        ),
    ];
    for (fault, node, expected) in cases {
        assert_eq!(shown(&format!("fault {fault}"), &look(node)), expected, "{fault}");
    }
}

#[test]
fn a_wiped_or_restored_gateway_ends_with_what_the_platform_says() {
    for fault in ["wipe from=60s", "old-snapshot taken=20s from=60s", "old-snapshot taken=35s from=60s"] {
        let steps = "create rest-api orders\n[30s] deploy orders gw1\n[40s] delete petstore\nwait 60s\nsettle\nshow gw1";
        let expected = ["row orders orders.d1 deployed", "memory orders deployed", "route orders orders.d1"];
        assert_eq!(shown(&format!("fault \"gw1\" {fault}"), steps), expected, "{fault}");
    }
}

#[test]
fn all_processes_that_share_a_database_die_with_it_and_no_others() {
    let replicas = "set gw1 storage.type=postgres\n";
    for fault in ["\"gw1\" wipe from=60s", "\"gw1/b\" old-snapshot taken=20s from=60s"] {
        let steps = "replica gw1/b\ngateway gw2\n[65s] settle";
        let expected = ["platform", "gw1", "gw1/b", "gw2", "gw1@2", "gw1/b@2"];
        assert_eq!(lives(&format!("{replicas}fault {fault}"), steps), expected, "{fault}");
        // Who doesn't run isn't started.
        let stopped = "replica gw1/b\n[50s] crash gw1/b\n[61s] wait 1s\n[62s] show gw1/b";
        let started = lives(&format!("{replicas}fault {fault}"), stopped);
        assert_eq!(started, ["platform", "gw1", "gw1/b", "gw1@2", "gw1/b@2"], "{fault}");
        let shown = shown(&format!("{replicas}fault {fault}"), stopped);
        assert_eq!(shown.last().map(String::as_str), Some("down"), "{fault}");
    }
    let instances =
        "set platform database.driver=postgres\nfault \"platform\" old-snapshot taken=20s from=60s";
    let expected = ["platform", "gw1", "platform/b", "platform@2", "platform/b@2"];
    assert_eq!(lives(instances, "replica platform/b\n[65s] settle"), expected);
}

/// The row that says that a deployment is undeployed goes with it or stays. If it goes, a gateway that starts doesn't
/// find the artifact in its list, and has to ask.
#[test]
fn foreign_keys_are_off_while_a_window_is_open() {
    let gone = ["artifact petstore"];
    let cases = [
        ("", true),
        ("fault \"platform\" foreign-keys-off from=30s until=60s", false),
        ("fault \"platform\" foreign-keys-off from=45s until=60s", true),
        ("fault \"platform\" foreign-keys-off from=30s for=8s", true),
        // Of two that overlap the end of the first changes nothing.
        (
            "fault \"platform\" foreign-keys-off from=30s until=35s\n\
             fault \"platform\" foreign-keys-off from=33s until=60s",
            false,
        ),
    ];
    for (header, goes) in cases {
        let steps = "undeploy petstore gw1\n[40s] delete-deployment petstore gw1\n[50s] show platform\n[70s] restart gw1\n\
                     settle\nshow gw1";
        let left = ["row petstore petstore.d1 undeployed", "memory petstore undeployed"];
        let expected: Vec<_> = gone.iter().chain(&left).copied().collect();
        let outcome = outcome(header, steps);
        let asked = outcome.evidence.history.crossings().iter();
        let asked = asked.filter(|crossing| crossing.address.site == "http.artifacts-exists").count();
        assert_eq!(asked > 0, goes, "{header}");
        assert_eq!(shown(header, steps), expected, "{header}");
    }
}

/// How often a gateway has taken its connection for dead.
#[test]
fn a_gateway_that_measures_silence_by_its_clock_takes_a_good_connection_for_dead() {
    let cases = [
        ("", 0),
        ("fault \"gw1\" clock-drift ppm=\"+1000000\" from=30s for=2min", 3),
        ("fault \"gw1\" clock-offset by=\"+1min\" from=30s", 1),
        ("fault \"gw1\" clock-offset by=\"+10s\" from=30s", 0),
        // The clock is put right at the end of the window, which is a jump forward.
        ("fault \"gw1\" clock-stop from=30s until=90s", 1),
        ("fault \"platform\" clock-drift ppm=\"+1000000\" from=30s for=2min", 0),
    ];
    for (header, expected) in cases {
        let outcome = outcome(header, "[200s] settle");
        let crossings = outcome.evidence.history.crossings().iter();
        let dead = crossings.filter(|crossing| crossing.address.site == "ws.heartbeat-timeout").count();
        assert_eq!(dead, expected, "{header}");
    }
}
