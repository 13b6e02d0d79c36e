//! Campaigns and sweeps in parts: what the parts come to together, whatever happens to them, and what is left out of a merge.

#[path = "shards/sweeps.rs"]
mod sweeps;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use driftless_tests::{program, root};
use serde_json::Value;

/// What all parts and the whole are begun with.
const CAMPAIGN: &[&str] = &["explore", "--design", "before-fix", "--profile", "plain", "--jobs", "1"];

/// What says what a campaign comes to.
const CONCLUSION: &[&str] = &["summary.json", "summary.txt"];

/// The command, with no engine around it.
fn command(args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(args).current_dir(root());
    for variable in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"] {
        command.env_remove(variable);
    }
    command
}

fn run(args: &[&str]) -> Output {
    command(args).output().expect("the command runs")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder that isn't there yet, and goes away with this.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = program().parent().expect("it lies in a folder").join(format!("shards-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the folder of the build is writable");
        Folder(path)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Every file of what was merged or is whole but what says how it came about, by its name.
    fn outcome(&self, campaign: &str, conclusion: &[&str]) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<String> = conclusion.iter().map(|file| (*file).to_owned()).collect();
        for finding in fs::read_dir(self.0.join(campaign).join("findings")).expect("it has findings") {
            let id = finding.expect("it is readable").file_name().to_string_lossy().into_owned();
            let parts = ["script", "history.jsonl", "verdicts.json"];
            files.extend(parts.map(|part| format!("findings/{id}/{part}")));
        }
        files.sort();
        files.into_iter().map(|file| (file.clone(), self.read(&format!("{campaign}/{file}")))).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a command and kills it after so long.
fn kill(mut command: Command, after: Duration) {
    let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    sleep(after);
    process.kill().expect("it can be killed");
    process.wait().expect("it is ours");
}

/// Carries out a shard; it is killed after so long, if at all, and started again.
fn shard(folder: &Folder, index: u64, of: u64, runs: &str, killed: Option<Duration>) {
    let (shard, out) = (format!("{index}/{of}"), folder.at("parts"));
    let more = ["--runs", runs, "--shard", &shard, "--out", &out, "--resume"];
    let args = [CAMPAIGN, &more].concat();
    if let Some(after) = killed {
        kill(command(&args), after);
    }
    let output = run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

/// Merges some folders into another. What was told.
fn merge(folder: &Folder, parts: &[String], out: &str) -> (Option<i32>, String) {
    let out = folder.at(out);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let output = run(&[&["merge"][..], &parts, &["--out", &out]].concat());
    (output.status.code(), told(&output))
}

/// The folders of parts, in their order.
fn parts(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.0.join("parts")).expect("there are some");
    let mut parts: Vec<String> =
        entries.map(|entry| entry.expect("it is readable").path().display().to_string()).collect();
    parts.sort();
    parts
}

/// A campaign in so many shards, some of them killed, merged in three ways, is the campaign of one process.
fn divided(name: &str, of: u64, runs: &str, kill_every: u64) {
    let folder = Folder::new(name);
    let whole = folder.at("whole");
    let output = run(&[CAMPAIGN, &["--runs", runs, "--out", &whole]].concat());
    // Something was found; of many runs a situation is expected that isn't to be had before the fix.
    let ends = output.status.code();
    assert!(matches!(ends, Some(1 | 2)), "{}", told(&output));
    for index in 1..=of {
        // At another moment each: before there is a folder, amid the first runs, or never if it was faster.
        let killed = index.is_multiple_of(kill_every).then(|| Duration::from_millis(index * 37 % 400));
        shard(&folder, index, of, runs, killed);
    }
    let parts = parts(&folder);
    assert_eq!(parts.len() as u64, of);
    let expected = folder.outcome("whole", CONCLUSION);
    assert!(expected.len() > 5, "it has findings");

    assert_eq!(merge(&folder, &[folder.at("parts")], "one"), (ends, String::new()));
    let reversed: Vec<String> = parts.iter().rev().cloned().collect();
    assert_eq!(merge(&folder, &reversed, "two").0, ends);
    // Groups first, some parts twice, and a merge with itself.
    let (left, right): (Vec<_>, Vec<_>) = parts.iter().cloned().enumerate().partition(|(at, _)| at % 3 == 1);
    let group = |parts: Vec<(usize, String)>| parts.into_iter().map(|(_, part)| part).collect::<Vec<_>>();
    let (left, right) = (group(left), group(right));
    assert_eq!(merge(&folder, &[&left[..], &left[..1]].concat(), "left").0, Some(2), "parts are missing");
    assert_eq!(merge(&folder, &right, "right").0, Some(2));
    let groups = ["right", "left", "left"].map(|group| folder.at(group));
    assert_eq!(merge(&folder, &groups, "three"), (ends, String::new()));
    assert_eq!(merge(&folder, &[folder.at("three"), folder.at("one"), parts[0].clone()], "again").0, ends);
    for merged in ["one", "two", "three", "again"] {
        let outcome = folder.outcome(merged, CONCLUSION);
        for (one, other) in expected.iter().zip(&outcome) {
            assert_eq!(one.0, other.0, "{merged}");
            let (one, other) = (String::from_utf8_lossy(&one.1), String::from_utf8_lossy(&other.1));
            assert_eq!(one, other, "{merged}");
        }
        assert_eq!(expected.len(), outcome.len(), "{merged}");
    }
}

#[test]
fn parts_that_were_killed_come_to_what_one_process_does() {
    divided("twelve", 12, "90", 3);
}

/// It takes minutes, and is for a release build:
/// `cargo test --release --workspace --test shards -- --ignored`.
#[test]
#[ignore = "200 processes"]
fn two_hundred_parts_come_to_what_one_process_does() {
    divided("two-hundred", 200, "3000", 10);
}

/// Three parts of twelve runs.
fn three(name: &str) -> Folder {
    let folder = Folder::new(name);
    (1..=3).for_each(|index| shard(&folder, index, 3, "12", None));
    folder
}

#[test]
fn what_is_missing_is_said() {
    let folder = three("missing");
    let mut parts = parts(&folder);
    let last = parts.pop().expect("there are three");
    fs::remove_dir_all(last).expect("it is ours");
    let (code, _) = merge(&folder, &parts, "two");
    assert_eq!(code, Some(2));
    let summary: Value = serde_json::from_slice(&folder.read("two/summary.json")).expect("it is JSON");
    assert_eq!(summary["missing"], serde_json::json!(["shard 3 of 3 isn't here"]));
    assert_eq!(summary["runs"], 8);
    let text = String::from_utf8(folder.read("two/summary.txt")).expect("it is text");
    assert!(text.contains("missing: shard 3 of 3 isn't here"), "{text}");
}

#[test]
fn what_is_unsound_is_left_out_with_its_file_and_the_reason() {
    let folder = three("unsound");
    let sound = &parts(&folder)[..2];
    let damaged = |name: &str, change: &dyn Fn(&Path)| {
        let copy = folder.0.join(format!("of-{name}"));
        copy_folder(&folder.0.join("parts/3-of-3"), &copy);
        change(&copy);
        copy.display().to_string()
    };
    let other = folder.at("other");
    run(&[CAMPAIGN, &["--runs", "12", "--seed", "7", "--shard", "3/3", "--out", &other]].concat());
    let halves = folder.at("halves");
    run(&[CAMPAIGN, &["--runs", "12", "--shard", "2/2", "--out", &halves]].concat());
    let longer = folder.at("longer");
    run(&[CAMPAIGN, &["--runs", "15", "--shard", "3/3", "--out", &longer]].concat());
    let edit = |file: &'static str, from: &'static str, to: &'static str| {
        move |copy: &Path| {
            let path = copy.join(file);
            let text = fs::read_to_string(&path).expect("it is there");
            assert!(text.contains(from), "{text}");
            fs::write(path, text.replacen(from, to, 1)).expect("it is writable");
        }
    };
    let truncated = |copy: &Path| {
        let path = copy.join("state.json");
        let text = fs::read(&path).expect("it is there");
        fs::write(path, &text[..text.len() / 2]).expect("it is writable");
    };
    let lost = |copy: &Path| {
        for entry in fs::read_dir(copy.join("findings")).expect("it has some") {
            fs::remove_file(entry.expect("it is readable").path().join("history.jsonl")).expect("it is ours");
        }
    };
    let cases = [
        (damaged("truncated", &truncated), "state.json: this is damaged"),
        (damaged("version", &edit("campaign.json", "\"version\": 4", "\"version\": 9")), "is of version 9"),
        (
            damaged("commit", &edit("campaign.json", "\"commit\": null", "\"commit\": \"abc\"")),
            "what differs: commit",
        ),
        (damaged("canary", &edit("state.json", "\"caught_by\": \"", "\"caught_by\": \"x")), "its canary"),
        (damaged("finding", &lost), "history.jsonl: "),
        (other, "what differs: seed"),
        (halves, "this is divided otherwise: 12 runs in 2 parts; expected 12 runs in 3 parts"),
        (longer, "this is divided otherwise: 15 runs in 3 parts; expected 12 runs in 3 parts"),
        (folder.at("nowhere"), "nowhere: "),
        (root().join("docs").display().to_string(), "docs/schemas/campaign.json: there is no campaign here"),
    ];
    for (number, (unsound, why)) in cases.iter().enumerate() {
        let out = format!("merged-{number}");
        let (code, told) = merge(&folder, &[sound, std::slice::from_ref(unsound)].concat(), &out);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains("left out: ") && told.contains(why), "'{why}' isn't in {told}");
        let summary: Value =
            serde_json::from_slice(&folder.read(&format!("{out}/summary.json"))).expect("it is JSON");
        assert_eq!(summary["runs"], 8, "what is sound is kept");
    }
    // The same part, and yet not.
    let changed = damaged("changed", &edit("state.json", "\"bad_runs\": ", "\"bad_runs\": 1"));
    let (code, told) = merge(&folder, &[parts(&folder), vec![changed]].concat(), "disagree");
    assert_eq!(code, Some(2));
    assert!(told.contains("its shard 3 of 3 came to something else than the one that is in"), "{told}");
    // Some of it is in.
    assert_eq!(merge(&folder, &parts(&folder)[..2], "first-two").0, Some(2));
    assert_eq!(merge(&folder, &parts(&folder)[1..], "last-two").0, Some(2));
    let (code, told) = merge(&folder, &[folder.at("first-two"), folder.at("last-two")], "overlap");
    assert_eq!(code, Some(2));
    assert!(told.contains("its shard 2 of 3 is in already, and others of it aren't"), "{told}");
    // Nothing is written over.
    let (code, told) = merge(&folder, &parts(&folder), "first-two");
    assert_eq!(code, Some(2));
    assert!(told.contains("holds a campaign"), "{told}");
    // A merge isn't gone on with.
    let output = run(&[CAMPAIGN, &["--runs", "12", "--out", &folder.at("first-two"), "--resume"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(told_of(&output, "what differs: shard"));
}

fn told_of(output: &Output, what: &str) -> bool {
    told(output).contains(what)
}

#[test]
fn engines_say_which_part_it_is() {
    let folder = Folder::new("engines");
    let out = folder.at("parts");
    let args = [CAMPAIGN, &["--runs", "9", "--out", &out]].concat();
    let slurm =
        [("SLURM_ARRAY_TASK_ID", "11"), ("SLURM_ARRAY_TASK_MIN", "10"), ("SLURM_ARRAY_TASK_MAX", "12")];
    let output = command(&args).envs(slurm).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told_of(&output, "shard 2/3, says SLURM_ARRAY_TASK_ID"));
    let kubernetes = [("JOB_COMPLETION_INDEX", "2"), ("JOB_COMPLETIONS", "3")];
    assert_eq!(command(&args).envs(kubernetes).output().expect("it runs").status.code(), Some(0));
    // What is said on the line goes before.
    let first = [&args[..], &["--shard", "1/3"]].concat();
    assert_eq!(command(&first).envs(slurm).output().expect("it runs").status.code(), Some(0));
    assert_eq!(parts(&folder).len(), 3);
    assert_eq!(merge(&folder, std::slice::from_ref(&out), "whole").0, Some(1));
    let half = command(&args).env("JOB_COMPLETION_INDEX", "2").output().expect("it runs");
    assert_eq!(half.status.code(), Some(2));
    assert!(told_of(&half, "JOB_COMPLETIONS isn't set"));
    let output = run(&[CAMPAIGN, &["--shard", "4/3"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(told_of(&output, "expected I/N, I from 1 to N"));
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("it is writable");
    for entry in fs::read_dir(from).expect("it is readable") {
        let entry = entry.expect("it is readable");
        let place = to.join(entry.file_name());
        match entry.file_type().expect("it is one").is_dir() {
            true => copy_folder(&entry.path(), &place),
            false => _ = fs::copy(entry.path(), place).expect("it is writable"),
        }
    }
}

/// Ten thousand parts made from one: each with its own index and a hundred findings of other sizes. The files of the
/// findings are shared, since only those of the smallest plans are read.
/// `cargo test --release --workspace --test shards -- --ignored --nocapture ten_thousand`.
#[test]
#[ignore = "a gigabyte of parts, and for a release build"]
fn ten_thousand_parts_are_merged_in_a_minute() {
    const PARTS: u64 = 10_000;
    let folder = Folder::new("ten-thousand");
    let first = folder.at("first");
    run(&[CAMPAIGN, &["--runs", "100000", "--shard", "1/10000", "--out", &first]].concat());
    let part = |name: &str| format!("first/00001-of-10000/{name}");
    let (label, mut state) = (folder.read(&part("campaign.json")), folder.read(&part("state.json")));
    let mut state: Value = serde_json::from_slice(&std::mem::take(&mut state)).expect("it is JSON");
    let label = String::from_utf8(label).expect("it is text");
    let shared = folder.0.join("shared");
    let (id, one) =
        state["findings"].as_object().and_then(|all| all.iter().next()).expect("it found something");
    let (id, one) = (id.clone(), one.clone());
    let ids: Vec<String> = (0..100).map(|number| format!("{number:08x}")).collect();
    for other in &ids {
        copy_folder(&folder.0.join(part("findings")).join(&id), &shared.join(other));
    }
    for index in 1..=PARTS {
        let part = folder.0.join(format!("parts/{index:05}"));
        fs::create_dir_all(&part).expect("it is writable");
        std::os::unix::fs::symlink(&shared, part.join("findings")).expect("it is writable");
        fs::write(part.join("campaign.json"), label.replace("1/10000", &format!("{index}/10000")))
            .expect("it is writable");
        let parts = &mut state["shards"]["parts"];
        let own = parts.as_object().and_then(|all| all.values().next()).expect("it is a part").clone();
        *parts = serde_json::json!({ index.to_string(): own });
        let findings = ids.iter().zip(0..).map(|(id, number)| {
            let mut finding = one.clone();
            finding["size"] = (20 + (index * 7919 + number * 104_729) % 1009).into();
            finding["run"] = index.into();
            (id.clone(), finding)
        });
        state["findings"] = Value::Object(findings.collect());
        fs::write(part.join("state.json"), state.to_string()).expect("it is writable");
    }
    let (parts, out) = (folder.at("parts"), folder.at("whole"));
    // What it takes is told by GNU time, where that is.
    let merge = ["merge", parts.as_str(), "--out", out.as_str()];
    let begun = driftless::files::stopwatch();
    let timed = Command::new("time").arg("-v").arg(program()).args(merge).output();
    let output = timed.unwrap_or_else(|_| run(&merge));
    let took = begun.elapsed();
    let told = told(&output);
    println!("{PARTS} parts in {took:?}");
    told.lines().filter(|line| line.contains("Maximum resident")).for_each(|line| println!("{line}"));
    assert!(!told.contains("left out"), "{told}");
    let summary: Value = serde_json::from_slice(&folder.read("whole/summary.json")).expect("it is JSON");
    assert_eq!(summary["runs"], 10 * PARTS);
    assert_eq!(summary["findings"].as_array().map(Vec::len), Some(100));
    assert!(took < Duration::from_secs(60), "{took:?}");
}
