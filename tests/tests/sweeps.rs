//! Sweeps: what they find in the scripts of the two defects, that nothing changes what comes out, and what they say
//! to wrong input.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use driftless::Plan;
use driftless::build::Build;
use driftless::parallel::cores;
use driftless::script::Script;
use driftless::sweep::{self, Certificate, Rule, Subject, Tally, Wanted, Watcher, table};
use driftless_tests::{parse, program, root, scenarios, script};
use serde_json::Value;

/// Nobody waits.
struct Nobody;

impl Watcher for Nobody {}

/// What is put at these sites.
fn at(sites: &[&str]) -> Wanted {
    Wanted { sites: sites.iter().map(|site| (*site).to_owned()).collect(), ..Wanted::default() }
}

/// The certificate of a sweep of a plan.
fn certificate(name: &str, plan: &Plan, wanted: Wanted) -> Certificate {
    let subject = Subject { script: name.to_owned(), plan: plan.clone(), wanted };
    let mut tally = Tally::default();
    sweep::sweep(&subject, None, cores(), &mut tally, None, &mut Nobody).expect("the plan can be swept");
    Certificate::of(&Build::this(), &subject, &tally).expect("its nodes have designs that exist")
}

/// The scripts of the two defects.
fn of_the_defects() -> impl Iterator<Item = String> {
    let folders = ["scenarios/issue-1/", "scenarios/issue-3/"];
    scenarios().into_iter().filter(move |path| folders.iter().any(|folder| path.starts_with(folder)))
}

/// What single faults violate in a script: by what, where, in how many plans.
fn violated(path: &str, wanted: &Wanted) -> String {
    let certificate = certificate(path, &script(path).plan, wanted.clone());
    assert!(certificate.complete, "{path}");
    assert_eq!(certificate.plans, certificate.executed, "{path}");
    format!(
        "{path}: {} plans, {} bit\n{}",
        certificate.plans,
        certificate.bit,
        table::rows(&certificate.table)
    )
}

/// Where it is decided whom a delete is told, what a sync is told there is, and what becomes of either.
const DECIDING: &[&str] =
    &["http.artifacts-exists", "store.list-status", "store.find-artifacts", "ws.send", "store.commit-delete"];

#[test]
fn single_faults_where_the_defects_are_decided() {
    let told: Vec<String> = of_the_defects().map(|path| violated(&path, &at(DECIDING))).collect();
    insta::assert_snapshot!(told.join("\n"));
}

/// Every single fault. It takes minutes, and is for a release build:
/// `cargo test --release --package driftless-tests --test sweeps -- --ignored`.
#[test]
#[ignore = "about 8000 plans"]
fn single_faults_everywhere() {
    for name in
        ["issue-3/sync-rest-api", "issue-3/failed-exists", "issue-1/live-rest-api", "issue-1/sync-rest-api"]
    {
        let told = violated(&format!("scenarios/{name}"), &Wanted::default());
        insta::assert_snapshot!(format!("single_faults_everywhere_in_{}", name.replace('/', "_")), told);
    }
}

/// The gateway asks again when it is refused: it takes a fault at a question that only another fault makes.
#[test]
fn what_takes_two_faults_is_found_by_two_and_not_by_one() {
    let plan = script("scenarios/issue-3/sync-rest-api").plan.under("second-refusal-means-absent");
    let found = |faults: u8, sites: &[&str], kinds: &[&str]| {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        certificate("two refusals", &plan, Wanted { faults, kinds, ..at(sites) })
    };
    const SURVIVE: &str = "existing-artifacts-survive";
    // Every single fault at the question or at what it needs, but for answers that lack a member: they say that it
    // doesn't exist, under every design.
    let asked = ["http.artifacts-exists", "store.find-artifacts"];
    let kinds =
        ["fail", "lose", "delay", "answer", "body", "stale", "twice", "abort", "crash-before", "crash-after"];
    let one = found(1, &asked, &kinds);
    assert!(one.plans > 20 && one.complete, "{} plans", one.plans);
    assert_eq!(one.violated.get(SURVIVE), None, "{:?}", one.table);
    let two = found(2, &["http.artifacts-exists"], &["answer"]);
    assert!(two.complete);
    assert!(two.violated.get(SURVIVE).is_some_and(|plans| *plans > 0), "{:?}", two.violated);
    // All of them need both: by one answer at that question nothing is lost.
    assert_eq!(two.by_kind["answer"].bad, 0);
    assert_eq!(two.by_kind["answer + answer"].bad, two.violated[SURVIVE]);
}

const SMALL: &str = "format 1
platform
gateway gw1
create rest-api petstore
deploy petstore gw1
settle
delete petstore
settle
---
";

/// What was violated, by which decision: what a person would call the same findings, whatever struck.
fn decisions(certificate: &Certificate) -> BTreeSet<(String, String)> {
    let findings = certificate.findings.iter();
    findings.map(|found| (found.property.clone(), found.signature.decision.clone())).collect()
}

