//! A platform that answers what a test tells it to, and remembers what it was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State as Shared};
use axum::response::Response;
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, UPGRADE};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::cx::{At, Cx};
use crate::http::Peer;
use crate::wire::event::{CONNECTION_ACK, ConnectionAck};
use crate::ws::{self, Content};

/// What a platform does.
#[derive(Clone, Default)]
pub struct FakePlatform(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By method and path: status and body.
    answers: BTreeMap<String, (u16, Bytes)>,
    /// Method, path and body of every request, as they came.
    asked: Vec<(String, Bytes)>,
    /// Text frames from gateways.
    heard: Vec<Value>,
    /// To the frames of each connection.
    lines: Vec<mpsc::UnboundedSender<Said>>,
    /// What is not answered for now.
    blocked: BTreeSet<String>,
    /// The first frame, if it isn't to be an ack.
    greeting: Option<String>,
}

#[derive(Clone)]
enum Said {
    Text(String),
    Binary(Bytes),
    Ping,
    HangUp,
}

impl FakePlatform {
    /// Answers `asked`, such as `GET /deployments`, so from now on.
    pub fn answer(&self, asked: &str, status: u16, body: impl Into<Bytes>) {
        self.state().answers.insert(asked.to_owned(), (status, body.into()));
    }

    pub fn answer_json(&self, asked: &str, body: Value) {
        self.answer(asked, 200, body.to_string());
    }

    /// The bodies of the requests that asked for this, in order.
    pub fn asked(&self, what: &str) -> Vec<Bytes> {
        self.state().asked.iter().filter(|(asked, _)| asked == what).map(|(_, body)| body.clone()).collect()
    }

    /// Greets from now on with another frame than the ack.
    pub fn greet_with(&self, frame: &str) {
        self.state().greeting = Some(frame.to_owned());
    }

    /// Leaves what asks for this without an answer, until it is told to answer again.
    pub fn block(&self, asked: &str) {
        self.state().blocked.insert(asked.to_owned());
    }

    pub fn unblock(&self, asked: &str) {
        self.state().blocked.remove(asked);
    }

    /// Sends an event on every connection.
    pub fn send(&self, event: &str, payload: Value) {
        let envelope = json!({ "type": event, "payload": payload, "timestamp": "2026-03-31T12:00:00Z",
            "correlationId": CORRELATION, "userId": "alice" });
        self.say(Said::Text(envelope.to_string()));
    }

    pub fn send_raw(&self, text: &str) {
        self.say(Said::Text(text.to_owned()));
    }

    pub fn send_binary(&self, bytes: impl Into<Bytes>) {
        self.say(Said::Binary(bytes.into()));
    }

    pub fn ping(&self) {
        self.say(Said::Ping);
    }

    pub fn hang_up(&self) {
        self.say(Said::HangUp);
    }

    /// The text frames heard since the last call.
    pub fn take_heard(&self) -> Vec<Value> {
        std::mem::take(&mut self.state().heard)
    }

    fn say(&self, said: Said) {
        // To nobody, if nobody is connected.
        self.state().lines.retain(|line| line.send(said.clone()).is_ok());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics in here")
    }

    pub fn router(&self) -> Router {
        Router::new()
            .route("/api/internal/v1/ws/gateways/connect", axum::routing::get(connect))
            .fallback(answer)
            .with_state(self.clone())
    }
}

/// The correlation id of every event.
pub const CORRELATION: &str = "00000000-0000-0000-0000-0000000000c0";

async fn answer(Shared(platform): Shared<FakePlatform>, request: Request) -> Response {
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let path = path.strip_prefix("/api/internal/v1").unwrap_or(&path).to_owned();
    let asked = format!("{} {path}", request.method());
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.expect("a whole body");
    platform.state().asked.push((asked.clone(), body));
    let unblocked = |_: &mut std::task::Context<'_>| {
        if platform.state().blocked.contains(&asked) { Poll::Pending } else { Poll::Ready(()) }
    };
    poll_fn(unblocked).await;
    let state = platform.state();
    let (status, body) = state.answers.get(&asked).cloned().unwrap_or((404, Bytes::new()));
    Response::builder().status(status).body(Body::from(body)).expect("a status")
}

async fn connect(cx: Cx, Shared(platform): Shared<FakePlatform>, mut request: Request) -> Response {
    let peer = request.extensions().get::<Peer>().expect("every request has its peer").clone();
    let key = request.headers()["sec-websocket-key"].as_bytes().to_vec();
    let upgraded = hyper::upgrade::on(&mut request);
    let of = cx.clone();
    cx.spawn_as_is(async move {
        let (sender, mut receiver) = ws::accepted(upgraded.await.expect("an upgrade"), peer.0).await;
        let (line, mut said) = mpsc::unbounded_channel();
        let greeting = {
            let mut state = platform.state();
            state.lines.push(line);
            state.greeting.clone().unwrap_or_else(ack)
        };
        sender.text(&of, At::site("ws.send"), greeting).await.expect("an open socket");
        loop {
            tokio::select! {
                biased;
                frame = receiver.next(&of) => match frame {
                    Ok(frame) => if let Content::Text(text) = frame.content {
                        platform.state().heard.push(serde_json::from_str(&text).expect("JSON"));
                    },
                    Err(_) => return,
                },
                said = said.recv() => match said {
                    Some(Said::Text(text)) => sender.text(&of, At::site("ws.send"), text).await.expect("open"),
                    Some(Said::Binary(bytes)) => {
                        sender.binary(&of, At::site("ws.send"), bytes).await.expect("open");
                    }
                    Some(Said::Ping) => sender.ping(&of, At::site("ws.ping"), bytes::Bytes::new()).await.expect("open"),
                    Some(Said::HangUp) | None => return,
                },
            }
        }
    });
    Response::builder()
        .status(101)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_ACCEPT, ws::derive_accept_key(&key))
        .body(Body::empty())
        .expect("a response")
}

fn ack() -> String {
    let ack = ConnectionAck {
        kind: CONNECTION_ACK.into(),
        gateway_id: Uuid::from_u128(1),
        connection_id: Uuid::from_u128(2),
        timestamp: "2026-03-31T12:00:00Z".into(),
    };
    serde_json::to_string(&ack).expect("plain data")
}
