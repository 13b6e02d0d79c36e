//! When the faults have ended the world comes to rest within its time.
//!
//! A world that goes on and on is a finding by itself: somebody tries again for ever, two parties undo each other's
//! work, or what one waits for never comes. So this is the one property that a world without rest violates; what
//! others claim of the world at rest can't be judged there. Nobody in particular is blamed, since who moves need not
//! be who is wrong: what is still pending is named.
//!
//! Not judged is whether rest comes soon: that is what the time is for that a plan gives it.

use crate::outcome::{Evidence, Violation};

use super::{Found, Modality, Property};

/// The world comes to rest.
pub(super) struct ComesToRest;

impl Property for ComesToRest {
    fn name(&self) -> &'static str {
        "comes-to-rest"
    }

    fn modality(&self) -> Modality {
        Modality::Eventually
    }

    fn sentence(&self) -> &'static str {
        "after the faults have ended the world comes to rest within its time"
    }

    fn needs_rest(&self) -> bool {
        false
    }

    fn companions(&self) -> &'static [&'static str] {
        &["restart-with-artifacts"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["pings-are-no-sign-of-life"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        let relevant = !evidence.history.crossings().is_empty();
        let violations = evidence.stall.iter().map(|stall| violation(evidence, stall)).collect();
        Found { relevant, violations, ..Found::default() }
    }
}

fn violation(evidence: &Evidence, stall: &str) -> Violation {
    let last = evidence.history.crossings().last();
    Violation {
        at_us: last.map_or(0, |crossing| crossing.at_us),
        node: "world".to_owned(),
        subject: "rest".to_owned(),
        expected: "nothing moves any more once the faults have ended and all have had their time".to_owned(),
        seen: stall.to_owned(),
        decision: in_general(stall, evidence),
        chain: Vec::new(),
    }
}

/// The same without the names of nodes and without what each of them is at.
fn in_general(stall: &str, evidence: &Evidence) -> String {
    let Some((_, pending)) = stall.split_once("still pending: ") else {
        let reason = stall.rsplit("; ").next().unwrap_or(stall);
        let words = reason.split(' ').filter(|word| !word.chars().any(|c| c.is_ascii_digit()));
        return words.collect::<Vec<_>>().join(" ");
    };
    let role = |one: &str| {
        let node = one.split([' ', '@']).next().unwrap_or_default();
        match evidence.nodes.get(node).map(|node| node.role) {
            Some(crate::plan::Role::Platform) => "a platform",
            Some(crate::plan::Role::Gateway) => "a gateway",
            None => "something else",
        }
    };
    let mut who: Vec<&str> = pending.split(", ").map(role).collect();
    who.sort_unstable();
    who.dedup();
    format!("{} is still at something", who.join(" and "))
}
