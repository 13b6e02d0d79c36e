//! A gateway as the platform sees it: a token, calls, and perhaps sockets.

use std::time::Duration;

use axum::body::Body;
use http::header::{CONNECTION, HeaderName, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{Method, Request};
use serde_json::{Value, json};

use super::rig::{Answer, Rig};
use crate::cx::{At, Cx};
use crate::http::{self as wire_http, Call};
use crate::wire::internal::BASE;
use crate::ws::{self, Content, Receiver, Sender};

/// A gateway.
pub(super) struct Gateway<'r> {
    rig: &'r Rig,
    pub name: String,
    pub id: String,
    pub token: String,
}

/// A socket that a gateway has opened, and what came first.
pub(super) struct Socket {
    cx: Cx,
    sender: Sender,
    receiver: Receiver,
}

impl<'r> Gateway<'r> {
    pub fn new(rig: &'r Rig, name: &str, id: &str, token: String) -> Self {
        Gateway { rig, name: name.to_owned(), id: id.to_owned(), token }
    }

    /// A call of the gateway-facing API with the gateway's token.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = Request::builder().method(method).uri(format!("{BASE}{path}"));
        let request = request.header("api-key", &self.token).header("accept", "application/x-tar+gzip");
        let bytes = if body.is_null() { Vec::new() } else { serde_json::to_vec(&body).unwrap() };
        self.rig.send(request.body(Body::from(bytes)).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, Value::Null).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    /// Opens a socket, or is told why not.
    pub async fn dial(&self) -> Result<Socket, u16> {
        let cx = self.rig.cx(&self.name);
        let call = Call::new("http.connect", Method::GET, format!("{BASE}/ws/gateways/connect"))
            .header(HeaderName::from_static("api-key"), self.token.clone())
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==");
        let (answer, upgraded) = wire_http::upgrade(&cx, "platform", call).await.unwrap();
        let Some((stream, wire)) = upgraded else { return Err(answer.status.as_u16()) };
        let (sender, receiver) = ws::dialled(stream, wire).await;
        Ok(Socket { cx, sender, receiver })
    }

    /// Opens a socket and takes the acknowledgement.
    pub async fn connect(&self) -> Socket {
        let mut socket = self.dial().await.unwrap();
        let ack = socket.next().await.unwrap();
        assert_eq!(
            (ack["type"].as_str(), ack["gatewayId"].as_str()),
            (Some("connection.ack"), Some(self.id.as_str()))
        );
        // The gateway is marked active after the acknowledgement.
        tokio::time::sleep(Duration::from_millis(2)).await;
        socket
    }
}

impl Socket {
    /// The next message, if one comes soon. Pings are left unanswered.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let next = tokio::time::timeout(Duration::from_millis(50), self.receiver.next(&self.cx));
            match next.await.ok()?.ok()?.content {
                Content::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
                Content::Ping(_) | Content::Pong | Content::Binary => {}
            }
        }
    }

    /// Every message so far, by type.
    pub async fn events(&mut self) -> Vec<String> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event["type"].as_str().unwrap().to_owned());
        }
        events
    }

    /// Why there are no more frames, if there are none within the time; frames before that are passed over.
    pub async fn ended(&mut self, within: Duration) -> Option<String> {
        let end = async {
            loop {
                if let Err(why) = self.receiver.next(&self.cx).await {
                    return why.to_string();
                }
            }
        };
        tokio::time::timeout(within, end).await.ok()
    }

    /// Acknowledges an event.
    pub async fn ack(&self, event: &Value, action: &str, status: &str) {
        let payload = json!({
            "deploymentId": event["payload"]["deploymentId"],
            "artifactId": event["payload"]["apiId"],
            "resourceType": "api",
            "action": action,
            "status": status,
            "performedAt": event["payload"]["performedAt"],
            "errorCode": if status == "failed" { "GATEWAY_PROCESSING_ERROR" } else { "" },
        });
        self.say(json!({ "type": "deployment.ack", "payload": payload }).to_string()).await;
    }

    /// Says anything, and waits until it has been taken up.
    pub async fn say(&self, text: String) {
        self.sender.text(&self.cx, At::site("ws.say"), text).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
