//! The story of a run: what happened, in the words of the domain, one line each.
//!
//! This is the notation of transcripts and explanations. A crossing that changed nothing anybody speaks of
//! has no line; times and identifiers are left out, so that a transcript stays the same until the behaviour
//! changes.

mod gateway;
mod platform;
mod questions;

use std::collections::BTreeMap;

use driftless_model::cx::{CrossingId, Phase};
use driftless_model::store::Change;
use driftless_model::wire::event::{DEPLOYMENT_ACK, DeploymentAck};
use serde_json::Value;
use uuid::Uuid;

use crate::fault::Fault;
use crate::history::Crossing;
use crate::outcome::Evidence;
use crate::plan::Role;

/// Tells the story of a run.
pub struct Story<'a> {
    evidence: &'a Evidence,
    faults: &'a [Fault],
    /// The frames that arrived, each with when it did, in microseconds.
    received: BTreeMap<CrossingId, u64>,
    /// When the run stopped in its midst, in microseconds: what was sent just before is still on its way.
    stopped_us: Option<u64>,
}

/// A frame that takes longer on its way than any link does had to be sent again.
const LATE_US: u64 = 1_000_000;

impl<'a> Story<'a> {
    /// The story of a run with these faults.
    pub fn new(evidence: &'a Evidence, faults: &'a [Fault]) -> Self {
        let crossings = evidence.history.crossings();
        let is_told = |site: &str| site == "ws.send" || site == "ws.ack";
        let arrived =
            crossings.iter().filter(|c| is_told(c.address.site) && c.address.phase == Some(Phase::Received));
        let received = arrived.flat_map(|c| c.causes.iter().map(|cause| (*cause, c.at_us))).collect();
        Story { evidence, faults, received, stopped_us: None }
    }

    /// The story so far, of a run that stopped in its midst.
    pub fn so_far(evidence: &'a Evidence, faults: &'a [Fault], now_us: u64) -> Self {
        Story { stopped_us: Some(now_us), ..Story::new(evidence, faults) }
    }

    /// What a crossing has to tell.
    pub fn of(&self, crossing: &Crossing) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(fault) = crossing.fault.and_then(|at| self.faults.get(at)) {
            lines.push(match crossing.address.site {
                "fault.end" => format!("fault {:?} {}: over", fault.target.to_string(), fault.effect.word()),
                _ => format!("fault {fault}"),
            });
        }
        let node = &crossing.address.node;
        match crossing.address.site {
            "life.start" if !node.starts_with("user") => lines.push(starts(node)),
            "life.crash" => lines.push(format!("{node}: dies")),
            "life.stop" => lines.push(format!("{node}: is asked to end")),
            "life.exit" => lines.push(match &crossing.record.failed {
                None => format!("{node}: ends"),
                Some(why) => format!("{node}: ends, since {why}"),
            }),
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
            ("ws.send" | "ws.ack", Phase::Sent) => self.frame(crossing),
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
        let lost = match (&crossing.record.failed, self.received.get(&crossing.id)) {
            (Some(why), _) => format!(" ({why})"),
            (None, Some(at)) if at.saturating_sub(crossing.at_us) > LATE_US => " (arrives late)".to_owned(),
            (None, Some(_)) => String::new(),
            (None, None) => match self.stopped_us {
                Some(now) if now.saturating_sub(crossing.at_us) <= LATE_US => String::new(),
                Some(_) => " (not received so far)".to_owned(),
                None => " (never received)".to_owned(),
            },
        };
        let payload = body.get("payload");
        let what = match kind {
            DEPLOYMENT_ACK => {
                let ack: DeploymentAck = serde_json::from_value(payload?.clone()).ok()?;
                if ack.status == "success" && lost.is_empty() {
                    return None;
                }
                let deployment = ack.deployment_id.parse().map(|id| self.name(id)).unwrap_or_default();
                let why =
                    if ack.error_code.is_empty() { String::new() } else { format!(" ({})", ack.error_code) };
                format!("{DEPLOYMENT_ACK} {deployment} {} {}{why}", ack.action, ack.status)
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
