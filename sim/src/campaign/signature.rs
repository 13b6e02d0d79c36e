//! What makes two violations the same finding.
//!
//! The property, the kind of the artifact, what was decided, and the causal chain reduced to what goes for every
//! plan and decided something: the last that the platform did about the thing, how the gateway was told of it, the
//! last that the gateway did since, and where faults struck. What lies between is how it came to be so on this
//! occasion, and the same mistake is made on many.
//!
//! Left out are names, counts and times, and faults that only make something late: what comes of it could have come
//! of another schedule. Nor does it decide anything that a gateway brings its routes after what it has stored.

use std::collections::BTreeSet;
use std::fmt;

use driftless_model::gateway::{Route, tables as gateway};
use driftless_model::platform::tables as platform;
use driftless_model::wire::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fault::{Effect, Fault};
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::{Node, Role};

use super::News;

/// The status of an answer with what was asked for.
const SUCCESS: u16 = 200;

/// Faults of a chain that a signature holds at most.
const STRIKES_MOST: usize = 4;

/// What makes two violations the same finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// The violated property.
    pub property: String,
    /// The kind of the artifact that it is about; `-` where it is about none.
    pub kind: String,
    /// What was decided, in words without names.
    pub decision: String,
    /// What is left of the chain.
    pub chain: Chain,
}

/// A chain of cause and effect, reduced to what decided.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Chain {
    /// The last that the platform changed about it: the sort of work and the site.
    pub changed: Option<String>,
    /// How the gateway was told of that.
    pub told: Option<News>,
    /// The last that the gateway did about it since; if it was told and did nothing, where that ended.
    pub acted: Option<String>,
    /// Where faults struck, with their effects.
    pub struck: Vec<String>,
}

impl Signature {
    /// The signature of a violation.
    pub fn of(property: &str, violation: &Violation, evidence: &Evidence, faults: &[Fault]) -> Self {
        Signature {
            property: property.to_owned(),
            kind: kind_of(violation, evidence).map_or("-", Kind::word).to_owned(),
            decision: violation.decision.clone(),
            chain: Chain::of(violation, evidence, faults),
        }
    }

    /// Eight digits that stand for it, the same in every build.
    pub fn id(&self) -> String {
        blake3::hash(self.to_string().as_bytes()).to_hex()[..8].to_owned()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Chain { changed, told, acted, struck } = &self.chain;
        write!(f, "{} / {} / {}", self.property, self.kind, self.decision)?;
        let links = [changed.as_deref(), told.map(News::word), acted.as_deref()].into_iter().flatten();
        links.chain(struck.iter().map(String::as_str)).try_for_each(|link| write!(f, " / {link}"))
    }
}

impl Chain {
    fn of(violation: &Violation, evidence: &Evidence, faults: &[Fault]) -> Self {
        let all = || violation.chain.iter().filter_map(|id| evidence.history.get(*id));
        let artifact = artifact_of(&violation.subject, evidence);
        let routes_it = |crossing: &Crossing| artifact.is_some_and(|id| route_to(crossing, id).is_some());
        let mine = || all().filter(|one| is_about(one, &violation.subject) || routes_it(one));
        let by = |crossing: &Crossing, role| evidence.role_of(crossing) == Some(role);
        let changes = |one: &&Crossing| by(one, Role::Platform) && !one.record.changes.is_empty();
        let changed = mine().filter(changes).last();
        let follows = |one: &Crossing| artifact.is_some_and(|id| follows_the_rows(one, id, evidence));
        let acted = mine().filter(|one| by(one, Role::Gateway) && has_effect(one) && !follows(one));
        let acted = acted.filter(|one| changed.is_none_or(|changed| changed.id < one.id)).last();
        let node = violation.node.split('@').next().unwrap_or_default();
        let is_gateway = evidence.nodes.get(node).is_some_and(|node| node.role == Role::Gateway);
        let told = changed.and_then(|changed| match is_gateway {
            true => Some(News::of(changed, node, evidence)),
            false => News::of_any(changed, evidence),
        });
        // Where it was told and did nothing, what it did comes to where that ended.
        let acted = acted.or_else(|| match told? {
            News::Heard => News::ended(changed?, node, evidence),
            News::Failed | News::Missed | News::Elsewhere | News::Untold => None,
        });
        let struck = all().chain(acted).filter_map(|crossing| strike(crossing, faults));
        let struck: BTreeSet<String> = struck.collect();
        Chain {
            changed: changed.map(link),
            told,
            acted: acted.map(link),
            struck: struck.into_iter().take(STRIKES_MOST).collect(),
        }
    }
}

