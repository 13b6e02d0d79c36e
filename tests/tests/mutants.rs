//! Every mutant is told from its base by the script of its name.
//!
//! The mutants are the data: one more in the registry is one more case here.

use std::collections::BTreeSet;
use std::process::Command;

use driftless::Plan;
use driftless::mutants::try_out;
use driftless::parting::Difference;
use driftless::properties;
use driftless_model::design::{MUTANTS, Mutant};
use driftless_tests::{program, root};
use driftless_tests::{scenarios, script};

const FOLDER: &str = "scenarios/defects";

/// Another time for the same would be no sign of the defect, and the header must say what sees it.
#[test]
fn every_mutant_parts_from_its_base_and_is_caught_as_its_header_says() {
    for mutant in MUTANTS {
        let plan = script(&format!("{FOLDER}/{}", mutant.name)).plan;
        let trial = try_out(mutant, &plan).expect("the script runs");
        let parts = trial.parts.unwrap_or_else(|| panic!("{} is like {}", mutant.name, mutant.base));
        assert_ne!(parts.difference, Difference::Time, "{}: {parts:?}", mutant.name);
        let stated = stated(&plan, mutant);
        let stated: BTreeSet<&str> = stated.iter().map(String::as_str).collect();
        assert!(!stated.is_empty(), "nothing catches {}", mutant.name);
        assert_eq!(stated, trial.caught_by, "{}", mutant.name);
    }
}

/// What a header says that a mutant violates and its base doesn't.
fn stated(plan: &Plan, mutant: &Mutant) -> BTreeSet<String> {
    let of = |design: &str| plan.expect.get(design).cloned().unwrap_or_default();
    of(mutant.name).difference(&of(mutant.base)).cloned().collect()
}

/// What a property says of the designs that violate it is what their scripts show, and each of this project's has one.
#[test]
fn every_property_names_the_mutants_that_violate_it() {
    let headers = MUTANTS.iter().flat_map(|mutant| {
        let plan = script(&format!("{FOLDER}/{}", mutant.name)).plan;
        stated(&plan, mutant).into_iter().map(|property| (property, mutant.name)).collect::<Vec<_>>()
    });
    let headers: BTreeSet<(String, &str)> = headers.collect();
    for property in properties::all() {
        assert!(!property.mutants().is_empty(), "{} has no mutant", property.name());
        let named: BTreeSet<&str> = property.mutants().iter().copied().collect();
        let shown = headers.iter().filter(|(of, _)| of == property.name()).map(|(_, mutant)| *mutant);
        assert_eq!(named, shown.collect(), "{}", property.name());
    }
}

#[test]
fn every_script_of_a_defect_is_called_after_its_mutant() {
    let scripts = scenarios().into_iter().filter_map(|path| Some(path.strip_prefix(FOLDER)?[1..].to_owned()));
    let mut mutants: Vec<_> = MUTANTS.iter().map(|mutant| mutant.name).collect();
    mutants.sort_unstable();
    assert_eq!(scripts.collect::<Vec<_>>(), mutants);
}

/// The matrix of what plans made up catch, with how soon.
#[test]
fn the_matrix_says_how_many_runs_it_took() {
    let args =
        ["mutants", "--explore", "12", "--seeds", "2", "no-delete-handler", "quota-counted-afterwards"];
    let output = Command::new(program()).args(args).current_dir(root()).output().expect("the command runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<Vec<&str>> = printed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0][..4], ["found", "median", "runs", "deletes"], "{printed}");
    assert_eq!(lines[1][..4], ["no-delete-handler", "2", "of", "2"], "{printed}");
    assert!(lines[1][4].parse::<u64>().is_ok_and(|runs| runs <= 12), "{printed}");
    assert!(lines[1][5..].contains(&"2"), "some property ended both searches: {printed}");
    assert_eq!(lines[2][..6], ["quota-counted-afterwards", "0", "of", "2", ">", "12"], "{printed}");
    assert!(lines[2][6..].iter().all(|cell| *cell == "."), "{printed}");
}
