//! One platform with one organisation, and those who call it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use super::gateway::Gateway;
use super::world::{Tiny, wire};
use crate::cx::{Cx, LifeId};
use crate::design::Design;
use crate::http::Peer;
use crate::platform::{Config, Platform, schema};
use crate::settings::PlatformSettings;
use crate::store::{Database, Row, Settings};

/// The organisation of most tests.
pub(super) const ORGANISATION: Uuid = Uuid::from_u128(0xacce);

/// An answer, read.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    pub fn text(&self, field: &str) -> String {
        self.json()[field].as_str().unwrap_or_default().to_owned()
    }
}

/// A platform, and who calls it.
pub(super) struct Rig {
    pub world: Arc<Tiny>,
    pub database: Database,
    pub router: Router,
    pub platform: Arc<Platform>,
    /// Whether the process has come to its end.
    pub stopped: Arc<AtomicBool>,
}

impl Rig {
    pub async fn new(design: Design) -> Self {
        Rig::with(design, PlatformSettings::default()).await
    }

    /// A platform with an organisation, a template, and nothing else.
    pub async fn with(design: Design, settings: PlatformSettings) -> Self {
        let keys = settings.foreign_keys;
        let database =
            Database::new(schema(), Settings { foreign_keys: keys, ..Settings::of(settings.driver) });
        let rig = Rig::on(database, design, settings).await;
        rig.organisation(ORGANISATION, "acme").await;
        rig.post("llm-provider-templates", json!({ "id": "openai", "name": "OpenAI" })).await;
        rig
    }

    /// Another process over the same database, in a world of its own.
    pub async fn beside(&self) -> Self {
        Rig::on(self.database.clone(), self.platform.design.clone(), self.platform.settings.clone()).await
    }

    /// The same with settings of its own.
    pub async fn beside_with(&self, settings: PlatformSettings) -> Self {
        Rig::on(self.database.clone(), self.platform.design.clone(), settings).await
    }

    async fn on(database: Database, design: Design, settings: PlatformSettings) -> Self {
        let config = Config { design, settings, database: database.clone() };
        let (world, platform, stopped) = (Tiny::new(), Platform::new(config), Arc::<AtomicBool>::default());
        let router = platform.clone().router();
        let rig = Rig { world, database, router, platform: platform.clone(), stopped: stopped.clone() };
        let cx = rig.cx("platform");
        let listener = cx.listen().await.unwrap();
        cx.clone().spawn_as_is(async move {
            platform.run(&cx, listener).await;
            stopped.store(true, Ordering::Relaxed);
        });
        rig
    }

    pub fn cx(&self, node: &str) -> Cx {
        Cx::root(self.world.clone(), node.into(), LifeId(1), "test")
    }

    pub async fn organisation(&self, id: Uuid, handle: &str) -> Answer {
        let body = json!({ "id": id, "handle": handle, "name": handle, "region": "us" });
        self.user(id, Method::POST, "organizations", body).await
    }

    /// A call of the public API by a user of the organisation.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        self.user(ORGANISATION, method, path, body).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, Value::Null).await
    }

    pub async fn delete(&self, path: &str) -> u16 {
        self.call(Method::DELETE, path, Value::Null).await.status
    }

    pub async fn user(&self, organisation: Uuid, method: Method, path: &str, body: Value) -> Answer {
        let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
        let request = request.header("authorization", bearer(&json!({ "organization": organisation })));
        let bytes = if body.is_null() { Vec::new() } else { serde_json::to_vec(&body).unwrap() };
        self.send(request.header("x-user-id", "ann").body(Body::from(bytes)).unwrap()).await
    }

    /// Any request.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(self.cx("platform"));
        request.extensions_mut().insert(Peer(wire("test")));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: StatusCode::as_u16(&head.status), headers: head.headers, bytes }
    }

    /// The identifier of the organisation's default project.
    pub async fn project(&self) -> String {
        self.get("projects").await.json()["list"][0]["id"].as_str().unwrap().to_owned()
    }

    /// What a new REST API is said to be.
    pub async fn api(&self, handle: &str) -> Value {
        json!({
            "id": handle, "name": handle, "version": "v1", "context": format!("/{handle}"),
            "projectId": self.project().await, "upstream": { "main": { "url": "http://up" } },
        })
    }

    pub async fn create_api(&self, handle: &str) -> Uuid {
        let body = self.api(handle).await;
        assert_eq!(self.post("rest-apis", body).await.status, 201);
        self.uuid_of(handle)
    }

    /// The artifact with that handle, as the database has it.
    pub fn uuid_of(&self, handle: &str) -> Uuid {
        use crate::platform::tables::Artifact;
        self.database.look(|view| view.first(|row: &Artifact| row.handle == handle).unwrap().uuid)
    }

    /// How many rows a table has.
    pub fn count<T: Row>(&self) -> usize {
        self.database.look(|view| view.count(|_: &T| true))
    }

    /// A gateway with a token, not connected.
    pub async fn gateway(&self, name: &str) -> Gateway<'_> {
        self.gateway_of(ORGANISATION, name).await
    }

    pub async fn gateway_of(&self, organisation: Uuid, name: &str) -> Gateway<'_> {
        let body = json!({
            "name": name, "displayName": name, "vhost": "localhost", "functionalityType": "regular",
        });
        let made = self.user(organisation, Method::POST, "gateways", body).await;
        assert_eq!(made.status, 201, "{made:?}");
        let id = made.text("id");
        let path = format!("gateways/{id}/tokens");
        let token = self.user(organisation, Method::POST, &path, Value::Null).await.text("token");
        Gateway::new(self, name, &id, token)
    }

    /// Deploys what the path names, such as `rest-apis/petstore`; returns the deployment's identifier.
    pub async fn deploy(&self, path: &str, gateway: &Gateway<'_>) -> String {
        let answer = self.try_deploy(path, gateway).await;
        assert_eq!((answer.status, answer.text("status").as_str()), (201, "DEPLOYED"), "{answer:?}");
        answer.text("deploymentId")
    }

    pub async fn try_deploy(&self, path: &str, gateway: &Gateway<'_>) -> Answer {
        let body = json!({ "name": "d", "base": "current", "gatewayId": gateway.id });
        self.post(&format!("{path}/deployments"), body).await
    }

    /// `undeploy` or `restore`.
    pub async fn change(&self, path: &str, verb: &str, deployment: &str, gateway: &Gateway<'_>) -> Answer {
        let query = format!("deploymentId={deployment}&gatewayId={}", gateway.id);
        self.post(&format!("{path}/deployments/{verb}?{query}"), Value::Null).await
    }
}

/// A user's token with these claims. Nobody checks the signature.
pub(super) fn bearer(claims: &Value) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
    format!("Bearer e30.{payload}.nobody-checks")
}
