//! Old peers beside new ones: the scripts of both issues with every design of the platform against every design
//! of its gateways, as a table that shows what a half-done upgrade is worth.

use std::collections::BTreeSet;
use std::fmt::Write;

use driftless::plan::{Choice, Plan, Role};
use driftless::{parallel, run};
use driftless_model::design::Design;
use driftless_tests::{scenarios, script};

/// The plan with one design on its platform and another on its gateways.
fn with_peers(plan: &Plan, platform: &str, gateways: &str) -> Plan {
    let mut plan = plan.clone();
    for node in &mut plan.nodes {
        let design = match node.role {
            Role::Platform => platform,
            Role::Gateway => gateways,
        };
        node.design.insert(0, Choice::Design(design.to_owned()));
    }
    plan
}

/// What is violated, by the first word of each property.
fn verdict(plan: &Plan) -> String {
    let outcome = run(plan).expect("a scenario runs");
    assert_eq!(outcome.stall, None);
    let short = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
    let violated: Vec<String> = outcome.violated().map(|judgement| short(judgement.property)).collect();
    if violated.is_empty() { "held".to_owned() } else { violated.join(", ") }
}

#[test]
fn a_matrix_of_old_and_new_peers() {
    let scripts: Vec<String> = scenarios().into_iter().filter(|path| path.contains("/issue-")).collect();
    let pairs = || Design::NAMES.iter().flat_map(|one| Design::NAMES.iter().map(move |other| (*one, *other)));
    let runs: Vec<(&String, (&str, &str))> =
        scripts.iter().flat_map(|path| pairs().map(move |pair| (path, pair))).collect();
    let verdicts = parallel::map(&runs, parallel::cores(), |(path, (platform, gateways))| {
        verdict(&with_peers(&script(path).plan, platform, gateways))
    });
    let mut table = String::from("platform / gateways\n");
    for (path, row) in scripts.iter().zip(verdicts.chunks(pairs().count())) {
        // Writing to a string can't fail.
        let _ = writeln!(table, "\n{path}");
        for ((platform, gateways), verdict) in pairs().zip(row) {
            let pair = format!("{platform} / {gateways}");
            let _ = writeln!(table, "  {pair:27} {verdict}");
        }
    }
    insta::assert_snapshot!(table);
}

/// `hardened` on one side only may not heal what is wrong as merged. It makes nothing worse, on either side.
#[test]
fn a_half_done_upgrade_violates_nothing_that_was_not_violated_before() {
    const OLD: &str = "as-merged";
    let scripts: Vec<String> =
        scenarios().into_iter().filter(|path| path.starts_with("scenarios/findings/")).collect();
    let pairs = [(OLD, OLD), (Design::HARDENED, OLD), (OLD, Design::HARDENED)];
    let runs: Vec<(&String, (&str, &str))> =
        scripts.iter().flat_map(|path| pairs.iter().map(move |pair| (path, *pair))).collect();
    let violated = parallel::map(&runs, parallel::cores(), |(path, (platform, gateways))| {
        let outcome = run(&with_peers(&script(path).plan, platform, gateways)).expect("a scenario runs");
        outcome.violated().map(|judgement| judgement.property).collect::<BTreeSet<_>>()
    });
    for (path, row) in scripts.iter().zip(violated.chunks(pairs.len())) {
        for ((platform, gateways), violated) in pairs.iter().zip(row) {
            let new: Vec<_> = violated.difference(&row[0]).collect();
            assert!(new.is_empty(), "{path} with {platform} / {gateways}: {new:?}");
        }
    }
    let healed = |pair: usize| violated.chunks(pairs.len()).filter(|row| row[pair].is_empty()).count();
    assert_eq!(healed(0), 0, "a finding is one of as-merged");
    assert!(healed(1) > 0 && healed(2) > healed(1), "{} and {} of {}", healed(1), healed(2), scripts.len());
}