/// What is folded is tried by another plan: running it all the same finds nothing else.
#[test]
fn what_is_folded_finds_nothing_else() {
    let plan = parse("small", SMALL).plan;
    for (sites, periodic) in [
        (&["hub.*", "ws.ping", "ws.pong", "store.list-stale"][..], true),
        (&["http.deployments", "store.commit-deploy", "store.insert-status", "store.commit-delete"], false),
    ] {
        let folded = certificate("small", &plan, at(sites));
        let unfolded = certificate("small", &plan, Wanted { unfolded: true, ..at(sites) });
        let sum = folded.folded.periodic + folded.folded.gaps + folded.folded.equal;
        assert_eq!(folded.plans + sum, unfolded.plans, "{sites:?}");
        assert!(sum > 0 && (folded.folded.periodic > 0) == periodic, "{:?}", folded.folded);
        assert!(!folded.findings.is_empty(), "{sites:?} find nothing");
        assert_eq!(decisions(&folded), decisions(&unfolded), "{sites:?}");
        let kinds = |certificate: &Certificate| certificate.table.keys().cloned().collect::<Vec<_>>();
        assert_eq!(kinds(&folded), kinds(&unfolded), "{sites:?}");
    }
}

#[test]
fn operations_are_put_at_crossings_and_make_scripts_that_can_be_read() {
    let plan = parse("small", SMALL).plan.under("sync-writes-at-the-end");
    let wanted = Wanted {
        operations: vec!["delete".to_owned(), "undeploy".to_owned(), "restart".to_owned()],
        kinds: vec!["fail".to_owned()],
        ..at(&["store.commit-deploy", "store.commit-upsert", "http.deployments"])
    };
    let certificate = certificate("small", &plan, wanted);
    let kinds: Vec<_> = certificate.by_kind.keys().map(String::as_str).collect();
    assert_eq!(kinds, ["delete", "fail", "restart", "undeploy"]);
    assert!(certificate.by_kind["delete"].bit > 0, "{:?}", certificate.by_kind);
    for found in &certificate.findings {
        Script::parse("finding", &found.script).unwrap_or_else(|e| panic!("{e:?}\n{}", found.script));
    }
    // Nothing is operated on before it is there: the first list of deployments comes before the artifact.
    let deletes = certificate.by_kind["delete"].plans;
    assert!(deletes < certificate.by_kind["restart"].plans, "{:?}", certificate.by_kind);
}

#[test]
fn a_rule_selects_among_the_same_plans() {
    let plan = parse("small", SMALL).plan;
    let sites = ["http.deployments", "store.commit-deploy", "store.list-status", "ws.send"];
    // What is folded depends on what else is tried, so that only unfolded sweeps can be compared.
    let unfolded = Wanted { unfolded: true, ..at(&sites) };
    let whole = certificate("small", &plan, unfolded.clone());
    for (rule, kinds) in [
        (Rule::Intermediate, &["crash-after", "crash-before", "power-loss-after", "power-loss-before"][..]),
        (Rule::Stale, &["delay"]),
        (Rule::Unobserved, &["lose"]),
    ] {
        let part = certificate("small", &plan, Wanted { rule: Some(rule), ..unfolded.clone() });
        let told: Vec<_> = part.by_kind.keys().map(String::as_str).collect();
        assert_eq!(told, kinds, "{rule:?}");
        assert!(
            part.by_kind.iter().all(|(kind, count)| count.plans <= whole.by_kind[kind].plans),
            "{rule:?}"
        );
    }
}

