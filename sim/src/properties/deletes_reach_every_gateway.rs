//! An artifact deleted on the platform is, in the end, on no gateway of its organisation: no row, no key, no
//! subscription, nothing in memory, no route; so its handle can be used again.
//!
//! Judged at rest and by what a gateway holds, not by which events were sent: a gateway may learn of a
//! deletion by an event or at its next sync, and what counts for its owner is that it does. Each replica is
//! judged by what it holds in memory, and the database they share once.
//!
//! Not judged is a row that somebody at the gateway has made their own: its home is there.

use driftless_model::cx::{CrossingId, Phase};
use driftless_model::gateway::tables::{ApiKey, Artifact, Origin, Subscription};
use driftless_model::gateway::{Projections, Route};
use driftless_model::platform::tables as platform;
use driftless_model::store::Change;
use uuid::Uuid;

use crate::causes::{chain_of, join, origin};
use crate::history::Crossing;
use crate::outcome::{Evidence, Remains, Violation};
use crate::plan::{Node, Role};

use super::{Found, Modality, Property, rest, trail};

/// A deleted artifact is, in the end, on no gateway.
pub(super) struct DeletesReachEveryGateway;

impl Property for DeletesReachEveryGateway {
    fn name(&self) -> &'static str {
        "deletes-reach-every-gateway"
    }

    fn modality(&self) -> Modality {
        Modality::Eventually
    }

    fn sentence(&self) -> &'static str {
        "an artifact deleted on the platform is, in the end, on no gateway of its organisation"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["delete-told-to-several", "delete-while-a-gateway-is-away"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &[
            "no-delete-handler",
            "delete-by-uuid-as-handle",
            "event-carries-handle",
            "delete-leaves-subscriptions",
            "delete-recipients-from-status",
            "llm-delete-unknown-is-noop",
            "sync-writes-at-the-end",
            "untold-gateway-ends-the-telling",
        ]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        judge(evidence)
    }
}

fn judge(evidence: &Evidence) -> Found {
    let gateways = match rest::gateways(evidence) {
        Ok(gateways) => gateways,
        Err(why) => return Found::unjudged(why),
    };
    let mut found = Found::default();
    for (artifact, deleted) in deletions(evidence) {
        found.relevant = true;
        for gateway in gateways.iter().filter(|gateway| !is_local(gateway.remains, artifact)) {
            let rows = gateway.is_original().then(|| rows_left(gateway.remains, artifact));
            let left = [rows.unwrap_or_default(), memory_left(gateway.projections, artifact)].concat();
            if !left.is_empty() {
                found.violations.push(violation(evidence, artifact, deleted, gateway.name, &left));
            }
        }
    }
    found
}

/// Artifacts that the platform deleted and that no platform holds at the end, with the deleting crossing.
fn deletions(evidence: &Evidence) -> Vec<(Uuid, CrossingId)> {
    let crossings = evidence.history.crossings().iter();
    let deleted = crossings.filter(|c| evidence.role_of(c) == Some(Role::Platform)).flat_map(|crossing| {
        let rows = crossing.record.changes.iter().filter(|change| change.after.is_none());
        rows.filter_map(|change| Some((change.before_as::<platform::Artifact>()?.uuid, crossing.id)))
    });
    deleted.filter(|(uuid, _)| !evidence.platform_has(*uuid)).collect()
}

/// The answer to whoever asked for the deletion: by then everybody who is told has been told.
fn answer_to_the_user(evidence: &Evidence, deleted: CrossingId) -> Option<CrossingId> {
    let asked = origin(&evidence.history, deleted)?;
    let later = evidence.history.crossings().iter().filter(|crossing| crossing.id > deleted);
    let mut answers = later
        .filter(|c| c.address.site == "http.delete-artifact" && c.address.phase == Some(Phase::Answered));
    answers.find(|c| origin(&evidence.history, c.id) == Some(asked)).map(|c| c.id)
}

fn is_local(gateway: &Remains, artifact: Uuid) -> bool {
    let own = |row: &Artifact| row.uuid == artifact && row.origin == Origin::GatewayApi;
    gateway.database.look(|view| view.count(own) > 0)
}

fn rows_left(gateway: &Remains, artifact: Uuid) -> Vec<String> {
    let mut left = Vec::new();
    gateway.database.look(|view| {
        if let Some(row) = view.first::<Artifact>(|row| row.uuid == artifact) {
            left.push(format!("its row ({:?})", row.desired_state).to_lowercase());
        }
        let keys = view.count::<ApiKey>(|key| key.artifact_uuid == artifact);
        let subscriptions = view.count::<Subscription>(|row| row.api_id == artifact);
        let counted = [(keys, "key", "keys"), (subscriptions, "subscription", "subscriptions")];
        for (count, one, many) in counted {
            if count > 0 {
                left.push(format!("{count} {}", if count == 1 { one } else { many }));
            }
        }
    });
    left
}

