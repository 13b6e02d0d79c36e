//! Routes of subscription plans (docs/spec/platform.md section 4.5).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::list::listed;
use super::request::{Asked, body, named};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::SubscriptionPlan;
use crate::wire::time;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/api/v1/subscription-plans", post(create).get(list))
        .route("/api/v1/subscription-plans/{plan}", get(show).put(update).delete(remove))
}

async fn create(asked: Asked, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let plan = asked.platform.create_plan(&asked.cx, asked.user.organisation, body(&bytes)?).await?;
    Ok((StatusCode::CREATED, Json(shown(&plan))))
}

async fn list(asked: Asked) -> Result<Json<Value>, Refusal> {
    let plans = asked.platform.plans(&asked.cx, asked.user.organisation).await?;
    Ok(listed(plans.iter().map(|row| shown(row))))
}

async fn show(asked: Asked, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    let plan = named(&id, Thing::Plan)?;
    let row = asked.platform.plan(&asked.cx, asked.user.organisation, plan).await?;
    Ok(Json(shown(&row)))
}

async fn update(asked: Asked, Path(id): Path<String>, bytes: Bytes) -> Result<Json<Value>, Refusal> {
    let (plan, organisation) = (named(&id, Thing::Plan)?, asked.user.organisation);
    let row = asked.platform.update_plan(&asked.cx, organisation, plan, body(&bytes)?).await?;
    Ok(Json(shown(&row)))
}

async fn remove(asked: Asked, Path(id): Path<String>) -> Result<StatusCode, Refusal> {
    let plan = named(&id, Thing::Plan)?;
    asked.platform.delete_plan(&asked.cx, asked.user.organisation, plan).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(row: &SubscriptionPlan) -> Value {
    json!({
        "id": row.uuid,
        "organizationId": row.organisation,
        "planName": row.plan_name,
        "billingPlan": row.billing_plan,
        "stopOnQuotaReach": row.stop_on_quota_reach,
        "throttleLimitCount": row.throttle.as_ref().map(|throttle| throttle.count),
        "throttleLimitUnit": row.throttle.as_ref().map(|throttle| &throttle.unit),
        "expiryTime": row.expiry_time,
        "status": row.status.word(),
        "createdAt": time::nanos(&row.created_at),
        "updatedAt": time::nanos(&row.updated_at),
    })
}
