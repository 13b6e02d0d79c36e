//! `GET /ws/gateways/connect`: from a request to a WebSocket (docs/spec/platform.md section 6.1).
//!
//! The checks come in the order of the specification. Unlike on the other routes a token that could not be
//! checked is refused like an unknown one.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE};
use http::{HeaderValue, StatusCode};

use super::caller::token;
use crate::cx::Cx;
use crate::http::Peer;
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::ws::derive_accept_key;

pub(super) async fn answer(
    State(platform): State<Arc<Platform>>,
    Extension(peer): Extension<Peer>,
    cx: Cx,
    mut request: Request,
) -> Result<Response, Refusal> {
    platform.let_try(&cx, peer.0.peer())?;
    let identity = match platform.identify(&cx, token(request.headers())).await {
        Err(Refusal::UncheckedGatewayToken(_)) => return Err(Refusal::UnknownGatewayToken),
        checked => checked?,
    };
    platform.admit(&cx, identity.organisation).await?;
    let Some(key) = request.headers().get(SEC_WEBSOCKET_KEY) else {
        return Err(Refusal::Invalid("not a WebSocket handshake".into()));
    };
    let response = switching(key);
    platform.accept(&cx, identity, hyper::upgrade::on(&mut request), peer.0);
    Ok(response)
}

fn switching(key: &HeaderValue) -> Response {
    let accept = derive_accept_key(key.as_bytes());
    let headers = [
        (CONNECTION, "Upgrade".to_owned()),
        (UPGRADE, "websocket".to_owned()),
        (SEC_WEBSOCKET_ACCEPT, accept),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
}
