//! Routes of organisations (docs/spec/platform.md section 4.1).

use std::sync::Arc;

use axum::body::Bytes;
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::request::{Asked, body};
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::tables::Organisation;
use crate::wire::time;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new().route("/api/v1/organizations", post(create).get(show))
}

async fn create(asked: Asked, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let organisation = asked.platform.create_organisation(&asked.cx, body(&bytes)?).await?;
    Ok((StatusCode::CREATED, Json(shown(&organisation))))
}

async fn show(asked: Asked) -> Result<Json<Value>, Refusal> {
    let organisation = asked.platform.organisation(&asked.cx, asked.user.organisation).await?;
    Ok(Json(shown(&organisation)))
}

fn shown(row: &Organisation) -> Value {
    json!({
        "id": row.uuid,
        "handle": row.handle,
        "name": row.name,
        "region": row.region,
        "createdAt": time::nanos(&row.created_at),
    })
}
