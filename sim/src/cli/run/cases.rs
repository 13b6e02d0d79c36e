//! The cases of `driftless run`: one for each script, which passes where `run` calls it good.

use crate::explain;
use crate::outcome::{Outcome, Violation};
use crate::plan::Plan;
use crate::report::{Case, End, Trouble};
use crate::script::Script;
use crate::steps::task_names;

use super::{Ran, Transcript, args, command};

/// The cases of all that was run.
pub fn all(ran: &[Ran], args: &args::Run) -> Vec<Case> {
    ran.iter().map(|ran| case(ran, args)).collect()
}

fn case(ran: &Ran, args: &args::Run) -> Case {
    let trouble = trouble(ran, &command(&ran.loaded.name, args));
    let end = trouble.map_or(End::Passed, End::Failed);
    let mut case = Case::of_script(&ran.loaded.name, &args.changes.as_options(), end);
    let violation = ran.outcome.violated().flat_map(|judgement| &judgement.violations).next();
    if let Some(place) = &mut case.place {
        place.line = violation.and_then(|violation| line(&ran.loaded.script, &ran.outcome, violation));
    }
    case.took = Some(ran.took);
    case
}

/// What is wrong with a run: the worst in a word, all of it in the message and the details.
fn trouble(ran: &Ran, again: &str) -> Option<Trouble> {
    let outcome = &ran.outcome;
    let (mut kinds, mut messages, mut details) = (Vec::new(), Vec::new(), Vec::new());
    for judgement in outcome.violated() {
        kinds.push(judgement.property);
        for violation in &judgement.violations {
            let Violation { node, subject, .. } = violation;
            messages.push(format!("{} violated on {node}: {subject}", judgement.property));
        }
        details.push(explain::violations_of(&ran.plan, outcome, judgement));
    }
    if let Some(stall) = &outcome.stall {
        kinds.push("stalled");
        messages.push(format!("the world did not come to rest: {stall}"));
    }
    for panic in outcome.panics.iter().filter(|panic| !panic.recovered) {
        kinds.push("panicked");
        messages.push(panic.to_string());
    }
    if let Transcript::Differs(difference) = &ran.transcript {
        kinds.push("transcript");
        messages.push("what it showed differs from its transcript".to_owned());
        details.push(format!("- as written, + as shown:\n{difference}"));
    }
    let kind = kinds.first()?;
    Some(Trouble {
        kind: (*kind).to_owned(),
        message: messages.join("; "),
        details: details.join("\n"),
        again: again.to_owned(),
    })
}

/// The line of the last step that led to a violation, if one of the script's own did.
fn line(script: &Script, outcome: &Outcome, violation: &Violation) -> Option<usize> {
    let Plan { steps, .. } = &script.plan;
    let names = task_names(steps);
    let step =
        |task: &str| names.iter().position(|name| task.strip_prefix("request ").unwrap_or(task) == name);
    let chain = violation.chain.iter().rev().filter_map(|id| outcome.evidence.history.get(*id));
    let step = chain.filter_map(|crossing| step(&crossing.address.task)).next()?;
    script.commands.iter().find(|command| command.step == Some(step)).map(|command| command.line)
}
