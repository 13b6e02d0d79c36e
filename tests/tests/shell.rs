//! The shell: sessions as data, what is typed with a snapshot of what is shown, and what holds in all of them.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use driftless::history::Crossing;
use driftless::plan::{Choice, Plan, Step};
use driftless::run::run_until;
use driftless::shell::Shell;
use driftless::stopped::Until;
use driftless::{Verdict, run};
use driftless_tests::{program, root, scenarios, script};

const LIVE: &str = "scenarios/issue-1/live-rest-api";

/// What the user does who meets issue 1.
const ISSUE_1: &str = "platform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\n\
                       undeploy petstore gw1\ndelete-deployment petstore gw1\ndelete petstore\n";

fn before_fix() -> Vec<Choice> {
    vec![Choice::Design("before-fix".into())]
}

fn empty() -> Plan {
    Plan::default()
}

/// Types a session and writes down what is shown. A line that is wrong must change nothing.
fn session(shell: &mut Shell, typed: &str) -> String {
    let mut shown = String::new();
    for line in typed.lines() {
        let before = (shell.plan().clone(), shell.now());
        let answer = shell.enter(line);
        shown.push_str(&format!("> {line}\n"));
        answer.lines.iter().for_each(|line| shown.push_str(&format!("{line}\n")));
        if let Some(wrong) = answer.wrong {
            shown.push_str(&format!("{wrong}\n"));
            assert_eq!(
                before,
                (shell.plan().clone(), shell.now()),
                "a wrong line changed something:\n{shown}"
            );
        }
    }
    shown
}

/// Types a session into a shell that begins with this plan, and compares what is shown.
fn check(name: &str, plan: Plan, manner: Vec<Choice>, typed: &str) -> Shell {
    let mut shell = Shell::new(plan, manner).expect("the plan runs");
    let shown = session(&mut shell, typed);
    insta::assert_snapshot!(name, shown);
    shell
}

#[test]
fn a_defect_is_found_by_typing() {
    let typed = format!("{ISSUE_1}look gw1\nverdicts\nwhy deletes-reach-every-gateway\nscript\nquit\n");
    let shell = check("a_defect_is_found_by_typing", empty(), before_fix(), &typed);
    let outcome = run(shell.plan()).expect("it runs");
    assert_eq!(outcome.verdict("deletes-reach-every-gateway"), Verdict::Violated);
}

#[test]
fn a_run_stops_in_its_midst_and_goes_another_way() {
    let typed = "step 3\nto \"gw1 sync http.deployments\"\npending\nhistory 2\nlook gw1\nto 2s\n\
                 to \"platform ws.send\"\ndelete petstore\nprobe gw1 petstore\nscript\nstep 2\nundo\nwhy\n\
                 verdicts\nto 1s\nrun\n";
    check("a_run_stops_in_its_midst_and_goes_another_way", script(LIVE).plan, Vec::new(), typed);
}

#[test]
fn beyond_the_last_step_time_passes_by_waiting() {
    let typed = "platform\ngateway gw1\nto 20s\ncrash gw1\nrestart gw1\n\
                 to \"gw1@2 poll hub.poll\"\ncreate rest-api petstore\nrun\n\
                 create rest-api users\nscript\nstep\n";
    check("beyond_the_last_step_time_passes_by_waiting", empty(), Vec::new(), typed);
}

#[test]
fn what_holds_for_a_node_is_said_before_it_comes_and_faults_whenever() {
    let typed = "set gw1 event_hub.poll_interval=500ms\ndecision gw1 orphans=delete\nscript\nplatform\n\
                 gateway gw1\nscript\nset gw1 event_hub.poll_interval=1s\nseed 7\n\
                 fault \"gw1 sync http.deployments\" fail\nscript\n\
                 undo\nundo\nundo\nundo\nundo\nundo\nscript\n";
    let name = "what_holds_for_a_node_is_said_before_it_comes_and_faults_whenever";
    check(name, empty(), Vec::new(), typed);
}

