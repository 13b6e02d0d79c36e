//! Shrinking: how small the two defects of the real system become, that what is left still shows what it is about, and
//! what wrong input is told.

use std::fs;
use std::process::{Command, Output};

use driftless::campaign::Subject;
use driftless::generate::Profile;
use driftless::plan::{Action, Choice, Plan};
use driftless::run;
use driftless::script::Script;
use driftless::shrink::{Budget, Shrunk, aim, shrink};
use driftless_tests::{parse, program, root};
use serde_json::Value;

/// What a test can afford.
const BUDGET: Budget = Budget { runs: 400, seeds: 4, jobs: 2 };

const ISSUE_1: &str = "deletes-reach-every-gateway";
const ISSUE_3: &str = "existing-artifacts-survive";

/// The plans of a campaign that explores the old design.
fn explored(profile: &str) -> impl Iterator<Item = Plan> {
    let profile = Profile::named(profile).expect("a named profile");
    let subject = Subject { design: vec![Choice::Design("before-fix".into())], profile, seed: 1 };
    (0..400).map(move |n| subject.plan(n))
}

/// The first plan explored that violates a property, and holds it as merged.
fn found(profile: &str, property: &str) -> Plan {
    let violates = |plan: &Plan| {
        let outcome = run(plan).expect("a generated plan can be run");
        outcome.violated().any(|judgement| judgement.property == property)
    };
    let merged = |plan: &Plan| {
        let mut plan = plan.clone();
        plan.nodes.iter_mut().for_each(|node| node.design = vec![Choice::Design("as-merged".into())]);
        plan
    };
    explored(profile).find(|plan| violates(plan) && !violates(&merged(plan))).expect("exploration finds it")
}

fn shrunk(plan: &Plan, property: Option<&str>, budget: Budget) -> Shrunk {
    let aim = aim(plan, property).expect("the plan violates it");
    shrink(plan, aim, budget, &|_| ()).expect("it can be shrunk")
}

/// Whether a plan violates a property under a design.
fn violates(plan: &Plan, design: &str, property: &str) -> bool {
    let outcome = run(&plan.under(design)).expect("the plan can be run");
    outcome.violated().any(|judgement| judgement.property == property)
}

/// What is true of every shrunk plan, whatever it was.
fn check(before: &Plan, shrunk: &Shrunk) {
    let script = &shrunk.script;
    let outcome = run(&shrunk.plan).expect("what is left can be run");
    let property = &shrunk.aim.property;
    assert!(outcome.violated().any(|judgement| judgement.property == *property), "{script}");
    assert!(shrunk.after.lines <= shrunk.before.lines + shrunk_expectations(script), "{script}");
    assert!(shrunk.plan.steps.len() <= before.steps.len() + before.faults.len(), "{script}");
    assert!(shrunk.plan.faults.len() <= before.faults.len(), "{script}");
    assert!(shrunk.plan.nodes.len() <= before.nodes.len(), "{script}");
    assert!(shrunk.needed.iter().all(|part| part.needed == Some(true)), "{:?}\n{script}", shrunk.needed);
    let read = parse("shrunk", script);
    for design in read.plan.designs() {
        let expected = read.plan.expect.get(design).cloned().unwrap_or_default();
        let outcome = run(&read.plan.under(design)).expect("what is left can be run");
        let violated = outcome.violated().map(|judgement| judgement.property.to_owned()).collect();
        assert_eq!(expected, violated, "what {design} is expected to violate is true\n{script}");
    }
}

/// A claim that the old script didn't make is a line more.
fn shrunk_expectations(script: &str) -> usize {
    script.lines().filter(|line| line.starts_with("expect ")).count()
}

#[test]
fn issue_1_is_twelve_lines_without_a_fault() {
    let plan = found("plain", ISSUE_1);
    let shrunk = shrunk(&plan, Some(ISSUE_1), BUDGET);
    check(&plan, &shrunk);
    assert!(shrunk.after.lines <= 12 && shrunk.after.faults == 0, "{}", shrunk.script);
    assert!(shrunk.runs < 200, "{} runs", shrunk.runs);
    let left = parse("shrunk", &shrunk.script).plan;
    assert!(violates(&left, "before-fix", ISSUE_1) && !violates(&left, "as-merged", ISSUE_1));
}

