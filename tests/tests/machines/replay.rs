//! Findings run again: what still fails, now passes, or no longer applies, and with which exit code.

use serde_json::{Value, json};

use crate::folder::{Folder, driftless, json, said, told};

/// A gateway that holds an artifact, and steps after which a design may have lost it.
const STEPS: &str = "platform
gateway gw1
create rest-api petstore
deploy petstore gw1
settle
undeploy petstore gw1
delete-deployment petstore gw1
settle
restart gw1
settle
---
";
/// The fault under which `first-draft` deletes what it could not ask about.
const FAULT: &str = "fault \"gw1@2 sync http.artifacts-exists\" answer status=503\n";

fn scenario(header: &str) -> String {
    format!("format 1\n{header}{STEPS}")
}

/// What came of a base: the exit code and what was printed.
fn replay(args: &[&str]) -> (Option<i32>, String) {
    let output = driftless(&[&["replay"], args].concat());
    assert!(told(&output).is_empty(), "{}", told(&output));
    (output.status.code(), said(&output))
}

/// The lines about a script, without what surrounds them.
fn about<'a>(printed: &'a str, script: &str) -> Vec<&'a str> {
    let lines = printed.lines().skip_while(|line| !line.ends_with(script)).skip(1);
    lines.take_while(|line| line.starts_with(' ')).map(str::trim).collect()
}

#[test]
fn a_header_that_is_still_true_still_fails() {
    let folder = Folder::new("replay-true");
    let header = "expect before-fix existing-artifacts-survive\n\
                  expect first-draft existing-artifacts-survive failed-checks-never-delete\n";
    folder.write("deep/er/lost", &scenario(&format!("{header}{FAULT}")));
    folder.write("notes.txt", "no script");
    let (exit, printed) = replay(&[&folder.path("")]);
    assert_eq!(exit, Some(0), "{printed}");
    let lines = about(&printed, "deep/er/lost");
    assert!(lines.contains(&"still fails        existing-artifacts-survive under before-fix"), "{printed}");
    assert!(lines.contains(&"still fails        failed-checks-never-delete under first-draft"), "{printed}");
    assert!(
        printed.ends_with(
            "3 statements: 3 still fail, 0 now pass, 0 no longer apply; 0 scripts state nothing and hold\n"
        ),
        "{printed}"
    );
    // Whoever wants them mended sees that they aren't.
    let (exit, printed) = replay(&[&folder.path(""), "--fixed"]);
    assert_eq!(exit, Some(1));
    assert!(printed.contains("\nagain: driftless run "), "{printed}");
}

#[test]
fn what_is_no_longer_violated_now_passes() {
    let folder = Folder::new("replay-passes");
    folder.write("mended", &scenario(&format!("expect as-merged failed-checks-never-delete\n{FAULT}")));
    let (exit, printed) = replay(&[&folder.path("mended")]);
    assert_eq!(exit, Some(1), "{printed}");
    assert_eq!(about(&printed, "mended"), ["now passes         failed-checks-never-delete under as-merged"]);
    assert!(printed.ends_with("/mended --design as-merged\n"), "{printed}");
    assert_eq!(replay(&[&folder.path("mended"), "--fixed"]).0, Some(0));
    // Another property that is violated doesn't count for it, and isn't kept quiet.
    folder.write("other", &scenario("expect before-fix failed-checks-never-delete\n"));
    let (exit, printed) = replay(&[&folder.path("other")]);
    assert_eq!(exit, Some(1), "{printed}");
    let why = "it violates existing-artifacts-survive as well, which its header doesn't state";
    assert!(about(&printed, "other").contains(&why), "{printed}");
}

