//! The page on faults, and the list of sites that they are checked against.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use driftless::fault::{Effect, EffectKind, Family, Place};
use driftless::run;
use driftless::sites::{self, Class};
use driftless_model::cx::Phase;
use driftless_tests::{keeps_up, parse, root};

/// The first parts of the names of sites.
const PREFIXES: &[&str] = &["http", "ws", "store", "hub", "boot", "memory", "life", "link", "step"];

#[test]
fn the_page_says_what_can_go_wrong_where() {
    keeps_up("docs/faults.md", "UPDATE_FAULTS", |_| page());
}

#[test]
fn the_list_of_sites_is_that_of_the_sources() {
    let mut found = BTreeSet::new();
    for folder in ["model/src", "sim/src/user", "sim/src/steps", "sim/src/world"] {
        collect(&root().join(folder), &mut found);
    }
    let listed: BTreeSet<String> = sites::ALL.iter().map(|site| (*site).to_owned()).collect();
    let missing: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not in the list: {missing:?}; only there: {gone:?}");
    assert!(sites::ALL.is_sorted(), "the list is in order");
}

#[test]
fn every_effect_has_a_script() {
    let folder = root().join("scenarios/faults");
    let scripts: Vec<String> = fs::read_dir(folder)
        .expect("the folder is readable")
        .map(|entry| {
            fs::read_to_string(entry.expect("its entries are readable").path()).expect("a script is text")
        })
        .collect();
    let shown = |kind: &EffectKind| {
        let mut faults =
            scripts.iter().flat_map(|script| script.lines()).filter(|line| line.starts_with("fault "));
        faults.any(|line| {
            line.split('"').nth(2).is_some_and(|rest| rest.split_whitespace().next() == Some(kind.word))
        })
    };
    let missing: Vec<_> = Effect::KINDS.iter().filter(|kind| !shown(kind)).map(|kind| kind.word).collect();
    assert!(missing.is_empty(), "no script in scenarios/faults has one of {missing:?}");
}

/// The library of the WebSockets would answer a ping by itself where our pong is lost, and what it sends must not be
/// taken for the frame behind it.
#[test]
fn a_lost_pong_loses_nothing_else() {
    let script = "format 1\nfault \"gw1 connection ws.pong #20\" lose\nplatform\ngateway gw1\n\
                  create rest-api petstore\ndeploy petstore gw1\n[25s] undeploy petstore gw1\nwait 10s\n---\n";
    let outcome = run(&parse("pong", script).plan).expect("the plan runs");
    assert!(outcome.faults[0].is_some(), "the pong is lost");
    let acks = |phase| {
        let crossings = outcome.evidence.history.crossings().iter();
        crossings.filter(|c| c.address.site == "ws.ack" && c.address.phase == Some(phase)).count()
    };
    assert!(acks(Phase::Sent) > 1);
    assert_eq!(acks(Phase::Sent), acks(Phase::Received));
}

/// The sites that a folder's sources name, but for their tests.
fn collect(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("its entries are readable").path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if name != "tests" {
                collect(&path, into);
            }
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = fs::read_to_string(&path).expect("sources are text");
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            into.extend(
                lines
                    .flat_map(|line| line.split('"').skip(1).step_by(2))
                    .filter(|text| is_site(text))
                    .map(str::to_owned),
            );
        }
    }
}

fn is_site(text: &str) -> bool {
    let Some((prefix, name)) = text.split_once('.') else { return false };
    PREFIXES.contains(&prefix)
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn page() -> String {
    let mut text = HEAD.to_owned();
    for (name, family) in Family::ALL {
        text += &format!("\n## {}{}\n\n", name[..1].to_uppercase(), &name[1..]);
        text += "| effect | fits | what happens | what should be survived |\n|---|---|---|---|\n";
        for kind in Effect::KINDS.iter().filter(|kind| kind.family == *family) {
            let EffectKind { about, survives, .. } = kind;
            text += &format!("| `{}` | {} | {about} | {survives} |\n", kind.usage(), place(kind.place));
        }
    }
    text += SITES;
    let classes = || Class::ALL.iter().filter(|(_, class)| *class != Class::Event);
    let at_sites = |kind: &&EffectKind| classes().any(|(_, class)| kind.fits_class(*class));
    let kinds: Vec<&EffectKind> = Effect::KINDS.iter().filter(at_sites).collect();
    let words: Vec<_> = kinds.iter().map(|kind| kind.word).collect();
    text += &format!("| sites | {} |\n|---|{}\n", words.join(" | "), "---|".repeat(words.len()));
    for (name, class) in classes() {
        let marks: Vec<_> = kinds.iter().map(|kind| if kind.fits_class(*class) { "x" } else { "" }).collect();
        text += &format!("| {name} | {} |\n", marks.join(" | "));
    }
    for (name, class) in classes() {
        let of_class = sites::ALL.iter().filter(|site| Class::of(site) == *class);
        let sites: Vec<_> = of_class.map(|site| format!("`{site}`")).collect();
        text += &format!("\n### {}{}\n\n{}\n", name[..1].to_uppercase(), &name[1..], sites.join(", "));
    }
    text
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Crossing => "any crossing",
        Place::Classes(_) => "crossings of some classes",
        Place::Breakable => "calls, frames, statements, the hub",
        Place::Call => "calls",
        Place::Members => "calls, statements",
        Place::Statement => "statements",
        Place::Query => "reading statements",
        Place::Link => "links",
        Place::Node => "nodes",
    }
}

const HEAD: &str = "# Faults

What can go wrong, where, and what the system should survive of it.
A fault is a target, an effect and a window: `fault \"TARGET\" EFFECT [NAME=VALUE...]`.

- A **target** is a crossing by its address (`gw1 sync http.artifacts-exists`), a link (`gw1->platform`, `gw1<->*`, `gw1,gw2<->platform`) or a node (`gw1`). In an address `gw1@*` is any life of a node, `store.*` any site of that class, `#*` any number; `driftless list sites SCRIPT` prints the addresses of a script.
- Without a **window** a fault at a crossing strikes once, and one on a link or a node is at work from the beginning. `from=` and `until=` are a time, an address, or (for `until`) `never`; `for=` is a length, and `dwell=` the least one where an address closes the window. With a window, a fault at a crossing strikes every crossing that fits. Every window closes at the latest when the plan is over and progress is demanded, but for `until=never`.
- Faults **compose**: delays add up, and of the rest the first in the order of the plan that doesn't let a crossing or a segment pass decides.
- Whether a fault was reached, and what it changed, is said by `driftless run --explain-faults`.

`scenarios/faults` has a script for each. This page is made from the code: `UPDATE_FAULTS=1 cargo test --test faults`.
";

const SITES: &str = "
## Sites by effects

";
