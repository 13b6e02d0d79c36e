//! What a gateway stores, what its processes hold in memory and what they serve are the same.
//!
//! Judged at rest for each process by itself, whatever the platform says and whether or not it can be reached:
//! a gateway that disagrees with itself serves one thing now and another after its next start. Compared are what
//! requests meet, routes, keys and subscriptions, with what the database would make of them.
//!
//! Definitions that can't be translated have no routes, and needn't.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::gateway::tables::{
    ApiKey, Artifact, DesiredState, KeyStatus, LlmProvider, LlmProxy, McpProxy, RestApi, Subscription,
    SubscriptionStatus,
};
use driftless_model::gateway::{Digest, digest};
use driftless_model::store::View;
use driftless_model::wire::definition::Definition;
use driftless_model::wire::kind::Kind;
use uuid::Uuid;

use crate::causes::{chain_of, join};
use crate::outcome::{Evidence, Violation};

use super::rest::{self, Process};
use super::{Found, Modality, Property, trail};

/// A gateway agrees with itself.
pub(super) struct ReplicasAgree;

impl Property for ReplicasAgree {
    fn name(&self) -> &'static str {
        "replicas-agree"
    }

    fn modality(&self) -> Modality {
        Modality::Eventually
    }

    fn sentence(&self) -> &'static str {
        "in the end every process of a gateway serves and accepts what the gateway's database says"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["two-replicas-write"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &[
            "key-event-id-without-version",
            "unguarded-config-write",
            "publish-to-cp-gateway-uuid",
            "startup-no-hydration",
            "llm-delete-unknown-is-noop",
        ]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        let mut found = Found::default();
        for process in rest::processes(evidence) {
            let stored = process.remains.database.look(Said::by_database);
            let in_force = Said::by(&process);
            found.relevant |= !stored.is_empty() || !in_force.is_empty();
            for (thing, differs) in stored.differences(&in_force) {
                found.violations.push(violation(evidence, &process, thing, differs));
            }
        }
        found
    }
}

/// What is served and accepted, by somebody's word.
#[derive(Default)]
struct Said {
    /// The content that is served, by artifact.
    routes: BTreeMap<Uuid, Digest>,
    /// The keys that are accepted: (key, secret).
    keys: BTreeSet<(Uuid, String)>,
    /// The subscriptions that are accepted: (subscription, token, plan).
    subscriptions: BTreeSet<(Uuid, String, Option<Uuid>)>,
}

/// In what two words about a thing differ.
#[derive(Clone, Copy)]
enum Differs {
    /// It ought to be in force and isn't.
    Lacking,
    /// It is in force and oughtn't.
    Left,
    /// It is in force in another form.
    Other,
}

impl Said {
    /// What the database says. A key or a subscription counts only with its artifact: alone it opens nothing, and
    /// the snapshot of subscriptions leaves it out (docs/spec/gateway.md section 9.4).
    fn by_database(view: &View<'_>) -> Self {
        let mut said = Said::default();
        let artifacts = view.scan::<Artifact>(|_| true);
        for row in artifacts.iter().filter(|row| row.desired_state == DesiredState::Deployed) {
            if let Some(content) = definition(view, row).filter(|content| Definition::parse(content).is_ok())
            {
                said.routes.insert(row.uuid, digest(&content));
            }
        }
        let known: BTreeSet<Uuid> = artifacts.iter().map(|row| row.uuid).collect();
        for row in view.scan::<ApiKey>(|row| row.status == KeyStatus::Active) {
            if known.contains(&row.artifact_uuid) {
                said.keys.insert((row.uuid, row.api_key.clone()));
            }
        }
        let is_active = |row: &Subscription| row.status == SubscriptionStatus::Active;
        for row in view.scan::<Subscription>(|row| is_active(row) && known.contains(&row.api_id)) {
            let (token, plan) = (row.subscription_token_hash.clone(), row.subscription_plan_id);
            said.subscriptions.insert((row.uuid, token, plan));
        }
        said
    }

