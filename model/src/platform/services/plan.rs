//! Subscription plans (docs/spec/platform.md section 4.5).
//!
//! Every gateway of the organisation hears of every change. A plan that is in use is kept by a foreign key,
//! which no route maps, and then nobody hears of anything.

use std::sync::Arc;

use serde::Deserialize;
use tracing::warn;
use uuid::Uuid;

use super::pages;
use crate::cx::{Cx, Mint};
use crate::platform::Platform;
use crate::platform::event::Event;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::{PlanStatus, SubscriptionPlan, Throttle};
use crate::wire::time;

/// How long a plan's name may be.
const NAME_MAX: usize = 40;

/// What the user says of a plan. What isn't said stays as it was, or as it is with a new plan.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct SaidOfPlan {
    pub plan_name: Option<String>,
    pub billing_plan: Option<String>,
    pub stop_on_quota_reach: Option<bool>,
    pub throttle_limit_count: Option<i64>,
    pub throttle_limit_unit: Option<String>,
    pub expiry_time: Option<String>,
    pub status: Option<String>,
}

impl SaidOfPlan {
    /// The plan with what is said of it.
    fn applied_to(self, mut plan: SubscriptionPlan) -> Result<SubscriptionPlan, Refusal> {
        if let Some(name) = self.plan_name {
            plan.plan_name = name;
        }
        if plan.plan_name.is_empty() || plan.plan_name.chars().count() > NAME_MAX {
            return Err(Refusal::Invalid(format!("planName must have 1 to {NAME_MAX} characters")));
        }
        match (self.throttle_limit_count, self.throttle_limit_unit) {
            (None, None) => {}
            (Some(count), Some(unit)) => plan.throttle = Some(Throttle { count, unit }),
            (Some(_), None) | (None, Some(_)) => {
                let why = "throttleLimitCount and throttleLimitUnit go together";
                return Err(Refusal::Invalid(why.into()));
            }
        }
        if self.expiry_time.as_ref().is_some_and(|at| time::parse(at).is_none()) {
            return Err(Refusal::Invalid("expiryTime must be an RFC 3339 time".into()));
        }
        if let Some(word) = self.status {
            let status = PlanStatus::ALL.into_iter().find(|status| status.word() == word);
            plan.status = status.ok_or_else(|| Refusal::Invalid(format!("'{word}' is not a status")))?;
        }
        plan.expiry_time = self.expiry_time.or(plan.expiry_time);
        plan.billing_plan = self.billing_plan.or(plan.billing_plan);
        plan.stop_on_quota_reach = self.stop_on_quota_reach.unwrap_or(plan.stop_on_quota_reach);
        Ok(plan)
    }
}

impl Platform {
    pub(in crate::platform) async fn create_plan(
        &self,
        cx: &Cx,
        organisation: Uuid,
        said: SaidOfPlan,
    ) -> Result<SubscriptionPlan, Refusal> {
        let now = cx.wall();
        let blank = SubscriptionPlan {
            uuid: Uuid::nil(),
            organisation,
            plan_name: String::new(),
            billing_plan: None,
            stop_on_quota_reach: true,
            throttle: None,
            expiry_time: None,
            status: PlanStatus::Active,
            created_at: now,
            updated_at: now,
        };
        let mut plan = said.applied_to(blank)?;
        plan.uuid = cx.mint(Mint::Plan { organisation, name: &plan.plan_name });
        self.insert_plan(cx, &plan).await.map_err(Refusal::taken(Thing::Plan))?;
        self.tell_of_plan(cx, organisation, &Event::plan_created(&plan)).await;
        Ok(plan)
    }

    pub(in crate::platform) async fn plan(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
    ) -> Result<Arc<SubscriptionPlan>, Refusal> {
        self.find_plan(cx, organisation, uuid).await?.ok_or(Refusal::Unknown(Thing::Plan))
    }

    /// Every plan of the organisation, whatever its status, newest first.
    pub(in crate::platform) async fn plans(
        &self,
        cx: &Cx,
        organisation: Uuid,
    ) -> Result<Vec<Arc<SubscriptionPlan>>, Refusal> {
        Ok(pages::all(|offset| self.page_of_plans(cx, organisation, offset)).await?)
    }

    pub(in crate::platform) async fn update_plan(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
        said: SaidOfPlan,
    ) -> Result<SubscriptionPlan, Refusal> {
        let old = self.plan(cx, organisation, uuid).await?;
        let plan =
            SubscriptionPlan { updated_at: cx.wall(), ..said.applied_to(SubscriptionPlan::clone(&old))? };
        if !self.update_plan_row(cx, &plan).await.map_err(Refusal::taken(Thing::Plan))? {
            return Err(Refusal::Unknown(Thing::Plan));
        }
        self.tell_of_plan(cx, organisation, &Event::plan_updated(&plan)).await;
        Ok(plan)
    }

    pub(in crate::platform) async fn delete_plan(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
    ) -> Result<(), Refusal> {
        let plan = self.plan(cx, organisation, uuid).await?;
        if !self.delete_plan_row(cx, uuid).await? {
            return Err(Refusal::Unknown(Thing::Plan));
        }
        self.tell_of_plan(cx, organisation, &Event::plan_deleted(&plan)).await;
        Ok(())
    }

    async fn tell_of_plan(&self, cx: &Cx, organisation: Uuid, event: &Event) {
        match self.plan_recipients(cx, organisation).await {
            Ok(gateways) => {
                self.tell(cx, &gateways, event).await;
            }
            Err(failed) => warn!("nobody is told of the plan: {failed}"),
        }
    }
}
