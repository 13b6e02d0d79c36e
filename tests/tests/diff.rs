//! `driftless diff` from outside: what it says of two runs, how it ends, and what it says to somebody who mistypes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use driftless_tests::{program, root};

fn driftless(args: &[&str]) -> Output {
    Command::new(program()).args(args).current_dir(root()).output().expect("the command runs")
}

/// What is printed, and how it ends.
fn diff(args: &[&str]) -> (String, Option<i32>) {
    let output = driftless(&[&["diff"], args].concat());
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8(said).expect("it prints text"), output.status.code())
}

/// A folder that goes away with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = program().parent().expect("it lies in a folder").join(format!("diff-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the folder of the build is writable");
        Folder(folder)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("it is there");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(Path::new(&self.0));
    }
}

#[test]
fn one_decision_is_told_by_its_first_statement_and_by_its_end() {
    let (said, code) =
        diff(&["scenarios/issue-1/live-rest-api", "--against", "delete-recipients=status-rows"]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(said);
}

#[test]
fn a_script_without_its_faults_is_told_by_where_the_fault_bit() {
    let (said, code) =
        diff(&["scenarios/issue-3/failed-exists", "--design", "first-draft", "--without-faults"]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(said);
}

#[test]
fn another_seed_differs_in_nothing_but_times() {
    let (said, code) = diff(&["scenarios/issue-3/sync-rest-api", "--against", "seed=4"]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(said);
}

/// Arguments, the exit code, and words that are printed.
#[test]
fn what_is_compared_can_be_said_in_many_ways() {
    let script = "scenarios/issue-3/failed-exists";
    let cases: &[(&[&str], i32, &str)] = &[
        (&[script, script], 0, "They are equal in all of their"),
        (&[script, "--against", "as-merged"], 0, "They are equal"),
        (&[script, "--design", "first-draft", "--against", "first-draft"], 0, "They are equal"),
        (&[script, "--against", "gw1=before-fix"], 1, "--design gw1=before-fix"),
        (
            &[script, "--against", "gw1.failed-exists=means-absent"],
            1,
            "--decision gw1.failed-exists=means-absent",
        ),
        (
            &[script, "--against", "gw1.event_hub.poll_interval=9s"],
            1,
            "--setting gw1.event_hub.poll_interval=9s",
        ),
        (&[script, "scenarios/issue-1/live-rest-api"], 1, "only one of them has"),
        (&[script], 2, "--without-faults"),
        (&[script, script, "--without-faults"], 2, "cannot be used with"),
        (&[script, "--against", "seed=many"], 2, "expected a number after 'seed='"),
        (&[script, "--against", "orphan=ask"], 2, "orphans"),
        (&[script, "--against", "as-mergd"], 2, "as-merged"),
        (&["scenarios/issue-3", script], 2, "a folder of 10 scripts"),
        (&["scenarios/nothing", script], 2, "no such file"),
        (&["nothing.jsonl", script], 2, "no such file"),
        (&["nothing.jsonl", "--without-faults"], 2, "change a script"),
        (&["nothing.jsonl", script, "--seed", "3"], 2, "which --seed 3 can't change"),
    ];
    for (args, code, words) in cases {
        let (said, ended) = diff(args);
        assert_eq!(ended, Some(*code), "{args:?}\n{said}");
        assert!(said.contains(words), "'{words}' is missing for {args:?} in\n{said}");
    }
}

/// The first fault is never reached; without it the second is the first of its plan, which digests hash.
#[test]
fn a_fault_that_changes_nothing_leaves_the_runs_equal() {
    let folder = Folder::new("harmless");
    let with = |faults: &str| format!("format 1\n{faults}platform\ngateway gw1\nsettle\n---\n");
    let (unreached, reached) =
        ("fault \"gw1@9 sync http.deployments\" fail\n", "fault \"gw1 sync http.deployments\" fail\n");
    let (a, b) = (folder.file("a"), folder.file("b"));
    std::fs::write(&a, with(&format!("{unreached}{reached}"))).expect("it is writable");
    std::fs::write(&b, with(reached)).expect("it is writable");
    let (said, code) = diff(&[&a, &b]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("their digests differ all the same"), "{said}");
    let (said, code) = diff(&[&b, "--without-faults"]);
    assert_eq!(code, Some(1), "{said}");
}

#[test]
fn recorded_histories_are_compared_as_the_runs_are() {
    let folder = Folder::new("recorded");
    let script = "scenarios/issue-3/failed-exists";
    let (a, b) = (folder.file("a.jsonl"), folder.file("b.jsonl"));
    let record = |design: &str, file: &str| {
        driftless(&["run", script, "--design", design, "--history", file]).status.code()
    };
    assert_eq!((record("as-merged", &a), record("first-draft", &b)), (Some(0), Some(1)));
    assert_eq!(folder.files(), ["a.jsonl", "b.jsonl"]);
    let without_names = |(said, code): (String, Option<i32>)| {
        let from = said.find("\n\n").map(|at| said[at..].to_owned());
        (from.expect("two names, and then the rest"), code)
    };
    let live = without_names(diff(&[script, "--against", "first-draft"]));
    assert_eq!(without_names(diff(&[&a, &b])), live);
    assert_eq!(without_names(diff(&[script, &b])), live);
    assert_eq!(without_names(diff(&[&a, script])).1, Some(0));
}

#[test]
fn a_history_that_can_not_be_written_leaves_what_was_there() {
    let folder = Folder::new("kept");
    let (kept, script) = (folder.file("kept.jsonl"), "scenarios/issue-3/failed-exists");
    std::fs::write(&kept, "kept").expect("it is writable");
    std::fs::write(folder.file("wrong"), "format 9\n---\n").expect("it is writable");
    std::fs::create_dir(folder.file("folder")).expect("it is writable");
    let cases: &[(&[&str], &str)] = &[
        (&[&folder.file("wrong"), "--history", &kept], "format"),
        (&["scenarios/issue-3", "--history", &kept], "a file holds one run; there are 10 scripts"),
        (&[script, "--history", &folder.file("nowhere/h.jsonl")], "no such file or folder"),
        (&[script, "--history", &folder.file("folder")], "expected a file"),
    ];
    for (args, words) in cases {
        let output = driftless(&[&["run"], *args].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}\n{said}");
        assert!(said.to_lowercase().contains(words), "'{words}' is missing in\n{said}");
        assert_eq!(std::fs::read_to_string(&kept).expect("it is there"), "kept");
        assert_eq!(folder.files(), ["folder", "kept.jsonl", "wrong"]);
    }
    let (said, code) = diff(&[&kept, script]);
    assert_eq!(code, Some(2));
    assert!(said.contains("kept.jsonl: line 1: this is no recorded history"), "{said}");
}

#[test]
fn json_has_both_sides_the_parting_and_the_state() {
    let args = ["scenarios/issue-1/live-rest-api", "--against", "delete-recipients=status-rows", "--json"];
    let (said, code) = diff(&args);
    let json: serde_json::Value = serde_json::from_str(&said).expect("it is JSON");
    assert_eq!((code, &json["bite"]), (Some(1), &"verdict".into()));
    let parting = &json["parting"];
    assert_eq!((&parting["difference"], &parting["a"]), (&"only-in-b".into(), &serde_json::Value::Null));
    let address = parting["b"]["address"].as_str().expect("a text");
    assert_eq!(address, "platform request delete petstore 1 store.list-status-gateways petstore");
    let chain = parting["chain"].as_array().expect("a list");
    assert_eq!(chain.last().map(|last| &last["n"]), Some(&parting["b"]["n"]));
    assert_eq!(json["b"]["verdicts"]["deletes-reach-every-gateway"], "violated");
    let state = json["state"].as_array().expect("a list");
    assert!(state.iter().any(|thing| thing["node"] == "gw1" && thing["a"].is_null()), "{state:?}");
    let (said, code) = diff(&[args[0], args[0], "--json"]);
    let json: serde_json::Value = serde_json::from_str(&said).expect("it is JSON");
    assert_eq!(
        (code, &json["bite"], &json["parting"]),
        (Some(0), &"nothing".into(), &serde_json::Value::Null)
    );
}
