//! The command from outside: exit codes, output for machines, and what it says to somebody who mistypes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use driftless_tests::{program, root};

fn driftless(args: &[&str]) -> Output {
    driftless_in(&root(), args)
}

fn driftless_in(folder: &Path, args: &[&str]) -> Output {
    Command::new(program()).args(args).current_dir(folder).output().expect("the command runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A file in a folder of its own that goes away with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Self {
        let folder = program().parent().expect("it lies in a folder").join(format!("scratch-{name}"));
        std::fs::create_dir_all(&folder).expect("the folder of the build is writable");
        std::fs::write(folder.join("script"), content).expect("it is writable");
        Scratch(folder)
    }

    fn path(&self) -> String {
        self.0.join("script").display().to_string()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(Path::new(&self.0));
    }
}

#[test]
fn issue_1_before_and_after() {
    let before = driftless(&["run", "scenarios/issue-1", "--design", "before-fix"]);
    let said = stdout(&before);
    assert_eq!(before.status.code(), Some(1), "{said}");
    for words in [
        "deletes-reach-every-gateway violated on gw1",
        "tells no gateway that petstore is gone",
        "again: driftless run",
    ] {
        assert!(said.contains(words), "'{words}' is missing in\n{said}");
    }
    assert_eq!(driftless(&["run", "scenarios/issue-1"]).status.code(), Some(0));
    assert_eq!(driftless(&["run", "scenarios/issue-1", "--design", "as-merged"]).status.code(), Some(0));
}

#[test]
fn issue_3_before_in_the_first_draft_and_after() {
    let before = driftless(&["run", "scenarios/issue-3", "--design", "before-fix"]);
    assert_eq!(before.status.code(), Some(1));
    assert!(stdout(&before).contains("existing-artifacts-survive violated on gw1"));
    let draft = driftless(&["run", "scenarios/issue-3/failed-exists", "--design", "first-draft"]);
    assert_eq!(draft.status.code(), Some(1));
    assert!(stdout(&draft).contains("failed-checks-never-delete violated on gw1"));
    assert_eq!(driftless(&["run", "scenarios/issue-3"]).status.code(), Some(0));
}

