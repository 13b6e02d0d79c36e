//! JUnit and annotations: every command that judges many things gives out the same, each failure with the command
//! that shows it again.

use std::process::Command;

use driftless_model::design::Design;
use driftless_tests::{program, root};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, XmlString};

use crate::folder::{Folder, driftless, hosted, said, told};

const ISSUE_1: &str = "scenarios/issue-1";

/// The cases that a command wrote.
fn cases(folder: &Folder, args: &[&str], exit: i32) -> Vec<TestCase> {
    let file = folder.path("junit.xml");
    let output = driftless(&[args, &["--junit", &file]].concat());
    assert_eq!(output.status.code(), Some(exit), "{args:?}\n{}{}", said(&output), told(&output));
    read(folder, args[0])
}

fn read(folder: &Folder, name: &str) -> Vec<TestCase> {
    let report = Report::deserialize_from_str(&folder.read("junit.xml")).expect("it is JUnit's XML");
    let [suite] = report.test_suites.as_slice() else { panic!("one suite") };
    assert_eq!(suite.name.as_str(), name);
    assert_eq!(suite.tests, suite.test_cases.len());
    suite.test_cases.clone()
}

/// The kind, the message and the text of a case that isn't as it should be.
fn trouble(case: &TestCase) -> Option<(NonSuccessKind, String, String)> {
    match &case.status {
        TestCaseStatus::Success { .. } | TestCaseStatus::Skipped { .. } => None,
        TestCaseStatus::NonSuccess { kind, message, description, .. } => {
            let text = |text: &Option<XmlString>| text.as_deref().unwrap_or_default().to_owned();
            Some((*kind, text(message), text(description)))
        }
    }
}

/// The command in the last line of a text.
fn again(text: &str) -> &str {
    text.trim_end().lines().last().and_then(|line| line.strip_prefix("again: ")).expect("a command to paste")
}

/// Pastes a command into a shell in the project.
fn paste(command: &str) -> Option<i32> {
    let path = format!("{}:/usr/bin:/bin", program().parent().expect("it lies in a folder").display());
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).env("PATH", path).env_remove("GITHUB_ACTIONS").current_dir(root());
    shell.output().expect("there is a shell").status.code()
}

#[test]
fn of_many_scripts_each_failure_has_the_command_that_shows_it() {
    let folder = Folder::new("junit-run");
    let cases = cases(&folder, &["run", ISSUE_1, "--design", "before-fix"], 1);
    let scripts = std::fs::read_dir(root().join(ISSUE_1)).expect("it is there").count();
    assert_eq!(cases.len(), scripts);
    let failures: Vec<_> = cases.iter().filter_map(|case| Some((case, trouble(case)?))).collect();
    assert!(!failures.is_empty() && failures.len() < scripts, "{}", failures.len());
    for (case, (kind, message, text)) in &failures {
        assert_eq!(*kind, NonSuccessKind::Failure);
        assert!(message.contains(" violated on gw1: "), "{message}");
        assert!(text.contains("  because\n"), "{text}");
        let file = case.extra.get("file").expect("a script").as_str();
        assert_eq!(again(text), format!("driftless run {file} --design before-fix"));
    }
    let (_, (.., text)) = &failures[0];
    assert_eq!(paste(again(text)), Some(1));
}

/// The line is that of the last step on the way to the violation.
#[test]
fn the_line_is_that_of_the_step() {
    let script = "scenarios/issue-1/live-rest-api";
    let output = driftless(&["run", script, "--design", "before-fix", "--annotate", "github"]);
    let printed = said(&output);
    let line = printed.lines().find(|line| line.starts_with("::error ")).expect("an annotation");
    let properties =
        line.strip_prefix("::error ").and_then(|rest| rest.split_once("::")).expect("a command").0;
    let number: usize = properties
        .split(',')
        .find_map(|property| property.strip_prefix("line="))
        .and_then(|number| number.parse().ok())
        .expect("a line");
    assert!(properties.starts_with(&format!("file={script},line={number},title=")), "{properties}");
    let text = std::fs::read_to_string(root().join(script)).expect("it is there");
    assert_eq!(text.lines().nth(number - 1), Some("delete petstore"), "line {number}");
    assert!(line.ends_with(&format!("%0Aagain: driftless run {script} --design before-fix")), "{line}");
}

#[test]
fn annotations_are_for_hosted_ci_and_disturb_no_json() {
    let run = ["run", "scenarios/issue-1/live-rest-api", "--design", "before-fix"];
    let has = |text: &str| text.lines().any(|line| line.starts_with("::error file="));
    let with = |more: &[&str], actions| hosted(&[&run, more].concat(), actions);
    assert!(!has(&said(&with(&[], None))));
    assert!(!has(&said(&with(&[], Some("false")))));
    assert!(has(&said(&with(&[], Some("true")))));
    assert!(!has(&said(&with(&["--annotate", "none"], Some("true")))));
    assert!(has(&said(&with(&["--annotate", "github"], None))));
    let output = with(&["--json"], Some("true"));
    assert!(has(&told(&output)));
    crate::folder::json(&output);
}

