//! What is undeployed, or has no deployment, is served by no gateway.
//!
//! Judged at rest, by the routes of each process: what the database says of an artifact is nobody's business who
//! sends a request. What is deleted belongs to `deletes-reach-every-gateway`.

use driftless_model::gateway::Route;
use driftless_model::gateway::tables::Artifact;

use crate::causes::{chain_of, join};
use crate::oracle::Place;
use crate::outcome::{Evidence, Violation};

use super::rest::{self, AtRest};
use super::{Found, Modality, Property, trail};

/// What is undeployed is not served.
pub(super) struct UndeployedIsNotServed;

impl Property for UndeployedIsNotServed {
    fn name(&self) -> &'static str {
        "undeployed-is-not-served"
    }

    fn modality(&self) -> Modality {
        Modality::Eventually
    }

    fn sentence(&self) -> &'static str {
        "what is undeployed, or has no deployment, is in the end served by no gateway"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["undeployed"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["publish-to-cp-gateway-uuid", "fetch-unknown-regardless-of-state"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        rest::judge(evidence, |gateway, found| {
            for (artifact, kept) in &gateway.ought.artifacts {
                let Place::Idle { deployment } = &kept.place else { continue };
                let held = |row: &Artifact| row.uuid == *artifact;
                found.relevant |= gateway.remains.database.look(|view| view.count(held) > 0);
                let route =
                    gateway.projections.routes().into_iter().find(|route| route.artifact == *artifact);
                if let Some(route) = route {
                    found.violations.push(violation(evidence, gateway, &route, deployment.is_some()));
                }
            }
        })
    }
}

fn violation(evidence: &Evidence, gateway: &AtRest<'_>, route: &Route, undeployed: bool) -> Violation {
    let (name, subject) = (gateway.name, evidence.name(route.artifact));
    let why = if undeployed { "is undeployed" } else { "has no deployment there" };
    let routed = trail::last_route(evidence, name, route.artifact);
    let withdrawn = trail::last_status(evidence, route.artifact, gateway.ought.gateway);
    let chain = routed.map(|crossing| chain_of(&evidence.history, crossing.id)).unwrap_or_default();
    let withdrawal = withdrawn.map(|crossing| chain_of(&evidence.history, crossing.id)).unwrap_or_default();
    let since = withdrawn.map(|crossing| crossing.id).unwrap_or_default();
    let stored = trail::stored_since(evidence, gateway.gateway(), route.artifact, since);
    Violation {
        at_us: withdrawn.or(routed).map_or(0, |crossing| crossing.at_us),
        node: name.to_owned(),
        expected: format!("{name} doesn't serve {subject}, which {why}"),
        seen: format!("{name} serves {subject}"),
        decision: format!("served although it {why}"),
        subject,
        chain: join(join(chain, withdrawal), stored),
    }
}
