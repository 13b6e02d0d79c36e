//! `GET /apis/api-keys` and its siblings (docs/spec/platform.md section 8.4). MCP proxies have none.
//!
//! A key is listed only while its artifact has a status row on the gateway, so the keys of an artifact whose
//! deployment was deleted are not here. Targets are not looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Extension, Query};
use axum::routing::get;
use axum::{Json, Router};

use super::caller::Caller;
use super::etag;
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::statements::{Listed, ListedKey};
use crate::platform::tables::{APPLICATION_TYPE, Application};
use crate::wire::internal::{KeyApplication, KeyEntry};
use crate::wire::kind::Kind;

/// The route of a kind.
pub(super) fn routes(kind: Kind) -> Router<Arc<Platform>> {
    let path = format!("/{}/api-keys", kind.internal_path());
    match kind {
        Kind::RestApi | Kind::LlmProvider | Kind::LlmProxy => {
            Router::new().route(&path, get(answer)).route_layer(Extension(kind))
        }
        Kind::Mcp => Router::new(),
    }
}

async fn answer(
    caller: Caller,
    Extension(kind): Extension<Kind>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Json<Vec<KeyEntry>>, Refusal> {
    let Caller { cx, platform, identity } = caller;
    let issuer = query.get("issuer").map(String::as_str).filter(|issuer| !issuer.is_empty());
    let listed = Listed { organisation: identity.organisation, gateway: identity.gateway, kind, issuer };
    let keys = platform.list_keys(&cx, &listed).await?;
    Ok(Json(keys.iter().map(entry).collect()))
}

fn entry(listed: &ListedKey) -> KeyEntry {
    let key = &listed.key;
    KeyEntry {
        etag: etag::of_key(key).to_string(),
        uuid: key.uuid,
        name: key.name.clone(),
        masked_api_key: key.masked_api_key.clone(),
        api_key_hashes: key.api_key_hashes.clone(),
        artifact_uuid: key.artifact,
        status: key.status.word().to_owned(),
        created_at: key.created_at,
        created_by: key.created_by.clone(),
        updated_at: key.updated_at,
        expires_at: key.expires_at.clone(),
        source: "external".to_owned(),
        external_ref_id: None,
        issuer: key.issuer.clone(),
        applications: listed
            .applications
            .as_ref()
            .map(|all| all.iter().map(|row| application(row)).collect()),
    }
}

fn application(row: &Application) -> KeyApplication {
    let (id, name) = (row.handle.clone(), row.name.clone());
    KeyApplication { uuid: row.uuid, id, name, kind: APPLICATION_TYPE.to_owned() }
}
