//! Routes of projects (docs/spec/platform.md section 4.1).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::list::listed;
use super::request::{Asked, body, named};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::{Object, Project};
use crate::wire::time;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/api/v1/projects", get(list).post(create))
        .route("/api/v1/projects/{project}", get(show).put(update).delete(remove))
}

async fn create(asked: Asked, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let project = asked.platform.create_project(&asked.cx, asked.user.organisation, name(&bytes)?).await?;
    Ok((StatusCode::CREATED, Json(shown(&project))))
}

async fn list(asked: Asked) -> Result<Json<Value>, Refusal> {
    let projects = asked.platform.list_projects(&asked.cx, asked.user.organisation).await?;
    Ok(listed(projects.iter().map(|row| shown(row))))
}

async fn show(asked: Asked, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    let project = named(&id, Thing::Project)?;
    let row = asked.platform.project(&asked.cx, asked.user.organisation, project).await?;
    Ok(Json(shown(&row)))
}

async fn update(asked: Asked, Path(id): Path<String>, bytes: Bytes) -> Result<Json<Value>, Refusal> {
    let (project, organisation) = (named(&id, Thing::Project)?, asked.user.organisation);
    let row = asked.platform.rename_project(&asked.cx, organisation, project, name(&bytes)?).await?;
    Ok(Json(shown(&row)))
}

async fn remove(asked: Asked, Path(id): Path<String>) -> Result<StatusCode, Refusal> {
    let project = named(&id, Thing::Project)?;
    asked.platform.delete_project(&asked.cx, asked.user.organisation, project).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The name in a body; the rest of it is for people.
fn name(bytes: &[u8]) -> Result<String, Refusal> {
    let said: Object = body(bytes)?;
    Ok(said.get("name").and_then(Value::as_str).unwrap_or_default().to_owned())
}

fn shown(row: &Project) -> Value {
    json!({
        "id": row.uuid,
        "name": row.name,
        "organizationId": row.organisation,
        "createdAt": time::nanos(&row.created_at),
    })
}
