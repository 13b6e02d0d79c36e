//! Looking around where the shell stands. Nothing here changes the plan.

use crate::causes;
use crate::explain;
use crate::history::Crossing;
use crate::outcome::Outcome;
use crate::plan::{Plan, Start};
use crate::run::run;
use crate::script::unknown;
use crate::stopped::Waits;
use crate::story::Story;

use super::own::About;
use super::{Refusal, Shell};

impl Shell {
    /// What a node holds.
    pub(super) fn look(&self, node: &str) -> Result<Vec<String>, Refusal> {
        let nodes: Vec<&str> = self.stopped.holds.keys().map(|name| &**name).collect();
        let holds = self.stopped.holds.get(node).cloned();
        holds.ok_or_else(|| Refusal::Argument(unknown("node", node, &nodes)))
    }

    /// What waits in the gate.
    pub(super) fn pending(&self) -> Vec<String> {
        let line = |waits: &Waits| {
            let again = if waits.periodic { ", and again" } else { "" };
            format!("{:>10}  {}{again}", explain::seconds(waits.at_us), waits.what)
        };
        let lines: Vec<String> = self.stopped.waiting.iter().map(line).collect();
        if lines.is_empty() { vec!["nothing waits".into()] } else { lines }
    }

    /// The last crossings.
    pub(super) fn history(&self, count: usize) -> Vec<String> {
        let crossings = self.stopped.crossings();
        let last = crossings.iter().skip(crossings.len().saturating_sub(count));
        let lines: Vec<String> = last.flat_map(|crossing| self.told(crossing)).collect();
        if lines.is_empty() { vec!["nothing has happened yet".into()] } else { lines }
    }

    /// What led to a crossing or to a violation.
    pub(super) fn why(&self, about: About) -> Result<Vec<String>, Refusal> {
        let of = match &about {
            About::Property(property) => return self.why_violated(property),
            About::Last => self.stopped.crossings().last().ok_or("nothing has happened yet".to_owned()),
            About::Crossing(at) => {
                self.stopped.last_that_fits(at).ok_or_else(|| format!("\"{at}\" was not reached yet"))
            }
        };
        let of = of.map_err(Refusal::Argument)?;
        let history = &self.stopped.evidence.history;
        let chain = causes::chain_of(history, of.id);
        Ok(chain.iter().filter_map(|id| history.get(*id)).flat_map(|crossing| self.told(crossing)).collect())
    }

    fn why_violated(&self, property: &str) -> Result<Vec<String>, Refusal> {
        let (plan, outcome) = self.judged()?;
        let judgement = outcome.judgements.iter().find(|judgement| judgement.property == property);
        let Some(judgement) = judgement else { return Ok(Vec::new()) };
        let text = explain::violations_of(&plan, &outcome, judgement);
        Ok(match text.is_empty() {
            true => vec![format!("{property}: {}", judgement.verdict)],
            false => text.lines().map(str::to_owned).collect(),
        })
    }

    /// What would become of each property if the run ended here.
    pub(super) fn verdicts(&self) -> Result<Vec<String>, Refusal> {
        let (plan, outcome) = self.judged()?;
        let mut lines = explain::verdicts(&outcome.judgements);
        lines.extend(outcome.stall.clone());
        lines.extend(outcome.panics.iter().map(|panic| format!("panicked: {panic}")));
        let faults = plan.faults.iter().zip(&outcome.faults).filter(|(_, struck)| struck.is_none());
        lines.extend(faults.map(|(fault, _)| format!("never reached: fault {fault}")));
        lines.extend(explain::violations(&plan, &outcome).lines().map(str::to_owned));
        Ok(lines)
    }

    /// The run as if it ended here: the steps that have begun are carried to their end, no other begins.
    fn judged(&self) -> Result<(Plan, Outcome), Refusal> {
        let mut plan = self.draft.plan.clone();
        let begun =
            |index: usize| self.stopped.steps.get(index).is_some_and(|shown| shown.begun_us.is_some());
        let mut kept = Vec::new();
        let steps: Vec<_> = plan.steps.drain(..).enumerate().collect();
        // Steps that begin together stay together.
        for together in steps.chunk_by(|_, (_, next)| next.start == Start::With) {
            if together.iter().any(|(index, _)| begun(*index)) {
                kept.extend(together.iter().map(|(_, step)| step.clone()));
            }
        }
        plan.steps = kept;
        let outcome = run(&plan)?;
        Ok((plan, outcome))
    }

    /// A crossing: when and where it was, and what it has to tell.
    pub(super) fn told(&self, crossing: &Crossing) -> Vec<String> {
        let faults = &self.draft.plan.faults;
        explain::told(&Story::so_far(&self.stopped.evidence, faults, self.stopped.now_us), crossing)
    }
}