/// Whether a crossing is about the artifact that a violation is about, or what belongs to it, or about many. Keys are
/// mapped by changes of applications.
fn is_about(crossing: &Crossing, subject: &str) -> bool {
    let artifact = |name: &str| name.split('.').next().map(str::to_owned);
    let is_it = |about: &str| artifact(about) == artifact(subject) || about.starts_with("application.");
    crossing.address.subject.as_deref().is_none_or(is_it)
}

/// The artifact that something is, or belongs to.
fn artifact_of(subject: &str, evidence: &Evidence) -> Option<Uuid> {
    evidence.names.id(subject.split('.').next().unwrap_or_default())
}

/// How a crossing changed the route to an artifact: the deployment that is served since, if any is. Routes are made
/// anew together, because of whichever artifact.
fn route_to(crossing: &Crossing, artifact: Uuid) -> Option<Option<Uuid>> {
    let is_its = |route: &&Route| route.artifact == artifact;
    crossing.record.changes.iter().find_map(|change| {
        let (before, after) = (change.before_as::<Route>(), change.after_as::<Route>());
        after.or(before).filter(is_its).map(|_| after.and_then(|route| route.deployment))
    })
}

/// Whether a crossing made a route to what the gateway had stored by then, or withdrew it as stored.
fn follows_the_rows(crossing: &Crossing, artifact: Uuid, evidence: &Evidence) -> bool {
    let Some(served) = route_to(crossing, artifact) else { return false };
    let gateway = Node::original(crossing.address.node_name());
    let before = evidence.history.crossings().iter().take_while(|one| one.id < crossing.id);
    let there = before.filter(|one| Node::original(one.address.node_name()) == gateway);
    let stored = there.flat_map(|one| &one.record.changes).filter_map(|change| {
        let (before, after) =
            (change.before_as::<gateway::Artifact>(), change.after_as::<gateway::Artifact>());
        after.or(before).filter(|row| row.uuid == artifact).map(|_| after)
    });
    let deployed = |row: &&gateway::Artifact| row.desired_state == gateway::DesiredState::Deployed;
    stored.last().flatten().filter(deployed).and_then(|row| row.deployment_id) == served
}

fn has_effect(crossing: &Crossing) -> bool {
    !crossing.record.changes.is_empty() || crossing.record.failed.is_some()
}

/// What a crossing is, in words without names: `sync store.delete-stale-keys`.
fn link(crossing: &Crossing) -> String {
    let work = work(&crossing.address.task);
    // Of which kind the artifact is, is said elsewhere: `event api.deleted` is `event deleted`.
    let work = match work.strip_prefix("event ").and_then(|event| event.split_once('.')) {
        Some((_, event)) => format!("event {event}"),
        None => work.to_owned(),
    };
    // Of what a gateway stores it matters whether that is to be served.
    let rows = crossing.record.changes.iter().filter_map(|change| change.after_as::<gateway::Artifact>());
    let is_idle = rows.map(|row| row.desired_state).any(|state| state == gateway::DesiredState::Undeployed);
    let how = match (&crossing.record.failed, crossing.record.status) {
        (Some(_), _) => " failed".to_owned(),
        (None, Some(status)) if status != SUCCESS => format!(" {status}"),
        (None, _) if is_idle => " undeployed".to_owned(),
        (None, _) => String::new(),
    };
    format!("{work} {}{how}", crossing.address.site)
}

/// Where a fault struck, if it did more than to make something late.
fn strike(crossing: &Crossing, faults: &[Fault]) -> Option<String> {
    let effect = &faults.get(crossing.fault?)?.effect;
    let words = [work(&crossing.address.task), crossing.address.site, effect.word()];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    (!is_late(effect)).then(|| words.join(" "))
}

/// Whether a fault only makes something late.
pub(super) fn is_late(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Delay { .. }
            | Effect::Slow { .. }
            | Effect::Lossy { .. }
            | Effect::Hold
            | Effect::Narrow { .. }
            | Effect::SlowBoot { .. }
    )
}

