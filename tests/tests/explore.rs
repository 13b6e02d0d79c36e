//! Exploration: what it finds, that stopping and going on changes nothing, and what it says to wrong input.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use driftless::recording::Recording;
use driftless::script::Script;
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
    let output = explore(&["--design", "before-fix", "--profile", "plain", "--runs", "40", "--json"]);
    let campaign = json(&output);
    assert_eq!(output.status.code(), Some(1));
    for property in ["deletes-reach-every-gateway", "existing-artifacts-survive"] {
        assert!(found(&campaign).contains(&property), "{property} is not among {:?}", found(&campaign));
    }
    let scripts =
        campaign["findings"].as_array().expect("a list").iter().filter_map(|f| f["script"].as_str());
    for script in scripts {
        Script::parse("finding", script).expect("a finding's script is one");
    }
}

#[test]
fn the_first_draft_is_found_by_faults_on_calls() {
    let output = explore(&["--design", "first-draft", "--profile", "calls", "--runs", "100", "--json"]);
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
    run(&["--runs", "36", "--out", whole.path()]);
    run(&["--runs", "15", "--out", parts.path()]);
    // What a kill leaves behind that came while the state was written, and a mark that only going on keeps.
    fs::write(parts.0.join(".state.json.1"), "{\"runs\": 2").expect("the folder is writable");
    let file = parts.0.join("state.json");
    let text = fs::read_to_string(&file).expect("a campaign keeps its state");
    let mut marked: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(marked["runs"], 15);
    marked["bad_runs"] = Value::from(marked["bad_runs"].as_u64().expect("a number") + MARK);
    fs::write(&file, marked.to_string()).expect("it is writable");
    run(&["--runs", "36", "--out", parts.path(), "--resume"]);
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

/// Every file of a folder and of those in it, with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("its entries are readable").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(path.clone(), fs::read(&path).expect("it is readable"));
        }
    }
    files
}

#[test]
fn what_is_known_is_counted_and_not_told() {
    let folder = Folder::new("known");
    let common = ["--design", "before-fix", "--profile", "plain", "--runs", "24"];
    let first = explore(&[&common[..], &["--out", folder.path()]].concat());
    assert!(text(&first.stdout).contains("\nfound ") || text(&first.stdout).starts_with("found "));
    let again = explore(&[&common[..], &["--known", folder.path()]].concat());
    assert!(!text(&again.stdout).contains("found "), "{}", text(&again.stdout));
    assert!(text(&again.stdout).contains(", known"));
}