    /// What a process does. Here too a key or a subscription counts only with its artifact.
    fn by(process: &Process<'_>) -> Self {
        process.projections.read(|state| {
            let known: BTreeSet<Uuid> = state.memory.artifacts().map(|config| config.artifact.uuid).collect();
            let keys = state.policy_keys.keys().filter(|key| known.contains(&key.artifact_uuid));
            let subscriptions = state.subscriptions.iter().map(|one| &one.subscription);
            let subscriptions = subscriptions
                .filter(|row| known.contains(&row.api_id))
                .map(|row| (row.uuid, row.subscription_token_hash.clone(), row.subscription_plan_id));
            Said {
                routes: state.routes.iter().map(|route| (route.artifact, route.digest)).collect(),
                keys: keys.map(|key| (key.uuid, key.api_key.clone())).collect(),
                subscriptions: subscriptions.collect(),
            }
        })
    }

    fn is_empty(&self) -> bool {
        self.routes.is_empty() && self.keys.is_empty() && self.subscriptions.is_empty()
    }

    fn differences(&self, in_force: &Said) -> BTreeMap<Uuid, Differs> {
        let mut all = BTreeMap::new();
        for (artifact, content) in &self.routes {
            match in_force.routes.get(artifact) {
                None => _ = all.insert(*artifact, Differs::Lacking),
                Some(served) if served != content => _ = all.insert(*artifact, Differs::Other),
                Some(_) => {}
            }
        }
        let left = in_force.routes.keys().filter(|artifact| !self.routes.contains_key(artifact));
        all.extend(left.map(|artifact| (*artifact, Differs::Left)));
        let keys = |said: &Said| said.keys.iter().map(|key| key.0).collect::<BTreeSet<_>>();
        let subscriptions = |said: &Said| said.subscriptions.iter().map(|one| one.0).collect::<BTreeSet<_>>();
        let both = [
            (keys(self), keys(in_force), self.keys == in_force.keys),
            (subscriptions(self), subscriptions(in_force), self.subscriptions == in_force.subscriptions),
        ];
        for (stored, in_force, alike) in both {
            all.extend(stored.difference(&in_force).map(|id| (*id, Differs::Lacking)));
            all.extend(in_force.difference(&stored).map(|id| (*id, Differs::Left)));
            if !alike && stored == in_force {
                all.extend(stored.iter().map(|id| (*id, Differs::Other)));
            }
        }
        all
    }
}

fn definition(view: &View<'_>, row: &Artifact) -> Option<bytes::Bytes> {
    let key = (&row.gateway_id, row.uuid);
    match row.kind {
        Kind::RestApi => view.get::<RestApi>(key).map(|row| row.configuration.clone()),
        Kind::LlmProvider => view.get::<LlmProvider>(key).map(|row| row.configuration.clone()),
        Kind::LlmProxy => view.get::<LlmProxy>(key).map(|row| row.configuration.clone()),
        Kind::Mcp => view.get::<McpProxy>(key).map(|row| row.configuration.clone()),
    }
}

fn violation(evidence: &Evidence, process: &Process<'_>, thing: Uuid, differs: Differs) -> Violation {
    let (name, subject) = (process.name, evidence.name(thing));
    let (seen, decision) = match differs {
        Differs::Lacking => (format!("{subject} is stored and not in force"), "stored and not in force"),
        Differs::Left => (format!("{subject} is in force and not stored"), "in force and not stored"),
        Differs::Other => {
            (format!("{subject} is in force in another form than stored"), "in force in another form")
        }
    };
    let written = trail::last_touch(evidence, process.gateway(), thing);
    let routed = trail::last_route(evidence, name, thing);
    let mut chain = Vec::new();
    for decisive in [written, routed].into_iter().flatten() {
        chain = join(chain, chain_of(&evidence.history, decisive.id));
    }
    Violation {
        at_us: written.or(routed).map_or(0, |crossing| crossing.at_us),
        node: name.to_owned(),
        expected: format!("{name} serves and accepts what {} has stored", process.gateway()),
        seen,
        decision: decision.to_owned(),
        subject,
        chain,
    }
}
