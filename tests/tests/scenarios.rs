//! Every script with its transcript, and what its header states.
//!
//! `UPDATE_GOLDENFILES=1 cargo test --test scenarios` writes the transcripts anew; a reviewer then reads the
//! difference as prose.

use std::collections::BTreeSet;
use std::path::Path;

use driftless::script::golden;
use driftless::{run, transcript};
use driftless_model::design::Mutant;
use driftless_tests::parse;

type Tested = Result<(), Box<dyn std::error::Error>>;

fn transcript_is_as_written(path: &Path) -> Tested {
    let text = std::fs::read_to_string(path)?;
    let script = parse(&path.display().to_string(), &text);
    let outcome = run(&script.plan)?;
    let actual = golden::transcript(&text, &script.shown(&transcript::of(&script.plan, &outcome)))?;
    if std::env::var_os("UPDATE_GOLDENFILES").is_some() {
        std::fs::write(path, actual)?;
        return Ok(());
    }
    match golden::difference(&text, &actual) {
        None => Ok(()),
        Some(difference) => Err(format!("- as written, + as shown:\n{difference}").into()),
    }
}

/// A header names exactly what each design violates; under a named design that it leaves out, everything
/// holds. Each fault is met under the real system's design, or under that of a mutant that the header speaks of.
fn header_is_true(path: &Path) -> Tested {
    let script = parse(&path.display().to_string(), &std::fs::read_to_string(path)?);
    let mut unmet: BTreeSet<usize> = (0..script.plan.faults.len()).collect();
    for design in script.plan.designs() {
        let outcome = run(&script.plan.under(design))?;
        let violated: BTreeSet<String> = outcome.violated().map(|j| j.property.to_owned()).collect();
        let stated = script.plan.expect.get(design).cloned().unwrap_or_default();
        if violated != stated {
            return Err(
                format!("under {design} the header states {stated:?}; violated were {violated:?}").into()
            );
        }
        if design == "as-merged" || Mutant::find(design).is_some() {
            unmet.retain(|fault| outcome.faults[*fault].is_none());
        }
    }
    if let Some(fault) = unmet.first() {
        return Err(format!("the fault {} is never met", script.plan.faults[*fault]).into());
    }
    Ok(())
}

/// Our reader and goldenscript's agree, and a plan is read as it is written.
fn text_and_plan_are_one(path: &Path) -> Tested {
    let text = std::fs::read_to_string(path)?;
    driftless::script::agrees_with_goldenscript(&text)?;
    let plan = parse(&path.display().to_string(), &text).plan;
    let again = parse("written", &plan.to_script()).plan;
    if plan == again { Ok(()) } else { Err(format!("{plan:?}\nis written and read as\n{again:?}").into()) }
}

datatest_stable::harness! {
    { test = transcript_is_as_written, root = "../scenarios", pattern = r"^.*$" },
    { test = header_is_true, root = "../scenarios", pattern = r"^.*$" },
    { test = text_and_plan_are_one, root = "../scenarios", pattern = r"^.*$" },
}
