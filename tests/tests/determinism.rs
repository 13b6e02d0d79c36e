//! The same plan, the same outcome: in one process, in two, in any order, whatever the surroundings; and the
//! check for it finds non-determinism of every kind that was put in on purpose.

use std::process::Command;

use driftless::doctor::{Patient, made_up};
use driftless::plant::Plant;
use driftless::run::{Executor, run_on};
use driftless::{doctor, run};
use driftless_model::design::Design;
use driftless_tests::{program, root, scenarios, script};

fn digest(patient: &Patient, seed: u64) -> String {
    run_on(&patient.plan, Executor { seed, ..Executor::default() }).expect("a made-up plan runs").digest
}

#[test]
fn in_one_process_in_both_orders_and_under_other_seeds_of_the_executor() {
    let patients = made_up(1000, 60);
    let forward: Vec<String> = patients.iter().map(|patient| digest(patient, 0)).collect();
    let mut backward: Vec<String> = patients.iter().rev().map(|patient| digest(patient, 7)).collect();
    backward.reverse();
    assert_eq!(forward, backward);
    let different: std::collections::BTreeSet<_> = forward.iter().collect();
    assert_eq!(different.len(), forward.len(), "other plans have other digests");
}

#[test]
fn on_a_fresh_thread_and_on_a_used_one() {
    let patients = made_up(2000, 10);
    let used: Vec<String> = patients.iter().map(|patient| digest(patient, 0)).collect();
    let fresh = patients.iter().map(|patient| {
        std::thread::scope(|scope| scope.spawn(|| digest(patient, 0)).join().expect("a run doesn't panic"))
    });
    assert_eq!(used, fresh.collect::<Vec<_>>());
}

/// The digest of every scenario under every named design. When they move, the message of the commit says why.
#[test]
fn digests_of_all_scenarios_are_pinned() {
    let mut pinned = String::new();
    for path in scenarios() {
        let script = script(&path);
        for design in Design::NAMES {
            let outcome = run(&script.plan.under(design)).expect("a scenario runs");
            pinned.push_str(&format!("{} {path} {design}\n", outcome.digest));
        }
    }
    insta::assert_snapshot!(pinned);
}

fn driftless(args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(args).current_dir(root());
    command
}

#[test]
fn in_another_process_under_another_time_zone_locale_and_home_and_with_other_jobs() {
    let out = |jobs: &str, surroundings: &[(&str, &str)]| {
        let mut command = driftless(&["compare", "--json", "--jobs", jobs]);
        command.envs(surroundings.iter().copied());
        let output = command.output().expect("the command runs");
        String::from_utf8(output.stdout).expect("it prints text")
    };
    let plain = out("1", &[]);
    assert!(plain.contains("\"digest\""), "{plain}");
    let elsewhere =
        [("TZ", "Pacific/Chatham"), ("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8"), ("HOME", "/")];
    assert_eq!(plain, out("2", &elsewhere));
}

#[test]
fn the_doctor_finds_what_was_planted() {
    let examined = ["doctor", "scenarios/issue-1", "--plans", "12"];
    let healthy = driftless(&examined).output().expect("the command runs");
    assert_eq!(healthy.status.code(), Some(0), "{}", String::from_utf8_lossy(&healthy.stdout));
    for (word, _) in Plant::ALL {
        let output =
            driftless(&[&examined[..], &["--plant", word]].concat()).output().expect("the command runs");
        assert_eq!(output.status.code(), Some(1), "{word} was not found");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("no other result can be trusted"), "{said}");
    }
}

#[test]
fn equal_digests_mean_equal_histories() {
    let patients = made_up(3000, 5);
    for patient in &patients {
        let (one, other) = (run(&patient.plan).expect("it runs"), run(&patient.plan).expect("it runs"));
        let lines = |outcome: &driftless::Outcome| {
            let crossings = outcome.evidence.history.crossings().iter();
            crossings
                .map(|c| format!("{} {} {:?} {:?}", c.at_us, c.address, c.causes, c.record))
                .collect::<Vec<_>>()
        };
        assert_eq!(lines(&one), lines(&other));
        assert_eq!(
            doctor::examine(std::slice::from_ref(patient), Executor::default(), 1)
                .map(|f| f[0].digest.clone()),
            Ok(one.digest)
        );
    }
}
