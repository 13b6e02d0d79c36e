//! The store in memory against SQLite itself.
//!
//! Two connections do the same things to both: statements on their own and in transactions, with and without
//! foreign keys, one amid the other. After each step both must have given the same answer, in the same words,
//! and must hold the same rows. What SQLite does is right by definition. Each refusal must also have occurred,
//! or the comparison says nothing about it.
//!
//! Sequences are drawn from a fixed seed; `DRIFTLESS_SQLITE_SEQUENCES` says how many. A difference is shrunk
//! to few steps and printed as SQL.
//!
//! Not compared: statements of several tables in one body, which SQL doesn't have; the order in which a
//! statement comes by its rows (see `Statement::goes_by_order`); how long a writer waits, but whether it does.

#[path = "sqlite/answer.rs"]
mod answer;
#[path = "sqlite/compare.rs"]
mod compare;
#[path = "sqlite/memory.rs"]
mod memory;
#[path = "sqlite/real.rs"]
mod real;
#[path = "sqlite/schema.rs"]
mod schema;
#[path = "sqlite/sequence.rs"]
mod sequence;
#[path = "sqlite/statement.rs"]
mod statement;
#[path = "sqlite/table.rs"]
mod table;
#[path = "sqlite/world.rs"]
mod world;

use std::cell::RefCell;
use std::env;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use compare::Pair;
use schema::TABLES;
use sequence::Sequence;

/// How many sequences are compared unless the environment says otherwise.
const SEQUENCES: u32 = 1_000;

const SEED: [u8; 32] = *b"the store in memory and SQLite  ";

#[test]
fn the_store_in_memory_does_what_sqlite_does() {
    let cases = env::var("DRIFTLESS_SQLITE_SEQUENCES")
        .map_or(SEQUENCES, |number| number.parse().expect("DRIFTLESS_SQLITE_SEQUENCES is a number"));
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &SEED));
    let pair = RefCell::new(Pair::new());
    let compared = runner.run(&sequence::sequence(), |sequence| {
        pair.borrow_mut().compare(&sequence).map_err(TestCaseError::fail)
    });
    match compared {
        Ok(()) => {}
        Err(TestError::Fail(_, sequence)) => {
            let (sequence, difference) = minimal(&mut pair.borrow_mut(), sequence);
            panic!("{sequence}differs at {difference}");
        }
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
    let seen = pair.into_inner().seen;
    for (answer, times) in &seen {
        println!("{times:8} {answer}");
    }
    if cases >= SEQUENCES {
        let never: Vec<String> = expected().into_iter().filter(|answer| !seen.contains_key(answer)).collect();
        assert!(never.is_empty(), "never occurred: {never:#?}");
    }
}

/// The sequence without the steps that its difference doesn't need, and the difference.
fn minimal(pair: &mut Pair, mut sequence: Sequence) -> (Sequence, String) {
    let mut at = sequence.steps.len();
    while at > 0 {
        at -= 1;
        let mut fewer = sequence.clone();
        fewer.steps.remove(at);
        if pair.compare(&fewer).is_err() {
            sequence = fewer;
            at = sequence.steps.len();
        }
    }
    let difference = pair.compare(&sequence).expect_err("the same sequence differs each time");
    (sequence, difference)
}

/// What has to occur.
fn expected() -> Vec<String> {
    let uniques = TABLES.iter().flat_map(|def| {
        let all = def.unique.iter().chain([&def.primary]);
        all.map(|columns| {
            let columns: Vec<String> =
                columns.iter().map(|column| format!("{}.{column}", def.name)).collect();
            format!("UNIQUE constraint failed: {}", columns.join(", "))
        })
    });
    let others = [
        "FOREIGN KEY constraint failed",
        "database is locked",
        "database is locked, after a wait",
        "database is locked, with an outdated snapshot",
        "done",
        "nothing written",
        "one row written",
        "rows read",
        "several rows written",
        "written, and rows that went along",
    ];
    uniques.chain(others.map(str::to_owned)).collect()
}
