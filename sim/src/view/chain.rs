//! Chains: what led to a violation, and which crossing of it follows from which.

use std::collections::BTreeSet;

use driftless_model::cx::CrossingId;
use serde::Serialize;

use super::lane::{self, Lane};
use crate::history::History;
use crate::outcome::Outcome;

/// What led to a violation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Chain {
    /// The violated property.
    pub property: &'static str,
    /// The lane on which it showed, if it showed on one.
    pub lane: Option<usize>,
    /// The node on which it showed.
    pub node: String,
    /// What it is about.
    pub subject: String,
    /// When it showed.
    pub at_us: u64,
    /// What was expected.
    pub expected: String,
    /// What was seen.
    pub seen: String,
    /// The crossings that led there, in order.
    pub crossings: Vec<u64>,
    /// Which of them follows from which, the cause first; what lies between isn't part of the chain.
    pub links: Vec<(u64, u64)>,
}

/// The chain of each violation, in the order of the properties.
pub(super) fn all(outcome: &Outcome, lanes: &[Lane]) -> Vec<Chain> {
    let history = &outcome.evidence.history;
    let violations = outcome
        .violated()
        .flat_map(|judgement| judgement.violations.iter().map(|one| (judgement.property, one)));
    let chain = |(property, violation): (&'static str, &crate::outcome::Violation)| Chain {
        property,
        lane: lane::find(lanes, &violation.node),
        node: violation.node.clone(),
        subject: violation.subject.clone(),
        at_us: violation.at_us,
        expected: violation.expected.clone(),
        seen: violation.seen.clone(),
        crossings: violation.chain.iter().map(|id| id.0).collect(),
        links: links(history, &violation.chain),
    };
    violations.map(chain).collect()
}

/// For each crossing of a chain the nearest of the others that it follows from.
fn links(history: &History, chain: &[CrossingId]) -> Vec<(u64, u64)> {
    let members: BTreeSet<CrossingId> = chain.iter().copied().collect();
    let first = members.first().copied().unwrap_or_default();
    let mut links = Vec::new();
    for of in &members {
        let (mut open, mut seen) = (BTreeSet::from([*of]), BTreeSet::new());
        while let Some(id) = open.pop_last() {
            if id < first || !seen.insert(id) {
                continue;
            }
            match id != *of && members.contains(&id) {
                true => links.push((id.0, of.0)),
                false => open
                    .extend(history.get(id).into_iter().flat_map(|crossing| crossing.causes.iter().copied())),
            }
        }
    }
    links
}
