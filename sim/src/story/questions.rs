//! What a gateway asks, and what it is told.

use driftless_model::cx::Phase;
use driftless_model::gateway::tables as gateway;
use driftless_model::wire::internal::{DeploymentList, ExistsAnswer, ExistsRequest};

use super::Story;
use crate::history::Crossing;
use crate::plan::Node;

impl Story<'_> {
    /// The question which artifacts exist, and its answer.
    pub(super) fn exists(&self, crossing: &Crossing) -> String {
        let sent = crossing.address.at(Phase::Sent);
        let mut asked = self.evidence.history.crossings().iter().filter(|c| c.address == sent);
        let asked = asked.next().map(|sent| self.asked_about(sent)).unwrap_or_default();
        let question = match asked.as_slice() {
            [one] => format!("asks whether {one} exists"),
            many => format!("asks which of {} exist", many.join(", ")),
        };
        let kept = |name: &&String| self.is_held(crossing, name) && !self.removed_after(crossing, name);
        let kept: Vec<String> = asked.iter().filter(kept).cloned().collect();
        let kept = if kept.is_empty() { String::new() } else { format!("; keeps {}", kept.join(", ")) };
        format!("{question} -> {}{kept}", self.existing(crossing, asked.len() == 1))
    }

    /// Whether the gateway that asked has the artifact of that name when it is answered.
    fn is_held(&self, asked: &Crossing, name: &str) -> bool {
        let gateway = Node::original(asked.address.node_name());
        let earlier = self.evidence.history.crossings().iter().rev().filter(|c| c.id < asked.id);
        let here = earlier.filter(|c| Node::original(c.address.node_name()) == gateway);
        let mut said = here.flat_map(|c| &c.record.changes).filter_map(|change| {
            let row = change.after_as::<gateway::Artifact>().or(change.before_as::<gateway::Artifact>())?;
            (self.name(row.uuid) == name).then_some(change.after.is_some())
        });
        said.next().unwrap_or(true)
    }

    /// Whether the work that asked goes on to remove the artifact of that name.
    fn removed_after(&self, asked: &Crossing, name: &str) -> bool {
        let work =
            |c: &&Crossing| c.address.node == asked.address.node && c.address.task == asked.address.task;
        let later = self.evidence.history.crossings().iter().filter(|c| c.id > asked.id).filter(work);
        let mut changes = later.flat_map(|c| &c.record.changes).filter(|change| change.after.is_none());
        changes.any(|c| c.before_as::<gateway::Artifact>().is_some_and(|row| self.name(row.uuid) == name))
    }

    fn asked_about(&self, sent: &Crossing) -> Vec<String> {
        let body = sent.record.body.as_deref().unwrap_or_default();
        let request = serde_json::from_slice::<ExistsRequest>(body);
        let ids = request.map(|request| request.artifact_ids).unwrap_or_default();
        let mut names: Vec<_> = ids.iter().filter_map(|id| id.parse().ok()).map(|id| self.name(id)).collect();
        names.sort();
        names
    }

    fn existing(&self, crossing: &Crossing, one: bool) -> String {
        if let Some(failed) = self.failed(crossing) {
            return failed;
        }
        let body = crossing.record.body.as_deref().unwrap_or_default();
        let Ok(answer) = serde_json::from_slice::<ExistsAnswer>(body) else { return "nonsense".into() };
        let existing = answer.artifacts.iter().filter(|one| one.exists);
        let mut names: Vec<_> =
            existing.filter_map(|one| Some(self.name(one.artifact_id.parse().ok()?))).collect();
        names.sort();
        match (names.as_slice(), one) {
            ([], true) => "no".into(),
            (_, true) => "yes".into(),
            ([], false) => "none".into(),
            (_, false) => names.join(", "),
        }
    }

    pub(super) fn deployments(&self, crossing: &Crossing) -> String {
        if let Some(failed) = self.failed(crossing) {
            return failed;
        }
        let body = crossing.record.body.as_deref().unwrap_or_default();
        let Ok(list) = serde_json::from_slice::<DeploymentList>(body) else { return "nonsense".into() };
        let entries = list.deployments.iter().map(|d| format!("{} {}", self.name(d.deployment_id), d.state));
        let entries: Vec<_> = entries.collect();
        if entries.is_empty() { "none".into() } else { entries.join(", ") }
    }
}
