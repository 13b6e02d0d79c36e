//! The bulk sync of subscriptions, one REST API after the other (docs/spec/gateway.md section 7.2).
//!
//! An API whose list can't be had is passed over and loses nothing. Of one whose list came everything else goes,
//! and what is written has no guard, so a list made before an event is applied over it.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::cx::Cx;
use crate::gateway::memory::hash;
use crate::gateway::pipeline::SubscriptionError;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{EntityType, Subscription, SubscriptionStatus};
use crate::store::StoreError;
use crate::wire::internal::SubscriptionEntry;
use crate::wire::kind::Kind;

impl Replica {
    /// Brings the subscriptions of the REST APIs here, whatever their origin and state, to what the platform
    /// lists. A cloud platform only.
    pub(super) async fn sync_subscriptions(&self, cx: &Cx) {
        if !self.has_lists() {
            return;
        }
        match self.apis_to_ask_about(cx).await {
            Ok(apis) => {
                for api in apis {
                    self.sync_subscriptions_of(cx, api).await;
                }
            }
            Err(error) => tracing::warn!(%error, "subscription sync: no list of local APIs"),
        }
    }

    async fn apis_to_ask_about(&self, cx: &Cx) -> Result<Vec<Uuid>, StoreError> {
        match self.limit_of_bulk_sync(cx).await? {
            Some(mut limit) => Ok(limit.remove(&Kind::RestApi).into_iter().flatten().collect()),
            None => Ok(self.storage.apis(cx).await?.iter().map(|api| api.uuid).collect()),
        }
    }

    async fn sync_subscriptions_of(&self, cx: &Cx, api: Uuid) {
        let listed = match self.platform.subscriptions(cx, api).await {
            Ok(listed) => listed,
            // Unknown, not deployed here, or just silent: all the same, and nothing is deleted.
            Err(error) => return tracing::warn!(%error, %api, "subscription sync: an API is passed over"),
        };
        for entry in &listed {
            let written = self.write_listed_subscription(cx, entry).await;
            let subscription = (EntityType::Subscription, entry.id, entry.updated_at);
            self.tell_of_listed(cx, subscription, &entry.etag, written).await;
        }
        let fetched = listed.iter().map(|entry| entry.id).collect();
        if let Err(error) = self.delete_stale_subscriptions(cx, api, &fetched).await {
            tracing::warn!(%error, %api, "subscription sync: stale subscriptions stay");
        }
    }

    async fn write_listed_subscription(
        &self,
        cx: &Cx,
        entry: &SubscriptionEntry,
    ) -> Result<(), SubscriptionError> {
        self.write_subscription(cx, &self.listed_subscription(entry)?).await
    }

    /// The row of a listed subscription.
    pub(super) fn listed_subscription(
        &self,
        entry: &SubscriptionEntry,
    ) -> Result<Subscription, SubscriptionError> {
        // The platform lists an empty token where it couldn't decrypt its own.
        if entry.subscription_token.is_empty() {
            return Err(SubscriptionError::NoToken);
        }
        let status = SubscriptionStatus::from_word(&entry.status);
        Ok(Subscription {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: entry.id,
            api_id: entry.api_id,
            application_id: entry.application_id.clone(),
            subscription_token_hash: hash(&entry.subscription_token),
            subscription_plan_id: entry.subscription_plan_id,
            status: status.ok_or_else(|| SubscriptionError::Status(entry.status.clone()))?,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        })
    }

    /// Deletes the subscriptions of an API that were not fetched, one by one, and tells the replicas of each.
    async fn delete_stale_subscriptions(
        &self,
        cx: &Cx,
        api: Uuid,
        fetched: &BTreeSet<Uuid>,
    ) -> Result<(), StoreError> {
        let here = self.storage.subscriptions(cx, api).await?;
        for row in here.iter().filter(|row| !fetched.contains(&row.uuid)) {
            let deleted = self.storage.delete_subscription(cx, row.uuid).await;
            let subscription = (EntityType::Subscription, row.uuid, row.updated_at);
            self.tell_of_stale(cx, subscription, deleted).await;
        }
        Ok(())
    }
}
