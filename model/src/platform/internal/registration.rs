//! `POST /apis/{handle}/gateway-deployments` (docs/spec/platform.md section 8): a gateway says that it serves
//! an API of its own. A `deploymentId` in the query is not looked at.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use http::StatusCode;
use serde_json::{Value, json};

use super::caller::Caller;
use crate::platform::refusal::Refusal;
use crate::platform::services::Pushed;

pub(super) async fn answer(
    caller: Caller,
    Path(handle): Path<String>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let Caller { cx, platform, identity } = caller;
    let pushed: Pushed = serde_json::from_slice(&bytes)
        .map_err(|why| Refusal::Invalid(format!("Invalid request body: {why}")))?;
    platform.register_api(&cx, identity, handle, pushed).await?;
    Ok((StatusCode::CREATED, Json(json!({ "message": "API deployment registered successfully" }))))
}
