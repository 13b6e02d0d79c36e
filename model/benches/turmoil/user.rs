//! Who carries out the plan's operations: somebody who manages artifacts through the platform's public API.
//!
//! The calls are those of the simulator's user. Each has to succeed, as it does there; one that doesn't ends
//! the comparison.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use driftless_model::cx::Cx;
use driftless_model::http::{Call, Client};
use driftless_model::wire::kind::Kind;
use driftless_model::wire::public::{BASE, NewDeployment, NewGateway, NewKey, NewOrganisation};
use http::Method;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use uuid::Uuid;

use super::script::{self, Operation};

/// The template that LLM providers are made from: one that every gateway is built with.
const TEMPLATE: &str = "mistralai";
/// How often a person tries to reach a platform that is not up yet.
const ATTEMPTS: u64 = 100;

/// What the transcript calls a deployment, by its identifier.
pub type Names = Arc<Mutex<BTreeMap<Uuid, String>>>;

/// The user and what they remember.
pub struct User {
    cx: Cx,
    client: Client,
    organisation: Uuid,
    project: String,
    gateways: BTreeMap<String, String>,
    kinds: BTreeMap<String, Kind>,
    /// How many artifacts there have been under each handle.
    made: BTreeMap<String, usize>,
    /// The deployments of the present artifact under each handle, oldest first, each with its gateway.
    deployments: BTreeMap<String, Vec<(String, Uuid)>>,
    keys: usize,
    names: Names,
}

impl User {
    /// A user who knows of nothing yet.
    pub fn new(cx: Cx, names: Names) -> Self {
        User {
            cx,
            client: Client::new("platform"),
            organisation: Uuid::from_u128(7),
            project: String::new(),
            gateways: BTreeMap::new(),
            kinds: BTreeMap::new(),
            made: BTreeMap::new(),
            deployments: BTreeMap::new(),
            keys: 0,
            names,
        }
    }

    /// Makes the organisation, as soon as the platform answers.
    pub async fn set_up(&mut self) -> Result<(), String> {
        let organisation = json!(NewOrganisation {
            id: self.organisation,
            handle: "acme".to_owned(),
            name: "acme".to_owned(),
            region: "default".to_owned(),
        });
        for attempt in 1.. {
            match self.call(Method::POST, "/organizations", Some(&organisation)).await {
                Ok(_) => break,
                Err(why) if attempt == ATTEMPTS => return Err(why),
                Err(_) => self.cx.sleep(Duration::from_millis(100)).await,
            }
        }
        let projects = self.call(Method::GET, "/projects", None).await?;
        self.project = text(&projects["list"][0]["id"])?;
        Ok(())
    }

    /// Registers a gateway, and returns the token that its process is to show.
    pub async fn register(&mut self, gateway: &str) -> Result<String, String> {
        let body = json!(NewGateway {
            name: gateway.to_owned(),
            display_name: gateway.to_owned(),
            vhost: format!("{gateway}.example.org"),
            functionality_type: "regular".to_owned(),
        });
        let made = self.call(Method::POST, "/gateways", Some(&body)).await?;
        let id = text(&made["id"])?;
        let made = self.call(Method::POST, &format!("/gateways/{id}/tokens"), None).await?;
        self.gateways.insert(gateway.to_owned(), id);
        text(&made["token"])
    }

    /// Carries out one operation.
    pub async fn act(&mut self, operation: &Operation) -> Result<(), String> {
        match operation {
            Operation::Create { kind, artifact, provider } => {
                self.create(*kind, artifact, provider.as_deref().unwrap_or_default()).await
            }
            Operation::Delete { artifact } => self.tell(Method::DELETE, self.path(artifact), None).await,
            Operation::Deploy { artifact, gateway } => self.deploy(artifact, gateway).await,
            Operation::Undeploy { artifact, gateway } => self.turn("undeploy", artifact, gateway).await,
            Operation::Restore { artifact, gateway } => self.turn("restore", artifact, gateway).await,
            Operation::DeleteDeployment { artifact, gateway } => {
                let deployment = self.newest(artifact, gateway)?;
                let path = format!("{}/deployments/{deployment}", self.path(artifact));
                self.tell(Method::DELETE, path, None).await
            }
            Operation::CreateKey { artifact, key } => {
                let body = self.new_key(artifact, key);
                self.tell(Method::POST, format!("{}/api-keys", self.path(artifact)), Some(body)).await
            }
            Operation::UpdateKey { artifact, key } => {
                let body = self.new_key(artifact, key);
                self.tell(Method::PUT, format!("{}/api-keys/{key}", self.path(artifact)), Some(body)).await
            }
            Operation::RevokeKey { artifact, key } => {
                self.tell(Method::DELETE, format!("{}/api-keys/{key}", self.path(artifact)), None).await
            }
        }
    }

