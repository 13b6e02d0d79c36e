//! Routes of gateways and their tokens (docs/spec/platform.md section 4.1).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::list::listed;
use super::request::{Asked, body, gateway, named};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::{Gateway, GatewayToken, TokenStatus};
use crate::wire::public::NewToken;
use crate::wire::time;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/api/v1/gateways", post(create).get(list))
        .route("/api/v1/gateways/{gateway}", get(show).put(update).delete(remove))
        .route("/api/v1/gateways/{gateway}/tokens", post(create_token).get(tokens))
        .route("/api/v1/gateways/{gateway}/tokens/{token}", delete(revoke_token))
}

async fn create(asked: Asked, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let gateway = asked.platform.create_gateway(&asked.cx, asked.user.organisation, body(&bytes)?).await?;
    Ok((StatusCode::CREATED, Json(shown(&gateway))))
}

async fn list(asked: Asked) -> Result<Json<Value>, Refusal> {
    let gateways = asked.platform.list_gateways(&asked.cx, asked.user.organisation).await?;
    Ok(listed(gateways.iter().map(|row| shown(row))))
}

async fn show(asked: Asked, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    let row = asked.platform.gateway(&asked.cx, asked.user.organisation, gateway(&id)?).await?;
    Ok(Json(shown(&row)))
}

async fn update(asked: Asked, Path(id): Path<String>, bytes: Bytes) -> Result<Json<Value>, Refusal> {
    let (gateway, organisation) = (gateway(&id)?, asked.user.organisation);
    let row = asked.platform.update_gateway(&asked.cx, organisation, gateway, body(&bytes)?).await?;
    Ok(Json(shown(&row)))
}

async fn remove(asked: Asked, Path(id): Path<String>) -> Result<StatusCode, Refusal> {
    asked.platform.delete_gateway(&asked.cx, asked.user.organisation, gateway(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn create_token(asked: Asked, Path(id): Path<String>) -> Result<(StatusCode, Json<NewToken>), Refusal> {
    let token = asked.platform.create_token(&asked.cx, asked.user.organisation, gateway(&id)?).await?;
    Ok((StatusCode::CREATED, Json(token)))
}

async fn tokens(asked: Asked, Path(id): Path<String>) -> Result<Json<Vec<Value>>, Refusal> {
    let tokens = asked.platform.tokens(&asked.cx, asked.user.organisation, gateway(&id)?).await?;
    Ok(Json(tokens.iter().map(|row| shown_token(row)).collect()))
}

async fn revoke_token(
    asked: Asked,
    Path((id, token)): Path<(String, String)>,
) -> Result<Json<Value>, Refusal> {
    let (gateway, token) = (gateway(&id)?, named(&token, Thing::Token)?);
    asked.platform.delete_token(&asked.cx, asked.user.organisation, gateway, token).await?;
    Ok(Json(json!({ "message": "Token revoked successfully" })))
}

pub(super) fn shown(row: &Gateway) -> Value {
    let mut shown = json!({
        "id": row.uuid,
        "organizationId": row.organisation,
        "name": row.name,
        "displayName": row.display_name,
        "vhost": row.vhost,
        "isCritical": row.is_critical,
        "functionalityType": row.functionality_type,
        "isActive": row.is_active,
        "properties": row.properties,
        "createdAt": time::nanos(&row.created_at),
        "updatedAt": time::nanos(&row.updated_at),
    });
    if let Some(description) = &row.description {
        shown["description"] = description.clone().into();
    }
    shown
}

fn shown_token(row: &GatewayToken) -> Value {
    let status = match row.status {
        TokenStatus::Active => "active",
        TokenStatus::Revoked => "revoked",
    };
    json!({
        "id": row.uuid,
        "status": status,
        "createdAt": time::nanos(&row.created_at),
        "revokedAt": row.revoked_at.as_ref().map(time::nanos),
    })
}