#[test]
fn slips_are_told_with_their_place_and_change_nothing() {
    let typed = "deploy petstore gw1\nformat 2\nformat 1\n# a remark\nplatfrm\nfly\n---\n\"x\n[12s\n\
                 [with] heal\nto\nto nowhere\nto \"gw9 sync http.deployments\"\n\
                 to \"user http.deploymnts\"\nto \"user sync\"\nto 9999h\nstep 0\nstep 1 2\nhistory x\n\
                 why nothing\nwhy \"user http.connect\"\nlook\nlook gw1\nundo\nsave\nsave /nowhere/script\n\
                 run now\nhelp fly\nset gw1 poll=1s\ndesign gw1 before-fx\n\
                 fault \"gw1 sync http.deployments\" delay\nplatform\nplatform\n  \tgateway gw1\n\
                 deploy petstore gw1\nto 1s\ndeploy petstore gw1\nto \"user life.start\"\n\
                 [99999999999999999999h] heal\n";
    check("slips_are_told_with_their_place_and_change_nothing", empty(), Vec::new(), typed);
}

#[test]
fn help_names_every_command() {
    check("help_names_every_command", empty(), Vec::new(), "help\nhelp to\nhelp deploy\n");
}

#[test]
fn verdicts_are_those_of_a_run_that_ends_here() {
    let typed = "to \"gw1 hub.publish\"\nverdicts\nto \"user delete petstore 1 step.begin\"\nverdicts\nwhy\n";
    let name = "verdicts_are_those_of_a_run_that_ends_here";
    check(name, script(LIVE).plan, before_fix(), typed);
}

/// What a run mends at its end stays as it is where the shell stands, before and after somebody asked.
#[test]
fn nothing_is_mended_where_the_shell_stands() {
    let typed = "platform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\n\
                 fault \"gw1\" pause from=4500ms\npartition gw1 platform\ndelete petstore\nto 10s\nlook gw1\n\
                 verdicts\nlook gw1\nheal\nrun\nto 2min\nlook gw1\n";
    check("nothing_is_mended_where_the_shell_stands", empty(), Vec::new(), typed);
}

/// The shell takes every command of scripts, each where it may stand. What waits for its node comes with it, so
/// that the order among settings of several nodes, and among faults of several, is that of the nodes.
#[test]
fn a_scenario_typed_command_by_command_is_the_same_plan() {
    let with_headers = |path: &String| {
        ["scenarios/faults/", "scenarios/gateway/", "scenarios/platform/"]
            .iter()
            .any(|of| path.starts_with(of))
    };
    for path in scenarios().iter().filter(|path| with_headers(path)) {
        let plan = script(path).plan;
        let mut shell = Shell::new(empty(), Vec::new()).expect("it runs");
        for line in plan.to_script().lines().filter(|line| *line != "---") {
            assert_eq!(shell.enter(line).wrong, None, "{path}: {line}");
        }
        assert_eq!(in_one_order(shell.plan().clone()), in_one_order(plan), "{path}");
    }
}

fn in_one_order(mut plan: Plan) -> Plan {
    plan.settings.sort();
    plan.faults.sort_by_key(ToString::to_string);
    plan
}

/// Wherever a run stops, it is the beginning of the whole run; and a step that is typed there begins there and
/// moves nothing before it. A person's next move takes up to 20 µs, as that of any process does.
#[test]
fn a_step_typed_anywhere_begins_there() {
    for path in scenarios() {
        let plan = script(&path).plan;
        let whole = run(&plan).expect("it runs");
        let whole = whole.evidence.history.crossings();
        let end = run_until(&plan, &Until::Steps).expect("it runs");
        let (crossing, time_us) = (end.crossings().len() / 3, end.now_us / 2);
        // The shell begins where the user is there and the first faults have begun, which are crossings too.
        let begun = run_until(&plan, &Until::Time(0)).expect("it runs").crossings().len();
        let by_crossing = (format!("step {}", crossing - begun), Until::Crossing(crossing));
        let by_time = (format!("to {time_us}us"), Until::Time(time_us));
        for (typed, until) in [by_crossing, by_time] {
            let mut shell = Shell::new(plan.clone(), Vec::new()).expect("it runs");
            shell.enter(&typed);
            let stopped = run_until(&plan, &until).expect("it runs");
            let there = stopped.crossings().len();
            assert_eq!(places(stopped.crossings()), places(&whole[..there]), "{path}, {typed}");
            let answer = shell.enter("show platform");
            assert_eq!(answer.wrong, None, "{path}, {typed}");
            let new = |(index, step): &(usize, &Step)| plan.steps.get(*index).is_none_or(|old| old != *step);
            let (index, _) = shell.plan().steps.iter().enumerate().find(new).expect("a step more");
            assert_eq!(shell.plan().steps.len(), plan.steps.len() + 1, "{path}, {typed}");
            let outcome = run(shell.plan()).expect("it runs");
            assert_eq!(
                places(&outcome.evidence.history.crossings()[..there]),
                places(&whole[..there]),
                "{path}"
            );
            let begun_us = outcome.steps[index].begun_us.unwrap_or_default();
            let at_us = if until == Until::Time(time_us) { time_us } else { stopped.now_us };
            assert!((at_us..=at_us + 20).contains(&begun_us), "{path}, {typed}: {begun_us} at {at_us}");
        }
    }
}

