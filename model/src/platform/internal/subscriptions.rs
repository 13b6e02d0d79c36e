//! `GET /apis/{apiId}/subscriptions` and `GET /subscription-plans` (docs/spec/platform.md section 8.5).
//!
//! Subscriptions are for gateways on which the API stands; plans are for all of the organisation, whatever
//! their status.

use axum::Json;
use axum::extract::Path;

use super::caller::Caller;
use super::etag;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::{Subscription, SubscriptionPlan};
use crate::wire::internal::{PlanEntry, SubscriptionEntry};
use crate::wire::kind::Kind;

pub(super) async fn of_api(
    caller: Caller,
    Path(api): Path<String>,
) -> Result<Json<Vec<SubscriptionEntry>>, Refusal> {
    let Caller { cx, platform, identity } = caller;
    let api = api.parse().map_err(|_| Refusal::Unknown(Thing::Artifact(Kind::RestApi)))?;
    let rows = platform.subscriptions_for(&cx, identity, api).await?;
    Ok(Json(rows.iter().map(|row| subscription(row)).collect()))
}

pub(super) async fn plans(caller: Caller) -> Result<Json<Vec<PlanEntry>>, Refusal> {
    let Caller { cx, platform, identity } = caller;
    let rows = platform.plans(&cx, identity.organisation).await?;
    Ok(Json(rows.iter().map(|row| plan(row)).collect()))
}

fn subscription(row: &Subscription) -> SubscriptionEntry {
    SubscriptionEntry {
        id: row.uuid,
        api_id: row.api,
        application_id: row.application.clone(),
        subscription_token: row.token.clone(),
        subscription_plan_id: row.plan,
        status: row.status.word().to_owned(),
        created_at: row.created_at,
        updated_at: row.updated_at,
        etag: etag::of_subscription(row).to_string(),
    }
}

fn plan(row: &SubscriptionPlan) -> PlanEntry {
    PlanEntry {
        id: row.uuid,
        plan_name: row.plan_name.clone(),
        billing_plan: row.billing_plan.clone(),
        stop_on_quota_reach: row.stop_on_quota_reach,
        throttle_limit_count: row.throttle.as_ref().map(|throttle| throttle.count),
        throttle_limit_unit: row.throttle.as_ref().map(|throttle| throttle.unit.clone()),
        expiry_time: row.expiry_time.clone(),
        status: row.status.word().to_owned(),
        created_at: row.created_at,
        updated_at: row.updated_at,
        etag: etag::of_plan(row).to_string(),
    }
}