#[test]
fn issue_3_has_one_restart() {
    let plan = found("everything", ISSUE_3);
    let shrunk = shrunk(&plan, Some(ISSUE_3), BUDGET);
    check(&plan, &shrunk);
    let actions = || shrunk.plan.steps.iter().map(|step| &step.action);
    let restarts = actions().filter(|action| matches!(action, Action::Restart { .. })).count();
    let falls = actions().filter(|action| {
        matches!(action, Action::Crash { .. } | Action::PowerLoss { .. } | Action::Stop { .. })
    });
    assert_eq!((restarts, falls.count(), shrunk.after.faults), (1, 0, 0), "{}", shrunk.script);
    assert!(shrunk.runs < 200, "{} runs", shrunk.runs);
}

/// Plans of every sort: still violated, never larger, the same for any number of workers, and nothing is left to take
/// away from what is left.
#[test]
fn what_is_left_is_smaller_and_shows_the_same() {
    let bad =
        explored("everything").filter(|plan| run(plan).expect("it can be run").violated().next().is_some());
    for plan in bad.take(4) {
        let one = shrunk(&plan, None, Budget { jobs: 1, ..BUDGET });
        check(&plan, &one);
        assert_eq!(one, shrunk(&plan, None, Budget { jobs: 3, ..BUDGET }));
        let again = shrunk(&one.plan, Some(&one.aim.property), BUDGET);
        assert!(again.after.lines <= one.after.lines, "{}\n{}", one.script, again.script);
    }
}

/// One restart matters, and the fault is aimed at what it begins: it is counted anew once the others are gone.
#[test]
fn a_fault_follows_the_life_that_it_is_aimed_at() {
    let text = "format 1
design platform before-fix
design gw1 before-fix
design gw2 before-fix
fault \"gw1@3 sync http.deployments\" empty-list
fault \"gw2->platform\" slow by=10ms from=4s for=3s
platform
gateway gw1
gateway gw2
create mcp-proxy tools
deploy tools gw1
restart gw1
[with] probe gw1 tools
wait 20s
create-application shop
restart gw1
settle
---
";
    let plan = parse("text", text).plan;
    let shrunk = shrunk(&plan, Some(ISSUE_3), BUDGET);
    check(&plan, &shrunk);
    let expected = "format 1
expect before-fix deployed-is-served existing-artifacts-survive status-tells-the-truth
expect hardened deployed-is-served status-tells-the-truth
fault \"gw1@2 sync http.deployments\" empty-list
platform
gateway gw1
create rest-api petstore
deploy petstore gw1
restart gw1
---
";
    assert!(shrunk.script.contains(expected), "{}", shrunk.script);
    assert_eq!((shrunk.before.lines, shrunk.after.lines, shrunk.after.nodes), (14, 9, 2));
}

/// A fault that kills is no more than a restart, a time is no more than a place in the order, a wait is as short as
/// it can be, and a seed isn't said where any will do.
#[test]
fn what_can_be_said_more_simply_is() {
    let text = "format 1
seed 77
design platform before-fix
design gw1 before-fix
fault \"gw1\" down from=60s until=90s
platform
gateway gw1
create llm-provider model
deploy model gw1 
undeploy model gw1
[40s] delete-deployment model gw1
wait 100s
---
";
    let plan = parse("text", text).plan;
    let shrunk = shrunk(&plan, Some(ISSUE_3), BUDGET);
    check(&plan, &shrunk);
    let expected = "platform
gateway gw1
create rest-api petstore
deploy petstore gw1
undeploy petstore gw1
delete-deployment petstore gw1
restart gw1
---
";
    assert!(shrunk.script.contains(expected), "{}", shrunk.script);
    assert!(!shrunk.script.contains("seed 77") && shrunk.after.faults == 0, "{}", shrunk.script);
}

/// What fails under both designs doesn't tell them apart.
#[test]
fn what_another_design_holds_it_still_holds() {
    let text = "format 1
platform
gateway gw1
create rest-api petstore
deploy petstore gw1
create-key petstore key1
undeploy petstore gw1
delete-deployment petstore gw1
restart gw1
---
";
    let plan = parse("text", text).plan.under("before-fix");
    let aim = aim(&plan, Some(ISSUE_3)).expect("the plan violates it").held_under("as-merged");
    let refused = shrink(&plan, aim, BUDGET, &|_| ()).expect_err("as merged the key is lost too");
    assert!(refused.0.contains("under as-merged too; expected a plan that holds it there"), "{refused}");
}

