//! Which gateway asks, before anything else is looked at.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;

use crate::cx::Cx;
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::services::Identity;
use crate::wire::internal::TOKEN_HEADER;

/// A request of a gateway: its task, who serves it, who asks.
pub(super) struct Caller {
    pub cx: Cx,
    pub platform: Arc<Platform>,
    pub identity: Identity,
}

impl FromRequestParts<Arc<Platform>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Refusal> {
        let Ok(cx) = Cx::from_request_parts(parts, platform).await;
        let identity = platform.identify(&cx, token(&parts.headers)).await?;
        Ok(Caller { cx, platform: platform.clone(), identity })
    }
}

/// The token a request shows.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok())
}