/// A run that passes because its faults are lost has shown nothing.
#[test]
fn what_does_not_take_place_any_more_no_longer_applies() {
    let expect = "expect as-merged failed-checks-never-delete\n";
    let step = "when \"gw1@7 sync http.deployments\" show gw1\n---\n";
    for (name, text, why) in [
        (
            "unmet",
            scenario(&format!("{expect}fault \"gw1@7 sync http.artifacts-exists\" fail\n")),
            "fault 1 is never met: fault \"gw1@7 sync http.artifacts-exists\" fail",
        ),
        (
            "idle",
            // At other times than those of the steps, so that the end of the window delays none of them.
            scenario(&format!("{expect}fault \"gw1<->platform\" refuse from=30s for=5s\n"))
                .replace("undeploy", "[60s] undeploy"),
            "fault 1 doesn't bite: fault \"gw1<->platform\" refuse from=30s for=5s",
        ),
        (
            "unbegun",
            scenario(expect).replace("---\n", step),
            "the crossing of a step is never met: when \"gw1@7 sync http.deployments\" show gw1",
        ),
        ("unreadable", "format 1\nplatfrm\n---\n".to_owned(), "it can't be read: "),
        (
            "of-another-build",
            scenario(&format!("{expect}fault \"gw1 sync http.artifacts-exist\" fail\n")),
            "it can't be read: ",
        ),
    ] {
        let folder = Folder::new(&format!("replay-{name}"));
        folder.write("base/lost", &text);
        folder.write("base/still", &scenario("expect before-fix existing-artifacts-survive\n"));
        let (exit, printed) = replay(&[&folder.path("base")]);
        assert_eq!(exit, Some(2), "{printed}");
        let lines = about(&printed, "base/lost");
        assert!(lines[0].starts_with("no longer applies  "), "{printed}");
        assert!(lines.iter().any(|line| line.starts_with(why)), "'{why}' is missing in\n{printed}");
        assert_eq!(
            about(&printed, "base/still"),
            ["still fails        existing-artifacts-survive under before-fix"]
        );
        let (_, printed) = replay(&[&folder.path("base"), "--json"]);
        let found: Value = serde_json::from_str(&printed).expect("it is JSON");
        assert_eq!(found["counts"]["no_longer_apply"], 1);
        assert!(found["statements"][0]["fate"]["no-longer-applies"].is_string(), "{printed}");
    }
}

#[test]
fn a_script_that_states_nothing_is_told() {
    let folder = Folder::new("replay-unstated");
    folder.write("holds", &scenario(""));
    folder.write("fails", &scenario("design gw1 before-fix\n"));
    let (exit, printed) = replay(&[&folder.path("")]);
    assert_eq!(exit, Some(0), "{printed}");
    assert_eq!(about(&printed, "holds"), ["states nothing     nothing"]);
    let lines = about(&printed, "fails");
    assert_eq!(lines, ["still fails        existing-artifacts-survive", "its header doesn't state it"]);
}

/// A finding as a campaign keeps it.
fn kept(folder: &Folder, script: &str, change: impl FnOnce(&mut Value)) {
    folder.write("base/findings/1/script", script);
    let path = folder.path("base/findings/1/script");
    let history = folder.path("base/findings/1/history.jsonl");
    let run = json(&driftless(&["run", &path, "--json", "--history", &history]));
    let chain = json!({ "changed": null, "told": null, "acted": null, "struck": [] });
    let mut finding = json!({
        "signature": {
            "property": "failed-checks-never-delete", "kind": "rest-api", "decision": "-", "chain": chain,
        },
        "digest": run["digest"],
    });
    change(&mut finding);
    folder.write("base/findings/1/finding.json", &finding.to_string());
}

#[test]
fn a_campaign_is_replayed_by_its_signatures_and_digests() {
    let folder = Folder::new("replay-campaign");
    let base = folder.path("campaign");
    let explored =
        ["explore", "--design", "before-fix", "--profile", "plain", "--runs", "12", "--out", &base];
    let found = json(&driftless(&[&explored[..], &["--json"]].concat()));
    let findings = found["findings"].as_array().expect("a list");
    let (exit, printed) = replay(&[&base]);
    assert_eq!(exit, Some(0), "{printed}");
    let count = findings.len();
    assert!(count > 0);
    assert!(printed.contains(&format!("{count} statements: {count} still fail, 0 now pass")), "{printed}");
    assert!(!printed.contains("another"), "{printed}");

    // The run is another one, and the verdict the same.
    let id = findings[0]["id"].as_str().expect("a name");
    let file = format!("campaign/findings/{id}/finding.json");
    let original = folder.read(&file);
    let mut finding: Value = serde_json::from_str(&original).expect("it is JSON");
    let was = "0".repeat(64);
    let is = finding["digest"].as_str().expect("a digest")[..12].to_owned();
    finding["digest"] = json!(was);
    folder.write(&file, &finding.to_string());
    let (exit, printed) = replay(&[&base]);
    assert_eq!(exit, Some(0), "{printed}");
    let note = format!("its run is another than was recorded: digest {is} in place of 000000000000");
    assert!(about(&printed, &format!("{id}/script")).contains(&note.as_str()), "{printed}");

    // It fails in another way than the campaign has seen.
    let mut finding: Value = serde_json::from_str(&original).expect("it is JSON");
    finding["signature"]["decision"] = json!("something else was decided");
    folder.write(&file, &finding.to_string());
    let (exit, printed) = replay(&[&base]);
    assert_eq!(exit, Some(0), "{printed}");
    let lines = about(&printed, &format!("{id}/script"));
    assert!(lines[1].starts_with("it fails in another way: "), "{printed}");

    // What is said of it can't be read.
    folder.write(&file, "{\"signature\": ");
    let (exit, printed) = replay(&[&base]);
    assert_eq!(exit, Some(2), "{printed}");
    assert!(printed.contains("what is said of it can't be read: "), "{printed}");
}

