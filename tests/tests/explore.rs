//! Exploration: what it finds, that stopping and going on changes nothing, and what it says to wrong input.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use driftless_tests::{program, root};
use serde_json::Value;

fn explore(args: &[&str]) -> Output {
    let command = Command::new(program()).arg("explore").args(args).current_dir(root()).output();
    command.expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", text(&output.stderr)))
}

/// The properties of what was found.
fn found(campaign: &Value) -> Vec<&str> {
    let findings = campaign["findings"].as_array().expect("a list of findings");
    findings.iter().filter_map(|finding| finding["property"].as_str()).collect()
}

/// A folder that isn't there yet, and goes away with this.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = program().parent().expect("it lies in a folder").join(format!("campaign-{name}"));
        let _ = fs::remove_dir_all(&path);
        Folder(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("the build's folder has a name in UTF-8")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn before_the_fix_both_defects_are_found() {
    let output = explore(&["--design", "before-fix", "--profile", "plain", "--runs", "120", "--json"]);
    let campaign = json(&output);
    assert_eq!(output.status.code(), Some(1));
    for property in ["deletes-reach-every-gateway", "existing-artifacts-survive"] {
        assert!(found(&campaign).contains(&property), "{property} is not among {:?}", found(&campaign));
    }
    let scripts =
        campaign["findings"].as_array().expect("a list").iter().filter_map(|f| f["script"].as_str());
    for script in scripts {
        driftless::script::Script::parse("finding", script).expect("a finding's script is one");
    }
}

#[test]
fn the_first_draft_is_found_by_faults_on_calls() {
    let output = explore(&["--design", "first-draft", "--profile", "calls", "--runs", "600", "--json"]);
    let campaign = json(&output);
    assert!(found(&campaign).contains(&"failed-checks-never-delete"), "{:?}", found(&campaign));
}

/// What is added to a count to see that a campaign goes on from what it has kept.
const MARK: u64 = 1_000_000;

#[test]
fn a_campaign_that_was_stopped_and_resumed_is_the_one_that_was_not() {
    let (whole, parts) = (Folder::new("whole"), Folder::new("parts"));
    let common = ["--design", "before-fix", "--profile", "plain", "--jobs", "1"];
    let run = |more: &[&str]| explore(&[&common, more].concat());
    run(&["--runs", "60", "--out", whole.path()]);
    run(&["--runs", "25", "--out", parts.path()]);
    // What a kill leaves behind that came while the state was written, and a mark that only going on keeps.
    fs::write(parts.0.join(".state.json.1"), "{\"runs\": 2").expect("the folder is writable");
    let file = parts.0.join("state.json");
    let text = fs::read_to_string(&file).expect("a campaign keeps its state");
    let mut marked: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(marked["runs"], 25);
    marked["bad_runs"] = Value::from(marked["bad_runs"].as_u64().expect("a number") + MARK);
    fs::write(&file, marked.to_string()).expect("it is writable");
    run(&["--runs", "60", "--out", parts.path(), "--resume"]);
    let state = |folder: &Folder| {
        let text = fs::read(folder.0.join("state.json")).expect("a campaign keeps its state");
        let mut state: Value = serde_json::from_slice(&text).expect("it is JSON");
        state["took"] = Value::Null;
        state
    };
    let (whole_state, mut parts_state) = (state(&whole), state(&parts));
    let bad_runs = parts_state["bad_runs"].as_u64().expect("a number");
    parts_state["bad_runs"] = Value::from(bad_runs.checked_sub(MARK).expect("it went on from its state"));
    assert_eq!(whole_state, parts_state);
    let kept = |folder: &Folder| {
        let mut names: Vec<_> = fs::read_dir(folder.0.join("findings"))
            .expect("a campaign keeps its findings")
            .map(|entry| entry.expect("its entries are readable").file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(kept(&whole), kept(&parts));
    assert!(!kept(&whole).is_empty());
}

#[test]
fn what_is_known_is_counted_and_not_told() {
    let folder = Folder::new("known");
    let common = ["--design", "before-fix", "--profile", "plain", "--runs", "60"];
    let first = explore(&[&common[..], &["--out", folder.path()]].concat());
    assert!(text(&first.stdout).contains("\nfound ") || text(&first.stdout).starts_with("found "));
    let again = explore(&[&common[..], &["--known", folder.path()]].concat());
    assert!(!text(&again.stdout).contains("found "), "{}", text(&again.stdout));
    assert!(text(&again.stdout).contains(", known"));
}

#[test]
fn a_campaign_whose_plans_can_not_catch_its_canary_fails() {
    let file = Folder::new("profile");
    fs::create_dir_all(&file.0).expect("the folder is writable");
    let profile = file.0.join("only-creates.toml");
    fs::write(&profile, "faults = [0, 0]\nmoves = [1, 2]\n[weights]\ncreate = 1\n").expect("it is writable");
    let output = explore(&["--runs", "5", "--profile", profile.to_str().expect("a name")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stdout).contains("can't be trusted"), "{}", text(&output.stdout));
}

#[test]
fn wrong_input_is_told_and_nothing_is_overwritten() {
    let theirs = Folder::new("theirs");
    fs::create_dir_all(&theirs.0).expect("the folder is writable");
    fs::write(theirs.0.join("precious"), "mine").expect("it is writable");
    let ours = Folder::new("ours");
    let begun = ["--profile", "plain", "--runs", "2", "--out", ours.path()];
    explore(&begun);
    let file = theirs.0.join("profile.toml");
    fs::write(&file, "gateways = [3, 1]").expect("it is writable");
    let file = file.to_str().expect("a name");
    for (args, expected) in [
        (vec!["--profile", "nonsense"], "expected a file, or one of everything"),
        (vec!["--profile", file], "at least and at most"),
        (vec!["--design", "as-murged"], "there is no design 'as-murged'"),
        (vec!["--decision", "orphans"], "expected NAME=VARIANT"),
        (vec!["--for", "soon"], "expected a duration"),
        (vec!["--out", theirs.path()], "holds something else"),
        (vec!["--out", ours.path()], "expected --resume"),
        (vec!["--out", ours.path(), "--resume"], "what differs: profile"),
        (vec!["--out", theirs.path(), "--resume"], "there is no campaign here"),
        (vec!["--known", theirs.path()], "there is no campaign here"),
        (vec!["--resume"], "--out"),
    ] {
        let output = explore(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", text(&output.stdout));
        assert!(text(&output.stderr).contains(expected), "{args:?}: {}", text(&output.stderr));
    }
    assert_eq!(fs::read_to_string(theirs.0.join("precious")).expect("it is still there"), "mine");
    let resume = [&begun[..], &["--resume"]].concat();
    let damage = |name: &str, content: &str, expected: &str| {
        let file = ours.0.join(name);
        let before = fs::read(&file).expect("the campaign has it");
        fs::write(&file, content).expect("it is writable");
        let output = explore(&resume);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(expected), "{}", text(&output.stderr));
        assert_eq!(fs::read_to_string(&file).expect("it is still there"), content);
        fs::write(&file, before).expect("it is writable");
    };
    damage("state.json", "{\"runs\": 2", "this is damaged");
    damage(
        "campaign.json",
        "{\"format\": \"driftless-campaign\", \"version\": 99}",
        "of version 99; expected 1",
    );
    damage("campaign.json", "{}", "this isn't a campaign");
    assert_eq!(explore(&resume).status.code(), Some(0));
    assert!(Path::new(ours.path()).join("state.json").exists());
}
