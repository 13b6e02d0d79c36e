//! Two pages that lead from the real system to ours: `docs/where.md` from what the specification says to the
//! code, and `docs/checklist.md` from the real system's tests to ours.
//!
//! Whatever they name is there, and no section and no file is left out. What a row says in words is not
//! checked: a function that is named may do something else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use driftless_tests::root;

const WHERE: &str = "docs/where.md";
const CHECKLIST: &str = "docs/checklist.md";

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} can't be read: {error}"))
}

/// Fails with everything that is wrong, a line each.
fn none_of(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The headings of a page, without the signs before them.
fn headings(page: &str) -> impl Iterator<Item = &str> {
    page.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim())
}

/// The number that a heading of the specification begins with, such as `3.6`.
fn number(heading: &str) -> Option<&str> {
    let number = heading.split(' ').next()?.trim_end_matches('.');
    number.starts_with(|c: char| c.is_ascii_digit()).then_some(number)
}

/// What a link to a heading has behind the `#`.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>().to_lowercase()
}

/// The cells of each row of a page's tables.
fn rows(page: &str) -> impl Iterator<Item = Vec<&str>> {
    let rows = page.lines().filter(|line| line.starts_with("| "));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect())
}

/// Where the links of a text lead to, each with the text between it and the next.
fn links(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')'))
}

/// What a text has between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Every source file below a folder, but for tests.
fn sources(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder of the model") {
        let path = entry.expect("readable").path();
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let below = path.strip_prefix(root()).expect("it is below the root");
            into.insert(below.to_string_lossy().into_owned());
        }
    }
}

#[test]
fn every_section_has_its_row() {
    let page = read(WHERE);
    let mut wrong = Vec::new();
    for spec in ["platform", "gateway"] {
        let text = read(&format!("docs/spec/{spec}.md"));
        for (heading, number) in headings(&text).filter_map(|heading| Some((heading, number(heading)?))) {
            let cell = format!("| [{number}](spec/{spec}.md#{}) |", anchor(heading));
            if !page.contains(&cell) {
                wrong.push(format!(
                    "{WHERE} has no row for '{heading}' of {spec}.md: add one that begins {cell}"
                ));
            }
        }
    }
    none_of(wrong);
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    for from in [WHERE, CHECKLIST] {
        let page = read(from);
        for (link, _) in links(&page) {
            let (file, section) = link.split_once('#').map_or((link, None), |(file, at)| (file, Some(at)));
            let path = format!("docs/{file}");
            if !root().join(&path).exists() {
                wrong.push(format!("{from} links to {file}, which is not there: say where it went"));
            } else if let Some(at) = section
                && !headings(&read(&path)).any(|heading| anchor(heading) == at)
            {
                wrong.push(format!(
                    "{from} links to #{at} of {file}, which has no such heading: take the new one"
                ));
            }
        }
    }
    none_of(wrong);
}

#[test]
fn every_file_is_mentioned() {
    let page = read(WHERE);
    let linked: BTreeSet<String> =
        links(&page).filter_map(|(link, _)| Some(link.strip_prefix("../")?.to_owned())).collect();
    let mut files = BTreeSet::new();
    for actor in ["platform", "gateway"] {
        sources(&root().join("model/src").join(actor), &mut files);
    }
    assert!(files.len() > 100, "the sources of both actors");
    let missing = files.difference(&linked);
    none_of(
        missing
            .map(|file| format!("{WHERE} doesn't say what {file} is for: add it to its section"))
            .collect(),
    );
}

#[test]
fn every_function_is_in_the_file_before_it() {
    let page = read(WHERE);
    let mut wrong = Vec::new();
    for (link, then) in rows(&page).filter_map(|cells| cells.get(2).copied()).flat_map(links) {
        let source = read(&format!("docs/{link}"));
        for name in quoted(then).filter_map(|name| name.strip_suffix("()")) {
            if ![format!("fn {name}("), format!("fn {name}<")].iter().any(|start| source.contains(start)) {
                wrong.push(format!("{WHERE} says that {name}() is in {link}: say where it went"));
            }
        }
    }
    none_of(wrong);
}

#[test]
fn every_test_of_the_checklist_is_there() {
    let (page, cases) = (read(CHECKLIST), read("docs/conformance.md"));
    let (mut wrong, mut named, mut without) = (Vec::new(), 0, 0);
    for cells in rows(&page).filter(|cells| cells[0] != "theirs") {
        let [theirs, ours] = cells[..] else { panic!("not two cells: {cells:?}") };
        named += 1;
        if quoted(ours).next().is_none() {
            without += 1;
            if !ours.starts_with("none: ") {
                wrong.push(format!(
                    "{CHECKLIST} has nothing for '{theirs}': name a test, or say `none: ` and why"
                ));
            }
        }
        for test in quoted(ours).filter(|test| !is_there(test, &cases)) {
            wrong.push(format!(
                "{CHECKLIST} has `{test}` for '{theirs}', which is not there: name what replaced it"
            ));
        }
    }
    assert!(named > 100, "all five sections");
    if without * 10 > named {
        wrong.push(format!("{without} of {named} of the real system's tests have none of ours: write some"));
    }
    none_of(wrong);
}

/// Whether there is such a test: a function, a script or a case.
fn is_there(test: &str, cases: &str) -> bool {
    let Some((module, function)) = test.split_once("::") else {
        return if test.starts_with("scenarios/") {
            root().join(test).is_file()
        } else {
            cases.contains(&format!("| `{test}` |"))
        };
    };
    let folder = if module.contains('/') { "model/src" } else { "model/src/gateway/tests" };
    let source = fs::read_to_string(root().join(folder).join(format!("{module}.rs"))).unwrap_or_default();
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.windows(2).any(|two| two[0] == "#[test]" && two[1].starts_with(&format!("fn {function}()")))
}
