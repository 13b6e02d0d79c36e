//! Routes of the templates of LLM providers, which are no artifacts (docs/spec/platform.md section 4.2).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::Value;

use super::list::listed;
use super::request::{Asked, body};
use crate::platform::Platform;
use crate::platform::refusal::Refusal;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/api/v1/llm-provider-templates", post(create).get(list))
        .route("/api/v1/llm-provider-templates/{handle}", get(show).put(update).delete(remove))
}

async fn create(asked: Asked, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let organisation = asked.user.organisation;
    let template = asked.platform.create_template(&asked.cx, organisation, body(&bytes)?).await?;
    Ok((StatusCode::CREATED, Json(Value::Object(template.configuration))))
}

async fn list(asked: Asked) -> Result<Json<Value>, Refusal> {
    let templates = asked.platform.list_templates(&asked.cx, asked.user.organisation).await?;
    Ok(listed(templates.iter().map(|row| Value::Object(row.configuration.clone()))))
}

async fn show(asked: Asked, Path(handle): Path<String>) -> Result<Json<Value>, Refusal> {
    let template = asked.platform.template(&asked.cx, asked.user.organisation, &handle).await?;
    Ok(Json(Value::Object(template.configuration.clone())))
}

async fn update(asked: Asked, Path(handle): Path<String>, bytes: Bytes) -> Result<Json<Value>, Refusal> {
    let organisation = asked.user.organisation;
    let template = asked.platform.update_template(&asked.cx, organisation, &handle, body(&bytes)?).await?;
    Ok(Json(Value::Object(template.configuration)))
}

async fn remove(asked: Asked, Path(handle): Path<String>) -> Result<StatusCode, Refusal> {
    asked.platform.delete_template(&asked.cx, asked.user.organisation, &handle).await?;
    Ok(StatusCode::NO_CONTENT)
}