fn memory_left(projections: &Projections, artifact: Uuid) -> Vec<String> {
    let mut left = Vec::new();
    if projections.artifacts().iter().any(|config| config.artifact.uuid == artifact) {
        left.push("its configuration in memory".into());
    }
    if projections.keys().iter().any(|key| key.artifact_uuid == artifact) {
        left.push("a key that still opens it".into());
    }
    if projections.subscriptions().iter().any(|one| one.subscription.api_id == artifact) {
        left.push("a subscription that still opens it".into());
    }
    if projections.routes().iter().any(|route| route.artifact == artifact) {
        left.push("a route".into());
    }
    left
}

/// How what is left came there, as far as that was after the deletion: what belongs to the artifact can come without
/// it, and a route by the doing of another.
fn come_since(
    evidence: &Evidence,
    artifact: Uuid,
    deleted: CrossingId,
    gateway: &str,
) -> impl Iterator<Item = CrossingId> {
    let original = Node::original(gateway);
    let key = trail::last_at(evidence, original, |row: &ApiKey| row.artifact_uuid == artifact);
    let subscription = trail::last_at(evidence, original, |row: &Subscription| row.api_id == artifact);
    let route = trail::last_route(evidence, gateway, artifact);
    let brings = move |crossing: &&Crossing| {
        let of = |change: &Change| {
            change.after_as::<ApiKey>().is_some_and(|row| row.artifact_uuid == artifact)
                || change.after_as::<Subscription>().is_some_and(|row| row.api_id == artifact)
                || change.after_as::<Route>().is_some_and(|route| route.artifact == artifact)
        };
        crossing.id > deleted && crossing.record.changes.iter().any(of)
    };
    [key, subscription, route].into_iter().flatten().filter(brings).map(|crossing| crossing.id)
}

/// Whether a frame was sent after a crossing, not only received.
fn is_sent_since(evidence: &Evidence, frame: &Crossing, crossing: CrossingId) -> bool {
    let is_sent = |one: &&Crossing| one.address.phase == Some(Phase::Sent);
    let causes = || frame.causes.iter().filter_map(|id| evidence.history.get(*id));
    let mut sent = [frame].into_iter().chain(causes()).filter(is_sent);
    sent.any(|one| one.address.site == frame.address.site && one.id > crossing)
}

fn violation(
    evidence: &Evidence,
    artifact: Uuid,
    deleted: CrossingId,
    gateway: &str,
    left: &[String],
) -> Violation {
    let subject = evidence.name(artifact);
    let told = evidence.history.crossings().iter().filter(|c| {
        c.address.site == "ws.send"
            && c.address.peer.as_deref() == Some(gateway)
            && c.address.subject.as_deref() == Some(&*subject)
            && c.id > deleted
    });
    let told: Vec<CrossingId> = told.map(|c| c.id).collect();
    let stored = evidence.history.crossings().iter().rfind(|crossing| {
        Node::original(crossing.address.node_name()) == Node::original(gateway)
            && crossing
                .record
                .changes
                .iter()
                .any(|change| change.after_as::<Artifact>().is_some_and(|row| row.uuid == artifact))
    });
    let mut chain = chain_of(&evidence.history, deleted);
    chain = join(chain, stored.map(|c| c.id));
    chain = join(chain, answer_to_the_user(evidence, deleted));
    chain = join(chain, told.iter().copied());
    chain = join(chain, come_since(evidence, artifact, deleted, gateway));
    // What was on its way by then tells of something else.
    let told = told.iter().filter_map(|id| evidence.history.get(*id));
    let told: Vec<&Crossing> = told.filter(|crossing| is_sent_since(evidence, crossing, deleted)).collect();
    let arrived = told.iter().any(|crossing| crossing.address.phase == Some(Phase::Received));
    let how = match (told.is_empty(), arrived) {
        (true, _) => "it was never told",
        (false, false) => "the event was sent and never arrived",
        (false, true) => "it was told and yet keeps it",
    };
    let at_us = evidence.history.get(deleted).map_or(0, |crossing| crossing.at_us);
    Violation {
        at_us,
        node: gateway.to_owned(),
        expected: format!("{gateway} holds nothing of {subject}, which the platform has deleted"),
        seen: format!("{gateway} still has {}; {how}", left.join(", ")),
        decision: how.trim_start_matches("it was ").trim_start_matches("the event was ").to_owned(),
        subject,
        chain,
    }
}

#[cfg(test)]
mod tests {
    use crate::run::run;
    use crate::script::Script;

    /// The undeployment is on its way when its API is deleted, and arrives after that.
    #[test]
    fn what_was_on_its_way_before_a_deletion_is_no_news_of_it() {
        let text = "format 1\nplatform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\n\
                    partition gw1 platform\nundeploy petstore gw1\nrestart platform\ndelete petstore\n---\n";
        let plan = Script::parse("late", text).unwrap_or_else(|errors| panic!("{}", errors[0])).plan;
        let outcome = run(&plan.under("as-merged")).expect("it runs");
        let judged =
            outcome.judgements.iter().find(|judged| judged.property == "deletes-reach-every-gateway");
        let violations = &judged.expect("it is judged").violations;
        let decisions: Vec<_> = violations.iter().map(|violation| violation.decision.as_str()).collect();
        assert_eq!(decisions, ["never told"]);
    }
}
