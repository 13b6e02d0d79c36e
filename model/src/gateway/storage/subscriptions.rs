//! Subscriptions: one statement each.

use std::sync::Arc;

use uuid::Uuid;

use super::Storage;
use crate::cx::{At, Cx};
use crate::gateway::tables::{Artifact, Subscription, SubscriptionStatus};
use crate::store::{StoreError, View, Writer};
use crate::wire::kind::Kind;

impl Storage {
    /// The subscriptions of an API.
    pub async fn subscriptions(&self, cx: &Cx, api: Uuid) -> Result<Vec<Arc<Subscription>>, StoreError> {
        let at = At::site("store.list-subscriptions").about(api);
        let of = |row: &Subscription| row.gateway_id == self.gateway_id && row.api_id == api;
        self.database.read(cx, at, |view| view.scan(of)).await
    }

    /// The active subscriptions of the REST APIs that are here, deployed or not.
    pub async fn active_subscriptions(&self, cx: &Cx) -> Result<Vec<Arc<Subscription>>, StoreError> {
        let at = At::site("store.list-active-subscriptions");
        self.database.read(cx, at, |view| self.active_in(view)).await
    }

    pub(super) fn active_in(&self, view: &View<'_>) -> Vec<Arc<Subscription>> {
        let is_api = |api: Uuid| {
            let artifact = view.get::<Artifact>((&self.gateway_id, api));
            artifact.is_some_and(|row| row.kind == Kind::RestApi)
        };
        let active = |row: &Subscription| {
            row.gateway_id == self.gateway_id && row.status == SubscriptionStatus::Active
        };
        let mut rows = view.scan(active);
        rows.retain(|row| is_api(row.api_id));
        rows
    }

    /// A subscription.
    pub async fn find_subscription(
        &self,
        cx: &Cx,
        subscription: Uuid,
    ) -> Result<Option<Arc<Subscription>>, StoreError> {
        let at = At::site("store.find-subscription").about(subscription);
        self.database.read(cx, at, |view| view.get((&self.gateway_id, subscription))).await
    }

    /// Inserts a subscription. Its identifier must be free, and its token within its API; its plan must be
    /// there.
    pub async fn insert_subscription(&self, cx: &Cx, row: &Subscription) -> Result<(), StoreError> {
        let at = At::site("store.insert-subscription").about(row.uuid);
        self.database.write(cx, at, |w| w.insert(row.clone())).await
    }

    /// Rewrites a subscription, whatever its age; false if there is none of its identifier.
    pub async fn update_subscription(&self, cx: &Cx, row: &Subscription) -> Result<bool, StoreError> {
        let at = At::site("store.update-subscription").about(row.uuid);
        let update = |w: &mut Writer<'_>| {
            let Some(stored) = w.get::<Subscription>((&self.gateway_id, row.uuid)) else { return Ok(false) };
            w.update(Subscription { created_at: stored.created_at, ..row.clone() })
        };
        self.database.write(cx, at, update).await
    }

    /// Deletes a subscription; false if it isn't there.
    pub async fn delete_subscription(&self, cx: &Cx, subscription: Uuid) -> Result<bool, StoreError> {
        let at = At::site("store.delete-subscription").about(subscription);
        self.database.write(cx, at, |w| w.delete::<Subscription>((&self.gateway_id, subscription))).await
    }
}