/// What scripts show is counted for them, and what none shows is told.
#[test]
fn what_a_script_shows_is_counted_for_it() {
    let common = ["--design", "before-fix", "--profile", "plain", "--runs", "24", "--json"];
    let all = json(&explore(&common));
    let findings = all["findings"].as_array().expect("a list of findings");
    assert_eq!(all["known"], Value::Array(Vec::new()));
    let script = "scenarios/findings/a-deployment-that-ended-while-a-gateway-was-away";
    let output = explore(&[&common[..], &["--known", script]].concat());
    let some = json(&output);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(some["known"][0]["script"], script);
    let runs = some["known"][0]["runs"].as_u64().expect("a number");
    // What it shows, with whatever kind of artifact.
    let is_its = |finding: &&Value| {
        let Value::Object(signature) = &finding["signature"] else { return false };
        signature["decision"] == "artifact removed, inferred"
            && signature["chain"]["acted"] == "sync store.commit-delete"
    };
    let its: Vec<&Value> = findings.iter().filter(is_its).collect();
    assert!(its.len() > 1, "{findings:?}");
    let each = its.iter().map(|finding| finding["runs"].as_u64().expect("a number"));
    assert!((each.clone().max().expect("some")..=each.sum()).contains(&runs), "{runs}");
    let left: Vec<&Value> = findings.iter().filter(|finding| !is_its(finding)).collect();
    let ids = |findings: &[&Value]| findings.iter().map(|finding| finding["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&left), ids(&some["findings"].as_array().expect("a list").iter().collect::<Vec<_>>()));
    assert_eq!((&all["runs"], &all["bad_runs"]), (&some["runs"], &some["bad_runs"]));
}

/// Two workers end their runs in another order than one.
#[test]
fn a_campaign_is_the_same_with_any_number_of_jobs() {
    let campaign = |jobs: &str| {
        let common = ["--design", "before-fix", "--runs", "40", "--json", "--jobs", jobs];
        let mut campaign = json(&explore(&common));
        campaign["runs_per_second"] = Value::Null;
        campaign
    };
    assert_eq!(campaign("1"), campaign("3"));
}

#[test]
fn a_finding_is_kept_with_its_run_and_a_campaign_with_its_summary() {
    let folder = Folder::new("kept");
    let common = ["--design", "before-fix", "--profile", "plain", "--runs", "16", "--json"];
    let mut printed = json(&explore(&[&common[..], &["--out", folder.path()]].concat()));
    assert!(printed["runs_per_second"].take().as_f64().is_some_and(|rate| rate > 0.0));
    let read = |name: &str| fs::read_to_string(folder.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let parsed = |name: &str| -> Value { serde_json::from_str(&read(name)).expect("it is JSON") };
    // How fast it was is printed, and not kept.
    let mut kept = parsed("summary.json");
    kept["runs_per_second"] = Value::Null;
    assert_eq!(kept, printed);
    assert!(read("summary.txt").contains(" of 16 runs bad\n"));
    let findings = printed["findings"].as_array().expect("a list of findings");
    assert!(!findings.is_empty());
    for finding in findings {
        let of = |name: &str| format!("findings/{}/{name}", finding["id"].as_str().expect("an id"));
        assert_eq!(read(&of("script")), finding["script"].as_str().expect("a script"));
        let verdicts = parsed(&of("verdicts.json"));
        assert_eq!(verdicts["digest"], finding["digest"]);
        let violated = |judged: &&Value| judged["property"] == finding["property"];
        let judged = verdicts["verdicts"].as_array().expect("a list").iter().find(violated);
        assert_eq!(judged.expect("the property was judged")["verdict"], "violated");
        let history = fs::read(folder.0.join(of("history.jsonl"))).expect("a history");
        let recording = Recording::read(&history).expect("it is whole");
        // The plan of the script, run again, has the digest that everything else has.
        let plan = Script::parse("finding", &read(&of("script"))).expect("it is a script").plan;
        let again = driftless::run(&plan).expect("it runs").digest;
        assert_eq!(finding["digest"], again.as_str());
        assert_eq!(recording.header.digest, again);
    }
}

/// A kill amid the moment in which a smaller plan takes the place of another: the other is put back.
#[test]
fn a_finding_that_was_being_replaced_is_put_back() {
    let folder = Folder::new("replaced");
    let common = ["--design", "before-fix", "--profile", "plain", "--runs", "16", "--out", folder.path()];
    explore(&common);
    let before = files(&folder.0);
    let findings = folder.0.join("findings");
    let entry =
        fs::read_dir(&findings).expect("it has some").next().expect("it has one").expect("it is readable");
    let id = entry.file_name().to_string_lossy().into_owned();
    let half = findings.join(format!(".{id}.new"));
    fs::create_dir(&half).expect("it is writable");
    fs::write(half.join("script"), "format 1").expect("it is writable");
    fs::rename(entry.path(), findings.join(format!(".{id}.old"))).expect("it is writable");
    let output = explore(&[&common[..], &["--resume"]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let after = files(&folder.0);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let differ = before.iter().filter(|(path, content)| after[*path] != **content).map(|(path, _)| path);
    let differ: Vec<_> = differ.filter(|path| !path.ends_with("state.json")).collect();
    assert!(differ.is_empty(), "{differ:?}");
}

/// Nothing bigger than so many blocks of 512 bytes can be written, as on a disk that is full.
fn explore_on_a_full_disk(blocks: u64, args: &[&str]) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" explore \"$@\"");
    let command =
        Command::new("sh").arg("-c").arg(script).arg(program()).args(args).current_dir(root()).output();
    command.expect("the shell runs")
}

#[test]
fn a_full_disk_loses_nothing_that_was_kept() {
    let (whole, full) = (Folder::new("roomy"), Folder::new("full"));
    let common = ["--design", "before-fix", "--profile", "plain", "--jobs", "1"];
    let args = |folder, more: &[&'static str]| [&common[..], &["--out", folder], more].concat();
    // Where there is no room at all nothing is left behind that would keep a campaign from beginning there.
    let begins = args(full.path(), &["--runs", "8"]);
    assert_eq!(explore_on_a_full_disk(0, &begins).status.code(), Some(2));
    assert!(files(&full.0).is_empty());
    explore(&args(whole.path(), &["--runs", "24"]));
    assert_eq!(explore(&begins).status.code(), Some(1));
    let before = files(&full.0);
    let goes_on = args(full.path(), &["--runs", "24", "--resume"]);
    let output = explore_on_a_full_disk(8, &goes_on);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    let said = text(&output.stderr);
    assert!(said.contains("File too large") && said.contains("what was written before is whole"), "{said}");
    let after = files(&full.0);
    for (path, content) in &before {
        assert!(after.get(path) == Some(content), "{} is another", path.display());
    }
    assert!(
        after
            .keys()
            .all(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')))
    );
    // With room again it becomes what it would have been.
    explore(&goes_on);
    let kept = |folder: &Folder| {
        let below = folder.0.join("findings");
        let files = files(&below).into_iter();
        files
            .map(|(path, content)| (path.strip_prefix(&below).expect("below").to_owned(), content))
            .collect::<Vec<_>>()
    };
    assert!(kept(&full) == kept(&whole), "the findings are others");
}

#[test]
fn a_mutant_is_searched_for_from_several_seeds() {
    let search = |more: &[&str]| {
        let args = ["mutants", "--explore", "30", "--seeds", "3", "--profile", "plain", "no-delete-handler"];
        let command = Command::new(program()).args(args).args(more).current_dir(root()).output();
        command.expect("the command runs")
    };
    let lines = json(&search(&["--json"]));
    let line = &lines[0];
    assert_eq!((line["name"].as_str(), line["searches"].as_u64()), (Some("no-delete-handler"), Some(3)));
    assert_eq!(line["found"], 3);
    assert_eq!(line["caught_by"]["deletes-reach-every-gateway"], 3);
    let median = line["median_runs"].as_u64().expect("more than half of the searches found it");
    assert!((1..=30).contains(&median));
    let table = text(&search(&["--markdown"]).stdout);
    let row = table.lines().last().expect("a row");
    assert!(row.starts_with(&format!("| no-delete-handler | 3 of 3 | {median} | ")), "{table}");
    assert!(row.contains("deletes-reach-every-gateway (3)"), "{table}");
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
    let (ours, empty, nowhere) = (Folder::new("ours"), Folder::new("empty"), Folder::new("nowhere"));
    fs::create_dir_all(&empty.0).expect("the folder is writable");
    let begun = ["--profile", "plain", "--runs", "2", "--out", ours.path()];
    explore(&begun);
    let file = theirs.0.join("profile.toml");
    fs::write(&file, "gateways = [3, 1]").expect("it is writable");
    // Not even root can write there.
    let below_a_file = file.join("campaign");
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
        (vec!["--out", file], "expected a folder"),
        (vec!["--out", below_a_file.to_str().expect("a name")], "expected a folder"),
        (vec!["--known", theirs.path()], "--known: expected the folder of a campaign, or scripts"),
        (vec!["--known", empty.path()], "there is no script in this folder"),
        (vec!["--known", nowhere.path()], "there is no such file or folder"),
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
        "of version 99; expected 4",
    );
    damage(
        "campaign.json",
        "{\"format\": \"driftless-campaign\", \"version\": 2}",
        "of version 2; expected 4",
    );
    damage("campaign.json", "{}", "this isn't a campaign");
    assert_eq!(explore(&resume).status.code(), Some(0));
    assert!(Path::new(ours.path()).join("state.json").exists());
}