    async fn create(&mut self, kind: Kind, artifact: &str, provider: &str) -> Result<(), String> {
        let first = !self.kinds.values().any(|kind| *kind == Kind::LlmProvider);
        if kind == Kind::LlmProvider && first {
            let body = json!({ "id": TEMPLATE, "name": TEMPLATE });
            self.tell(Method::POST, "/llm-provider-templates".to_owned(), Some(body)).await?;
        }
        self.kinds.insert(artifact.to_owned(), kind);
        *self.made.entry(artifact.to_owned()).or_default() += 1;
        self.deployments.remove(artifact);
        let mut body =
            json!({ "id": artifact, "name": artifact, "version": "v1.0", "context": format!("/{artifact}") });
        let upstream = json!({ "main": { "url": format!("http://{artifact}.example.org") } });
        match kind {
            Kind::RestApi => {
                body["projectId"] = json!(self.project);
                body["upstream"] = upstream;
                body["operations"] = json!([{ "method": "GET", "path": "/*" }]);
            }
            Kind::LlmProvider => {
                body["template"] = json!(TEMPLATE);
                body["upstream"] = upstream;
                body["accessControl"] = json!({ "mode": "allow_all" });
            }
            Kind::LlmProxy => {
                body["projectId"] = json!(self.project);
                body["provider"] = json!({ "id": provider });
            }
            Kind::Mcp => body["upstream"] = upstream,
        }
        self.tell(Method::POST, format!("/{}", kind.public_path()), Some(body)).await
    }

    async fn deploy(&mut self, artifact: &str, gateway: &str) -> Result<(), String> {
        let body = json!(NewDeployment {
            name: format!("{artifact}-{gateway}"),
            base: "current".to_owned(),
            gateway_id: self.gateway(gateway)?,
        });
        let path = format!("{}/deployments", self.path(artifact));
        let made = self.call(Method::POST, &path, Some(&body)).await?;
        let id = text(&made["deploymentId"])?.parse::<Uuid>().map_err(|e| e.to_string())?;
        let known = self.deployments.entry(artifact.to_owned()).or_default();
        known.push((gateway.to_owned(), id));
        let nth = self.made.get(artifact).copied().unwrap_or_default();
        guard(&self.names).insert(id, format!("{}.d{}", script::name(artifact, nth), known.len()));
        Ok(())
    }

    /// Undeploys or restores the newest deployment.
    async fn turn(&self, verb: &str, artifact: &str, gateway: &str) -> Result<(), String> {
        let (deployment, of) = (self.newest(artifact, gateway)?, self.gateway(gateway)?);
        let path = self.path(artifact);
        let path = format!("{path}/deployments/{verb}?deploymentId={deployment}&gatewayId={of}");
        self.tell(Method::POST, path, None).await
    }

    fn new_key(&mut self, artifact: &str, key: &str) -> Value {
        self.keys += 1;
        let secret = format!("secret-{artifact}-{key}-{}-{:032}", self.keys, 0);
        json!(NewKey { api_key: secret, name: Some(key.to_owned()), ..NewKey::default() })
    }

    fn path(&self, artifact: &str) -> String {
        let kind = self.kinds.get(artifact).copied().unwrap_or(Kind::RestApi);
        format!("/{}/{artifact}", kind.public_path())
    }

    fn gateway(&self, gateway: &str) -> Result<String, String> {
        self.gateways.get(gateway).cloned().ok_or_else(|| format!("there is no gateway {gateway}"))
    }

    fn newest(&self, artifact: &str, gateway: &str) -> Result<Uuid, String> {
        let known = self.deployments.get(artifact).map(Vec::as_slice).unwrap_or_default();
        let newest = known.iter().rev().find(|(of, _)| of == gateway).map(|(_, id)| *id);
        newest.ok_or_else(|| format!("there is no deployment of {artifact} on {gateway}"))
    }

    async fn tell(&self, method: Method, path: String, body: Option<Value>) -> Result<(), String> {
        self.call(method, &path, body.as_ref()).await.map(|_| ())
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = encode(json!({ "alg": "none", "typ": "JWT" }));
        let token =
            format!("{head}.{}.", encode(json!({ "organization": self.organisation, "sub": "alice" })));
        let mut call = Call::new("http.user", method.clone(), format!("{BASE}{path}"))
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(http::HeaderName::from_static("x-user-id"), "alice");
        if let Some(body) = body {
            call = call.json(body);
        }
        let asked = format!("{method} {path}");
        let answer = self.client.call(&self.cx, call).await.map_err(|why| format!("{asked}: {why}"))?;
        let body = answer.json().unwrap_or_default();
        if !answer.status.is_success() {
            return Err(format!("{asked}: {}, {body}", answer.status));
        }
        Ok(body)
    }
}

fn text(value: &Value) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("expected a text instead of {value}"))
}

/// A lock that nobody keeps.
pub fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
