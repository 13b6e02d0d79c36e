//! What is deployed is served, by every process of the gateway it is deployed to, and with that deployment's content.
//!
//! Judged at rest by the content of the routes, not by the deployment that a row names: the two need not belong
//! together. A deployment that the platform reports as failed is none that anybody counts on; whether that report
//! is true is the business of `status-tells-the-truth`.

use driftless_model::gateway::Digest;
use uuid::Uuid;

use crate::causes::{chain_of, join};
use crate::oracle::Place;
use crate::outcome::{Evidence, Violation};

use super::rest::{self, AtRest};
use super::{Found, Modality, Property, trail};

/// What is deployed is served.
pub(super) struct DeployedIsServed;

impl Property for DeployedIsServed {
    fn name(&self) -> &'static str {
        "deployed-is-served"
    }

    fn modality(&self) -> Modality {
        Modality::Eventually
    }

    fn sentence(&self) -> &'static str {
        "what is deployed to a gateway is in the end served there, with that deployment's content"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["content-replaced", "sync-beside-an-event"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &[
            "failure-paths-skip-ack",
            "sync-status-always-undeploy",
            "sync-fetch-before-delete",
            "startup-no-hydration",
        ]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        rest::judge(evidence, |gateway, found| {
            for (artifact, kept) in &gateway.ought.artifacts {
                let Place::Served { deployment, content } = &kept.place else { continue };
                found.relevant = true;
                let wrong = match gateway.projections.read(|state| state.routes.of(*artifact).cloned()) {
                    None => Some(Wrong::Absent),
                    Some(route) if route.digest != *content => {
                        Some(Wrong::Other(deployment_with(evidence, route.digest, *artifact)))
                    }
                    Some(_) => None,
                };
                found
                    .violations
                    .extend(wrong.map(|wrong| violation(evidence, gateway, *artifact, *deployment, wrong)));
            }
        })
    }
}

/// What a gateway does instead.
enum Wrong {
    /// It serves nothing.
    Absent,
    /// It serves another content, of that deployment if any is known to have it.
    Other(Option<String>),
}

/// The name of the deployment of an artifact that has this content.
fn deployment_with(evidence: &Evidence, content: Digest, artifact: Uuid) -> Option<String> {
    use driftless_model::gateway::digest;
    use driftless_model::platform::tables::Deployment;
    let crossings = evidence.history.crossings().iter().rev();
    let mut made = crossings.flat_map(|crossing| &crossing.record.changes).filter_map(|change| {
        let deployment = change.after_as::<Deployment>()?;
        (deployment.artifact == artifact && digest(&deployment.content) == content)
            .then_some(deployment.deployment_id)
    });
    made.next().map(|id| evidence.name(id))
}

fn violation(
    evidence: &Evidence,
    gateway: &AtRest<'_>,
    artifact: Uuid,
    deployment: Uuid,
    wrong: Wrong,
) -> Violation {
    let (name, subject) = (gateway.name, evidence.name(artifact));
    let promised = trail::last_status(evidence, artifact, gateway.ought.gateway);
    let since = promised.map(|crossing| crossing.id).unwrap_or_default();
    let stored = trail::last_row(evidence, gateway.gateway(), artifact);
    let routed = trail::last_route(evidence, name, artifact);
    let told = trail::told_since(evidence, gateway.gateway(), &subject, since).map(|crossing| crossing.id);
    let mut chain = chain_of(&evidence.history, since);
    for decisive in [stored, routed].into_iter().flatten() {
        chain = join(chain, chain_of(&evidence.history, decisive.id));
    }
    let chain = join(chain, told);
    let (seen, decision) = match wrong {
        Wrong::Absent => (format!("{name} doesn't serve {subject}"), "not served".to_owned()),
        Wrong::Other(Some(other)) => {
            (format!("{name} serves the content of {other}"), "another deployment served".to_owned())
        }
        Wrong::Other(None) => {
            (format!("{name} serves another content"), "a content of no deployment served".to_owned())
        }
    };
    Violation {
        at_us: promised.map_or(0, |crossing| crossing.at_us),
        node: name.to_owned(),
        expected: format!("{name} serves {}", evidence.name(deployment)),
        seen,
        decision,
        subject,
        chain,
    }
}
