//! Routes of the associations of REST APIs with gateways (docs/spec/platform.md section 4.2).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;

use super::gateways;
use super::list::listed;
use super::request::{Asked, body, gateway};
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::tables::Gateway;
use crate::wire::kind::Kind;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new().route("/api/v1/rest-apis/{handle}/gateways", get(list).post(add))
}

/// One of the gateways that an API is to be associated with.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    gateway_id: String,
}

async fn list(asked: Asked, Path(handle): Path<String>) -> Result<Json<Value>, Refusal> {
    let api = asked.artifact(Kind::RestApi, handle);
    Ok(shown(&asked.platform.gateways_of(&asked.cx, &api).await?))
}

async fn add(asked: Asked, Path(handle): Path<String>, bytes: Bytes) -> Result<Json<Value>, Refusal> {
    let api = asked.artifact(Kind::RestApi, handle);
    let named: Vec<Named> = body(&bytes)?;
    if named.is_empty() {
        return Err(Refusal::Invalid("at least one gateway is required".into()));
    }
    let ids: Vec<_> = named.iter().map(|named| gateway(&named.gateway_id)).collect::<Result<_, _>>()?;
    Ok(shown(&asked.platform.associate_by_hand(&asked.cx, &api, &ids).await?))
}

fn shown(gateways: &[Arc<Gateway>]) -> Json<Value> {
    listed(gateways.iter().map(|row| gateways::shown(row)))
}
