//! The story of a run: what happened, in the words of the domain, one line each.
//!
//! This is the notation of transcripts and explanations. A crossing that changed nothing anybody speaks of
//! has no line; times and identifiers are left out, so that a transcript stays the same until the behaviour
//! changes.

use std::collections::BTreeMap;

use driftless_model::cx::{CrossingId, Phase};
use driftless_model::gateway::Route;
use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use driftless_model::store::Change;
use driftless_model::wire::event::{DEPLOYMENT_ACK, DeploymentAck};
use driftless_model::wire::internal::{DeploymentList, ExistsAnswer, ExistsRequest};
use serde_json::Value;
use uuid::Uuid;

use crate::history::Crossing;
use crate::outcome::Evidence;
use crate::plan::{Fault, Role};
use crate::properties::ground::{self, Ground};

/// Tells the story of a run.
pub struct Story<'a> {
    evidence: &'a Evidence,
    faults: &'a [Fault],
    received: BTreeMap<CrossingId, ()>,
}

impl<'a> Story<'a> {
    /// The story of a run with these faults.
    pub fn new(evidence: &'a Evidence, faults: &'a [Fault]) -> Self {
        let crossings = evidence.history.crossings();
        let arrived = crossings
            .iter()
            .filter(|c| c.address.site == "ws.send" && c.address.phase == Some(Phase::Received));
        let received = arrived.flat_map(|c| c.causes.iter().map(|cause| (*cause, ()))).collect();
        Story { evidence, faults, received }
    }

