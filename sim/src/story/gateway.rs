//! What a commit on a gateway changes, and what it serves.

use driftless_model::gateway::Route;
use driftless_model::gateway::tables as gateway;
use driftless_model::store::Change;
use uuid::Uuid;

use super::{Story, either};
use crate::history::Crossing;
use crate::properties::ground::{self, Ground};
use crate::properties::removal::Removed;

impl Story<'_> {
    pub(super) fn on_gateway(&self, change: &Change, crossing: &Crossing) -> Option<String> {
        let all = &crossing.record.changes;
        if let Some(row) = either::<gateway::Artifact>(change) {
            let deployment = row.deployment_id.map_or_else(|| self.name(row.uuid), |id| self.name(id));
            let state = match row.desired_state {
                gateway::DesiredState::Deployed => "deployed",
                gateway::DesiredState::Undeployed => "undeployed",
            };
            return Some(match (&change.before, &change.after) {
                (_, None) => format!(
                    "removes {}{}",
                    self.name(row.uuid),
                    self.why(crossing, Removed::Artifact, row.uuid)
                ),
                (Some(_), _) if row.desired_state == gateway::DesiredState::Undeployed => {
                    format!("marks {deployment} undeployed")
                }
                _ => format!("stores {deployment}, {state}"),
            });
        }
        if let Some(row) = either::<gateway::ApiKey>(change) {
            let name = self.name(row.uuid);
            // A key with another secret is another row; both halves together are one change.
            let same = |other: Option<&gateway::ApiKey>| other.is_some_and(|other| other.uuid == row.uuid);
            let moved_in = all.iter().any(|c| c.before.is_none() && same(c.after_as()));
            let moved_out = all.iter().any(|c| c.after.is_none() && same(c.before_as()));
            return match (&change.before, &change.after) {
                (_, None) if moved_in => None,
                (_, None) => {
                    Some(format!("removes key {name}{}", self.why(crossing, Removed::Key, row.artifact_uuid)))
                }
                (None, Some(_)) if !moved_out => Some(format!("stores key {name}")),
                (_, Some(_)) => Some(format!("changes key {name}")),
            };
        }
        if let Some(line) = self.around_on_gateway(change, crossing) {
            return Some(line);
        }
        let route = either::<Route>(change)?;
        let name = route.deployment.map_or_else(|| self.name(route.artifact), |id| self.name(id));
        Some(match &change.after {
            Some(_) => format!("routes {name}"),
            None => format!("no longer routes {}", self.name(route.artifact)),
        })
    }

    /// What is around artifacts. What goes with an artifact needs no line of its own.
    fn around_on_gateway(&self, change: &Change, crossing: &Crossing) -> Option<String> {
        let verb = match (&change.before, &change.after) {
            (None, _) => "stores",
            (_, None) => "removes",
            (Some(_), Some(_)) => "changes",
        };
        if let Some(row) = either::<gateway::Subscription>(change) {
            let with_artifact = crossing
                .record
                .changes
                .iter()
                .any(|c| c.after.is_none() && c.before_as::<gateway::Artifact>().is_some());
            let why = if change.after.is_none() {
                self.why(crossing, Removed::Subscription, row.api_id)
            } else {
                ""
            };
            let line = format!("{verb} subscription {}{why}", self.name(row.uuid));
            return (!(with_artifact && change.after.is_none())).then_some(line);
        }
        if let Some(row) = either::<gateway::SubscriptionPlan>(change) {
            return Some(format!("{verb} {}", self.name(row.uuid)));
        }
        let row = either::<gateway::ApplicationKey>(change)?;
        let (key, application) = (self.name(row.api_key), self.name(row.application));
        Some(match &change.after {
            Some(_) => format!("maps key {key} to {application}"),
            None => format!("no longer maps key {key} to {application}"),
        })
    }

    /// On what ground something of an artifact is removed, unless an event said so.
    fn why(&self, removal: &Crossing, what: Removed, artifact: Uuid) -> &'static str {
        match ground::of(self.evidence, removal, (what, artifact)) {
            Ground::Told | Ground::Ordered => "",
            Ground::Answered => ", which is gone",
            Ground::Inferred => ", which is not in the platform's list",
            Ground::Unanswered(_) => ", though nobody has said that it is gone",
            Ground::Contradicted => ", though the platform says that it exists",
        }
    }
}
