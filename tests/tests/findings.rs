//! `FINDINGS.md`, the scripts in `scenarios/findings` and the decisions of `hardened` are in step, and each decision is
//! what repairs the finding beside which the page names it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use driftless::plan::Choice;
use driftless::{Plan, run};
use driftless_model::design::Design;
use driftless_tests::{root, scenarios, script};

const FOLDER: &str = "scenarios/findings/";

/// The rows of the page: the finding, and the decision that repairs it.
fn rows() -> BTreeMap<String, Option<String>> {
    let page = fs::read_to_string(root().join("FINDINGS.md")).expect("the page is there");
    let rows = page.lines().filter(|line| line.starts_with("| ["));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let name = cells[0].trim_start_matches('[').split(']').next().expect("a name").to_owned();
        let decision = cells.last().expect("a decision").trim_matches('`').to_owned();
        (name, Some(decision).filter(|decision| decision != "-"))
    };
    rows.map(row).collect()
}

fn decisions() -> BTreeMap<&'static str, &'static str> {
    let differences = Design::hardened().differences(&Design::as_merged());
    differences.into_iter().map(|(decision, _, back)| (decision, back)).collect()
}

fn violated(plan: &Plan) -> BTreeSet<String> {
    let outcome = run(plan).expect("a scenario runs");
    outcome.violated().map(|judgement| judgement.property.to_owned()).collect()
}

#[test]
fn the_page_has_every_script_and_every_decision() {
    let rows = rows();
    let scripts: BTreeSet<String> =
        scenarios().iter().filter_map(|path| path.strip_prefix(FOLDER)).map(str::to_owned).collect();
    assert_eq!(rows.keys().cloned().collect::<BTreeSet<_>>(), scripts);
    let page = fs::read_to_string(root().join("FINDINGS.md")).expect("the page is there");
    for name in rows.keys() {
        assert!(page.contains(&format!("\n### {name}\n")), "{name} has no entry");
    }
    let named: BTreeSet<&str> = rows.values().flatten().map(String::as_str).collect();
    let decisions = decisions();
    assert!(named.iter().all(|name| decisions.contains_key(name)), "{named:?}");
    let abouts: BTreeMap<_, _> = Design::decisions().into_iter().map(|d| (d.name, d.about)).collect();
    for decision in decisions.keys() {
        let about = &abouts[decision];
        assert!(about.contains("Answers") && about.contains("Costs"), "{decision}: {about}");
    }
}

/// Under all of them nothing is left of a finding; with one taken back alone, and all the others in place, it is back.
#[test]
fn hardened_has_no_finding_and_each_decision_taken_back_brings_its_own_back() {
    for (name, decision) in rows() {
        let hardened = script(&format!("{FOLDER}{name}")).plan.under(Design::HARDENED);
        let with = violated(&hardened);
        assert!(with.is_empty(), "{name} under hardened: {with:?}");
        let Some(decision) = decision else { continue };
        let mut back = hardened.clone();
        let variant = decisions()[decision.as_str()].to_owned();
        let choice = Choice::Decision { name: decision.clone(), variant };
        back.nodes.iter_mut().for_each(|node| node.design.insert(1, choice.clone()));
        assert!(!violated(&back).is_empty(), "{name} holds without {decision} too");
    }
}
