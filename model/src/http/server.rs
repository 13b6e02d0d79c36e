//! The answering side of an exchange.
//!
//! Each request is handled in a task of its own, named after what caused it, so that the handler goes on when
//! its client has gone, as a Go handler does. What a panic ends is the world's business, where the router
//! doesn't recover from it. An orderly stop lets running requests end and hands no new ones out.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::FromRequestParts;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tower::ServiceExt;

use crate::cx::{At, Connection, CrossingId, Cx, Listener, Passage, Phase, Subject, Wire};
use crate::tasks::{Running, Tasks};

/// The other end of the connection a request came by.
#[derive(Clone)]
pub struct Peer(pub Arc<dyn Wire>);

impl<S: Sync> FromRequestParts<S> for Cx {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Cx>().expect("`serve` gives every request its context").clone())
    }
}

/// Serves a router on a port until the port closes.
pub async fn serve(cx: Cx, listener: Box<dyn Listener>, router: Router) {
    serve_until(cx, listener, router, std::future::pending(), Duration::ZERO).await;
}

/// Serves a router on a port until the port closes or `stop` is there. Then the port is closed and so are
/// connections on which nothing is asked, and the others are waited for, but no longer than `grace`.
/// Connections that were upgraded are nobody's business here.
pub async fn serve_until(
    cx: Cx,
    mut listener: Box<dyn Listener>,
    router: Router,
    stop: impl Future<Output = ()>,
    grace: Duration,
) {
    // Connections and handlers: a handler goes on when its connection has ended.
    let tasks = Tasks::default();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let Ok(connection) = accepted else { return };
        cx.spawn_as_is(serve_connection(cx.clone(), connection, router.clone(), tasks.clone()));
    }
    drop(listener);
    tasks.ask();
    cx.timeout(grace, tasks.ended()).await;
}

async fn serve_connection(cx: Cx, connection: Connection, router: Router, tasks: Tasks) {
    let _running = tasks.one_more();
    let Connection { stream, wire } = connection;
    let of = tasks.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let begun = wire.incoming();
        let answer = handle(&cx, begun, wire.clone(), request, router.clone(), of.one_more());
        async move { answer.await.map_err(|_| Closed) }
    });
    let served = http1::Builder::new()
        // The header would come from the machine's clock.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut served = pin!(served);
    // Whatever ended the connection, the client sees it too.
    tokio::select! {
        biased;
        () = tasks.asked() => {
            served.as_mut().graceful_shutdown();
            let _ = served.await;
        }
        _ = served.as_mut() => {}
    }
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection was closed without an answer")]
struct Closed;

fn handle(
    cx: &Cx,
    begun: CrossingId,
    wire: Arc<dyn Wire>,
    request: Request<Incoming>,
    router: Router,
    running: Running,
) -> tokio::sync::oneshot::Receiver<Response<Full<Bytes>>> {
    let (answer, answered) = tokio::sync::oneshot::channel();
    let cx = cx.caused_by(begun, "request", Subject::None);
    let of = cx.clone();
    cx.spawn_as_is(async move {
        let _running = running;
        if let Some(response) = respond(&of, begun, &wire, request, router).await {
            wire.outgoing(begun);
            // The client may have gone; the handler has done its work all the same.
            let _ = answer.send(response);
        }
    });
    answered
}

async fn respond(
    cx: &Cx,
    begun: CrossingId,
    wire: &Arc<dyn Wire>,
    request: Request<Incoming>,
    router: Router,
) -> Option<Response<Full<Bytes>>> {
    let arrived = cx.turn(At::Phase { begun, phase: Phase::Received }).await;
    let passage = arrived.passage.clone();
    cx.end(arrived).await;
    let response = match passage {
        Passage::Through | Passage::Altered { .. } | Passage::Twice | Passage::Disturbed(_) => {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(cx.clone());
            request.extensions_mut().insert(Peer(wire.clone()));
            let response =
                router.oneshot(request).await.unwrap_or_else(|e: std::convert::Infallible| match e {});
            let (head, body) = response.into_parts();
            let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            Response::from_parts(head, body)
        }
        Passage::Instead { status, body } => plain(status, body),
        Passage::Broken(_) | Passage::Lost(_) => return None,
    };
    let mut turn = cx.turn(At::Phase { begun, phase: Phase::Answered }).await;
    let response = match &turn.passage {
        Passage::Through | Passage::Altered { .. } | Passage::Twice | Passage::Disturbed(_) => Some(response),
        Passage::Instead { status, body } => Some(plain(*status, body.clone())),
        Passage::Broken(_) | Passage::Lost(_) => None,
    };
    if let Some(response) = &response {
        turn.record.status = Some(response.status().as_u16());
        turn.record.body = Some(response.body().clone());
    }
    cx.end(turn).await;
    response.map(|response| response.map(Full::new))
}

/// What a proxy between client and server answers in the server's place.
fn plain(status: u16, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
