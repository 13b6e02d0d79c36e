//! Routes of organisations and projects.

use std::sync::Arc;

use axum::body::Bytes;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::request::{Asked, body};
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::tables::{Object, Organisation, Project};
use crate::wire::time;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/api/v1/organizations", post(create).get(show))
        .route("/api/v1/projects", get(projects).post(create_project))
}

async fn create(asked: Asked, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let organisation = asked.platform.create_organisation(&asked.cx, body(&bytes)?).await?;
    Ok((StatusCode::CREATED, Json(shown(&organisation))))
}

async fn show(asked: Asked) -> Result<Json<Value>, Refusal> {
    let organisation = asked.platform.organisation(&asked.cx, asked.user.organisation).await?;
    Ok(Json(shown(&organisation)))
}

async fn create_project(asked: Asked, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let said: Object = body(&bytes)?;
    let name = said.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let project = asked.platform.create_project(&asked.cx, asked.user.organisation, name).await?;
    Ok((StatusCode::CREATED, Json(shown_project(&project))))
}

async fn projects(asked: Asked) -> Result<Json<Value>, Refusal> {
    let projects = asked.platform.list_projects(&asked.cx, asked.user.organisation).await?;
    let list: Vec<_> = projects.iter().map(|row| shown_project(row)).collect();
    Ok(Json(json!({ "count": list.len(), "list": list })))
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

fn shown_project(row: &Project) -> Value {
    json!({
        "id": row.uuid,
        "name": row.name,
        "organizationId": row.organisation,
        "createdAt": time::nanos(&row.created_at),
    })
}
