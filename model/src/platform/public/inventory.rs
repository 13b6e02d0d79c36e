//! Routes that say what is known of gateways beside what users said of them: whether they are connected,
//! what policies they have, what is deployed on them (docs/spec/platform.md section 4.1).
//!
//! None of it is asked of the gateway. Each is what the database has, as true as whoever wrote it last.

use std::sync::Arc;

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::list::listed;
use super::request::{Asked, Parameters, gateway};
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::tables::{Artifact, Gateway};
use crate::wire::internal::Manifest;
use crate::wire::kind::Kind;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/api/v1/status/gateways", get(status))
        .route("/api/v1/gateways/{gateway}/manifest", get(manifest))
        .route("/api/v1/gateways/{gateway}/live-proxy-artifacts", get(live))
}

async fn status(asked: Asked, parameters: Parameters) -> Result<Json<Value>, Refusal> {
    let organisation = asked.user.organisation;
    let gateways = match parameters.get("gatewayId") {
        Some(id) => vec![asked.platform.gateway(&asked.cx, organisation, gateway(id)?).await?],
        None => asked.platform.list_gateways(&asked.cx, organisation).await?,
    };
    Ok(listed(gateways.iter().map(|row| shown_status(row))))
}

async fn manifest(asked: Asked, Path(id): Path<String>) -> Result<Json<Manifest>, Refusal> {
    let row = asked.platform.gateway(&asked.cx, asked.user.organisation, gateway(&id)?).await?;
    Ok(Json(row.manifest.clone().unwrap_or_default()))
}

/// Only REST APIs are looked for, whatever type is asked for.
async fn live(asked: Asked, Path(id): Path<String>, parameters: Parameters) -> Result<Json<Value>, Refusal> {
    let organisation = asked.user.organisation;
    let row = asked.platform.gateway(&asked.cx, organisation, gateway(&id)?).await?;
    let mut artifacts = asked.platform.live_rest_apis(&asked.cx, organisation, row.uuid).await?;
    if parameters.get("artifactType").is_some_and(|wanted| wanted != Kind::RestApi.name()) {
        artifacts.clear();
    }
    Ok(listed(artifacts.iter().map(|row| shown_artifact(row))))
}

fn shown_status(row: &Gateway) -> Value {
    json!({
        "id": row.uuid,
        "name": row.name,
        "isActive": row.is_active,
        "isCritical": row.is_critical,
    })
}

fn shown_artifact(row: &Artifact) -> Value {
    json!({
        "id": row.handle,
        "name": row.name,
        "version": row.version,
        "kind": row.kind.name(),
    })
}
