//! Lists of API keys (docs/spec/platform.md section 4.4): of an LLM artifact, and of whoever asks. What is
//! shown of a key is its mask.

use std::sync::Arc;

use axum::extract::{Extension, Path};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::list::listed;
use super::request::Asked;
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::tables::{ApiKey, Artifact};
use crate::wire::kind::Kind;
use crate::wire::public::BASE;
use crate::wire::time;

/// The list of the caller's own keys, and of the kinds whose keys can be listed.
pub(super) fn routes() -> Router<Arc<Platform>> {
    let mut routes = Router::new().route("/api/v1/me/api-keys", get(own));
    for kind in [Kind::LlmProvider, Kind::LlmProxy] {
        let path = format!("{BASE}/{}/{{handle}}/api-keys", kind.public_path());
        routes = routes.merge(Router::new().route(&path, get(list)).route_layer(Extension(kind)));
    }
    routes
}

async fn list(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path(handle): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let found = asked.platform.artifact(&asked.cx, &asked.artifact(kind, handle)).await?;
    let keys = asked.platform.keys_of(&asked.cx, found.artifact.uuid).await?;
    Ok(listed(keys.iter().map(|key| shown(key, &found.artifact))))
}

async fn own(asked: Asked) -> Result<Json<Value>, Refusal> {
    let keys = asked.platform.keys_by(&asked.cx, asked.user.organisation, &asked.user.name).await?;
    Ok(listed(keys.iter().map(|(key, artifact)| shown(key, artifact))))
}

fn shown(key: &ApiKey, artifact: &Artifact) -> Value {
    json!({
        "keyId": key.name,
        "associatedEntity": { "id": artifact.handle, "kind": artifact.kind.name() },
        "maskedApiKey": key.masked_api_key,
        "status": key.status.word(),
        "createdBy": key.created_by,
        "createdAt": time::nanos(&key.created_at),
        "updatedAt": time::nanos(&key.updated_at),
        "expiresAt": key.expires_at,
        "issuer": key.issuer,
    })
}
