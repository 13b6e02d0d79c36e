//! Sweeps in parts: their certificates come to the one of one process, or say what is missing.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Folder, command, copy_folder, kill, merge, parts, run, told};

/// What all parts and the whole are begun with: it finds something, and is soon done.
const SWEEP: &[&str] = &["sweep", "scenarios/issue-1/live-rest-api", "--design", "before-fix", "--jobs", "1"];
/// The plans with one thing at these sites.
const ONE: &[&str] = &["--site", "store.commit-delete,ws.send"];
/// The plans with two things, some of which show what those with one don't.
const TWO: &[&str] = &["--site", "store.commit-delete,ws.send", "--kinds", "fail,lose", "--faults", "2"];

/// Carries out a part of a sweep; it is killed after so long, if at all, and started again.
fn part(folder: &Folder, index: u64, of: u64, what: &[&str], killed: Option<Duration>) {
    let (shard, out) = (format!("{index}/{of}"), folder.at("parts"));
    let more = ["--shard", &shard, "--out", &out, "--resume"];
    let args = [SWEEP, what, &more].concat();
    if let Some(after) = killed {
        kill(command(&args), after);
    }
    let output = run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

/// The certificate of one process, in the folder `whole`.
fn whole(folder: &Folder, what: &[&str]) -> Vec<(String, Vec<u8>)> {
    let output = run(&[SWEEP, what, &["--out", &folder.at("whole")]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    outcome(folder, "whole")
}

fn outcome(folder: &Folder, sweep: &str) -> Vec<(String, Vec<u8>)> {
    folder.outcome(sweep, &["certificate.json", "certificate.txt"])
}

fn certificate(folder: &Folder, sweep: &str) -> Value {
    serde_json::from_slice(&folder.read(&format!("{sweep}/certificate.json"))).expect("it is JSON")
}

#[test]
fn parts_of_a_sweep_that_were_killed_come_to_the_certificate_of_one_process() {
    let folder = Folder::new("swept");
    let expected = whole(&folder, ONE);
    assert!(expected.len() > 2, "it has findings that aren't known");
    for index in 1..=7 {
        // At another moment each: before there is a folder, or amid the first plans.
        let killed = (index % 3 == 1).then(|| Duration::from_millis(index * 173));
        part(&folder, index, 7, ONE, killed);
    }
    let parts = parts(&folder);
    assert_eq!(parts.len(), 7);
    assert_eq!(merge(&folder, &[folder.at("parts")], "one"), (Some(1), String::new()));
    let reversed: Vec<String> = parts.iter().rev().cloned().collect();
    assert_eq!(merge(&folder, &reversed, "two"), (Some(1), String::new()));
    // Groups first, a part twice, and a merge with itself.
    assert_eq!(
        merge(&folder, &[&parts[4..], &parts[5..6]].concat(), "right").0,
        Some(2),
        "parts are missing"
    );
    assert_eq!(merge(&folder, &parts[..4], "left").0, Some(2));
    let groups = ["right", "left", "left"].map(|group| folder.at(group));
    assert_eq!(merge(&folder, &groups, "three"), (Some(1), String::new()));
    for merged in ["one", "two", "three"] {
        let outcome = outcome(&folder, merged);
        for (one, other) in expected.iter().zip(&outcome) {
            assert_eq!(one.0, other.0, "{merged}");
            let (one, other) = (String::from_utf8_lossy(&one.1), String::from_utf8_lossy(&other.1));
            assert_eq!(one, other, "{merged}");
        }
        assert_eq!(expected.len(), outcome.len(), "{merged}");
    }
    // What is missing is named, and what is there can be audited all the same.
    let left = certificate(&folder, "left");
    assert_eq!(left["complete"], false);
    assert_eq!(left["missing"], json!(["shards 5-7 of 7 aren't here"]));
    for merged in ["one", "left"] {
        let path = folder.at(&format!("{merged}/certificate.json"));
        let audit = run(&["sweep", "--audit", &path, "--sample", "10%"]);
        assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
    }
}

#[test]
fn plans_with_two_things_are_divided_by_their_first() {
    let folder = Folder::new("swept-twice");
    let expected = whole(&folder, TWO);
    (1..=3).for_each(|index| part(&folder, index, 3, TWO, None));
    assert_eq!(merge(&folder, &[folder.at("parts")], "one"), (Some(1), String::new()));
    assert_eq!(outcome(&folder, "one"), expected);
    let one = certificate(&folder, "one");
    let pairs: Vec<u64> =
        one["rows"].as_array().expect("a list")[1..].iter().filter_map(|row| row["plans"].as_u64()).collect();
    assert!(pairs.len() > 3 && pairs.iter().sum::<u64>() > 10, "{pairs:?}");
    let found = one["findings"].as_array().expect("a list");
    let is_of_two = |found: &Value| found["first"].as_str().is_some_and(|first| first.contains('+'));
    assert!(found.iter().any(is_of_two), "{found:?}");
}

#[test]
fn parts_of_another_sweep_are_left_out_with_what_differs() {
    let folder = Folder::new("swept-otherwise");
    (1..=2).for_each(|index| part(&folder, index, 3, ONE, None));
    let sound = parts(&folder);
    let other = |name: &str, args: &[&str]| {
        let out = folder.at(name);
        let output = run(&[args, &["--jobs", "1", "--shard", "3/3", "--out", &out]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        out
    };
    let site = ["--site", "store.commit-delete"];
    let (script, two) = ("scenarios/issue-1/live-rest-api", "scenarios/issue-1/two-gateways");
    let sites = other("sites", &[&["sweep", script, "--design", "before-fix"][..], &site].concat());
    let design = other("design", &[&["sweep", script][..], &site].concat());
    let plan = other("plan", &[&["sweep", two, "--design", "before-fix"][..], &site].concat());
    let rule = other("rule", &[&SWEEP[..4], ONE, &["--rule", "stale"]].concat());
    let damaged = folder.at("damaged");
    copy_folder(sound[0].as_ref(), damaged.as_ref());
    let state = folder.read("damaged/state.json");
    fs::write(folder.0.join("damaged/state.json"), &state[..state.len() / 2]).expect("it is writable");
    let campaign = folder.at("campaign");
    run(&["explore", "--runs", "1", "--profile", "plain", "--jobs", "1", "--out", &campaign]);
    let cases = [
        (sites, "this is another sweep; what differs: sites"),
        (design, "what differs: design, sites"),
        (plan, "what differs: script, plan, design, sites"),
        (rule, "what differs: rule"),
        (damaged, "state.json: this is damaged"),
        (campaign, "there is no sweep here"),
    ];
    let others: Vec<String> = cases.iter().map(|(folder, _)| folder.clone()).collect();
    let (code, told) = merge(&folder, &[sound, others].concat(), "merged");
    assert_eq!(code, Some(2), "{told}");
    for (path, why) in &cases {
        let line = told
            .lines()
            .find(|line| line.contains(&format!("{path}:")) || line.contains(&format!("{path}/")));
        assert!(
            line.is_some_and(|line| line.starts_with("left out: ") && line.contains(why)),
            "{why}: {told}"
        );
    }
    assert_eq!(certificate(&folder, "merged")["missing"], json!(["shard 3 of 3 isn't here"]));
}
