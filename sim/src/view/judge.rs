//! What is held of one artifact, beside what ought to be: what the oracle makes of the platform's database.

use std::collections::BTreeMap;
use std::sync::Arc;

use driftless_model::gateway::tables as gateway;
use driftless_model::gateway::tables::{DesiredState, KeyStatus};
use driftless_model::gateway::{Projections, Route, StoredConfig};
use driftless_model::wire::time::Instant;
use uuid::Uuid;

use super::band::Stands;
use crate::oracle::{Ought, Place, Standing};

/// What is held, in words, and how it stands.
pub(super) type Held = (String, Stands);

/// What one process holds.
pub(super) struct Process {
    pub(super) memory: BTreeMap<Uuid, Arc<StoredConfig>>,
    pub(super) routes: BTreeMap<Uuid, Route>,
    /// By artifact, what lets requests in: its secret and its name.
    opens: BTreeMap<Uuid, Vec<(String, String)>>,
}

impl Process {
    pub(super) fn of(projections: &Projections, now: Instant, name: &impl Fn(Uuid) -> String) -> Self {
        let mut opens: BTreeMap<Uuid, Vec<(String, String)>> = BTreeMap::new();
        for key in projections.keys() {
            let over = key.expires_at.is_some_and(|end| end <= now);
            if key.status == KeyStatus::Active && !over && key.source != gateway::ApiKey::LOCAL {
                let of = opens.entry(key.artifact_uuid).or_default();
                of.push((key.api_key.clone(), name(key.uuid)));
            }
        }
        for subscribed in projections.subscriptions() {
            let row = &subscribed.subscription;
            let of = opens.entry(row.api_id).or_default();
            of.push((row.subscription_token_hash.clone(), name(row.uuid)));
        }
        Process {
            memory: projections.artifacts().into_iter().map(|c| (c.artifact.uuid, c)).collect(),
            routes: projections.routes().into_iter().map(|route| (route.artifact, route)).collect(),
            opens,
        }
    }

    pub(super) fn artifacts(&self) -> impl Iterator<Item = Uuid> {
        self.memory.keys().chain(self.routes.keys()).chain(self.opens.keys()).copied()
    }
}

/// Holds what is held of one artifact against what ought to be.
pub(super) struct Judge<'a, N> {
    /// What the gateway ought to hold; none if the platform knows no such gateway.
    pub(super) ought: Option<&'a Ought>,
    pub(super) artifact: Uuid,
    /// Whether somebody made it at the gateway itself.
    pub(super) own: bool,
    pub(super) name: &'a N,
}

impl<N: Fn(Uuid) -> String> Judge<'_, N> {
    /// How something stands that is right if `right` says so of what is to become of the artifact.
    fn stands(&self, right: impl Fn(&Ought, Option<&Place>) -> bool) -> Stands {
        match self.ought {
            Some(ought) if !self.own => match right(ought, ought.place(self.artifact)) {
                true => Stands::Agrees,
                false => Stands::Differs,
            },
            Some(_) | None => Stands::Unjudged,
        }
    }

    /// A row, in the database or in memory.
    pub(super) fn stored(&self, row: Option<&gateway::Artifact>) -> Held {
        let holds = row.map(|row| {
            let what = (self.name)(row.deployment_id.unwrap_or(row.uuid));
            match row.desired_state {
                DesiredState::Deployed => what,
                DesiredState::Undeployed => format!("{what} undeployed"),
            }
        });
        let state = row.map(|row| (row.desired_state, row.deployment_id));
        let stands = self.stands(|_, place| match place {
            None => row.is_none(),
            Some(Place::Served { deployment, .. }) => {
                state == Some((DesiredState::Deployed, Some(*deployment)))
            }
            Some(Place::Idle { .. }) => row.is_none_or(|row| row.desired_state == DesiredState::Undeployed),
            Some(Place::Failed { .. }) => true,
        });
        (holds.unwrap_or_default(), stands)
    }

    /// Keys and subscriptions in the database that are left of an artifact, or that are there before it.
    pub(super) fn left(&self, (keys, subscriptions): &(usize, usize)) -> Held {
        let counted = [(keys, "key", "keys"), (subscriptions, "subscription", "subscriptions")];
        let some = counted.iter().filter(|(count, ..)| **count > 0);
        let words =
            some.map(|(count, one, many)| format!("{count} {}", if **count == 1 { one } else { many }));
        let holds: Vec<String> = words.collect();
        let right = |place: Option<&Place>| matches!(place, Some(Place::Idle { .. } | Place::Failed { .. }));
        (holds.join(", "), self.stands(|_, place| right(place)))
    }

    /// A route, by the content that is served.
    pub(super) fn routed(&self, route: Option<&Route>) -> Held {
        let holds = route.map(|route| (self.name)(route.deployment.unwrap_or(route.artifact)));
        let stands = self.stands(|_, place| match place {
            Some(Place::Served { content, .. }) => route.is_some_and(|route| route.digest == *content),
            Some(Place::Failed { .. }) => true,
            None | Some(Place::Idle { .. }) => route.is_none(),
        });
        (holds.unwrap_or_default(), stands)
    }

    /// Keys and subscriptions. Where nothing is served, nothing of an artifact that exists opens anything.
    pub(super) fn opened(&self, process: &Process) -> Held {
        let opens = process.opens.get(&self.artifact).map(Vec::as_slice).unwrap_or_default();
        let names: Vec<&str> = opens.iter().map(|(_, name)| name.as_str()).collect();
        let stands = self.stands(|ought, place| match place {
            None => opens.is_empty(),
            Some(_) if !process.routes.contains_key(&self.artifact) => true,
            Some(_) => {
                let mine = |of: &(Uuid, String)| of.0 == self.artifact;
                let keys = ought.keys.iter().filter(|(of, _)| mine(of)).map(|(of, one)| (of, one.standing));
                let subscriptions =
                    ought.subscriptions.iter().filter(|(of, _)| mine(of)).map(|(of, one)| (of, one.standing));
                let good: BTreeMap<&str, Standing> = keys
                    .chain(subscriptions)
                    .map(|((_, secret), standing)| (secret.as_str(), standing))
                    .collect();
                let has = |secret: &str| opens.iter().any(|(known, _)| known == secret);
                opens.iter().all(|(secret, _)| good.contains_key(secret.as_str()))
                    && good.iter().all(|(secret, standing)| *standing == Standing::May || has(secret))
            }
        });
        (names.join(", "), stands)
    }
}
