//! What the README shows is what the command prints.

use std::process::Command;

use driftless_tests::{program, root};

/// The blocks between fences, each a text.
fn blocks(text: &str) -> Vec<String> {
    text.split("```").skip(1).step_by(2).map(|block| block.trim_matches('\n').to_owned()).collect()
}

fn printed(args: &[&str]) -> Vec<String> {
    let output = Command::new(program()).args(args).current_dir(root()).output().expect("the command runs");
    String::from_utf8_lossy(&output.stdout).lines().map(|line| line.trim_end().to_owned()).collect()
}

/// How long a run took differs each time, and with it the end of one line.
fn without_time(line: &str) -> &str {
    line.split(" simulated").next().unwrap_or(line)
}

#[test]
fn what_it_shows_is_what_is_printed() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("it is there");
    let mut checked = 0;
    for block in blocks(&readme) {
        let mut lines = block.lines();
        let first = lines.next().unwrap_or_default();
        let (args, lines): (Vec<&str>, Vec<&str>) = match first.strip_prefix("$ cargo run --release -- ") {
            Some(args) => (args.split(' ').collect(), lines.collect()),
            None if block.contains("statements, all true") => (Vec::new(), block.lines().collect()),
            None => continue,
        };
        let printed = printed(&args);
        for line in lines.into_iter().filter(|line| *line != "...") {
            let shown = printed.iter().any(|printed| without_time(printed) == without_time(line.trim_end()));
            assert!(shown, "'{line}' is not printed by driftless {args:?}");
        }
        checked += 1;
    }
    assert_eq!(checked, 2, "the table and the defect");
}

#[test]
fn the_script_it_shows_can_be_run() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("it is there");
    let scripts = blocks(&readme).into_iter().filter(|block| block.starts_with("format 1"));
    let mut run = 0;
    for script in scripts {
        let plan = driftless_tests::parse("README.md", &format!("{script}\n")).plan;
        let outcome = driftless::run(&plan).expect("it runs");
        assert!(outcome.faults.iter().all(Option::is_some), "its fault is reached");
        run += 1;
    }
    assert_eq!(run, 1);
}
