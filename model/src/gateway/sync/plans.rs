//! The bulk sync of subscription plans (docs/spec/gateway.md section 7.1).
//!
//! Inserts precede deletes: a plan that was deleted and made again under its name finds the name taken by the old
//! one, which then goes too unless a subscription holds it. A list that can't be had ends this step only.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::cx::Cx;
use crate::gateway::pipeline::SubscriptionError;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{EntityType, PlanStatus, SubscriptionPlan};
use crate::store::StoreError;
use crate::wire::internal::PlanEntry;

impl Replica {
    /// Brings the plans to what the platform lists. A cloud platform only.
    pub(super) async fn sync_plans(&self, cx: &Cx) {
        if !self.has_lists() {
            return;
        }
        let listed = match self.platform.subscription_plans(cx).await {
            Ok(listed) => listed,
            Err(error) => return tracing::warn!(%error, "plan sync: no list of plans"),
        };
        for entry in &listed {
            let written = self.write_listed_plan(cx, entry).await;
            let plan = (EntityType::SubscriptionPlan, entry.id, entry.updated_at);
            self.tell_of_listed(cx, plan, &entry.etag, written).await;
        }
        // What was listed counts as fetched, written or not.
        let fetched = listed.iter().map(|entry| entry.id).collect();
        if let Err(error) = self.delete_stale_plans(cx, &fetched).await {
            tracing::warn!(%error, "plan sync: stale plans stay");
        }
    }

    async fn write_listed_plan(&self, cx: &Cx, entry: &PlanEntry) -> Result<(), SubscriptionError> {
        self.write_plan(cx, &self.listed_plan(entry)?).await
    }

    /// The row of a listed plan.
    pub(super) fn listed_plan(&self, entry: &PlanEntry) -> Result<SubscriptionPlan, SubscriptionError> {
        let status = PlanStatus::from_word(&entry.status);
        Ok(SubscriptionPlan {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: entry.id,
            plan_name: entry.plan_name.clone(),
            billing_plan: entry.billing_plan.clone(),
            stop_on_quota_reach: entry.stop_on_quota_reach,
            throttle_limit_count: entry.throttle_limit_count,
            throttle_limit_unit: entry.throttle_limit_unit.clone(),
            expiry_time: entry.expiry_time.clone(),
            status: status.ok_or_else(|| SubscriptionError::Status(entry.status.clone()))?,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        })
    }

    /// Deletes the plans that were not fetched, one by one, and tells the replicas of each. One that is in use
    /// stays, and so does its place in the list of the next sync.
    async fn delete_stale_plans(&self, cx: &Cx, fetched: &BTreeSet<Uuid>) -> Result<(), StoreError> {
        let plans = self.storage.plans(cx).await?;
        for plan in plans.iter().filter(|plan| !fetched.contains(&plan.uuid)) {
            let deleted = self.storage.delete_plan(cx, plan.uuid).await;
            let plan = (EntityType::SubscriptionPlan, plan.uuid, plan.updated_at);
            self.tell_of_stale(cx, plan, deleted).await;
        }
        Ok(())
    }
}
