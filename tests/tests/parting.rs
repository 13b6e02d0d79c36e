//! Where two runs part, and how much comes of it: pairs of plans, and the first crossing of theirs that differs.

use driftless::parting::{self, Bite};
use driftless::{Outcome, run};
use driftless_tests::{TWO_GATEWAYS as BASE, parse};

fn with(line: &str) -> Outcome {
    run_text(&BASE.replace("format 1\n", &format!("format 1\n{line}\n")))
}

fn run_text(text: &str) -> Outcome {
    run(&parse("test", text).plan).expect("the plan runs")
}

/// In what two runs part, where in the one or the other, what the other does instead, and how deep it goes.
fn parted(a: &Outcome, b: &Outcome) -> String {
    let bite = parting::bite(a, b);
    let Some(at) = parting::first(a, b) else { return bite.to_string() };
    let address = |of: &Outcome, id| of.evidence.history.get(id).map(|c| c.address.to_string());
    let in_a = at.a.and_then(|id| address(a, id));
    let in_b = at.b.and_then(|id| address(b, id));
    let instead = at.instead.and_then(|id| if in_a.is_some() { address(b, id) } else { address(a, id) });
    let instead = instead.map(|instead| format!(" | {instead}")).unwrap_or_default();
    let at_what = in_a.or(in_b).unwrap_or_default();
    format!("{bite} {:?} {at_what}{instead}", at.difference)
}

/// A line more in the header, and what comes of it.
#[test]
fn two_runs_of_one_script_part_where_the_line_begins_to_matter() {
    let base = run_text(BASE);
    for (line, expected) in [
        // Every instant moves, and with it the number of polls of the whole run; nothing else happens.
        ("set world pace=3s", "timing Time user gateway gw1 1 step.begin"),
        (
            "set world latency.link.max=3ms",
            "timing Time user platform 1 http.create-organisation acme received",
        ),
        // Secrets and identifiers are others, and are not what anybody said.
        ("seed 9", "timing Time user platform 1 step.begin"),
        // The platform takes the gateway for dead when the next ping is due, and closes the connection.
        (
            "fault \"gw1 connection ws.pong #20\" lose",
            "path OnlyInB platform heartbeat gw1 1 memory.registry-load gw1 | platform heartbeat gw1 1 ws.ping ->gw1 #2",
        ),
        // It is never reached.
        ("fault \"gw1@9 connection ws.pong\" fail", "nothing"),
        ("set gw1 event_hub.poll_interval=7s", "path OnlyInA gw1 poll hub.poll #19"),
        (
            "fault \"user delete petstore 1 http.delete-artifact\" lose",
            "path Answer user delete petstore 1 http.delete-artifact petstore answered",
        ),
        (
            "fault \"gw1 event api.deployed petstore 1 hub.publish\" crash-after",
            "path OnlyInB gw1 life.crash",
        ),
        (
            "fault \"gw1 event api.deleted petstore 1 hub.publish\" fail",
            "verdict Failure gw1 event api.deleted petstore 1 hub.publish petstore",
        ),
        (
            "fault \"platform request delete petstore 1 ws.send ->gw1\" lose",
            "verdict OnlyInA platform request delete petstore 1 ws.written ->gw1",
        ),
        // A gateway without a copy doesn't miss what it is told of it.
        (
            "fault \"platform request delete petstore 1 ws.send ->gw2\" lose",
            "path OnlyInA platform request delete petstore 1 ws.written ->gw2 | platform request delete petstore 1 memory.registry-lookup gw1",
        ),
    ] {
        assert_eq!(parted(&base, &with(line)), expected, "{line}");
    }
}

#[test]
fn a_run_is_equal_to_itself() {
    let (one, other) = (run_text(BASE), run_text(BASE));
    assert_eq!(parting::first(&one, &other), None);
    assert_eq!(parting::bite(&one, &other), Bite::Nothing);
}

/// A step more is a path, and what it leaves behind is a state.
#[test]
fn what_nodes_are_left_with_counts_more_than_how_it_came_about() {
    let text = "format 1\nplatform\ngateway gw1\ncreate rest-api petstore\nsettle\n---\n";
    let more = text.replace("settle", "deploy petstore gw1\nsettle");
    let told = parted(&run_text(text), &run_text(&more));
    assert_eq!(told, "state OnlyInB user deploy petstore gw1 1 step.begin");
}