fn command(args: &[&str]) -> Output {
    let command = Command::new(program()).args(args).current_dir(root()).output();
    command.expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const SCENARIO: &str = "scenarios/issue-1/live-rest-api";

#[test]
fn wrong_input_is_told_what_was_expected() {
    let old = ["--design", "before-fix"];
    for (args, expected) in [
        (&[SCENARIO][..], "it violates nothing, so there is nothing to shrink; expected a script"),
        (
            &[SCENARIO, "--property", ISSUE_1],
            "it doesn't violate deletes-reach-every-gateway, nor anything else",
        ),
        (
            &[SCENARIO, old[0], old[1], "--property", "comes-to-rest"],
            "it doesn't violate comes-to-rest; expected one of a-free-handle-is-usable",
        ),
        (&[SCENARIO, "--property", "deletes-reach-all"], "there is no property 'deletes-reach-all'"),
        (
            &[SCENARIO, old[0], old[1], "--held-under", "delete-recipients-from-status"],
            "it violates deletes-reach-every-gateway under delete-recipients-from-status too",
        ),
        (&[SCENARIO, old[0], old[1], "--held-under", "as-meged"], "there is no design 'as-meged'"),
        (&[SCENARIO, "--runs", "0"], "invalid value '0' for '--runs <MOST>'"),
        (&["scenarios/issue-1"], "expected a script"),
        (&["scenarios/missing"], "scenarios/missing: there is no such file or folder"),
        (
            &[SCENARIO, old[0], old[1], "--out", "missing/file", "--seeds", "0"],
            "missing/file: there is no such",
        ),
    ] {
        let output = command(&[&["shrink"], args].concat());
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.contains(expected), "{args:?}: {told}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn the_command_writes_a_script_that_runs_and_says_how_much_smaller_it_is() {
    let file = program().with_file_name("shrunk-by-the-command");
    let name = file.to_str().expect("the build's folder has a name in UTF-8");
    let args = ["shrink", SCENARIO, "--design", "before-fix", "--out", name, "--seeds", "3", "--json"];
    let output = command(&args);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let written = fs::read_to_string(&file).expect("the file is there");
    assert_eq!(json["script"], written.as_str());
    assert_eq!((&json["property"], &json["spent"]), (&Value::from(ISSUE_1), &Value::from(false)));
    assert!(json["after"]["lines"].as_u64() < json["before"]["lines"].as_u64(), "{json:#}");
    assert_eq!((&json["seeds"]["tried"], &json["seeds"]["failed"]), (&Value::from(3), &Value::from(3)));
    Script::parse(name, &written).expect("it is a script");
    let run = command(&["run", name]);
    assert_eq!(
        run.status.code(),
        Some(0),
        "as merged all is well, and the transcript is as written: {}",
        text(&run.stdout)
    );
    let run = command(&["run", name, "--design", "before-fix"]);
    assert_eq!(run.status.code(), Some(1));
    fs::remove_file(&file).expect("it can be removed");
}

/// What was reached within the budget is smaller, shows the same, and says that there may be smaller ones.
#[test]
fn a_small_budget_yields_what_was_reached() {
    let plan = found("plain", ISSUE_1);
    for runs in [1, 4] {
        let shrunk = shrunk(&plan, Some(ISSUE_1), Budget { runs, ..BUDGET });
        assert!(shrunk.spent && shrunk.runs == runs, "{} of {runs} runs", shrunk.runs);
        assert!(shrunk.plan.steps.len() <= plan.steps.len());
        assert!(shrunk.needed.iter().any(|part| part.needed.is_none()));
        assert!(shrunk.script.contains("it isn't known whether they are needed"), "{}", shrunk.script);
    }
}

#[test]
fn a_campaign_shrinks_what_it_found() {
    let folder = program().with_file_name("campaign-shrunk");
    let _ = fs::remove_dir_all(&folder);
    let name = folder.to_str().expect("the build's folder has a name in UTF-8");
    let common = ["explore", "--design", "before-fix", "--profile", "plain", "--out", name, "--shrink"];
    let output = command(&[&common[..], &["--runs", "3"]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let findings = fs::read_dir(folder.join("findings")).expect("it found something");
    let mut shrunk = 0;
    for finding in findings {
        let finding = finding.expect("its entries are readable").path();
        let read = |name: &str| fs::read_to_string(finding.join(name)).expect("it is there");
        assert!(
            parse("shrunk", &read("shrunk")).plan.steps.len()
                < parse("script", &read("script")).plan.steps.len()
        );
        shrunk += 1;
    }
    assert!(shrunk > 0);
    assert_eq!(text(&output.stdout).matches("\nshrunk ").count(), shrunk);
    // What was shrunk already isn't again.
    let again = command(&[&common[..], &["--runs", "3", "--resume"]].concat());
    assert!(!text(&again.stdout).contains("shrunk "), "{}", text(&again.stdout));
    fs::remove_dir_all(&folder).expect("it can be removed");
}
