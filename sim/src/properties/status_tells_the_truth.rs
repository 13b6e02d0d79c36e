//! What the platform says of a deployment on a gateway is the case there.
//!
//! Judged at rest, by the status row that the user is shown and the gateway's own database. DEPLOYED means that the
//! gateway has this very deployment to serve, UNDEPLOYED that it has nothing of the artifact to serve. What is still
//! on its way when the world has come to rest is a lie, since nobody is on it any more; and FAILED is one when
//! exactly what was asked for is the case.
//!
//! Whether what the database says is really served is a matter of other properties. Not judged are artifacts that
//! somebody at the gateway has changed or removed: of that the platform is never told.

use driftless_model::gateway::tables::{Artifact, DesiredState, Origin};
use driftless_model::platform::tables::{DeploymentStatus, Desired, State};

use crate::causes::{chain_of, join};
use crate::outcome::{Evidence, Violation};
use crate::plan::Role;

use super::rest::{self, AtRest};
use super::{Found, Modality, Property, ground, trail};

/// A status tells the truth.
pub(super) struct StatusTellsTheTruth;

impl Property for StatusTellsTheTruth {
    fn name(&self) -> &'static str {
        "status-tells-the-truth"
    }

    fn modality(&self) -> Modality {
        Modality::Eventually
    }

    fn sentence(&self) -> &'static str {
        "what the platform says of a deployment on a gateway is, in the end, the case there"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["deployment-failed"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &[
            "failure-paths-skip-ack",
            "unguarded-config-write",
            "sync-status-always-undeploy",
            "sync-fetch-before-delete",
            "fetch-unknown-regardless-of-state",
        ]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        let platform = evidence.nodes.values().find(|node| node.role == Role::Platform);
        let Some(platform) = platform else { return Found::unjudged("there is no platform") };
        rest::judge(evidence, |gateway, found| {
            if !gateway.is_original() {
                return;
            }
            // A row whose artifact is gone, as where foreign keys are off, is shown to nobody.
            let shown = |row: &DeploymentStatus| {
                row.gateway == gateway.ought.gateway && gateway.ought.artifacts.contains_key(&row.artifact)
            };
            for row in platform.database.look(|view| view.scan(shown)) {
                let case = Case::of(gateway, &row);
                if is_own(evidence, gateway, &row, &case) {
                    continue;
                }
                found.relevant = true;
                if let Some(lie) = lie(&row, &case) {
                    found.violations.push(violation(evidence, gateway, &row, &case, lie));
                }
            }
        })
    }
}

/// How an artifact stands in a gateway's database.
enum Case {
    /// There is nothing of it.
    Absent,
    /// This very deployment is to be served.
    Deployed,
    /// Another deployment is to be served.
    OtherDeployed(Artifact),
    /// It is there and not to be served.
    Undeployed(Artifact),
}

impl Case {
    fn of(gateway: &AtRest<'_>, status: &DeploymentStatus) -> Self {
        let row = gateway
            .remains
            .database
            .look(|view| view.first::<Artifact>(|row| row.uuid == status.artifact).map(|row| (*row).clone()));
        match row {
            None => Case::Absent,
            Some(row) if row.desired_state == DesiredState::Undeployed => Case::Undeployed(row),
            Some(row)
                if row.deployment_id == Some(status.deployment) && row.origin == Origin::ControlPlane =>
            {
                Case::Deployed
            }
            Some(row) => Case::OtherDeployed(row),
        }
    }

    fn words(&self, evidence: &Evidence, row: &DeploymentStatus) -> String {
        match self {
            Case::Absent => "has nothing of it".to_owned(),
            Case::Deployed => format!("has {} to serve", evidence.name(row.deployment)),
            Case::OtherDeployed(other) => {
                let other = other.deployment_id.map(|other| evidence.name(other));
                format!("has {} to serve", other.as_deref().unwrap_or("something else"))
            }
            Case::Undeployed(_) => "has it undeployed".to_owned(),
        }
    }

    /// The same in general.
    fn word(&self) -> &'static str {
        match self {
            Case::Absent => "nothing there",
            Case::Deployed => "deployed there",
            Case::OtherDeployed(_) => "another deployed there",
            Case::Undeployed(_) => "undeployed there",
        }
    }
}

/// What the platform should say instead, if it doesn't tell the truth.
fn lie(row: &DeploymentStatus, case: &Case) -> Option<&'static str> {
    let (served, idle) = match case {
        Case::Deployed => (true, false),
        Case::OtherDeployed(_) => (false, false),
        Case::Absent | Case::Undeployed(_) => (false, true),
    };
    match (row.status, row.status_desired) {
        (State::Deployed, _) => (!served).then_some("that it is deployed only where it is"),
        (State::Undeployed, _) => (!idle).then_some("that it is undeployed only where it is"),
        (State::Deploying | State::Undeploying, _) => Some("how it stands, once nobody is on it any more"),
        (State::Failed, Desired::Deployed) => served.then_some("that it is deployed, which it is"),
        (State::Failed, Desired::Undeployed) => idle.then_some("that it is undeployed, which it is"),
    }
}

/// Whether somebody at the gateway itself has had a hand in it.
fn is_own(evidence: &Evidence, gateway: &AtRest<'_>, row: &DeploymentStatus, case: &Case) -> bool {
    let there = match case {
        Case::Deployed => return false,
        Case::OtherDeployed(there) | Case::Undeployed(there) => Some(there),
        Case::Absent => None,
    };
    let last = || trail::last_row(evidence, gateway.gateway(), row.artifact);
    there.is_some_and(|row| row.origin == Origin::GatewayApi)
        || last().is_some_and(|last| last.address.task.starts_with(ground::ORDER))
}

fn violation(
    evidence: &Evidence,
    gateway: &AtRest<'_>,
    row: &DeploymentStatus,
    case: &Case,
    lie: &str,
) -> Violation {
    let (name, subject, status) = (gateway.name, evidence.name(row.artifact), row.status.word());
    let said = trail::last_status(evidence, row.artifact, row.gateway);
    let stored = trail::last_row(evidence, gateway.gateway(), row.artifact);
    let mut chain = said.map(|crossing| chain_of(&evidence.history, crossing.id)).unwrap_or_default();
    let since = chain.last().copied();
    chain = join(chain, stored.map(|crossing| crossing.id));
    if let Some(since) = since {
        chain = join(chain, trail::told_since(evidence, gateway.gateway(), &subject, since).map(|c| c.id));
    }
    let reason = row.status_reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    Violation {
        at_us: said.map_or(0, |crossing| crossing.at_us),
        node: name.to_owned(),
        expected: format!("of {subject} on {name} the platform says {lie}"),
        seen: format!(
            "the platform says {status}{reason} of {}; {name} {}",
            evidence.name(row.deployment),
            case.words(evidence, row)
        ),
        decision: format!("{status} said, {}", case.word()),
        subject,
        chain,
    }
}
