//! A gateway never holds or hears of anything of another organisation than its own.
//!
//! Judged at every crossing. *Holding* is a row or a route: an artifact, a key or a subscription of one, a plan, a
//! route. *Hearing* is an event or an answer of the platform that names something by its identifier: a tenant
//! who learns what another calls its own has seen it. That an artifact doesn't exist may be said of anyone's
//! (docs/spec/platform.md section 8.3).
//!
//! Whose a thing is says the platform's row of it, the first there ever was: no identifier is used twice. Not
//! judged is what archives of definitions hold (whoever stores one has a row), and what users see, who all have the
//! platform's word for which organisation they are of.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::cx::Phase;
use driftless_model::gateway::{Route, tables as gateway};
use driftless_model::platform::tables as platform;
use driftless_model::store::Change;
use serde_json::Value;
use uuid::Uuid;

use crate::causes::chain_of;
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::{Node, Role};

use super::{Found, Modality, Property};

/// A gateway never holds or hears of anything of another organisation.
pub(super) struct TenantsAreApart;

impl Property for TenantsAreApart {
    fn name(&self) -> &'static str {
        "tenants-are-apart"
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "a gateway never holds or hears of anything of another organisation"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["two-tenants"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["plans-told-to-everybody"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        judge(evidence)
    }
}

/// Whose everything is, as the platform has it.
#[derive(Default)]
struct Owners {
    /// The organisations of gateways, by their names.
    gateways: BTreeMap<String, Uuid>,
    /// The organisations of all else.
    things: BTreeMap<Uuid, Uuid>,
    /// The organisations that have something.
    with_things: BTreeSet<Uuid>,
}

/// How a gateway came by what isn't its tenant's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// It holds it.
    Row,
    /// An event told it.
    Event,
    /// An answer told it.
    Answer,
}

fn judge(evidence: &Evidence) -> Found {
    let (mut found, mut owners, mut known) = (Found::default(), Owners::default(), BTreeSet::new());
    for crossing in evidence.history.crossings() {
        let role = evidence.role_of(crossing);
        if role == Some(Role::Platform) {
            owners.follow(crossing);
        }
        // While one organisation alone has anything there is nothing to keep apart.
        if owners.are_of_one() {
            continue;
        }
        let Some((name, by, things)) = role.and_then(|role| shown(crossing, role)) else { continue };
        let Some(own) = owners.gateways.get(name) else { continue };
        found.relevant |= owners.with_things.iter().any(|other| other != own);
        let foreign = things.into_iter().filter(|thing| owners.things.get(thing).is_some_and(|of| of != own));
        for thing in foreign {
            if known.insert((name, by, thing)) {
                found.violations.push(violation(evidence, crossing, name, by, thing));
            }
        }
    }
    found
}

impl Owners {
    fn are_of_one(&self) -> bool {
        let mut organisations = self.gateways.values().chain(&self.with_things);
        let first = organisations.next();
        organisations.all(|one| Some(one) == first)
    }

    fn follow(&mut self, crossing: &Crossing) {
        for change in &crossing.record.changes {
            if let Some(row) = change.after_as::<platform::Gateway>() {
                self.gateways.entry(row.name.clone()).or_insert(row.organisation);
            } else if let Some((thing, organisation)) = self.owned(change) {
                self.things.entry(thing).or_insert(organisation);
                self.with_things.insert(organisation);
            }
        }
    }

    fn owned(&self, change: &Change) -> Option<(Uuid, Uuid)> {
        if let Some(row) = change.after_as::<platform::Artifact>() {
            return Some((row.uuid, row.organisation));
        }
        if let Some(row) = change.after_as::<platform::Deployment>() {
            return Some((row.deployment_id, row.organisation));
        }
        if let Some(row) = change.after_as::<platform::ApiKey>() {
            return Some((row.uuid, *self.things.get(&row.artifact)?));
        }
        if let Some(row) = change.after_as::<platform::Subscription>() {
            return Some((row.uuid, row.organisation));
        }
        if let Some(row) = change.after_as::<platform::Application>() {
            return Some((row.uuid, row.organisation));
        }
        change.after_as::<platform::SubscriptionPlan>().map(|row| (row.uuid, row.organisation))
    }
}

