//! `docs/links.md`, made from the table.

use std::collections::BTreeMap;

use super::SECTIONS;
use super::situation::{Kernel, Situation};

/// The page.
pub fn text() -> String {
    let mut differences = BTreeMap::new();
    let mut text = head();
    for (title, situations) in SECTIONS {
        text += &format!(
            "\n## {title}\n\n| situation | what is done, and what it answers | kernel |\n|---|---|---|\n"
        );
        for situation in *situations {
            let steps: Vec<String> = situation.steps.iter().map(ToString::to_string).collect();
            let kernel = kernel(situation, &mut differences);
            text += &format!("| {} | {} | {kernel} |\n", situation.name, steps.join("; "));
        }
    }
    text += "\n## Where the simulator differs\n\n";
    let mut whys: Vec<(usize, &str)> = differences.into_iter().map(|(why, number)| (number, why)).collect();
    whys.sort_unstable();
    for (number, why) in whys {
        text += &format!("{number}. {}{}.\n", why[..1].to_uppercase(), &why[1..]);
    }
    text
}

/// What the kernel answered, where that isn't the same, and why in a number.
fn kernel(situation: &Situation, numbers: &mut BTreeMap<&'static str, usize>) -> String {
    let mut differs = Vec::new();
    for does in situation.acts() {
        if let Some((answer, why)) = does.kernel {
            let next = numbers.len() + 1;
            let number = numbers.entry(why).or_insert(next);
            differs.push(format!("{does}: {answer} ({number})"));
        }
    }
    let differs = differs.join("; ");
    match (situation.kernel, differs.is_empty()) {
        (Kernel::Tried, true) => "the same".to_owned(),
        (Kernel::Tried, false) => format!("differs: {differs}"),
        (Kernel::Needs(what), true) => format!("simulator only: needs {what}"),
        (Kernel::Needs(what), false) => format!("simulator only: needs {what}; would differ: {differs}"),
    }
}

fn head() -> String {
    let all: Vec<&Situation> = SECTIONS.iter().flat_map(|(_, situations)| *situations).collect();
    let tried = all.iter().filter(|situation| matches!(situation.kernel, Kernel::Tried));
    let alike = tried.clone().filter(|situation| situation.simulator() == situation.kernel()).count();
    format!(
        "# Links

What the simulator's links and the kernel's sockets answer in the same situations.
Of {} situations all are played in the simulated world, and {} between two processes over the loopback interface as well; in {alike} of these every answer is the same.

In each `a` is about to dial and `b` listens.
What is done is read from left to right, and everything arrives before the next thing is done.
An act without an answer is done; one that *blocks* waits until its party *goes on*; a read wants all of its bytes, and what ended the stream before is its answer.
What would differ in a situation that the tests can't bring about was seen by hand between two network namespaces.
How long a dial or a connection is tried before it has timed out is no part of this table: [FIDELITY.md](../FIDELITY.md) has it.

This page is made from the table in `tests/tests/links`, which `tests/tests/links.rs` holds both to: `UPDATE_LINKS=1 cargo test -p driftless-tests --test links the_page`.
",
        all.len(),
        tried.count(),
    )
}
