//! What a sync that has its turn reads and writes, in one transaction.
//!
//! Each method is one statement. What stands in the way of a row is looked for before it is written, since a statement
//! that fails would take all the others along.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use super::{Storage, Transaction};
use crate::cx::{At, Cx};
use crate::gateway::memory::StoredConfig;
use crate::gateway::tables::{
    Action, ApiKey, Application, ApplicationKey, Artifact, DesiredState, EntityType, LlmProxy, LlmTemplate,
    Origin, Subscription, SubscriptionPlan, SyncTurn,
};
use crate::store::{StoreError, View, Writer};
use crate::wire::kind::Kind;
use crate::wire::time::Instant;

/// All that a process takes into memory, as one statement has read it.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Stored {
    pub artifacts: Vec<StoredConfig>,
    pub templates: Vec<Arc<LlmTemplate>>,
    pub keys: Vec<Arc<ApiKey>>,
    pub subscriptions: Vec<Arc<Subscription>>,
    pub plans: Vec<Arc<SubscriptionPlan>>,
}

/// What another artifact of the kind has that an artifact would have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::gateway) enum Taken {
    NameVersion,
    Handle,
}

/// What a statement has changed, for the hub.
pub(in crate::gateway) type Changed = Vec<(EntityType, Action, String)>;

