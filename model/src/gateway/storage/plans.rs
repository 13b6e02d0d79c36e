//! Subscription plans: one statement each.

use std::sync::Arc;

use uuid::Uuid;

use super::Storage;
use crate::cx::{At, Cx};
use crate::gateway::tables::SubscriptionPlan;
use crate::store::{StoreError, Writer};

impl Storage {
    /// Every plan.
    pub async fn plans(&self, cx: &Cx) -> Result<Vec<Arc<SubscriptionPlan>>, StoreError> {
        let at = At::site("store.list-plans");
        let mine = |row: &SubscriptionPlan| row.gateway_id == self.gateway_id;
        self.database.read(cx, at, |view| view.scan(mine)).await
    }

    /// A plan.
    pub async fn find_plan(&self, cx: &Cx, plan: Uuid) -> Result<Option<Arc<SubscriptionPlan>>, StoreError> {
        let at = At::site("store.find-plan").about(plan);
        self.database.read(cx, at, |view| view.get((&self.gateway_id, plan))).await
    }

    /// Inserts a plan. Its identifier and its name must be free.
    pub async fn insert_plan(&self, cx: &Cx, plan: &SubscriptionPlan) -> Result<(), StoreError> {
        let at = At::site("store.insert-plan").about(plan.uuid);
        self.database.write(cx, at, |w| w.insert(plan.clone())).await
    }

    /// Rewrites a plan, whatever its age; false if there is none of its identifier.
    pub async fn update_plan(&self, cx: &Cx, plan: &SubscriptionPlan) -> Result<bool, StoreError> {
        let at = At::site("store.update-plan").about(plan.uuid);
        let update = |w: &mut Writer<'_>| {
            let Some(stored) = w.get::<SubscriptionPlan>((&self.gateway_id, plan.uuid)) else {
                return Ok(false);
            };
            w.update(SubscriptionPlan { created_at: stored.created_at, ..plan.clone() })
        };
        self.database.write(cx, at, update).await
    }

    /// Deletes a plan; false if it isn't there. A plan that a subscription refers to can't go.
    pub async fn delete_plan(&self, cx: &Cx, plan: Uuid) -> Result<bool, StoreError> {
        let at = At::site("store.delete-plan").about(plan);
        self.database.write(cx, at, |w| w.delete::<SubscriptionPlan>((&self.gateway_id, plan))).await
    }
}
