//! Routes of artifacts, the same for every kind (docs/spec/platform.md section 4.2).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Extension, Path};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::Value;

use super::list::listed;
use super::request::{Asked, body};
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::statements::Found;
use crate::wire::kind::Kind;
use crate::wire::public::BASE;
use crate::wire::time;

/// The routes of a kind.
pub(super) fn routes(kind: Kind) -> Router<Arc<Platform>> {
    let all = format!("{BASE}/{}", kind.public_path());
    Router::new()
        .route(&all, post(create).get(list))
        .route(&format!("{all}/{{handle}}"), get(show).put(update).delete(remove))
        .route_layer(Extension(kind))
}

/// The route from a provider to the proxies before it.
pub(super) fn proxies() -> Router<Arc<Platform>> {
    Router::new().route("/api/v1/llm-providers/{handle}/llm-proxies", get(proxies_of))
}

async fn create(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let organisation = asked.user.organisation;
    let found = asked.platform.create_artifact(&asked.cx, organisation, kind, body(&bytes)?).await?;
    Ok((StatusCode::CREATED, Json(shown(&found))))
}

async fn list(asked: Asked, Extension(kind): Extension<Kind>) -> Result<Json<Value>, Refusal> {
    let found = asked.platform.artifacts(&asked.cx, asked.user.organisation, kind).await?;
    Ok(listed(found.iter().map(shown)))
}

async fn show(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path(handle): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let found = asked.platform.artifact(&asked.cx, &asked.artifact(kind, handle)).await?;
    Ok(Json(shown(&found)))
}

async fn update(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path(handle): Path<String>,
    bytes: Bytes,
) -> Result<Json<Value>, Refusal> {
    let found = asked.platform.update(&asked.cx, &asked.artifact(kind, handle), body(&bytes)?).await?;
    Ok(Json(shown(&found)))
}

async fn remove(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path(handle): Path<String>,
) -> Result<StatusCode, Refusal> {
    asked.platform.delete_artifact(&asked.cx, &asked.artifact(kind, handle)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn proxies_of(asked: Asked, Path(handle): Path<String>) -> Result<Json<Value>, Refusal> {
    let provider = asked.artifact(Kind::LlmProvider, handle);
    let provider = asked.platform.artifact(&asked.cx, &provider).await?.artifact.uuid;
    let found = asked.platform.list_proxies_of(&asked.cx, provider).await?;
    Ok(listed(found.iter().map(shown)))
}

/// What was said of it, and when. The identifier that gateways use is not for users.
fn shown(found: &Found) -> Value {
    let mut shown = found.detail.configuration().clone();
    shown.insert("kind".to_owned(), found.artifact.kind.name().into());
    shown.insert("createdAt".to_owned(), time::nanos(&found.artifact.created_at).into());
    shown.insert("updatedAt".to_owned(), time::nanos(&found.artifact.updated_at).into());
    Value::Object(shown)
}
