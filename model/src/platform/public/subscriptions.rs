//! Routes of subscriptions (docs/spec/platform.md section 4.5). Whoever changes one says whose it is.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::{post, put};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::request::{Asked, Parameters, body, named};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::Subscription;
use crate::wire::time;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/api/v1/subscriptions", post(create))
        .route("/api/v1/subscriptions/{subscription}", put(update).delete(remove))
}

async fn create(asked: Asked, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let row = asked.platform.subscribe(&asked.cx, asked.user.organisation, body(&bytes)?).await?;
    Ok((StatusCode::CREATED, Json(shown(&row))))
}

async fn update(
    asked: Asked,
    Path(id): Path<String>,
    parameters: Parameters,
    bytes: Bytes,
) -> Result<Json<Value>, Refusal> {
    let which = (named(&id, Thing::Subscription)?, subscriber(&parameters)?);
    let organisation = asked.user.organisation;
    let row = asked.platform.update_subscription(&asked.cx, organisation, which, body(&bytes)?).await?;
    Ok(Json(shown(&row)))
}

async fn remove(asked: Asked, Path(id): Path<String>, parameters: Parameters) -> Result<StatusCode, Refusal> {
    let which = (named(&id, Thing::Subscription)?, subscriber(&parameters)?);
    asked.platform.unsubscribe(&asked.cx, asked.user.organisation, which).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn subscriber(parameters: &Parameters) -> Result<&str, Refusal> {
    let given = parameters.get("subscriberId").map(String::as_str).filter(|text| !text.is_empty());
    given.ok_or_else(|| Refusal::Invalid("subscriberId is required".into()))
}

fn shown(row: &Subscription) -> Value {
    json!({
        "id": row.uuid,
        "organizationId": row.organisation,
        "apiId": row.api,
        "subscriberId": row.subscriber,
        "applicationId": row.application,
        "subscriptionToken": row.token,
        "subscriptionPlanId": row.plan,
        "status": row.status.word(),
        "createdAt": time::nanos(&row.created_at),
        "updatedAt": time::nanos(&row.updated_at),
    })
}
