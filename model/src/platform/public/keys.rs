//! Routes of API keys (docs/spec/platform.md section 4.4). REST APIs and the LLM kinds have different ones, MCP
//! proxies none.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Extension, Path};
use axum::routing::{delete, post, put};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::request::{Asked, body};
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::services::{Generated, NewGeneratedKey, NewKey};
use crate::wire::kind::Kind;
use crate::wire::public::BASE;

/// The routes of a kind.
pub(super) fn routes(kind: Kind) -> Router<Arc<Platform>> {
    let all = format!("{BASE}/{}/{{handle}}/api-keys", kind.public_path());
    let one = format!("{all}/{{key}}");
    let routes = Router::new();
    match kind {
        Kind::RestApi => routes
            .route(&all, post(create))
            .route(&one, put(update).delete(revoke))
            .route_layer(Extension(kind)),
        Kind::LlmProvider | Kind::LlmProxy => {
            routes.route(&all, post(generate)).route(&one, delete(remove)).route_layer(Extension(kind))
        }
        Kind::Mcp => routes,
    }
}

async fn create(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path(handle): Path<String>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let new: NewKey = body(&bytes)?;
    let api = asked.artifact(kind, handle);
    let key = asked.platform.create_key(&asked.cx, &api, &asked.user.name, new).await?;
    Ok((StatusCode::CREATED, Json(done(&key.name, "API key created and sent to gateways"))))
}

async fn update(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path((handle, name)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<Json<Value>, Refusal> {
    let new: NewKey = body(&bytes)?;
    let api = asked.artifact(kind, handle);
    let key = asked.platform.update_key(&asked.cx, &api, &asked.user.name, &name, new).await?;
    Ok(Json(done(&key.name, "API key updated and sent to gateways")))
}

async fn revoke(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path((handle, name)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let api = asked.artifact(kind, handle);
    asked.platform.revoke_key(&asked.cx, &api, &asked.user.name, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn generate(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path(handle): Path<String>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let new: NewGeneratedKey = body(&bytes)?;
    let name = asked.artifact(kind, handle);
    let Generated { key, secret } =
        asked.platform.generate_key(&asked.cx, &name, &asked.user.name, new).await?;
    let mut shown = done(&key.name, "API key created");
    shown["apiKey"] = secret.into();
    Ok((StatusCode::CREATED, Json(shown)))
}

async fn remove(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path((handle, key)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let name = asked.artifact(kind, handle);
    asked.platform.delete_generated_key(&asked.cx, &name, &asked.user.name, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The later routes go by the key's name, so that is what `keyId` is.
fn done(name: &str, message: &str) -> Value {
    json!({ "status": "success", "keyId": name, "message": message })
}
