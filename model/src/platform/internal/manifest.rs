//! `POST /gateways/{gatewayId}/manifest` (docs/spec/platform.md section 8): what policies a gateway has.
//!
//! The gateway in the path is not looked at; the token says whose manifest it is. The last one stays.

use axum::body::Bytes;
use http::StatusCode;

use super::caller::Caller;
use crate::platform::refusal::Refusal;
use crate::wire::internal::Manifest;

pub(super) async fn answer(caller: Caller, bytes: Bytes) -> Result<StatusCode, Refusal> {
    let Caller { cx, platform, identity } = caller;
    let manifest: Option<Manifest> = serde_json::from_slice(&bytes).ok();
    let whole = |manifest: &Manifest| {
        manifest.policies.iter().all(|policy| !policy.name.is_empty() && !policy.version.is_empty())
    };
    let mut manifest = manifest.filter(whole).ok_or_else(|| {
        Refusal::Invalid("Invalid request body: policies with name and version are required".into())
    })?;
    for policy in &mut manifest.policies {
        policy.name = policy.name.to_lowercase();
    }
    platform.set_manifest(&cx, identity.gateway, &manifest).await?;
    Ok(StatusCode::NO_CONTENT)
}
