//! The JSON schemas hold for what is written, and refuse what isn't.
//!
//! They are derived from the types that are written, but for the summary of a campaign. What is pinned in
//! `docs/schemas` makes a change of any of them a change that is seen (`UPDATE_SCHEMAS=1`).

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use driftless::Plan;
use driftless::generate;
use driftless_tests::{keeps_up, root, scenarios, script};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::folder::{Folder, driftless, json, said};

const DOCUMENTS: [&str; 4] = ["plan", "outcome", "history", "summary"];
/// As many damaged documents as are tried of each kind.
const DAMAGED_MOST: usize = 150;

fn schema(document: &str) -> Validator {
    let printed = driftless(&["schema", document]);
    jsonschema::draft202012::new(&json(&printed)).unwrap_or_else(|e| panic!("{document}: {e}"))
}

/// Fails with every way in which a document isn't as its schema says.
fn fits(schema: &Validator, document: &Value, name: &str) {
    let wrong: Vec<_> = schema
        .iter_errors(document)
        .map(|error| format!("{name}: {}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Documents of one kind, as the command writes them.
fn written(document: &str) -> &'static [Value] {
    static ALL: LazyLock<BTreeMap<&str, Vec<Value>>> =
        LazyLock::new(|| DOCUMENTS.map(|document| (document, write(document))).into());
    &ALL[document]
}

fn write(document: &str) -> Vec<Value> {
    let folder = Folder::new(&format!("schema-{document}"));
    match document {
        "plan" => vec![plan(&script("scenarios/issue-3/failed-exists").plan)],
        "outcome" => {
            let scripts = [
                "scenarios/issue-3/failed-exists",
                "scenarios/issue-1/live-rest-api",
                "scenarios/findings/slow-gateway-makes-a-delete-panic",
            ];
            let mut args = vec!["run"];
            args.extend(scripts);
            args.extend(["--design", "before-fix", "--explain-faults", "--json"]);
            vec![json(&driftless(&args)), json(&driftless(&["run", scripts[0], "--json"]))]
        }
        "history" => {
            let file = folder.path("h.jsonl");
            driftless(&["run", "scenarios/faults/lost-commit-of-a-delete", "--history", &file]);
            let lines = folder.read("h.jsonl");
            lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
        }
        "summary" => {
            let campaign = folder.path("campaign");
            let explore = ["explore", "--design", "before-fix", "--runs", "6", "--json", "--out", &campaign];
            let printed = json(&driftless(&explore));
            let kept = serde_json::from_str(&folder.read("campaign/summary.json")).expect("it is JSON");
            assert!(printed["findings"].as_array().is_some_and(|findings| !findings.is_empty()));
            vec![printed, kept]
        }
        other => panic!("there is no {other}"),
    }
}

fn plan(plan: &Plan) -> Value {
    serde_json::to_value(plan).expect("a plan is data")
}

#[test]
fn they_hold_for_what_is_written() {
    for document in DOCUMENTS {
        let schema = schema(document);
        for (n, written) in written(document).iter().enumerate() {
            fits(&schema, written, &format!("{document} {n}"));
        }
    }
}

/// Every script's, so that every action and every effect is among them, and some made up.
#[test]
fn every_plan_fits_and_is_read_as_it_is_written() {
    let schema = schema("plan");
    let scripts = scenarios().into_iter().map(|path| (script(&path).plan, path));
    let made_up =
        (0..50).map(|seed| (generate::plan_of(&generate::Profile::default(), seed), format!("{seed}")));
    let mut plans = 0;
    for (original, name) in scripts.chain(made_up) {
        let written = plan(&original);
        fits(&schema, &written, &name);
        let read: Plan = serde_json::from_value(written).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read, original, "{name}");
        plans += 1;
    }
    assert!(plans > 200, "{plans}");
}

/// The plan in an outcome is a plan, so that a program can take it from there.
#[test]
fn the_plan_of_an_outcome_is_a_plan() {
    let path = "scenarios/issue-3/failed-exists";
    let outcome = json(&driftless(&["run", path, "--json"]));
    assert_eq!(outcome["runs"][0]["plan"], plan(&script(path).plan));
    assert_eq!(outcome["runs"][0]["plan"]["faults"][0]["effect"], json!({ "answer": { "status": 503 } }));
}

/// A field more anywhere, and another type in the place of any value.
#[test]
fn what_is_damaged_is_refused() {
    for document in DOCUMENTS {
        let schema = schema(document);
        // Of a history the line that has the most to say.
        let longest = written(document).iter().max_by_key(|document| document.to_string().len());
        let original = longest.expect("it writes one");
        let mut places = Vec::new();
        every_place(original, String::new(), &mut places);
        let step = places.len().div_ceil(DAMAGED_MOST);
        let mut refused = 0;
        for place in places.iter().step_by(step) {
            let mut damaged = original.clone();
            let value = damaged.pointer_mut(place).expect("it is a place");
            match value {
                Value::Object(fields) => {
                    fields.insert("unheard-of".into(), json!([[true]]));
                }
                _ => *value = json!([[true]]),
            }
            assert!(!schema.is_valid(&damaged), "{document} with damage at '{place}' is still valid");
            refused += 1;
        }
        assert!(refused > 10, "{document}: {refused}");
    }
}

/// How fast a campaign was is printed at its end, and isn't kept.
const NEEDNT_BE_THERE: &str = "runs_per_second";

/// What lacks a field is refused as well, unless it is one that needn't be there.
#[test]
fn what_lacks_a_field_is_refused() {
    for document in DOCUMENTS {
        let schema = schema(document);
        let original = &written(document)[0];
        let fields: Vec<String> = original.as_object().expect("an object").keys().cloned().collect();
        for field in fields.into_iter().filter(|field| field != NEEDNT_BE_THERE) {
            let mut damaged = original.clone();
            damaged.as_object_mut().expect("an object").remove(&field);
            assert!(!schema.is_valid(&damaged), "{document} without '{field}' is still valid");
        }
    }
}

/// The paths of all values, as JSON pointers.
fn every_place(value: &Value, at: String, places: &mut Vec<String>) {
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                every_place(value, format!("{at}/{}", escaped(name)), places);
            }
        }
        Value::Array(values) => {
            for (n, value) in values.iter().enumerate() {
                every_place(value, format!("{at}/{n}"), places);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    places.push(at);
}

#[test]
fn the_pages_hold_what_is_printed() {
    for document in DOCUMENTS {
        let printed = said(&driftless(&["schema", document]));
        keeps_up(&format!("docs/schemas/{document}.json"), "UPDATE_SCHEMAS", |_| printed.clone());
    }
    let pages = fs::read_dir(root().join("docs/schemas")).expect("it is there").count();
    assert_eq!(pages, DOCUMENTS.len(), "a schema of nothing that is written");
}

#[test]
fn what_there_is_no_schema_of_is_told() {
    let output = driftless(&["schema", "plans"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(crate::folder::told(&output).contains("plan, outcome, history, summary"));
}
