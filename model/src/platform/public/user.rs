//! Who a user is: a token that is decoded and not verified (docs/spec/platform.md sections 1 and 4).
//!
//! The check stands before the routes, so a path that nobody serves is answered 401 and not 404 when no token
//! comes with it. Paths of the gateway-facing API are exempt by prefix.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde::Deserialize;
use uuid::Uuid;

use crate::platform::refusal::Refusal;

/// A user, and the organisation they act for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::platform) struct User {
    pub organisation: Uuid,
    /// From the header `x-user-id`, or empty.
    pub name: String,
}

#[derive(Deserialize)]
struct Claims {
    organization: Option<String>,
}

impl User {
    fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if header.is_empty() {
            return Err(Refusal::NotAUser("Authorization header is required"));
        }
        let token = header.strip_prefix("Bearer ").filter(|token| !token.is_empty());
        let token = token.ok_or(Refusal::NotAUser("Authorization header must be 'Bearer <token>'"))?;
        let claims = claims(token).ok_or(Refusal::NotAUser("Invalid token"))?;
        let organisation = claims.organization.and_then(|claim| claim.parse().ok());
        let organisation = organisation.ok_or(Refusal::NotAUser("Organization claim is missing"))?;
        let name = headers.get("x-user-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(User { organisation, name: name.to_owned() })
    }
}

/// The claims of a token, whoever signed it.
fn claims(token: &str) -> Option<Claims> {
    let [_, payload, _] = token.split('.').collect::<Vec<_>>()[..] else { return None };
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// Lets users through, and everybody on the paths that begin with one of `open`.
pub(in crate::platform) async fn authenticate(
    State(open): State<Arc<[String]>>,
    mut request: Request,
    next: Next,
) -> Response {
    if open.iter().any(|prefix| request.uri().path().starts_with(prefix)) {
        return next.run(request).await;
    }
    match User::of(request.headers()) {
        Ok(user) => {
            request.extensions_mut().insert(user);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}
