//! The queries of docs/campaigns.md, each carried out as it stands there in the folder of a campaign.
//!
//! They need Python with the modules `duckdb` and `pandas` (`PYTHON` names another than `python3`); where these
//! aren't, it says that it was skipped.

use std::fs;
use std::process::{Command, Stdio};

use driftless_tests::{program, root};

/// A block of the page: its language, and what it says.
type Block = (&'static str, String);

/// The blocks in the languages of queries, in their order.
fn blocks(page: &str) -> Vec<Block> {
    let fences = [("sql", "```sql\n"), ("python", "```python\n")];
    let found = fences.iter().flat_map(|(language, fence)| {
        page.match_indices(fence).map(move |(at, _)| {
            let block = &page[at + fence.len()..];
            (at, (*language, block[..block.find("```").unwrap_or(block.len())].to_owned()))
        })
    });
    let mut found: Vec<(usize, Block)> = found.collect();
    found.sort();
    found.into_iter().map(|(_, block)| block).collect()
}

/// Python, if it is here with what the queries need.
fn python() -> Option<String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let tried = Command::new(&python).args(["-c", "import duckdb, pandas"]).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success()).then_some(python)
}

#[test]
fn the_queries_of_the_page_can_be_asked() {
    let page = fs::read_to_string(root().join("docs/campaigns.md")).expect("the page is there");
    let blocks = blocks(&page);
    let of = |wanted: &str| blocks.iter().filter(|(language, _)| *language == wanted).count();
    assert!(of("sql") >= 3 && of("python") >= 1, "the page has queries of both kinds");
    let Some(python) = python() else {
        eprintln!("skipped: there is no Python here with the modules duckdb and pandas");
        return;
    };
    let folder = program().parent().expect("it lies in a folder").join("queried");
    let _ = fs::remove_dir_all(&folder);
    let made = Command::new(program())
        .args(["explore", "--design", "before-fix", "--runs", "40", "--out"])
        .arg(&folder)
        .current_dir(root())
        .output()
        .expect("the command runs");
    assert_eq!(made.status.code(), Some(1), "{}", String::from_utf8_lossy(&made.stderr));
    for (language, block) in blocks {
        let program = match language {
            "sql" => format!("import duckdb\nprint(duckdb.sql({block:?}))"),
            _ => block.clone(),
        };
        let output = Command::new(&python)
            .args(["-c", &program])
            .current_dir(&folder)
            .output()
            .expect("there is a Python");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{block}\n{}", String::from_utf8_lossy(&output.stderr));
        // What has no rows says nothing of whether its columns are there.
        assert!(
            !said.contains(" 0 rows") && !said.contains("Empty") && said.lines().count() > 2,
            "{block}\n{said}"
        );
    }
    let _ = fs::remove_dir_all(&folder);
}
