//! `GET /apis/{id}` and its siblings: the definition of what is current, in a zip.
//!
//! Served is what should be deployed, whatever became of it: rows that are `DEPLOYING` or `FAILED` too. The
//! answer doesn't say which deployment it is, so it may be a later one than the gateway was told of.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Path};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::caller::Caller;
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::wire::archive;
use crate::wire::kind::Kind;

/// The route of a kind.
pub(super) fn routes(kind: Kind) -> Router<Arc<Platform>> {
    let path = format!("/{}/{{artifact}}", kind.internal_path());
    Router::new().route(&path, get(answer)).route_layer(Extension(kind))
}

async fn answer(
    caller: Caller,
    Extension(kind): Extension<Kind>,
    Path(artifact): Path<String>,
) -> Result<Response, Refusal> {
    let Caller { cx, platform, identity } = caller;
    // The kind is looked at for MCP proxies only.
    let unknown = match kind {
        Kind::Mcp => Refusal::Unknown(Thing::Artifact(kind)),
        Kind::RestApi | Kind::LlmProvider | Kind::LlmProxy => Refusal::NothingToFetch,
    };
    let Ok(artifact) = artifact.parse() else { return Err(unknown) };
    if kind == Kind::Mcp && platform.load_of_kind(&cx, kind, artifact).await?.is_none() {
        return Err(unknown);
    }
    let wanted = platform.find_wanted(&cx, identity.organisation, identity.gateway, artifact).await?;
    let content = wanted.ok_or(Refusal::NothingToFetch)?.content.clone();
    let body = archive::zip(&archive::file_name(kind, artifact), &content);
    let name = format!("attachment; filename=\"{}-{artifact}.zip\"", kind.file_prefix());
    let headers = [(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}
