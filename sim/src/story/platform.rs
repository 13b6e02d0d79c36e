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
        if let Some(key) = change.after_as::<platform::ApiKey>() {
            let verb = match change.before_as::<platform::ApiKey>() {
                None => "created",
                Some(before) if before.status != key.status => key.status.word(),
                Some(_) => "changed",
            };
            return Some(format!("key {} {verb}", self.name(key.uuid)));
        }
        self.around(change, all)
    }

    /// What is around artifacts. What goes with something else needs no line of its own.
    fn around(&self, change: &Change, all: &[Change]) -> Option<String> {
        let goes = |change: &Change| change.after.is_none();
        let with_artifact = all.iter().any(|c| goes(c) && c.before_as::<platform::Artifact>().is_some());
        let verb = match (&change.before, &change.after) {
            (None, _) => "created",
            (_, None) => "deleted",
            (Some(_), Some(_)) => "changed",
        };
        if let Some(row) = either::<platform::Subscription>(change) {
            let status = change.after_as::<platform::Subscription>().map(|row| row.status.word());
            return match (&change.before, status) {
                (_, None) if with_artifact => None,
                (Some(_), Some(status)) => Some(format!("subscription {} {status}", self.name(row.uuid))),
                _ => Some(format!("subscription {} {verb}", self.name(row.uuid))),
            };
        }
        if let Some(row) = either::<platform::SubscriptionPlan>(change) {
            let status = change.after_as::<platform::SubscriptionPlan>().map(|row| row.status.word());
            let what = status.filter(|_| change.before.is_some()).unwrap_or(verb);
            return Some(format!("{} {what}", self.name(row.uuid)));
        }
        if let Some(row) = either::<platform::Application>(change) {
            return Some(format!("{} {verb}", self.name(row.uuid)));
        }
        if let Some(row) = either::<platform::ApplicationApiKey>(change) {
            let with_application =
                all.iter().any(|c| goes(c) && c.before_as::<platform::Application>().is_some());
            let (key, application) = (self.name(row.api_key), self.name(row.application));
            return match &change.after {
                None if with_artifact || with_application => None,
                None => Some(format!("key {key} no longer mapped to {application}")),
                Some(_) => Some(format!("key {key} mapped to {application}")),
            };
        }
        if let Some(row) = change.before_as::<platform::Gateway>().filter(|_| goes(change)) {
            return Some(format!("gateway {} deleted", row.name));
        }
        let token = change.after_as::<platform::GatewayToken>()?;
        let gateway = self.name(token.gateway);
        match change.before_as::<platform::GatewayToken>() {
            // The first comes with the gateway.
            None => None,
            Some(before) if before.status != token.status => Some(format!("a token of {gateway} revoked")),
            Some(_) => None,
        }
    }
}
