//! What a commit on the platform changes.

use driftless_model::platform::tables as platform;
use driftless_model::store::Change;

use super::{Story, either};

impl Story<'_> {
    pub(super) fn on_platform(&self, change: &Change, all: &[Change]) -> Option<String> {
        if let Some(row) = either::<platform::Artifact>(change) {
            let name = self.name(row.uuid);
            return match (&change.before, &change.after) {
                (None, _) => Some(format!("{name} created")),
                (_, None) => Some(format!("{name} deleted")),
                _ => None,
            };
        }
        if let Some(row) = either::<platform::Deployment>(change) {
            if change.after.is_some() {
                return None;
            }
            // What goes with the whole artifact needs no line of its own.
            if all.iter().any(|c| c.after.is_none() && c.before_as::<platform::Artifact>().is_some()) {
                return None;
            }
            let (name, gateway) = (self.name(row.deployment_id), self.name(row.gateway));
            let with_status = all.iter().any(|c| {
                c.after.is_none()
                    && c.before_as::<platform::DeploymentStatus>()
                        .is_some_and(|s| s.deployment == row.deployment_id)
            });
            let artifact = self.name(row.artifact);
            let and = match with_status {
                true => format!(", and with it the record of {artifact} on {gateway}"),
                false => String::new(),
            };
            return Some(format!("{name} deleted{and}"));
        }
        if let Some(row) = change.after_as::<platform::DeploymentStatus>() {
            let before = change.before_as::<platform::DeploymentStatus>();
            if before.is_some_and(|b| b.status == row.status && b.deployment == row.deployment) {
                return None;
            }
            let (name, gateway) = (self.name(row.deployment), self.name(row.gateway));
            let why = row.status_reason.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
            return Some(format!("{name} {} on {gateway}{why}", row.status.word()));
        }
        let key = change.after_as::<platform::ApiKey>()?;
        let name = self.name(key.uuid);
        let verb = match change.before_as::<platform::ApiKey>() {
            None => "created",
            Some(before) if before.status != key.status => key.status.word(),
            Some(_) => "changed",
        };
        Some(format!("key {name} {verb}"))
    }
}
