//! Statements on subscription plans.

use std::cmp::Reverse;
use std::sync::Arc;

use uuid::Uuid;

use super::{Outcome, page};
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::SubscriptionPlan;

impl Platform {
    /// A plan of the organisation.
    pub(in crate::platform) async fn find_plan(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
    ) -> Outcome<Option<Arc<SubscriptionPlan>>> {
        let at = At::site("store.find-plan").about(uuid);
        let mine = |row: &Arc<SubscriptionPlan>| row.organisation == organisation;
        self.database.read(cx, at, |view| view.get::<SubscriptionPlan>(uuid).filter(mine)).await
    }

    /// One page of the organisation's plans, newest first, behind the first `offset` of them.
    pub(in crate::platform) async fn page_of_plans(
        &self,
        cx: &Cx,
        organisation: Uuid,
        offset: usize,
    ) -> Outcome<Vec<Arc<SubscriptionPlan>>> {
        let at = At::site("store.list-plans").about(organisation);
        let of = |row: &SubscriptionPlan| row.organisation == organisation;
        let mut plans = self.database.read(cx, at, |view| view.scan(of)).await?;
        plans.sort_by_key(|row| Reverse(row.created_at));
        Ok(page(plans, offset))
    }

    pub(in crate::platform) async fn insert_plan(&self, cx: &Cx, row: &SubscriptionPlan) -> Outcome<()> {
        let at = At::site("store.insert-plan").about(row.uuid);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    /// Writes what a plan has become; false if it is no more.
    pub(in crate::platform) async fn update_plan_row(
        &self,
        cx: &Cx,
        row: &SubscriptionPlan,
    ) -> Outcome<bool> {
        let at = At::site("store.update-plan").about(row.uuid);
        self.database.write(cx, at, |writer| writer.update(row.clone())).await
    }

    /// Deletes a plan, which fails while a subscription names it; false if it was gone already.
    pub(in crate::platform) async fn delete_plan_row(&self, cx: &Cx, uuid: Uuid) -> Outcome<bool> {
        let at = At::site("store.delete-plan").about(uuid);
        self.database.write(cx, at, |writer| writer.delete::<SubscriptionPlan>(uuid)).await
    }
}
