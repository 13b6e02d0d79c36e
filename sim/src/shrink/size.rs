//! How large a plan is, as somebody who reads it counts.

use serde::Serialize;

use crate::plan::Plan;

use super::designs;

/// How large a plan is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Size {
    /// Commands of its script.
    pub lines: usize,
    /// Steps, and among them those that set up nodes.
    pub steps: usize,
    /// Faults.
    pub faults: usize,
    /// Nodes.
    pub nodes: usize,
    /// Crossings of its run.
    pub crossings: usize,
}

impl Size {
    /// The size of a plan whose run had so many crossings.
    pub(super) fn of(plan: &Plan, crossings: usize) -> Self {
        let Plan { steps, faults, nodes, .. } = plan;
        let (steps, faults, nodes) = (steps.len(), faults.len(), nodes.len());
        Size { lines: lines(plan), steps, faults, nodes, crossings }
    }
}

/// The lines of a plan's script. One design that all nodes have is said without any.
pub(super) fn lines(plan: &Plan) -> usize {
    let Plan { settings, nodes, steps, faults, seed, expect } = plan;
    let choices = match designs::of_all(plan) {
        Some(_) => 0,
        None => nodes.iter().map(|node| node.design.len()).sum(),
    };
    let expect = expect.values().filter(|properties| !properties.is_empty()).count();
    let seed = usize::from(*seed != 0);
    1 + seed + expect + settings.len() + choices + faults.len() + steps.len()
}

/// The commands of a script with comments and a transcript.
pub(super) fn commands(script: &str) -> usize {
    let above = script.lines().take_while(|line| *line != "---");
    above.filter(|line| !line.is_empty() && !line.starts_with('#')).count()
}