/// What a crossing shows to a gateway, or has it hold, and the name of that gateway.
fn shown(crossing: &Crossing, role: Role) -> Option<(&str, By, BTreeSet<Uuid>)> {
    let (address, record) = (&crossing.address, &crossing.record);
    match (role, address.phase) {
        (Role::Platform, Some(Phase::Sent)) if address.site == "ws.send" => {
            Some((Node::original(address.peer.as_deref()?), By::Event, named(record.body.as_deref()?)))
        }
        (Role::Gateway, Some(Phase::Answered)) if record.status == Some(200) => {
            let name = Node::original(address.node_name());
            Some((name, By::Answer, named(record.body.as_deref()?)))
        }
        (Role::Gateway, _) if !record.changes.is_empty() => {
            let name = Node::original(address.node_name());
            Some((name, By::Row, record.changes.iter().flat_map(held).collect()))
        }
        (Role::Platform | Role::Gateway, _) => None,
    }
}

/// What a gateway holds with a row, by the platform's identifiers.
fn held(change: &Change) -> Vec<Uuid> {
    if let Some(row) = change.after_as::<gateway::Artifact>() {
        return vec![row.uuid];
    }
    if let Some(row) = change.after_as::<gateway::ApiKey>() {
        return vec![row.artifact_uuid];
    }
    if let Some(row) = change.after_as::<gateway::Subscription>() {
        return vec![row.uuid, row.api_id];
    }
    if let Some(row) = change.after_as::<gateway::SubscriptionPlan>() {
        return vec![row.uuid];
    }
    change.after_as::<Route>().map(|route| vec![route.artifact]).unwrap_or_default()
}

/// Every identifier that a message names, but for those of which it says that they don't exist.
fn named(body: &[u8]) -> BTreeSet<Uuid> {
    let mut names = BTreeSet::new();
    let mut open: Vec<Value> = serde_json::from_slice(body).into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => names.extend(text.parse::<Uuid>()),
            Value::Array(values) => open.extend(values),
            Value::Object(fields) if fields.get("exists") == Some(&Value::Bool(false)) => {}
            Value::Object(fields) => open.extend(fields.into_iter().map(|(_, value)| value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    names
}

fn violation(evidence: &Evidence, crossing: &Crossing, gateway: &str, by: By, thing: Uuid) -> Violation {
    let subject = evidence.name(thing);
    let (seen, decision) = match by {
        By::Row => (format!("{gateway} holds it"), "something of another organisation held"),
        By::Event => (format!("{gateway} is told of it"), "something of another organisation told"),
        By::Answer => {
            (format!("{gateway} is given it in an answer"), "something of another organisation answered")
        }
    };
    Violation {
        at_us: crossing.at_us,
        node: gateway.to_owned(),
        expected: format!("{gateway} has nothing to do with {subject}, which is another organisation's"),
        seen,
        decision: decision.to_owned(),
        subject,
        chain: chain_of(&evidence.history, crossing.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "018f0000-0000-7000-8000-000000000001";
    const OTHER: &str = "018f0000-0000-7000-8000-000000000002";

    /// `body` names these.
    fn check(body: &str, expected: &[&str]) {
        let expected = expected.iter().map(|id| id.parse().expect("an identifier")).collect();
        assert_eq!(named(body.as_bytes()), expected, "{body}");
    }

    #[test]
    fn identifiers_are_found_wherever_they_are() {
        check(&format!(r#"{{"type":"api.deployed","payload":{{"apiId":"{ONE}"}}}}"#), &[ONE]);
        check(&format!(r#"[{{"id":"{ONE}","n":1}},["{OTHER}",null]]"#), &[ONE, OTHER]);
        check("no JSON", &[]);
    }

    #[test]
    fn to_say_that_something_does_not_exist_names_nothing() {
        let answer = |exists| format!(r#"{{"artifacts":[{{"artifactId":"{ONE}","exists":{exists}}}]}}"#);
        check(&answer(true), &[ONE]);
        check(&answer(false), &[]);
    }
}
