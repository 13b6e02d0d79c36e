//! Routes of applications and the keys mapped to them (docs/spec/platform.md section 4.5).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::list::listed;
use super::request::{Asked, Parameters, body};
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::services::{Entity, NamedKey};
use crate::platform::statements::MappedKey;
use crate::platform::tables::{APPLICATION_TYPE, Application};
use crate::wire::time;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/api/v1/applications", post(create).get(list))
        .route("/api/v1/applications/{application}", get(show).put(update).delete(remove))
        .route("/api/v1/applications/{application}/api-keys", get(keys).post(map))
        .route("/api/v1/applications/{application}/api-keys/{key}", delete(unmap))
}

async fn create(asked: Asked, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let row = asked.platform.create_application(&asked.cx, asked.user.organisation, body(&bytes)?).await?;
    Ok((StatusCode::CREATED, Json(shown(&row))))
}

async fn list(asked: Asked) -> Result<Json<Value>, Refusal> {
    let rows = asked.platform.list_applications(&asked.cx, asked.user.organisation).await?;
    Ok(listed(rows.iter().map(|row| shown(row))))
}

async fn show(asked: Asked, Path(handle): Path<String>) -> Result<Json<Value>, Refusal> {
    let row = asked.platform.application(&asked.cx, asked.user.organisation, &handle).await?;
    Ok(Json(shown(&row)))
}

async fn update(asked: Asked, Path(handle): Path<String>, bytes: Bytes) -> Result<Json<Value>, Refusal> {
    let by = (asked.user.organisation, asked.user.name.as_str());
    let row = asked.platform.update_application(&asked.cx, by, &handle, body(&bytes)?).await?;
    Ok(Json(shown(&row)))
}

async fn remove(asked: Asked, Path(handle): Path<String>) -> Result<StatusCode, Refusal> {
    asked.platform.delete_application(&asked.cx, asked.user.organisation, &handle).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn keys(asked: Asked, Path(handle): Path<String>) -> Result<Json<Value>, Refusal> {
    let keys = asked.platform.application_keys(&asked.cx, asked.user.organisation, &handle).await?;
    Ok(shown_keys(&keys))
}

async fn map(
    asked: Asked,
    Path(handle): Path<String>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let by = (asked.user.organisation, asked.user.name.as_str());
    let keys = asked.platform.map_keys(&asked.cx, by, &handle, body(&bytes)?).await?;
    Ok((StatusCode::CREATED, shown_keys(&keys)))
}

async fn unmap(
    asked: Asked,
    Path((handle, key_id)): Path<(String, String)>,
    parameters: Parameters,
) -> Result<StatusCode, Refusal> {
    let by = (asked.user.organisation, asked.user.name.as_str());
    let id = parameters.get("entityID").cloned().unwrap_or_default();
    let key = NamedKey { key_id, associated_entity: Entity { id } };
    asked.platform.unmap_key(&asked.cx, by, &handle, key).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(row: &Application) -> Value {
    json!({
        "id": row.handle,
        "name": row.name,
        "type": APPLICATION_TYPE,
        "projectId": row.project,
        "description": row.description,
        "createdAt": time::nanos(&row.created_at),
        "updatedAt": time::nanos(&row.updated_at),
    })
}

fn shown_keys(keys: &[MappedKey]) -> Json<Value> {
    listed(keys.iter().map(|MappedKey { key, artifact }| {
        json!({
            "keyId": key.name,
            "associatedEntity": { "id": artifact.handle, "kind": artifact.kind.name() },
            "status": key.status.word(),
        })
    }))
}
