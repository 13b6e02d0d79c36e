//! Properties of every plan: generated sequences of operations, restarts and faults, with shrinking.

use driftless::generate::{self, Profile};
use driftless::script::{Script, agrees_with_goldenscript};
use driftless::{Verdict, run};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The same plans each time: a failure here is a failure for everybody.
fn runner(cases: u32, name: &str) -> TestRunner {
    let mut seed = [0; 32];
    name.bytes().zip(&mut seed).for_each(|(from, to)| *to = from);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

/// Plans in which calls fail and processes die, and whatever goes wrong has an end that the system promises to
/// survive: a database that forgot, or a clock that is off, may keep gateways away for ever. An answer that is well
/// formed and lacks something is not survived as merged (scenarios/faults/omit-from-exists-answer).
fn plans() -> impl Strategy<Value = driftless::Plan> {
    let [calls, crashes] = ["calls", "crashes"].map(|name| Profile::named(name).expect("a named profile"));
    let mut effects: std::collections::BTreeMap<_, _> =
        calls.effects.into_iter().chain(crashes.effects).collect();
    effects.retain(|word, _| !matches!(word.as_str(), "omit" | "empty-list" | "stale"));
    generate::plans(&Profile { faults: [0, 2], effects, ..Profile::default() })
}

/// Plans in which gateways start again and what they ask then often goes wrong. With everything a plan can have the
/// question what exists fails too seldom to tell anything.
fn plans_of_questions() -> impl Strategy<Value = driftless::Plan> {
    let effects =
        [("answer", 3), ("body", 2), ("fail", 1), ("lose", 1)].map(|(word, n)| (word.to_owned(), n));
    let plain = Profile::named("plain").expect("a named profile");
    generate::plans(&Profile { faults: [1, 2], effects: effects.into(), swarm: false, ..plain })
}

/// The plan as a script, which is how a person wants a failure.
fn script(plan: &driftless::Plan) -> String {
    format!("\n{}", plan.to_script())
}

#[test]
fn a_plan_is_read_as_it_is_written() {
    let result = runner(500, "round trip").run(&plans(), |plan| {
        let text = plan.to_script();
        let read = Script::parse("generated", &text);
        let read = read.map_err(|errors| TestCaseError::fail(format!("{}\n{text}", errors[0])))?;
        prop_assert_eq!(&read.plan, &plan, "{}", text);
        prop_assert_eq!(agrees_with_goldenscript(&text), Ok(()));
        Ok(())
    });
    result.unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn a_run_comes_to_its_end_without_a_panic_and_again_the_same() {
    let result = runner(150, "end").run(&plans(), |plan| {
        let (one, other) = (run(&plan), run(&plan));
        let (one, other) = (one.map_err(fail)?, other.map_err(fail)?);
        prop_assert!(!one.died_of_a_panic(), "{:?}{}", one.panics, script(&plan));
        prop_assert!(one.stall.is_none(), "{:?}{}", one.stall, script(&plan));
        prop_assert_eq!(one.digest, other.digest);
        Ok(())
    });
    result.unwrap_or_else(|e| panic!("{e}"));
}

/// As merged, whatever fails: nothing is removed because a question went unanswered.
#[test]
fn as_merged_failed_checks_never_delete() {
    let result = runner(400, "checks").run(&plans_of_questions(), |plan| {
        let outcome = run(&plan).map_err(fail)?;
        let verdict = outcome.verdict("failed-checks-never-delete");
        prop_assert_ne!(verdict, Verdict::Violated, "{}", script(&plan));
        Ok(())
    });
    result.unwrap_or_else(|e| panic!("{e}"));
}

/// Before the fix both defects are found by plans that nobody wrote, and what is left after shrinking is small.
#[test]
fn before_the_fix_both_defects_are_found_and_shrunk() {
    for (property, steps_at_most) in [("deletes-reach-every-gateway", 12), ("existing-artifacts-survive", 12)]
    {
        let found = runner(2000, property).run(&plans(), |plan| {
            let outcome = run(&plan.under("before-fix")).map_err(fail)?;
            prop_assert_ne!(outcome.verdict(property), Verdict::Violated);
            Ok(())
        });
        let Err(proptest::test_runner::TestError::Fail(_, plan)) = found else {
            panic!("{property} was not violated: {found:?}")
        };
        let steps = plan.steps.len();
        assert!(steps <= steps_at_most, "{property}: {steps} steps{}", script(&plan));
    }
}

fn fail(e: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(e.to_string())
}