    /// What a crossing has to tell.
    pub fn of(&self, crossing: &Crossing) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(fault) = crossing.fault.and_then(|at| self.faults.get(at)) {
            lines.push(format!("fault \"{}\" {}", fault.at, fault.effect));
        }
        let node = &crossing.address.node;
        match crossing.address.site {
            "life.start" if !node.starts_with("user") => lines.push(starts(node)),
            "life.crash" => lines.push(format!("{node}: dies")),
            "life.exit" => lines.push(format!("{node}: exits")),
            "life.power-loss" => lines.push(format!("{node}: loses power")),
            "link.cut" => lines.push(self.link(crossing, "cut")),
            "link.heal" => lines.push(self.link(crossing, "healed")),
            _ => {}
        }
        lines.extend(self.exchange(crossing));
        for change in &crossing.record.changes {
            lines.extend(
                match self.evidence.role_of(crossing) {
                    Some(Role::Platform) => self.on_platform(change, &crossing.record.changes),
                    Some(Role::Gateway) => self.on_gateway(change, crossing),
                    None => None,
                }
                .map(|line| format!("{node}: {line}")),
            );
        }
        lines
    }

    fn link(&self, crossing: &Crossing, what: &str) -> String {
        let peer = crossing.address.peer.as_deref().unwrap_or("everyone");
        format!("link {} -> {peer}: {what}", crossing.address.node)
    }

    fn exchange(&self, crossing: &Crossing) -> Option<String> {
        let (node, phase) = (&crossing.address.node, crossing.address.phase?);
        match (crossing.address.site, phase) {
            ("ws.send", Phase::Sent) => self.frame(crossing),
            ("http.artifacts-exists", Phase::AnswerReceived) => {
                Some(format!("{node}: {}", self.exists(crossing)))
            }
            ("http.deployments", Phase::AnswerReceived) => {
                Some(format!("{node}: asks for its deployments -> {}", self.deployments(crossing)))
            }
            // What a delete told nobody is the story of issue 1.
            ("http.delete-artifact", Phase::Answered) if crossing.record.status == Some(204) => {
                let task = &crossing.address.task;
                let told = self
                    .evidence
                    .history
                    .crossings()
                    .iter()
                    .any(|c| c.address.site == "ws.send" && c.address.task.ends_with(&**task));
                let subject = crossing.address.subject.as_deref().unwrap_or_default();
                (!told).then(|| format!("platform: tells no gateway that {subject} is gone"))
            }
            (site, Phase::AnswerReceived) if self.is_gateways(crossing) && site != "http.discovery" => {
                self.failed(crossing).map(|how| {
                    let call = site.trim_start_matches("http.");
                    let subject = crossing.address.subject.as_deref().unwrap_or_default();
                    format!("{node}: {} -> {how}", format!("{call} {subject}").trim_end())
                })
            }
            _ => None,
        }
    }

    fn is_gateways(&self, crossing: &Crossing) -> bool {
        self.evidence.role_of(crossing) == Some(Role::Gateway)
    }

    fn frame(&self, crossing: &Crossing) -> Option<String> {
        let (from, to) = (&crossing.address.node, crossing.address.peer.as_deref()?);
        let body: Value = serde_json::from_slice(crossing.record.body.as_deref()?).ok()?;
        let kind = body.get("type")?.as_str()?;
        let lost = match (&crossing.record.failed, self.received.contains_key(&crossing.id)) {
            (Some(why), _) => format!(" ({why})"),
            (None, true) => String::new(),
            (None, false) => " (never received)".to_owned(),
        };
        let payload = body.get("payload");
        let what = match kind {
            DEPLOYMENT_ACK => {
                let ack: DeploymentAck = serde_json::from_value(payload?.clone()).ok()?;
                if ack.status == "success" && lost.is_empty() {
                    return None;
                }
                let artifact = ack.artifact_id.parse().map(|id| self.name(id)).unwrap_or_default();
                format!("{} {artifact} {} {}", ack.action, ack.status, ack.error_code)
            }
            "connection.ack" if lost.is_empty() => return None,
            _ => format!("{kind} {}", self.subject_of(payload, crossing)),
        };
        Some(format!("{from} -> {to}: {}{lost}", what.trim_end()))
    }

    /// A deployment says more than its artifact.
    fn subject_of(&self, payload: Option<&Value>, crossing: &Crossing) -> String {
        let field = |name: &str| payload.and_then(|p| p.get(name)).and_then(Value::as_str);
        let deployment = field("deploymentId").and_then(|id| id.parse().ok()).map(|id| self.name(id));
        let artifact = crossing.address.subject.as_deref().unwrap_or_default().to_owned();
        let key = field("keyName").or_else(|| field("name"));
        match (deployment, key) {
            (Some(deployment), _) => deployment,
            (None, Some(key)) => format!("{artifact}.{key}"),
            (None, None) => artifact,
        }
    }

    fn failed(&self, crossing: &Crossing) -> Option<String> {
        match (&crossing.record.failed, crossing.record.status) {
            (Some(why), _) => Some(format!("no answer: {why}")),
            (None, Some(status)) if status >= 400 => Some(status.to_string()),
            _ => None,
        }
    }

    /// The question which artifacts exist, and its answer.
    fn exists(&self, crossing: &Crossing) -> String {
        let sent = crossing.address.at(Phase::Sent);
        let mut asked = self.evidence.history.crossings().iter().filter(|c| c.address == sent);
        let asked = asked.next().map(|sent| self.asked_about(sent)).unwrap_or_default();
        let question = match asked.as_slice() {
            [one] => format!("asks whether {one} exists"),
            many => format!("asks which of {} exist", many.join(", ")),
        };
        let kept: Vec<String> =
            asked.iter().filter(|name| !self.removed_after(crossing, name)).cloned().collect();
        let kept = if kept.is_empty() { String::new() } else { format!("; keeps {}", kept.join(", ")) };
        format!("{question} -> {}{kept}", self.existing(crossing, asked.len() == 1))
    }

    /// Whether the work that asked goes on to remove the artifact of that name.
    fn removed_after(&self, asked: &Crossing, name: &str) -> bool {
        let work =
            |c: &&Crossing| c.address.node == asked.address.node && c.address.task == asked.address.task;
        let later = self.evidence.history.crossings().iter().filter(|c| c.id > asked.id).filter(work);
        let mut changes = later.flat_map(|c| &c.record.changes).filter(|change| change.after.is_none());
        changes.any(|c| c.before_as::<gateway::Artifact>().is_some_and(|row| self.name(row.uuid) == name))
    }

    /// On what ground something of an artifact is removed, unless an event said so.
    fn why(&self, removal: &Crossing, artifact: Uuid) -> &'static str {
        match ground::of(self.evidence, removal, artifact) {
            Ground::Told => "",
            Ground::Answered => ", which is gone",
            Ground::Inferred => ", which is not in the platform's list",
            Ground::Unanswered(_) => ", though nobody has said that it is gone",
            Ground::Contradicted => ", though the platform says that it exists",
        }
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

    fn deployments(&self, crossing: &Crossing) -> String {
        if let Some(failed) = self.failed(crossing) {
            return failed;
        }
        let body = crossing.record.body.as_deref().unwrap_or_default();
        let Ok(list) = serde_json::from_slice::<DeploymentList>(body) else { return "nonsense".into() };
        let entries = list.deployments.iter().map(|d| format!("{} {}", self.name(d.deployment_id), d.state));
        let entries: Vec<_> = entries.collect();
        if entries.is_empty() { "none".into() } else { entries.join(", ") }
    }

    fn on_platform(&self, change: &Change, all: &[Change]) -> Option<String> {
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

    fn on_gateway(&self, change: &Change, crossing: &Crossing) -> Option<String> {
        let all = &crossing.record.changes;
        if let Some(row) = either::<gateway::Artifact>(change) {
            let deployment = row.deployment_id.map_or_else(|| self.name(row.uuid), |id| self.name(id));
            let state = match row.desired_state {
                gateway::DesiredState::Deployed => "deployed",
                gateway::DesiredState::Undeployed => "undeployed",
            };
            return Some(match (&change.before, &change.after) {
                (_, None) => format!("removes {}{}", self.name(row.uuid), self.why(crossing, row.uuid)),
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
                (_, None) => Some(format!("removes key {name}{}", self.why(crossing, row.artifact_uuid))),
                (None, Some(_)) if !moved_out => Some(format!("stores key {name}")),
                (_, Some(_)) => Some(format!("changes key {name}")),
            };
        }
        let route = either::<Route>(change)?;
        let name = route.deployment.map_or_else(|| self.name(route.artifact), |id| self.name(id));
        Some(match &change.after {
            Some(_) => format!("routes {name}"),
            None => format!("no longer routes {}", self.name(route.artifact)),
        })
    }

    fn name(&self, id: Uuid) -> String {
        self.evidence.name(id)
    }
}

fn starts(life: &str) -> String {
    match life.split_once('@') {
        None => format!("{life}: starts"),
        Some((node, _)) => format!("{node}: starts again, as {life}"),
    }
}

/// The row of a change, as it is or as it was.
fn either<T: driftless_model::store::Row>(change: &Change) -> Option<&T> {
    change.after_as::<T>().or_else(|| change.before_as::<T>())
}
