//! `docs/conformance.md`, made from the cases.

use std::collections::BTreeMap;

use super::case::{Case, Kinds, Open};
use super::open::{ACTOR_TEST, OPEN, SILENT};
use super::{gateway_cases, platform_cases};

/// Every identifier, each with its kind.
pub fn ids() -> Vec<String> {
    fn of<S>(cases: &[Case<S>]) -> Vec<String> {
        cases.iter().flat_map(Case::trials).map(|(id, _)| id).collect()
    }
    [of(&platform_cases::all()), of(&gateway_cases::all())].concat()
}

/// One line of the page.
struct Line {
    id: String,
    row: &'static str,
    says: &'static str,
    trials: usize,
}

/// The page.
pub fn text() -> String {
    let mut sections: BTreeMap<(String, Vec<u32>), Vec<Line>> = BTreeMap::new();
    collect(&platform_cases::all(), &mut sections);
    collect(&gateway_cases::all(), &mut sections);
    for open in OPEN {
        sections.entry(section_of(open.section)).or_default();
    }
    let total: usize = sections.values().flatten().map(|line| line.trials).sum();
    let mut text = HEAD.replace("{total}", &total.to_string());
    for ((page, section), lines) in &sections {
        let number: Vec<String> = section.iter().map(u32::to_string).collect();
        let number = number.join(".");
        text += &format!("\n## {page}.md section {number}\n\n");
        if !lines.is_empty() {
            text += "| row | what it says | case |\n|---|---|---|\n";
            for Line { id, row, says, .. } in lines {
                text += &format!("| {row} | {says} | `{id}` |\n");
            }
        }
        let open: Vec<&Open> =
            OPEN.iter().filter(|open| section_of(open.section) == (page.clone(), section.clone())).collect();
        if !open.is_empty() {
            text += if lines.is_empty() { "Not covered yet:\n\n" } else { "\nNot covered yet:\n\n" };
            for Open { row, why, .. } in open {
                text += &format!("- {row}: {why}\n");
            }
        }
    }
    text += "\n## Where the specification is silent\n\nWhat the actors do there is a choice, and no case holds them to it.\n\n";
    for (section, what) in SILENT {
        text += &format!("- {section}: {what}\n");
    }
    text
}

/// The last section of `FIDELITY.md`: what neither a case nor an actor test tries.
pub fn untried() -> String {
    let mut text = UNTRIED.to_owned();
    for Open { section, row, why } in OPEN.iter().filter(|open| open.why != ACTOR_TEST) {
        let (page, number) = section.split_once('-').expect("page and section");
        let page = if page == "platform" { 'P' } else { 'G' };
        text += &format!("| {page} {number} | {row} | {why} |\n");
    }
    text
}

/// The heading of that section, what it says, and the head of its table.
pub const UNTRIED: &str = "## Rows of the specification that nothing tries

Made from the list in `tests/tests/conformance/open.rs`; [docs/conformance.md](docs/conformance.md) has the rows that are tried over the wire.

| section | row | why |
|---|---|---|
";

const HEAD: &str = "# Conformance

What the pages on [platform](spec/platform.md) and [gateway](spec/gateway.md) say of the wire, for REST APIs, LLM providers, LLM proxies and MCP proxies, and which case of `tests/tests/conformance.rs` tries it.
There are {total} cases, each on the real actor over the real wire; `-{kind}` stands for one of each kind.
`CONFORMANCE=platform-8.3 cargo test --release --test conformance` tries those that begin so.
This page is made from the cases: `UPDATE_CONFORMANCE=1 cargo test --release --test conformance`.
";

fn collect<S>(cases: &[Case<S>], into: &mut BTreeMap<(String, Vec<u32>), Vec<Line>>) {
    for case in cases {
        let id = match case.kinds {
            Kinds::Each => format!("{}-{{kind}}", case.id),
            Kinds::None | Kinds::One(_) => case.id.to_owned(),
        };
        let line = Line { id, row: case.row, says: case.says, trials: case.trials().len() };
        into.entry(section_of(case.id)).or_default().push(line);
    }
}

/// Page and section of an identifier such as `platform-8.3-empty-list`.
fn section_of(id: &str) -> (String, Vec<u32>) {
    let mut parts = id.splitn(3, '-');
    let page = parts.next().unwrap_or_default().to_owned();
    let numbers = parts.next().unwrap_or_default().split('.').map(|n| n.parse().expect("a section's number"));
    (page, numbers.collect())
}