#[test]
fn a_script_that_can_not_be_read_is_an_error_with_its_place() {
    let folder = Folder::new("junit-unreadable");
    let script = folder.write("script", "format 1\nplatfrm\ngateway gw1 gw2\n---\n");
    let cases = cases(&folder, &["run", &script], 2);
    assert_eq!(cases.len(), 2, "a case for each mistake");
    let (kind, message, text) = trouble(&cases[0]).expect("it is none");
    assert_eq!(kind, NonSuccessKind::Error);
    assert!(message.contains("platfrm"), "{message}");
    assert_eq!(cases[0].extra.get("line").map(XmlString::as_str), Some("2"));
    assert_eq!(paste(again(&text)), Some(2));
    let annotated = said(&driftless(&["run", &script, "--annotate", "github"]));
    assert!(annotated.contains(&format!("::error file={script},line=2,col=1,title=")), "{annotated}");
}

#[test]
fn of_a_campaign_each_finding_fails_and_each_other_property_passes() {
    let folder = Folder::new("junit-explore");
    let explore = ["explore", "--design", "before-fix", "--profile", "plain", "--runs", "12"];
    let unkept = cases(&folder, &explore, 1);
    let failures: Vec<_> = unkept.iter().filter_map(|case| Some((case, trouble(case)?))).collect();
    assert!(!failures.is_empty());
    for (case, (kind, _, text)) in &failures {
        assert_eq!(*kind, NonSuccessKind::Failure, "{}", case.name.as_str());
        assert!(text.contains(" violated on "), "{text}");
    }
    // It writes the plan into a file of the folder in which it is pasted.
    let command = again(&failures[0].1.2);
    let (explore_plan, run) = command.split_once(" >").expect("a plan goes to a file");
    let (name, run) = run.split_once(" && ").expect("which is then run");
    assert!(explore_plan.contains(" --design before-fix --profile plain --plan "), "{command}");
    let file = folder.path(name);
    assert_eq!(paste(&format!("{explore_plan} >{file} && {}", run.replace(name, &file))), Some(1));
    let named = |name: &str| unkept.iter().find(|case| case.name.as_str() == name);
    assert!(named("canary").is_some_and(|case| trouble(case).is_none()));
    let properties: Vec<_> = driftless::properties::names().to_vec();
    assert!(properties.iter().any(|property| named(property).is_some()));

    let campaign = folder.path("campaign");
    let kept = cases(&folder, &[&explore[..], &["--out", &campaign]].concat(), 1);
    assert_eq!(kept.len(), unkept.len());
    let text = kept.iter().find_map(|case| Some(trouble(case)?.2)).expect("a failure");
    assert!(again(&text).starts_with(&format!("driftless run {campaign}/findings/")), "{text}");
    assert_eq!(paste(again(&text)), Some(1));
    let file = folder.path("junit.xml");
    driftless(&[&explore[..], &["--known", &campaign, "--junit", &file]].concat());
    let known = read(&folder, "explore");
    assert!(known.iter().all(|case| trouble(case).is_none()));
    assert!(known.iter().any(|case| matches!(case.status, TestCaseStatus::Skipped { .. })));
}

#[test]
fn of_mutants_each_is_a_case() {
    let folder = Folder::new("junit-mutants");
    let tried = ["mutants", "event-carries-handle", "list-uses-updated-at"];
    let tried = cases(&folder, &tried, 0);
    assert_eq!(tried.len(), 2);
    assert!(tried.iter().all(|case| trouble(case).is_none()));

    folder.write("scenarios/defects/list-uses-updated-at", "format 1\nplatform\ngateway gw1\nsettle\n---\n");
    let output = Command::new(program())
        .args(["mutants", "list-uses-updated-at", "--junit", "junit.xml"])
        .current_dir(folder.path("."))
        .output()
        .expect("the command runs");
    assert_eq!(output.status.code(), Some(1));
    let untold = read(&folder, "mutants");
    let (_, message, text) = trouble(&untold[0]).expect("its script doesn't try it");
    assert!(message.contains("as-merged"), "{message}");
    assert_eq!(again(&text), "driftless mutants list-uses-updated-at");
}

#[test]
fn of_headers_each_statement_is_a_case() {
    let folder = Folder::new("junit-compare");
    let text = std::fs::read_to_string(root().join("scenarios/issue-1/live-rest-api")).expect("it is there");
    let script = folder.write("untrue", &text.replace("expect before-fix", "expect first-draft"));
    let compared = cases(&folder, &["compare", &script], 1);
    assert_eq!(compared.len(), Design::NAMES.len(), "one for each named design");
    let wrong: Vec<_> =
        compared.iter().filter_map(|case| Some((case.name.as_str(), trouble(case)?))).collect();
    let names: Vec<_> = wrong.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["untrue under before-fix", "untrue under first-draft"]);
    assert_eq!(again(&wrong[0].1.2), format!("driftless run {script} --design before-fix"));
}

#[test]
fn a_file_that_can_not_be_written_is_told() {
    let run = ["run", "scenarios/issue-1/live-rest-api", "--junit", "no/such/folder/junit.xml"];
    let output = driftless(&run);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("--junit no/such/folder/junit.xml: "), "{}", told(&output));
}