/// The sort of work that a task does: `sync`, `event api.deleted`, `request`.
pub(super) fn work(task: &str) -> &str {
    let words = if task.starts_with("event ") { 2 } else { 1 };
    task.match_indices(' ').nth(words - 1).map_or(task, |(end, _)| &task[..end])
}

/// The kind of the artifact that a violation is about, from whoever wrote it down first.
fn kind_of(violation: &Violation, evidence: &Evidence) -> Option<Kind> {
    let id = artifact_of(&violation.subject, evidence)?;
    let mut changes = evidence.history.crossings().iter().flat_map(|crossing| &crossing.record.changes);
    changes.find_map(|change| {
        let platform = change.after_as::<platform::Artifact>().filter(|row| row.uuid == id);
        let gateway = change.after_as::<gateway::Artifact>().filter(|row| row.uuid == id);
        platform.map(|row| row.kind).or(gateway.map(|row| row.kind))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::signatures;
    use crate::run::run;
    use crate::script::Script;

    /// The signatures of a scenario for a property, as merged.
    fn of_scenario(scenario: &str, property: &str) -> Vec<Signature> {
        let path = format!("{}/../scenarios/{scenario}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).expect("the scenario is there");
        let plan = Script::parse(scenario, &text).unwrap_or_else(|errors| panic!("{}", errors[0])).plan;
        let plan = plan.under("as-merged");
        let all = signatures(&plan, &run(&plan).expect("it runs"));
        all.into_iter().filter(|signature| signature.property == property).collect()
    }

    /// What the gateway did, and what struck, by the signatures of a scenario for a property.
    fn acted(scenario: &str, property: &str) -> Vec<(String, Vec<String>)> {
        let of = of_scenario(scenario, property).into_iter();
        of.map(|signature| (signature.chain.acted.unwrap_or_default(), signature.chain.struck)).collect()
    }

    /// The routes to petstore are set because of bookshop, from an older look at memory.
    #[test]
    fn a_route_that_comes_back_is_what_the_gateway_did_whichever_artifact_it_came_with() {
        for property in ["deleted-stays-deleted", "deletes-reach-every-gateway", "replicas-agree"] {
            let acted = acted("findings/an-old-snapshot-of-routes", property);
            assert_eq!(acted, [("routes memory.routes".to_owned(), Vec::new())], "{property}");
        }
    }

    /// The routes are made anew after what the sync has stored, and that they are decides nothing.
    #[test]
    fn routes_that_follow_the_rows_decide_nothing() {
        let acted = acted("findings/deployed-and-undeployed-while-away", "undeployed-is-not-served");
        assert_eq!(acted, [("sync store.commit-upsert".to_owned(), Vec::new())]);
        let idle = self::acted("faults/slow-boot", "undeployed-is-not-served");
        assert_eq!(idle, [("sync store.commit-upsert undeployed".to_owned(), Vec::new())]);
    }

    #[test]
    fn where_a_gateway_was_told_and_did_nothing_it_counts_where_that_ended() {
        let lost = acted("findings/a-failure-whose-word-is-lost", "deployed-is-served");
        assert_eq!(lost, [("event deployed http.fetch-api".to_owned(), Vec::new())]);
        let aborted = acted("faults/abort-of-a-publish", "deletes-reach-every-gateway");
        let struck = vec!["event api.deleted hub.publish abort".to_owned()];
        assert_eq!(aborted, [("event deleted hub.publish failed".to_owned(), struck)]);
    }

    /// gw1's connection fails under two writers, which ends the telling before gw2 is looked for.
    #[test]
    fn a_gateway_that_a_telling_never_came_to_was_to_be_told() {
        let plans = of_scenario("platform/two-writers", "subscriptions-follow-the-platform");
        let told: Vec<_> = plans.iter().map(|one| one.chain.told).collect();
        assert_eq!(told, [Some(News::Failed)]);
    }

    #[test]
    fn work_is_called_by_its_sort() {
        for (task, sort) in [
            ("sync", "sync"),
            ("event api.deleted petstore 1", "event api.deleted"),
            ("event api.deleted", "event api.deleted"),
            ("request delete petstore 1", "request"),
            ("keys at connect 2", "keys"),
            ("", ""),
        ] {
            assert_eq!(work(task), sort);
        }
    }
}