/// When and where crossings are.
fn places(crossings: &[Crossing]) -> Vec<String> {
    crossings.iter().map(|crossing| format!("{} {}", crossing.at_us, crossing.address)).collect()
}

fn piped(args: &[&str], typed: &[u8]) -> Output {
    let mut command = Command::new(program());
    command.arg("shell").args(args).current_dir(root());
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut shell = pipes.spawn().expect("the command runs");
    // It may have ended before it reads.
    let _ = shell.stdin.take().expect("it is piped").write_all(typed);
    shell.wait_with_output().expect("it ends")
}

#[test]
fn issue_1_is_typed_saved_and_run_to_the_same_verdict() {
    let folder = program().parent().expect("it lies in a folder").join("scratch-shell");
    std::fs::create_dir_all(&folder).expect("the folder of the build is writable");
    let file = folder.join("saved").display().to_string();
    let _ = std::fs::remove_file(&file);
    let typed = format!("{ISSUE_1}verdicts\nsave {file}\nsave {file}\nsave! {file}\n");
    let output = piped(&["--design", "before-fix"], typed.as_bytes());
    let (shown, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{shown}{told}");
    assert!(shown.contains("violated   deletes-reach-every-gateway"), "{shown}");
    assert_eq!(shown.matches("saved: driftless run").count(), 2, "{shown}");
    assert!(told.contains("is there already"), "{told}");

    let saved = std::fs::read_to_string(&file).expect("it was saved");
    let (_, transcript) = saved.split_once("---\n").expect("it has a transcript");
    assert!(
        shown.starts_with(transcript.trim_end()),
        "the script shows\n{transcript}\nand the shell\n{shown}"
    );
    let again = Command::new(program()).args(["run", &file]).current_dir(root()).output().expect("it runs");
    let said = String::from_utf8_lossy(&again.stdout);
    assert_eq!(again.status.code(), Some(1), "{said}");
    assert!(said.contains("violated   deletes-reach-every-gateway"), "{said}");
    assert!(!said.contains("transcript"), "what it showed differs:\n{said}");
    let _ = std::fs::remove_dir_all(&folder);
}

#[test]
fn a_pipe_ends_well_and_an_unreadable_script_does_not() {
    for (args, typed, code) in [
        (&[][..], &b""[..], 0),
        (&[], b"quit\nplatform\n", 0),
        (&[], b"cr\xc3\x28eate\nplat\x00form\n\xff", 0),
        (&[LIVE], b"run", 0),
        (&[LIVE, "--seed", "3", "--decision", "orphans=ask"], b"run\n", 0),
        (&["scenarios/nothing"], b"", 2),
        (&["scenarios/issue-1"], b"", 2),
        (&["--design", "before"], b"", 2),
        (&["--decision", "orphans"], b"", 2),
    ] {
        let output = piped(args, typed);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}\n{told}");
        assert!(!told.contains("panicked"), "{told}");
        assert!(!String::from_utf8_lossy(&output.stdout).contains(" s> "), "a prompt is for people");
    }
}
