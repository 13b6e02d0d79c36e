//! The cases of `driftless explore`: what was found, the properties of which nothing was, and whether the campaign
//! can be trusted.

use std::collections::BTreeSet;

use crate::campaign::{Finding, Folder, Tally};
use crate::properties;
use crate::report::{Case, End, Place, Trouble};

use super::args;

/// The cases of a campaign.
pub fn cases(tally: &Tally, folder: Option<&Folder>, args: &args::Explore) -> Vec<Case> {
    let new = || tally.findings.values().filter(|finding| !finding.known);
    let violated: BTreeSet<&str> = new().map(|finding| &*finding.signature.property).collect();
    let held = properties::names().iter().copied().filter(|property| !violated.contains(property));
    let mut cases: Vec<Case> =
        held.map(|property| Case::unplaced(property.to_owned(), "properties", End::Passed)).collect();
    cases.extend(tally.findings.values().map(|finding| found(finding, folder, args)));
    if let Some(canary) = &tally.canary {
        let missed = canary.caught_by.is_none().then(|| {
            format!(
                "{} was not caught in {} runs; this campaign can't be trusted",
                canary.design, canary.runs
            )
        });
        cases.push(trusted("canary", missed, args));
    }
    let vacuous = tally.vacuous();
    cases.push(trusted("vacuous", (!vacuous.is_empty()).then(|| vacuous.join("; ")), args));
    cases
}

fn found(finding: &Finding, folder: Option<&Folder>, args: &args::Explore) -> Case {
    let (id, property) = (finding.signature.id(), &finding.signature.property);
    let name = format!("{property} {id}");
    if finding.known {
        return Case::unplaced(
            name,
            "findings",
            End::Skipped(format!("known; {} runs showed it", finding.count)),
        );
    }
    let script = folder.map(|folder| format!("{}/findings/{id}/script", folder.path().display()));
    let again = match &script {
        Some(script) => format!("driftless run {script}"),
        None => {
            let plan = format!("driftless explore{} --plan {}", subject(args), finding.run);
            format!("{plan} >finding-{id} && driftless run finding-{id}")
        }
    };
    let trouble = Trouble {
        kind: property.clone(),
        message: format!("in {} runs: {}", finding.count, finding.signature),
        details: finding.explanation.clone(),
        again,
    };
    Case {
        place: script.map(|script| Place::of(&script, None)),
        ..Case::unplaced(name, "findings", End::Failed(trouble))
    }
}

/// Whether the campaign can be trusted in one respect, or why it can't.
fn trusted(name: &str, wrong: Option<String>, args: &args::Explore) -> Case {
    let broken = |message| {
        let (runs, time) = (args.runs.map(|runs| format!(" --runs {runs}")), args.for_.as_ref());
        let goal = runs.or(time.map(|time| format!(" --for {time}"))).unwrap_or_default();
        End::Broken(Trouble {
            kind: name.to_owned(),
            message,
            details: String::new(),
            again: format!("driftless explore{}{goal}", subject(args)),
        })
    };
    Case::unplaced(name.to_owned(), "campaign", wrong.map_or(End::Passed, broken))
}

/// The options that say what is explored, each after a space.
pub(super) fn subject(args: &args::Explore) -> String {
    let mut options = format!(" --seed {}", args.seed);
    let one = [("design", args.design.as_ref()), ("profile", args.profile.as_ref())];
    let one = one.iter().filter_map(|(option, value)| value.map(|value| (*option, value)));
    for (option, value) in one.chain(args.decision.iter().map(|value| ("decision", value))) {
        options.push_str(&format!(" --{option} {value}"));
    }
    options
}