/// What never struck in the recorded run can't be lost.
#[test]
fn of_a_finding_only_what_struck_can_be_lost() {
    let folder = Folder::new("replay-recorded");
    let design = "design gw1 first-draft\ndesign platform first-draft\n";
    let spare = "fault \"gw1@7 sync http.artifacts-exists\" fail\n";
    kept(&folder, &scenario(&format!("{design}{FAULT}{spare}")), |_| {});
    let base = folder.path("base");
    let (exit, printed) = replay(&[&base]);
    assert_eq!(exit, Some(0), "{printed}");
    assert!(!printed.contains("met"), "{printed}");
    // As merged the question is asked, and its failure decides nothing.
    let mended = ["--design", "gw1=as-merged", "--design", "platform=as-merged"];
    let (exit, printed) = replay(&[&[base.as_str()], &mended[..]].concat());
    assert_eq!(exit, Some(1), "{printed}");
    assert!(printed.contains("now passes         failed-checks-never-delete"), "{printed}");
    // Before the fix nobody asks.
    let unasked = ["--design", "gw1=before-fix", "--design", "platform=before-fix"];
    let (exit, printed) = replay(&[&[base.as_str()], &unasked[..]].concat());
    assert_eq!(exit, Some(2), "{printed}");
    assert!(printed.contains("fault 1 is no longer met: "), "{printed}");
    assert!(!printed.contains("fault 2"), "{printed}");
}

#[test]
fn junit_tells_what_is_no_longer_so() {
    let folder = Folder::new("replay-junit");
    let base = folder.path("base");
    folder.write("base/a", &scenario("expect before-fix existing-artifacts-survive\n"));
    folder.write("base/b", &scenario(&format!("expect as-merged failed-checks-never-delete\n{FAULT}")));
    folder.write("base/c", "format 1\nplatfrm\n---\n");
    let file = folder.path("junit.xml");
    let output = driftless(&["replay", &base, "--junit", &file, "--annotate", "github"]);
    assert_eq!(output.status.code(), Some(2));
    let report = quick_junit::Report::deserialize_from_str(&folder.read("junit.xml")).expect("it is XML");
    assert_eq!((report.tests, report.failures, report.errors), (3, 1, 1));
    let written = folder.read("junit.xml");
    assert!(
        written.contains(&format!("again: driftless run {base}/b --design as-merged</failure>")),
        "{written}"
    );
    let annotated = said(&output).lines().filter(|line| line.starts_with("::error file=")).count();
    assert_eq!(annotated, 2);
}

#[test]
fn a_base_that_is_none_is_told() {
    let folder = Folder::new("replay-none");
    folder.write("notes.txt", "no script");
    for (args, expected) in [
        (vec!["replay"], "DIR"),
        (vec!["replay", "scenarios/nothing"], "no such file"),
        (vec!["replay", &folder.path("")], "there is no script in this folder"),
        (vec!["replay", "scenarios/issue-1", "--design", "before"], "before-fix"),
    ] {
        let output = driftless(&args);
        assert_eq!(output.status.code(), Some(2));
        assert!(told(&output).contains(expected), "{}", told(&output));
    }
    // A campaign that found nothing is one.
    folder.write("campaign/campaign.json", "{}");
    assert_eq!(replay(&[&folder.path("campaign")]).0, Some(0));
}