#[test]
fn json_has_verdicts_and_a_digest() {
    let output = driftless(&["run", "scenarios/issue-3/failed-exists", "--design", "first-draft", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let verdicts = json["verdicts"].as_array().expect("a list");
    let of =
        |property: &str| verdicts.iter().find(|v| v["property"] == property).map(|v| v["verdict"].clone());
    assert_eq!(of("failed-checks-never-delete"), Some("violated".into()));
    assert_eq!(of("deletes-reach-every-gateway"), Some("vacuous".into()));
    assert_eq!(json["digest"].as_str().map(str::len), Some(64));
    let plain = stdout(&driftless(&["run", "scenarios/issue-3/failed-exists", "--design", "first-draft"]));
    assert!(plain.contains(json["digest"].as_str().expect("a text")));
}

#[test]
fn a_design_of_one_node_and_a_single_decision() {
    let script = "scenarios/issue-3/sync-rest-api";
    let old_gateway = driftless(&["run", script, "--design", "gw1=before-fix"]);
    assert_eq!(old_gateway.status.code(), Some(1), "{}", stdout(&old_gateway));
    let old_platform = driftless(&["run", script, "--design", "platform=before-fix"]);
    assert_eq!(old_platform.status.code(), Some(0), "{}", stdout(&old_platform));
    let decision = driftless(&["run", script, "--decision", "orphans=delete"]);
    assert_eq!(decision.status.code(), Some(1), "{}", stdout(&decision));
}

/// What is typed, and what the answer must contain. All of it is exit code 2.
#[test]
fn mistakes_are_told_with_their_place_and_what_was_expected() {
    let cases: &[(&str, &[&str])] = &[
        ("formt 1\n---\n", &["script:1:1", "formt", "format"]),
        ("format 1\nplatform\ngateway gw1\ndeploy petstore gw1\n---\n", &["script:4:8", "petstore"]),
        (
            "format 1\nplatform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw2\n---\n",
            &["script:5:17", "gw2", "gw1"],
        ),
        ("format 1\nplatform\ncreate rest-ap petstore\n---\n", &["script:3:8", "rest-api"]),
        (
            "format 1\nexpect before-fixx deletes-reach-every-gateway\nplatform\n---\n",
            &["script:2:8", "before-fix"],
        ),
        (
            "format 1\nexpect before-fix deletes-reach\nplatform\n---\n",
            &["script:2:19", "deletes-reach-every-gateway"],
        ),
        (
            "format 1\nset gw1 poll=1s\nplatform\ngateway gw1\n---\n",
            &["script:2:9", "event_hub.poll_interval"],
        ),
        (
            "format 1\nset gw1 event_hub.poll_interval=soon\nplatform\ngateway gw1\n---\n",
            &["script:2", "a duration"],
        ),
        ("format 1\nplatform\ngateway gw1 gw2\n---\n", &["script:3:13", "gateway GATEWAY"]),
        ("format 1\nplatform\nrestart gw1\n---\n", &["script:3:9", "gw1"]),
        ("format 1\nfault \"gw1 sync\" fail\nplatform\ngateway gw1\n---\n", &["script:2:7", "site"]),
        ("format 1\nplatform\nsettle\n", &["script:", "---"]),
        ("format 9\nplatform\n---\n", &["script:1:8", "1"]),
        ("", &["script", "format"]),
    ];
    for (index, (text, expected)) in cases.iter().enumerate() {
        let file = Scratch::new(&format!("mistake-{index}"), text.as_bytes());
        let output = driftless(&["run", &file.path()]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{text}\n{said}");
        for words in *expected {
            assert!(said.contains(words), "'{words}' is missing in\n{said}\nfor\n{text}");
        }
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn files_that_can_not_be_read_and_wrong_arguments_are_told() {
    let binary = Scratch::new("binary", b"format 1\nplatform \xff\xfe\n---\n");
    let script = "scenarios/issue-1/live-rest-api";
    let cases: &[(&[&str], &str)] = &[
        (&["run", "scenarios/nothing"], "no such file"),
        (&["run", &binary.path()], "UTF-8"),
        (&["run", script, "--design", "before"], "before-fix"),
        (&["run", script, "--design", "gw9=before-fix"], "gw1"),
        (&["run", script, "--decision", "orphan=ask"], "orphans"),
        (&["run", script, "--decision", "orphans"], "NAME=VARIANT"),
        (&["run", script, "--setting", "gw1.event_hub.poll_interval=never"], "a duration"),
        (&["run", script, "--setting", "poll=1s"], "NODE.NAME=VALUE"),
        (&["run", script, "--jobs", "0"], "jobs"),
        (&["run"], "SCRIPT"),
        (&["fly"], "fly"),
        (&["list", "wishes"], "designs"),
        (&["doctor", "--plant", "weeds"], "hash-map-order"),
    ];
    for (args, expected) in cases {
        let output = driftless(args);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}\n{said}");
        assert!(said.contains(expected), "'{expected}' is missing in\n{said}");
    }
}

#[test]
fn the_table_is_printed_without_arguments() {
    let output = driftless(&[]);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("before-fix") && said.contains("statements, all true"), "{said}");
}

#[test]
fn a_statement_that_is_not_true_is_told() {
    let text = std::fs::read_to_string(root().join("scenarios/issue-1/live-rest-api")).expect("it is there");
    let file = Scratch::new("untrue", text.replace("expect before-fix", "expect first-draft").as_bytes());
    let output = driftless(&["compare", &file.path()]);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("not true") && said.contains("again: driftless run"), "{said}");
}

/// A header that names a mutant is checked like any other.
#[test]
fn compare_runs_the_mutants_that_a_header_names() {
    let path = "scenarios/defects/event-carries-handle";
    let compared = driftless(&["compare", path]);
    let said = stdout(&compared);
    assert_eq!(compared.status.code(), Some(0), "{said}");
    assert!(said.contains("  under event-carries-handle: violates deletes\n"), "{said}");

    let text = std::fs::read_to_string(root().join(path)).expect("a scenario");
    let text = text.replace("expect event-carries-handle", "expect list-uses-updated-at");
    let file = Scratch::new("untrue-of-a-mutant", text.as_bytes());
    let compared = driftless(&["compare", &file.path()]);
    let said = stdout(&compared);
    assert_eq!(compared.status.code(), Some(1), "{said}");
    assert!(said.contains("states that list-uses-updated-at violates deletes-reach-every-gateway"), "{said}");
    assert!(said.contains("--design list-uses-updated-at"), "{said}");
}

#[test]
fn a_mutant_is_told_from_its_base() {
    let tried = driftless(&["mutants", "event-carries-handle", "list-uses-updated-at"]);
    assert_eq!(tried.status.code(), Some(0));
    let expected = "event-carries-handle  event-identity=llm-handle, PR #1381
  parts      \"gw1 event llmprovider.deployed model 1 http.fetch-llm-provider model\" happens in as-merged only
  caught by  deletes-reach-every-gateway
list-uses-updated-at  listed-instant=updated-at, PR #1463
  parts      \"gw1@2 sync http.fetch-batch\" happens in the mutant only
  caught by  what-is-held-is-not-fetched-again
";
    let said = stdout(&tried);
    assert!(said.starts_with(expected), "{said}");
    assert!(said.ends_with("\n2 mutants, 2 told apart, 2 caught\n"), "{said}");
    let marks =
        |name: &str| said.lines().rfind(|line| line.starts_with(name)).map(|row| row.matches(" x").count());
    assert_eq!(marks("event-carries-handle"), Some(1), "{said}");

    let json = driftless(&["mutants", "event-carries-handle", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("it is JSON");
    assert_eq!(json[0]["parts"]["difference"], "only-in-a");
    assert_eq!(json[0]["caught_by"], serde_json::json!(["deletes-reach-every-gateway"]));

    let unknown = driftless(&["mutants", "event-carries-handel"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("expected one of"), "{}", stderr(&unknown));
}

/// Its script is missing, or never comes to what the mutant does otherwise.
#[test]
fn a_mutant_that_is_like_its_base_is_bad_and_one_without_a_script_not_run() {
    let folder = Scratch::new("mutants", b"");
    let scripts = folder.0.join("scenarios/defects");
    std::fs::create_dir_all(&scripts).expect("the folder of the build is writable");
    let tried = driftless_in(&folder.0, &["mutants", "list-uses-updated-at"]);
    assert_eq!(tried.status.code(), Some(2));
    let told = stderr(&tried);
    assert!(told.contains("scenarios/defects/list-uses-updated-at: there is no such file"), "{told}");

    let text = "format 1\nplatform\ngateway gw1\nsettle\n---\n";
    std::fs::write(scripts.join("list-uses-updated-at"), text).expect("it is writable");
    let tried = driftless_in(&folder.0, &["mutants", "list-uses-updated-at"]);
    let said = stdout(&tried);
    assert_eq!(tried.status.code(), Some(1), "{said}");
    for words in ["parts      nowhere", "0 told apart", "again: driftless mutants list-uses-updated-at"] {
        assert!(said.contains(words), "'{words}' is missing in\n{said}");
    }
}

#[test]
fn lists_name_what_there_is() {
    for (topic, word) in [
        ("designs", "first-draft"),
        ("designs", "event-carries-handle"),
        ("decisions", "delete-recipients"),
        ("settings", "event_hub.poll_interval"),
        ("properties", "failed-checks-never-delete"),
        ("faults", "crash-after"),
        ("commands", "delete-deployment"),
    ] {
        let output = driftless(&["list", topic]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains(word));
        let json = driftless(&["list", topic, "--json"]);
        let rows: serde_json::Value = serde_json::from_slice(&json.stdout).expect("it is JSON");
        assert!(rows.as_array().is_some_and(|rows| !rows.is_empty()));
    }
}

#[test]
fn completions_and_the_manual_know_every_command() {
    let printed = |args: &[&str]| {
        let output =
            Command::new(program()).args(args).current_dir(root()).output().expect("the command runs");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        String::from_utf8(output.stdout).expect("it is text")
    };
    let help = printed(&["--help"]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 15, "{names:?}");
    let manual = printed(&["manual"]);
    let shells =
        ["bash", "elvish", "fish", "powershell", "zsh"].map(|shell| printed(&["completions", shell]));
    for name in names.iter().filter(|name| **name != "help") {
        assert!(manual.contains(&format!(".SH DRIFTLESS {}\n", name.to_uppercase())), "{name}");
        assert!(shells.iter().all(|shell| shell.contains(name)), "{name}");
    }
    assert!(manual.contains("\\-\\-held\\-under"), "options are told");
}

/// Somebody follows one node through a run that fails: each line has the time, then the node, and nothing moves by it.
#[test]
fn logs_are_read_by_node() {
    let args = ["run", "scenarios/issue-1/live-rest-api", "--design", "before-fix"];
    let logged = |level: &str| {
        let mut command = Command::new(program());
        command.args(args).env("RUST_LOG", level).current_dir(root()).output().expect("the command runs")
    };
    let (info, debug) = (logged("info"), logged("debug"));
    let warned = stderr(&info);
    let line = |text: &str, words: &str| {
        let found = text.lines().find(|line| line.contains(words)).map(str::to_owned);
        found.unwrap_or_else(|| panic!("'{words}' is missing in\n{text}"))
    };
    assert!(line(&warned, "not deployed").contains("  WARN gw1        connection: not deployed"), "{warned}");
    let all = stderr(&debug);
    let refused = line(&all, "gw1        event api.deployed petstore@2 1 store.find-name-version petstore@2");
    assert!(refused.starts_with("    63.545"), "{refused}");
    let of_gateway = all.lines().filter(|line| line.contains(" DEBUG gw1        ")).count();
    let of_platform = all.lines().filter(|line| line.contains(" DEBUG platform   ")).count();
    assert!(of_gateway > 100 && of_platform > 50, "{of_gateway} and {of_platform}");
    let digest = |output: &Output| line(&stdout(output), "  digest ");
    assert_eq!(digest(&info), digest(&debug));
    assert_eq!(digest(&info), digest(&driftless(&args)));
}

#[test]
fn numbers_and_places_that_are_none_are_told_in_words() {
    let script = "scenarios/issue-1/live-rest-api";
    for (args, said) in [
        (&["run", script, "--seed", "x"][..], "invalid value 'x' for '--seed <N>': expected a whole number"),
        (&["run", script, "--jobs", "0"], "'--jobs <N>': expected a whole number from 1 on"),
        (&["explore", "--runs", "0"], "'--runs <N>': expected a whole number from 1 on"),
        (
            &["run", "scenarios/issue-1/live-rest-api/more"],
            "this is a file, or lies below one; expected a folder",
        ),
        (&["run", script, "--html", "scenarios"], "--html scenarios: this is a folder; expected a file"),
    ] {
        let output = driftless(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(said), "{args:?}: {}", stderr(&output));
    }
}
