//! A platform that says what a case tells it to, and keeps what it was asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use driftless_model::cx::Cx;
use driftless_model::http::{Peer, serve};
use driftless_model::ws;
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE};
use http::{HeaderMap, StatusCode};

use super::line::Line;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method, path and query.
    pub call: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
    /// How long it takes.
    pub after: Duration,
}

/// The platform of a case.
#[derive(Clone, Default)]
pub struct Fake(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    asked: VecDeque<Asked>,
    answers: BTreeMap<String, Answer>,
    line: Option<Arc<Line>>,
    overlooked: Vec<String>,
}

impl Fake {
    /// Answers on this machine from now on.
    pub async fn open(&self, cx: &Cx) {
        let listener = cx.listen().await.expect("a free port");
        let router = Router::new().fallback(answer).with_state(self.clone());
        cx.spawn_as_is(serve(cx.clone(), listener, router));
    }

    /// A call is answered so from now on.
    pub fn set(&self, call: String, answer: Answer) {
        self.0.lock().expect("one thread plays").answers.insert(call, answer);
    }

    /// Requests like this one are answered and not kept from now on; a `*` stands for any text.
    pub fn overlook(&self, call: String) {
        self.0.lock().expect("one thread plays").overlooked.push(call);
    }

    /// Requests like this one are kept again.
    pub fn watch(&self, call: &str) {
        self.0.lock().expect("one thread plays").overlooked.retain(|overlooked| overlooked != call);
    }

    /// The oldest request that nobody has looked at.
    pub fn take(&self) -> Option<Asked> {
        self.0.lock().expect("one thread plays").asked.pop_front()
    }

    /// The connection that was opened last.
    pub fn line(&self) -> Option<Arc<Line>> {
        self.0.lock().expect("one thread plays").line.clone()
    }

    fn keep(&self, asked: Asked) {
        let mut kept = self.0.lock().expect("one thread plays");
        let is = |pattern: &String| match pattern.split_once('*') {
            Some((before, after)) => asked.call.starts_with(before) && asked.call.ends_with(after),
            None => *pattern == asked.call,
        };
        if !kept.overlooked.iter().any(is) {
            kept.asked.push_back(asked);
        }
    }

    /// Drops the connection.
    pub fn drop_line(&self) -> Option<Arc<Line>> {
        self.0.lock().expect("one thread plays").line.take()
    }
}

async fn answer(State(fake): State<Fake>, cx: Cx, mut request: Request) -> Response {
    let upgrade = hyper::upgrade::on(&mut request);
    let peer = request.extensions().get::<Peer>().expect("every request has one").clone();
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let call = format!("{} {}", head.method, head.uri);
    fake.keep(Asked { call: call.clone(), headers: head.headers.clone(), body });
    let given = fake.0.lock().expect("one thread plays").answers.get(&call).cloned();
    if let Some(Answer { status, body, after }) = given {
        if !after.is_zero() {
            cx.sleep(after).await;
        }
        let status = StatusCode::from_u16(status).expect("a status");
        return (status, Body::from(body)).into_response();
    }
    if !call.starts_with("GET ") || !call.ends_with("/ws/gateways/connect") {
        return (StatusCode::NOT_FOUND, "404 page not found").into_response();
    }
    let key = head.headers.get(SEC_WEBSOCKET_KEY).map(|key| ws::derive_accept_key(key.as_bytes()));
    let headers = [
        (CONNECTION, "Upgrade".to_owned()),
        (UPGRADE, "websocket".to_owned()),
        (SEC_WEBSOCKET_ACCEPT, key.unwrap_or_default()),
    ];
    cx.spawn("line", |cx| async move {
        let Ok(stream) = upgrade.await else { return };
        let (sender, receiver) = ws::accepted(stream, peer.0).await;
        let line = Line::new(&cx, "reader", sender, receiver, false);
        fake.0.lock().expect("one thread plays").line = Some(Arc::new(line));
    });
    (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
}