fn run(args: &[&str]) -> Output {
    let command = Command::new(program()).arg("sweep").args(args).current_dir(root()).output();
    command.expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder that isn't there yet, and goes away with this.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = program().parent().expect("it lies in a folder").join(format!("sweep-{name}"));
        let _ = fs::remove_dir_all(&path);
        Folder(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("the build's folder has a name in UTF-8")
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A sweep that finds something and is soon done.
const QUICK: &[&str] =
    &["scenarios/issue-1/live-rest-api", "--design", "before-fix", "--site", "store.commit-delete,ws.send"];

#[test]
fn a_sweep_that_was_stopped_and_resumed_is_the_one_that_was_not() {
    let (whole, parts) = (Folder::new("whole"), Folder::new("parts"));
    let sweep = |more: &[&str]| run(&[QUICK, more].concat());
    let output = sweep(&["--jobs", "2", "--out", whole.path(), "--json"]);
    // What the script shows by itself is found too.
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    sweep(&["--jobs", "1", "--for", "1ms", "--out", parts.path()]);
    let so_far: Value = serde_json::from_str(&parts.read("certificate.json")).expect("it is JSON");
    assert_eq!(so_far["complete"], false);
    let executed = so_far["executed"].as_u64().expect("a number");
    assert!(0 < executed && executed < so_far["plans"].as_u64().expect("a number"), "{executed}");
    sweep(&["--jobs", "1", "--out", parts.path(), "--resume"]);
    assert_eq!(whole.read("certificate.json"), parts.read("certificate.json"));
    assert_eq!(whole.read("certificate.txt"), parts.read("certificate.txt"));
    assert_eq!(whole.read("certificate.json"), text(&output.stdout));
    let certificate: Value = serde_json::from_str(&whole.read("certificate.json")).expect("it is JSON");
    assert_eq!(certificate["plans"], certificate["executed"]);
    let found = certificate["findings"].as_array().expect("a list");
    for finding in found.iter().filter(|finding| finding["known"] == false) {
        let kept = format!("findings/{}/script", finding["id"].as_str().expect("an id"));
        assert_eq!(whole.read(&kept), finding["script"].as_str().expect("a script"));
        assert_eq!(whole.read(&kept), parts.read(&kept));
    }
    assert!(found.iter().any(|finding| finding["property"] == "deletes-reach-every-gateway"), "{found:?}");
    // Another sweep doesn't go on from it.
    let other = run(&[QUICK[0], "--out", whole.path(), "--resume"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(text(&other.stderr).contains("what differs: design, sites"));
}

#[test]
fn an_audit_says_what_is_not_as_it_was_certified() {
    let folder = Folder::new("audited");
    run(&[QUICK, &["--out", folder.path()]].concat());
    let file = folder.0.join("certificate.json");
    let path = file.to_str().expect("a name in UTF-8");
    let audit = |more: &[&str]| {
        let output = run(&[&["--audit", path], more].concat());
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    let (code, said) = audit(&["--sample", "10%"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("each came to what was certified"), "{said}");
    assert_eq!(audit(&QUICK[..3]).0, Some(0));
    for (more, why) in [
        (&[QUICK[0], "--design", "as-merged"][..], "the design of gw1 is another: delete-recipients"),
        (&["scenarios/issue-1/two-gateways", "--design", "before-fix"], "of other nodes than the plan has"),
        (&["scenarios/issue-1/sync-rest-api", "--design", "before-fix"], "the certificate of another plan"),
    ] {
        let (code, said) = audit(more);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(why), "{said}");
    }
    let (code, said) = audit(&["--design", "before-fix"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--audit with --design before-fix: expected the script too"), "{said}");
    let certified = fs::read_to_string(&file).expect("it is readable");
    for (then, now) in [("\"stalled\": 0", "\"stalled\": 1"), ("\"complete\": true", "\"complete\": false")] {
        assert!(certified.contains(then));
        fs::write(&file, certified.replacen(then, now, 1)).expect("it is writable");
        let (code, said) = audit(&[]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("changed after it was made"), "{said}");
    }
    for (content, why) in [
        ("{\"format\": \"driftless-campaign\"}", "isn't the certificate of a sweep"),
        ("no JSON", "isn't the certificate of a sweep"),
        (&certified.replacen("\"version\": 2", "\"version\": 9", 1), "is of version 9; expected 2"),
    ] {
        fs::write(&file, content).expect("it is writable");
        let (code, said) = audit(&[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn slips_are_told_with_what_there_is() {
    let folder = Folder::new("not-ours");
    fs::create_dir_all(&folder.0).expect("the folder of the build is writable");
    fs::write(folder.0.join("letter"), "Dear").expect("it is writable");
    let script = "scenarios/issue-3/failed-exists";
    for (args, expected) in [
        (&[script, "--kinds", "crsh"][..], "'crsh' is no kind of fault; expected one of fail, lose"),
        (&[script, "--kinds", "cut"], "'cut' strikes no crossing"),
        (&[script, "--rule", "gap"], "intermediate: a process dies"),
        (&[script, "--ops", "drop"], "expected one of delete, update, deploy, undeploy"),
        (&[script, "--site", "http.nothing"], "there is no site 'http.nothing'"),
        (&[script, "--faults", "3"], "3 is not in 1..=2"),
        (&[script, "--for", "soon"], "--for soon: expected"),
        (&[script, "--design", "as-planned"], "there is no design 'as-planned'"),
        (&[script, "--out", folder.path()], "holds something else"),
        (&[script, "--out", folder.path(), "--resume"], "there is no sweep here"),
        (&["scenarios/issue-3"], "expected one script"),
        (&["scenarios/issue-9"], "there is no such file or folder"),
        (&["--audit", "certificates/none.json"], "certificates/none.json"),
        (&["--audit", script], "isn't the certificate of a sweep"),
        (&["--audit", script, "--sample", "all"], "--sample all: expected a share"),
        (&[], "required"),
    ] {
        let output = run(args);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(expected), "{args:?}: {said}");
    }
}
