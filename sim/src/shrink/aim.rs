//! What a smaller plan has to show to count as the same violation.
//!
//! The same mistake, by the [cause](Cause) that the signatures of both show: the same property and decision, the
//! same last act, in whatever kind of artifact. Of the faults that struck any may be missing, since most are in a
//! chain because they happened, and whether they matter is what shrinking finds out. None may come: with another
//! fault in it the plan may show another mistake, which another finding is about.

use std::collections::BTreeSet;

use crate::campaign::{self, Cause, Signature, run_safely};
use crate::outcome::{Outcome, Unrunnable, Violation};
use crate::plan::Plan;
use crate::properties;
use crate::script::unknown;

use super::designs;
use super::trace::Trace;

/// What a smaller plan has to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aim {
    /// The violated property.
    pub property: String,
    /// What was decided.
    pub decision: String,
    /// Whose mistake it is, with the faults that may have struck.
    cause: Cause,
    /// The design under which the same plan must hold the property.
    held_under: Option<String>,
}

impl Aim {
    /// At the same violation as that of a signature.
    pub fn at(signature: &Signature) -> Self {
        Aim {
            property: signature.property.clone(),
            decision: signature.decision.clone(),
            cause: Cause::of(signature),
            held_under: None,
        }
    }

    /// The same, by a plan on which another design for every node holds the property.
    pub fn held_under(self, design: &str) -> Self {
        Aim { held_under: Some(design.to_owned()), ..self }
    }

    /// That a plan doesn't show it, in words.
    pub(super) fn missed(&self) -> String {
        let Aim { property, decision, held_under, .. } = self;
        match held_under {
            None => format!("it doesn't violate {property}: {decision}"),
            Some(design) => {
                format!("it violates {property} under {design} too; expected a plan that holds it there")
            }
        }
    }

    /// How a plan comes to it; none if it doesn't.
    ///
    /// # Errors
    /// When the harness itself has failed.
    pub(super) fn shown_by(&self, plan: &Plan) -> Result<Option<Trace>, Unrunnable> {
        let outcome = run_safely(plan)?;
        let same = shown(plan, &outcome).into_iter().find(|(signature, _)| self.is_met_by(signature));
        let Some((signature, violation)) = same else { return Ok(None) };
        if let Some(design) = &self.held_under {
            let other = run_safely(&designs::all(plan, design))?;
            let violates =
                |other: &Outcome| shown(plan, other).iter().any(|(one, _)| one.property == self.property);
            if violates(&other) {
                return Ok(None);
            }
        }
        Ok(Some(Trace::of(plan, &outcome, signature, violation)))
    }

    /// Whether a violation with that signature is the same.
    pub fn is_met_by(&self, signature: &Signature) -> bool {
        Cause::of(signature).is_within(&self.cause)
    }

    /// At the violation of a property, or at the first there is where none is named.
    ///
    /// # Errors
    /// When there is no such property, or the run doesn't violate it.
    pub fn of(plan: &Plan, outcome: &Outcome, property: Option<&str>) -> Result<Self, Unrunnable> {
        let known: Vec<&str> = properties::names().iter().copied().chain([campaign::PANIC]).collect();
        if let Some(name) = property.filter(|name| !known.contains(name)) {
            return Err(Unrunnable(unknown("property", name, &known)));
        }
        let shown = shown(plan, outcome);
        let wanted = shown.iter().find(|(found, _)| property.is_none_or(|name| found.property == name));
        if let Some((signature, _)) = wanted {
            return Ok(Aim::at(signature));
        }
        let violated: BTreeSet<&str> = shown.iter().map(|(found, _)| found.property.as_str()).collect();
        let violated: Vec<&str> = violated.into_iter().collect();
        Err(Unrunnable(match (property, violated.is_empty()) {
            (None, _) => {
                "it violates nothing, so there is nothing to shrink; expected a script of a plan that \
                          violates a property, or the --design under which it does"
                    .to_owned()
            }
            (Some(name), true) => format!("it doesn't violate {name}, nor anything else"),
            (Some(name), false) => {
                format!("it doesn't violate {name}; expected one of {}", violated.join(", "))
            }
        }))
    }
}

/// Everything that went wrong in a run: each violation, and each panic by which a process died.
pub(super) fn shown<'a>(plan: &Plan, outcome: &'a Outcome) -> Vec<(Signature, Option<&'a Violation>)> {
    let violated = outcome
        .violated()
        .flat_map(|judgement| judgement.violations.iter().map(|violation| (judgement.property, violation)));
    let mut shown: Vec<_> = violated
        .map(|(property, violation)| {
            (Signature::of(property, violation, &outcome.evidence, &plan.faults), Some(violation))
        })
        .collect();
    let died = outcome.panics.iter().filter(|panic| !panic.recovered);
    shown.extend(died.map(|panic| (campaign::of_panic(plan, panic), None)));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{Chain, News};

    fn signature(decision: &str, told: News, struck: &[&str]) -> Signature {
        let struck = struck.iter().map(|&link| link.to_owned()).collect();
        let changed = Some("request store.delete-artifact".to_owned());
        Signature {
            property: "a-property".into(),
            kind: "rest-api".into(),
            decision: decision.into(),
            chain: Chain { changed, told: Some(told), acted: None, struck },
        }
    }

    #[test]
    fn faults_may_go_and_none_may_come() {
        let whole = ["sync http.list stale", "event deleted ws.receive lose"];
        let aim = Aim::at(&signature("never told", News::Untold, &whole));
        let meets = |decision, told, struck: &[&str]| aim.is_met_by(&signature(decision, told, struck));
        assert!(meets("never told", News::Untold, &whole));
        assert!(meets("never told", News::Untold, &whole[1..]));
        assert!(!meets("never told", News::Untold, &["sync http.list lose"]));
        assert!(!meets("never told", News::Heard, &whole));
        assert!(!meets("removed", News::Untold, &whole));
        let another =
            Signature { property: "another".into(), ..signature("never told", News::Untold, &whole) };
        assert!(!aim.is_met_by(&another));
        let of_another_kind =
            Signature { kind: "mcp-proxy".into(), ..signature("never told", News::Untold, &whole) };
        assert!(aim.is_met_by(&of_another_kind));
    }
}
