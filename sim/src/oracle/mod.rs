//! The oracle: what a gateway ought to hold, serve and accept, by what the platform has committed.
//!
//! It reads the platform's database and nothing else: no event, no history, nothing of a gateway, no design. So
//! it says what the users of the platform may count on once the world has come to rest, however the platform went
//! about telling it. It knows three answers for each thing: it *must* be so, it *may*, or (where a thing isn't
//! listed) it *must not*.
//!
//! * `artifacts`: what is served, with which content; what may be kept;
//! * `keys`, `subscriptions`: what lets requests in;
//! * this file: plans, mappings, and all of it together.
//!
//! Left out: what somebody makes at a gateway itself, of which the platform knows nothing; templates and policies.

mod artifacts;
mod keys;
mod subscriptions;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use driftless_model::platform::tables::{Application, ApplicationApiKey, Gateway, SubscriptionPlan as Plan};
use driftless_model::store::{Database, View};
use driftless_model::wire::time::Instant;
use uuid::Uuid;

pub use artifacts::{Kept, Place};
pub use keys::KeyOught;
pub use subscriptions::SubscriptionOught;

/// Whether something that lets requests in has to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Requests with it have to be let in.
    Must,
    /// They may be: what it opens isn't served, or is said to have failed.
    May,
}

/// What one gateway ought to hold, serve and accept. What isn't listed, it must not.
#[derive(Clone, Debug)]
pub struct Ought {
    /// The gateway, as the platform knows it.
    pub gateway: Uuid,
    /// Its organisation.
    pub organisation: Uuid,
    /// The artifacts of its organisation.
    pub artifacts: BTreeMap<Uuid, Kept>,
    /// The keys that open something here, by artifact and secret: a key's identifier says nothing to who uses it.
    pub keys: BTreeMap<(Uuid, String), KeyOught>,
    /// The subscriptions that open something here, by API and token.
    pub subscriptions: BTreeMap<(Uuid, String), SubscriptionOught>,
    /// The subscription plans of its organisation: all of them, whatever is deployed.
    pub plans: BTreeMap<Uuid, Arc<Plan>>,
    /// Which keys of its organisation belong to which application: (application, key).
    pub mappings: BTreeSet<(Uuid, Uuid)>,
}

impl Ought {
    /// What the gateway of that name ought to hold by `now`; nothing if the platform knows no such gateway.
    pub fn of(platform: &Database, gateway: &str, now: Instant) -> Option<Self> {
        platform.look(|view| {
            let gateway = view.first::<Gateway>(|row| row.name == gateway)?;
            Some(Ought::to(view, &gateway, now))
        })
    }

    fn to(view: &View<'_>, gateway: &Gateway, now: Instant) -> Self {
        let artifacts = artifacts::of(view, gateway);
        let plans = view.scan::<Plan>(|row| row.organisation == gateway.organisation);
        let here = |row: &ApplicationApiKey| {
            let application = view.get::<Application>(row.application);
            application.is_some_and(|application| application.organisation == gateway.organisation)
        };
        let mappings = view.scan::<ApplicationApiKey>(here);
        Ought {
            gateway: gateway.uuid,
            organisation: gateway.organisation,
            keys: keys::of(view, gateway, &artifacts, now),
            subscriptions: subscriptions::of(view, &artifacts),
            plans: plans.into_iter().map(|plan| (plan.uuid, plan)).collect(),
            mappings: mappings.iter().map(|row| (row.application, row.api_key)).collect(),
            artifacts,
        }
    }

    /// What is to become of an artifact here; nothing if it must not be here at all.
    pub fn place(&self, artifact: Uuid) -> Option<&Place> {
        self.artifacts.get(&artifact).map(|kept| &kept.place)
    }
}

/// How what opens an artifact stands, by how the artifact does.
fn standing(place: &Place) -> Standing {
    match place {
        Place::Served { .. } => Standing::Must,
        Place::Idle { .. } | Place::Failed { .. } => Standing::May,
    }
}
