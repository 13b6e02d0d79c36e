//! Runs a plan again and judges what is said of it.

use std::collections::BTreeSet;

use crate::bites::{self, Effectiveness};
use crate::campaign::{run_safely, signatures};
use crate::explain;
use crate::outcome::{Outcome, Unrunnable};
use crate::parting::Bite;
use crate::plan::Plan;

use super::{Claim, Fate, Found, Judged, met};

/// Digits of a digest by which people tell two apart.
const DIGITS: usize = 12;
/// What the signature of a process that died of a panic has in the place of a property.
const PANIC: &str = "panic";

/// What became of a claim.
///
/// # Errors
/// When the plan can be run and, without one of its faults, can't.
pub fn judge(plan: &Plan, claim: &Claim) -> Result<Judged, Unrunnable> {
    let outcome = match run_safely(plan) {
        Ok(outcome) => outcome,
        Err(why) => return Ok(Judged::no_longer(claim.properties(), &format!("it can't be run: {why}"))),
    };
    let mut judged = match claim {
        Claim::Violates(properties) => stated(plan, &outcome, properties)?,
        Claim::Shows(found) => shown(plan, &outcome, found),
    };
    judged.digest = Some(outcome.digest.clone());
    judged.explanation = explain::violations(plan, &outcome);
    Ok(judged)
}

impl Claim {
    /// The properties that it is about.
    pub fn properties(&self) -> Vec<String> {
        match self {
            Claim::Violates(properties) => properties.iter().cloned().collect(),
            Claim::Shows(found) => vec![found.signature.property.clone()],
        }
    }
}

/// What became of what a header states.
fn stated(plan: &Plan, outcome: &Outcome, stated: &BTreeSet<String>) -> Result<Judged, Unrunnable> {
    let violated: BTreeSet<String> = violated(outcome);
    let mut notes = met::lost(plan, outcome, None);
    if stated.is_empty() {
        let mut properties: Vec<_> =
            violated.into_iter().map(|property| (property, Fate::StillFails)).collect();
        if properties.is_empty() {
            properties.push(("nothing".to_owned(), Fate::StatesNothing));
        } else {
            notes.push("its header doesn't state it".to_owned());
        }
        return Ok(of(properties, notes));
    }
    // Each fault of a script is there for a reason: one that makes no difference any more is lost as well.
    if !stated.is_subset(&violated) && notes.is_empty() {
        let bites = bites::of(plan, outcome)?.into_iter().enumerate();
        let idle = bites.filter(|(_, bite)| *bite == Effectiveness::Bit(Bite::Nothing));
        notes.extend(
            idle.map(|(fault, _)| format!("fault {} doesn't bite: fault {}", fault + 1, plan.faults[fault])),
        );
    }
    let fate = |property: &String| match (violated.contains(property), notes.is_empty()) {
        (true, _) => Fate::StillFails,
        (false, true) => Fate::NowPasses,
        (false, false) => Fate::NoLongerApplies(notes.join("; ")),
    };
    let properties: Vec<_> = stated.iter().map(|property| (property.clone(), fate(property))).collect();
    if properties.iter().any(|(_, fate)| matches!(fate, Fate::NoLongerApplies(_))) {
        // They are the reason, and told with it.
        notes.clear();
    }
    let others: Vec<_> = violated.difference(stated).cloned().collect();
    if !others.is_empty() {
        notes.push(format!("it violates {} as well, which its header doesn't state", others.join(", ")));
    }
    Ok(of(properties, notes))
}

/// What became of a finding.
fn shown(plan: &Plan, outcome: &Outcome, found: &Found) -> Judged {
    let Found { signature, digest, recording } = found;
    let lost = met::lost(plan, outcome, recording.as_ref());
    let now = signatures(plan, outcome);
    let mut others = now.iter().filter(|other| other.property == signature.property);
    let mut notes = Vec::new();
    let fate = if now.contains(signature) {
        notes.extend(lost);
        Fate::StillFails
    } else if let Some(other) = others.next() {
        notes.extend(lost);
        notes.push(format!("it fails in another way: {} in place of {}", other, signature.id()));
        Fate::StillFails
    } else {
        let others: BTreeSet<_> = now.iter().map(|other| other.property.clone()).collect();
        if !others.is_empty() {
            let others: Vec<_> = others.into_iter().collect();
            notes.push(format!("it violates {} instead", others.join(", ")));
        }
        if lost.is_empty() { Fate::NowPasses } else { Fate::NoLongerApplies(lost.join("; ")) }
    };
    if let (Some(was), Fate::StillFails) = (digest, &fate)
        && *was != outcome.digest
    {
        let digits = |digest: &str| digest.chars().take(DIGITS).collect::<String>();
        let (is, was) = (digits(&outcome.digest), digits(was));
        notes.push(format!("its run is another than was recorded: digest {is} in place of {was}"));
    }
    of(vec![(signature.property.clone(), fate)], notes)
}

fn of(properties: Vec<(String, Fate)>, notes: Vec<String>) -> Judged {
    Judged { properties, notes, digest: None, explanation: String::new() }
}

/// The violated properties; a process that died of a panic counts as one.
fn violated(outcome: &Outcome) -> BTreeSet<String> {
    let mut violated: BTreeSet<String> =
        outcome.violated().map(|judgement| judgement.property.to_owned()).collect();
    if outcome.died_of_a_panic() {
        violated.insert(PANIC.to_owned());
    }
    violated
}