impl Storage {
    /// Takes the next turn: no sync that began before writes anything from now on.
    pub async fn take_turn(&self, cx: &Cx) -> Result<SyncTurn, StoreError> {
        let take = |w: &mut Writer<'_>| {
            let row = self.turn(w);
            let row = SyncTurn { turn: row.turn + 1, ..row };
            w.put(row.clone())?;
            Ok(row)
        };
        self.database.write(cx, At::site("store.take-turn"), take).await
    }

    /// A transaction.
    pub fn begin(&self, cx: &Cx) -> Transaction {
        self.database.begin(cx)
    }

    /// Holds the turn until the end of the transaction; false if another sync has begun since.
    pub async fn keep_turn(&self, cx: &Cx, tx: &mut Transaction, turn: u64) -> Result<bool, StoreError> {
        let keep = |w: &mut Writer<'_>| {
            let row = self.turn(w);
            let mine = row.turn == turn;
            w.put(row)?;
            Ok(mine)
        };
        tx.write(cx, At::site("store.keep-turn"), keep).await
    }

    fn turn(&self, view: &View<'_>) -> SyncTurn {
        let row = view.get::<SyncTurn>(self.gateway_id.as_str());
        let first = || SyncTurn { gateway_id: self.gateway_id.clone(), turn: 0 };
        row.map_or_else(first, |row| SyncTurn::clone(&row))
    }

    /// Every artifact, as the transaction finds it.
    pub async fn artifacts_in(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
    ) -> Result<Vec<Arc<Artifact>>, StoreError> {
        let mine = |row: &Artifact| row.gateway_id == self.gateway_id;
        tx.read(cx, At::site("store.load-artifacts"), |view| view.scan(mine)).await
    }

    /// Deletes an artifact that the platform gave, with its keys and subscriptions; false if it isn't here or a proxy
    /// stands before it.
    pub async fn take_away(&self, cx: &Cx, tx: &mut Transaction, uuid: Uuid) -> Result<bool, StoreError> {
        let delete = |w: &mut Writer<'_>| {
            let key = (&self.gateway_id, uuid);
            let given = w.get::<Artifact>(key).is_some_and(|row| row.origin == Origin::ControlPlane);
            let before = |row: &LlmProxy| row.gateway_id == self.gateway_id && row.provider_uuid == uuid;
            if !given || w.count(before) > 0 {
                return Ok(false);
            }
            w.delete_where(|row: &Subscription| row.gateway_id == self.gateway_id && row.api_id == uuid)?;
            w.delete_where(|row: &ApiKey| row.gateway_id == self.gateway_id && row.artifact_uuid == uuid)?;
            w.delete::<Artifact>(key)
        };
        tx.write(cx, At::site("store.delete-artifact").about(uuid), delete).await
    }

    /// Gives an artifact another state, and its instant if it is known; the deployment stays the one whose definition
    /// is here.
    pub async fn restate_in(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        uuid: Uuid,
        (state, at): (DesiredState, Option<Instant>),
    ) -> Result<(), StoreError> {
        let now = cx.wall();
        let restate = |w: &mut Writer<'_>| {
            let Some(row) = w.get::<Artifact>((&self.gateway_id, uuid)) else { return Ok(()) };
            let mut row = Artifact::clone(&row);
            row.desired_state = state;
            row.deployed_at = at.or(row.deployed_at);
            row.updated_at = now;
            w.update(row).map(drop)
        };
        tx.write(cx, At::site("store.restate-artifact").about(uuid), restate).await
    }

    /// What another artifact of the kind has that this one would have.
    pub async fn taken_in(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        of: &Artifact,
    ) -> Result<Option<Taken>, StoreError> {
        let other =
            |row: &Artifact| row.gateway_id == of.gateway_id && row.kind == of.kind && row.uuid != of.uuid;
        let same = |row: &Artifact| row.display_name == of.display_name && row.version == of.version;
        let at = At::site("store.find-name-version").about(of.uuid);
        let named = |view: &View<'_>| view.first(|row: &Artifact| other(row) && same(row)).is_some();
        if tx.read(cx, at, named).await? {
            return Ok(Some(Taken::NameVersion));
        }
        let at = At::site("store.find-handle").about(of.uuid);
        let handled =
            |view: &View<'_>| view.first(|row: &Artifact| other(row) && row.handle == of.handle).is_some();
        Ok(tx.read(cx, at, handled).await?.then_some(Taken::Handle))
    }

    /// Whether there is an LLM provider of that handle.
    pub async fn has_provider_in(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        handle: &str,
    ) -> Result<bool, StoreError> {
        let at = At::site("store.find-artifact-by-handle").about(handle);
        tx.read(cx, at, |view| self.with_handle(view, Kind::LlmProvider, handle).is_some()).await
    }

    /// Whether there is a template of that handle.
    pub async fn has_template_in(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        handle: &str,
    ) -> Result<bool, StoreError> {
        let named = |row: &LlmTemplate| row.gateway_id == self.gateway_id && row.handle == handle;
        tx.read(cx, At::site("store.find-template"), |view| view.count(named) > 0).await
    }

    /// Writes an artifact's row, whatever is there under its identifier.
    pub async fn put_artifact(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        row: &Artifact,
    ) -> Result<(), StoreError> {
        let put = |w: &mut Writer<'_>| {
            let stored = w.get::<Artifact>((&row.gateway_id, row.uuid));
            let created_at = stored.map_or(row.created_at, |stored| stored.created_at);
            w.put(Artifact { created_at, ..row.clone() })
        };
        tx.write(cx, At::site("store.upsert-artifact").about(row.uuid), put).await
    }

    /// Makes the keys that came from the platform, of artifacts of these kinds that are here, what is listed. Those of a
    /// doubtful artifact stay with it: nobody knows whether they are left out because it is gone.
    pub async fn put_keys(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        (kinds, listed): (&[Kind], &[ApiKey]),
        doubtful: &BTreeSet<Uuid>,
    ) -> Result<Changed, StoreError> {
        let of = |row: &Artifact| {
            row.gateway_id == self.gateway_id && kinds.contains(&row.kind) && !doubtful.contains(&row.uuid)
        };
        let write = |w: &mut Writer<'_>| {
            let artifacts = w.scan(of).iter().map(|row| row.uuid).collect();
            self.write_keys(w, &artifacts, listed)
        };
        tx.write(cx, At::site("store.write-keys"), write).await
    }

    fn write_keys(
        &self,
        w: &mut Writer<'_>,
        artifacts: &BTreeSet<Uuid>,
        listed: &[ApiKey],
    ) -> Result<Changed, StoreError> {
        let mut changed = Changed::new();
        let wanted: BTreeMap<Uuid, &ApiKey> = listed
            .iter()
            .filter(|key| artifacts.contains(&key.artifact_uuid))
            .map(|key| (key.uuid, key))
            .collect();
        let given = |key: &ApiKey| {
            key.gateway_id == self.gateway_id
                && key.source == ApiKey::EXTERNAL
                && artifacts.contains(&key.artifact_uuid)
        };
        let told = |action, key: &ApiKey| {
            (EntityType::ApiKey, action, format!("{}:{}", key.artifact_uuid, key.uuid))
        };
        let mut mapped = Vec::new();
        for key in w.scan(given) {
            let new = wanted.get(&key.uuid);
            if new.is_some_and(|new| new.api_key == key.api_key) {
                continue;
            }
            if new.is_none() {
                changed.push(told(Action::Delete, &key));
            } else {
                // It goes with its mappings, and comes with them.
                let of = |row: &ApplicationKey| row.gateway_id == self.gateway_id && row.api_key == key.uuid;
                mapped.extend(w.scan(of));
            }
            w.delete::<ApiKey>((&key.gateway_id, &key.api_key))?;
        }
        for (uuid, new) in wanted {
            let stored = w.first(|key: &ApiKey| key.gateway_id == self.gateway_id && key.uuid == uuid);
            if stored.as_ref().is_some_and(|stored| **stored == *new) {
                continue;
            }
            let stands_in_the_way = |key: &ApiKey| {
                key.gateway_id == self.gateway_id
                    && key.uuid != uuid
                    && (key.api_key == new.api_key
                        || (key.artifact_uuid == new.artifact_uuid && key.name == new.name))
            };
            if w.count(stands_in_the_way) > 0 {
                tracing::warn!(%uuid, "sync: another key has its secret or its name");
                continue;
            }
            w.put(new.clone())?;
            let action = if stored.is_some() { Action::Update } else { Action::Create };
            changed.push(told(action, new));
        }
        for row in mapped {
            if w.count(|key: &ApiKey| key.gateway_id == self.gateway_id && key.uuid == row.api_key) > 0 {
                w.put(ApplicationKey::clone(&row))?;
            }
        }
        Ok(changed)
    }

    /// Makes the applications, and what belongs to them, what is listed.
    pub async fn put_applications(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        (applications, mappings): (&BTreeMap<Uuid, Application>, &BTreeSet<(Uuid, Uuid)>),
    ) -> Result<Changed, StoreError> {
        let at = At::site("store.write-applications");
        tx.write(cx, at, |w| self.write_applications(w, applications, mappings)).await
    }

    fn write_applications(
        &self,
        w: &mut Writer<'_>,
        applications: &BTreeMap<Uuid, Application>,
        mappings: &BTreeSet<(Uuid, Uuid)>,
    ) -> Result<Changed, StoreError> {
        let mut changed = BTreeSet::new();
        for row in w.scan(|row: &Application| row.gateway_id == self.gateway_id) {
            if !applications.contains_key(&row.uuid) {
                w.delete::<Application>((&row.gateway_id, row.uuid))?;
                changed.insert(row.uuid);
            }
        }
        for (uuid, new) in applications {
            let stored = w.get::<Application>((&self.gateway_id, *uuid));
            let same = |row: &Application| {
                (&row.application_id, &row.name, &row.kind) == (&new.application_id, &new.name, &new.kind)
            };
            if !stored.as_ref().is_some_and(|row| same(row)) {
                let created_at = stored.map_or(new.created_at, |row| row.created_at);
                w.put(Application { created_at, ..new.clone() })?;
                changed.insert(*uuid);
            }
        }
        for row in w.scan(|row: &ApplicationKey| row.gateway_id == self.gateway_id) {
            if !mappings.contains(&(row.application, row.api_key)) {
                w.delete::<ApplicationKey>((&row.gateway_id, row.application, row.api_key))?;
                changed.insert(row.application);
            }
        }
        for (application, api_key) in mappings {
            let there = w.get::<ApplicationKey>((&self.gateway_id, *application, *api_key)).is_some();
            let has_key =
                w.count(|key: &ApiKey| key.gateway_id == self.gateway_id && key.uuid == *api_key) > 0;
            if !there && has_key && applications.contains_key(application) {
                let (gateway_id, application, api_key) = (self.gateway_id.clone(), *application, *api_key);
                w.put(ApplicationKey { gateway_id, application, api_key })?;
                changed.insert(application);
            }
        }
        let told = |uuid: Uuid| (EntityType::Application, Action::Update, uuid.to_string());
        Ok(changed.into_iter().map(told).collect())
    }

    /// Makes the plans what is listed, and the subscriptions of the APIs that are listed. Says too whether something
    /// had to be left out for want of a plan.
    pub async fn put_subscriptions(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        plans: Option<&[SubscriptionPlan]>,
        subscriptions: &BTreeMap<Uuid, Vec<Subscription>>,
    ) -> Result<(Changed, bool), StoreError> {
        let at = At::site("store.write-subscriptions");
        tx.write(cx, at, |w| self.write_subscriptions(w, plans, subscriptions)).await
    }

    fn write_subscriptions(
        &self,
        w: &mut Writer<'_>,
        plans: Option<&[SubscriptionPlan]>,
        subscriptions: &BTreeMap<Uuid, Vec<Subscription>>,
    ) -> Result<(Changed, bool), StoreError> {
        let (mut changed, mut lacks) = (Changed::new(), false);
        let told = |entity, action, uuid: Uuid| (entity, action, uuid.to_string());
        let here = |w: &Writer<'_>, uuid: Uuid| w.get::<Subscription>((&self.gateway_id, uuid));
        for (api, listed) in subscriptions {
            let of = |row: &Subscription| row.gateway_id == self.gateway_id && row.api_id == *api;
            for row in w.scan(of) {
                match listed.iter().find(|new| new.uuid == row.uuid) {
                    None => {
                        w.delete::<Subscription>((&row.gateway_id, row.uuid))?;
                        changed.push(told(EntityType::Subscription, Action::Delete, row.uuid));
                    }
                    // So that the plan it had can go.
                    Some(new) if new.subscription_plan_id != row.subscription_plan_id => {
                        w.put(Subscription { subscription_plan_id: None, ..Subscription::clone(&row) })?;
                    }
                    Some(_) => {}
                }
            }
        }
        for plan in w.scan(|row: &SubscriptionPlan| row.gateway_id == self.gateway_id) {
            let listed = plans.is_none_or(|plans| plans.iter().any(|new| new.uuid == plan.uuid));
            let refers = |row: &Subscription| {
                row.gateway_id == self.gateway_id && row.subscription_plan_id == Some(plan.uuid)
            };
            if !listed && w.count(refers) == 0 {
                w.delete::<SubscriptionPlan>((&plan.gateway_id, plan.uuid))?;
                changed.push(told(EntityType::SubscriptionPlan, Action::Delete, plan.uuid));
            }
        }
        for new in plans.unwrap_or_default() {
            let stored = w.get::<SubscriptionPlan>((&self.gateway_id, new.uuid));
            if stored.as_ref().is_some_and(|stored| **stored == *new) {
                continue;
            }
            let named = |row: &SubscriptionPlan| {
                row.gateway_id == self.gateway_id && row.uuid != new.uuid && row.plan_name == new.plan_name
            };
            if w.count(named) > 0 {
                lacks = true;
                continue;
            }
            w.put(new.clone())?;
            changed.push(told(EntityType::SubscriptionPlan, Action::Update, new.uuid));
        }
        for (api, listed) in subscriptions {
            if w.get::<Artifact>((&self.gateway_id, *api)).is_none() {
                continue;
            }
            for new in listed {
                let stored = here(w, new.uuid);
                if stored.as_ref().is_some_and(|stored| **stored == *new) {
                    continue;
                }
                let plan = |plan| w.get::<SubscriptionPlan>((&self.gateway_id, plan)).is_some();
                let taken = |row: &Subscription| {
                    row.gateway_id == self.gateway_id
                        && row.uuid != new.uuid
                        && row.api_id == new.api_id
                        && row.subscription_token_hash == new.subscription_token_hash
                };
                if !new.subscription_plan_id.is_none_or(plan) || w.count(taken) > 0 {
                    lacks = true;
                    continue;
                }
                w.put(new.clone())?;
                changed.push(told(EntityType::Subscription, Action::Update, new.uuid));
            }
        }
        Ok((changed, lacks))
    }

    /// Reads all that a process takes into memory.
    pub async fn load_all(&self, cx: &Cx, at: At<'_>) -> Result<Stored, StoreError> {
        let all = |view: &View<'_>| {
            let artifacts = view.scan::<Artifact>(|row| row.gateway_id == self.gateway_id);
            Stored {
                artifacts: artifacts.iter().filter_map(|row| self.joined(view, row)).collect(),
                templates: view.scan(|row: &LlmTemplate| row.gateway_id == self.gateway_id),
                keys: view.scan(|row: &ApiKey| row.gateway_id == self.gateway_id),
                subscriptions: self.active_in(view),
                plans: view.scan(|row: &SubscriptionPlan| row.gateway_id == self.gateway_id),
            }
        };
        self.database.read(cx, at, all).await
    }
}
