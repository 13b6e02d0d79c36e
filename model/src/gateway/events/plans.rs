//! `subscriptionPlan.*` (docs/spec/gateway.md section 8.5).
//!
//! They go to every gateway of the organisation. A plan that a subscription refers to can't be deleted, and
//! nobody tries again when it no longer is.

use serde::Deserialize;
use uuid::Uuid;

use super::Incoming;
use crate::cx::Cx;
use crate::gateway::hub::Announcement;
use crate::gateway::pipeline::SubscriptionError;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{Action, EntityType, PlanStatus, SubscriptionPlan};
use crate::wire::event::PlanChanged;

impl Replica {
    pub(super) async fn on_plan_created(&self, cx: &Cx, plan: Uuid, incoming: Incoming) {
        let result = match self.plan_row(cx, plan, &incoming) {
            Ok(row) => self.write_plan(cx, &row).await.map(|()| true),
            Err(error) => Err(error),
        };
        self.tell_if_written(cx, told(Action::Create, plan, incoming), result).await;
    }

    pub(super) async fn on_plan_updated(&self, cx: &Cx, plan: Uuid, incoming: Incoming) {
        let result = self.change_plan(cx, plan, &incoming).await;
        self.tell_if_written(cx, told(Action::Update, plan, incoming), result).await;
    }

    pub(super) async fn on_plan_deleted(&self, cx: &Cx, plan: Uuid, incoming: Incoming) {
        let result = self.storage.delete_plan(cx, plan).await;
        let told = told(Action::Delete, plan, incoming);
        self.tell_if_written(cx, told, result.map_err(Into::into)).await;
    }

    /// False if it isn't here, which is passed over.
    async fn change_plan(&self, cx: &Cx, plan: Uuid, incoming: &Incoming) -> Result<bool, SubscriptionError> {
        let row = self.plan_row(cx, plan, incoming)?;
        if self.storage.find_plan(cx, plan).await?.is_none() {
            return Ok(false);
        }
        Ok(self.storage.update_plan(cx, &row).await?)
    }

    fn plan_row(
        &self,
        cx: &Cx,
        plan: Uuid,
        incoming: &Incoming,
    ) -> Result<SubscriptionPlan, SubscriptionError> {
        let unreadable = |_| SubscriptionError::Unreadable;
        let payload = PlanChanged::deserialize(&incoming.payload).map_err(unreadable)?;
        if payload.plan_name.is_empty() {
            return Err(SubscriptionError::Unreadable);
        }
        let now = cx.wall();
        Ok(SubscriptionPlan {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: plan,
            plan_name: payload.plan_name,
            billing_plan: payload.billing_plan,
            stop_on_quota_reach: payload.stop_on_quota_reach,
            throttle_limit_count: payload.throttle_limit_count,
            throttle_limit_unit: payload.throttle_limit_unit,
            expiry_time: payload.expiry_time,
            status: PlanStatus::from_word(&payload.status)
                .ok_or_else(|| SubscriptionError::Status(payload.status.clone()))?,
            created_at: now,
            updated_at: now,
        })
    }
}

fn told(action: Action, plan: Uuid, incoming: Incoming) -> Announcement {
    Announcement::of(EntityType::SubscriptionPlan, action, plan, incoming.correlation_id)
}
