//! The user: somebody who manages artifacts through the platform's public API, over real HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use driftless_model::cx::Cx;
use driftless_model::http::{Answer, Call, Client};
use driftless_model::wire::kind::Kind;
use driftless_model::wire::public::{self, NewGateway, NewKey, NewOrganisation, NewToken};
use http::Method;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::plan::{KeyChange, OfDeployment};
use crate::world::World;

/// How long a person waits for an answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a person tries to reach a platform that is not up yet.
const ATTEMPTS: u64 = 600;

/// The template from which every LLM provider is made: one that every gateway is built with, since no gateway
/// hears of the others.
const TEMPLATE: &str = "mistralai";

/// A user and what they remember.
pub struct User {
    world: Arc<World>,
    client: Client,
    organisation: Uuid,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    project: String,
    gateways: BTreeMap<String, String>,
    kinds: BTreeMap<String, Kind>,
    /// The deployments that the platform has confirmed, by handle, newest last, each with its gateway.
    deployments: BTreeMap<String, Vec<(String, Uuid)>>,
    has_template: bool,
    secrets: BTreeMap<(String, String), String>,
    made_keys: u64,
}

/// What the user saw: the status, or why there was none.
pub type Seen = Result<Answer, String>;

impl User {
    /// A user of the organisation that every plan has.
    pub fn new(world: Arc<World>) -> Self {
        let organisation = world.lock().draws.uuid(4, "organisation acme");
        world.lock().names.give(organisation, "acme");
        User { world, client: Client::new("platform"), organisation, memory: Mutex::default() }
    }

    /// Makes the organisation as soon as the platform answers.
    pub async fn set_up(&self, cx: &Cx) -> Seen {
        let body = NewOrganisation {
            id: self.organisation,
            handle: "acme".into(),
            name: "Acme".into(),
            region: "default".into(),
        };
        let mut seen = Err("the platform was never asked".to_owned());
        for _ in 0..ATTEMPTS {
            seen = self
                .call(
                    cx,
                    "http.create-organisation",
                    Method::POST,
                    "/organizations",
                    "acme",
                    Some(json!(body)),
                )
                .await;
            if seen.is_ok() {
                break;
            }
            cx.sleep(Duration::from_millis(100)).await;
        }
        let projects = self.call(cx, "http.list-projects", Method::GET, "/projects", "acme", None).await;
        if let Some(project) = projects.ok().and_then(|answer| first_id(&answer)) {
            self.memory().project = project;
        }
        seen
    }

    /// Registers a gateway and gives its machine a token.
    pub async fn register(&self, cx: &Cx, gateway: &str) -> Seen {
        let body = NewGateway {
            name: gateway.into(),
            display_name: gateway.into(),
            vhost: format!("{gateway}.example.org"),
            functionality_type: "regular".into(),
        };
        let made = self
            .call(cx, "http.create-gateway", Method::POST, "/gateways", gateway, Some(json!(body)))
            .await?;
        let id = field(&made, "id");
        self.memory().gateways.insert(gateway.into(), id.clone());
        let path = format!("/gateways/{id}/tokens");
        let token = self.call(cx, "http.create-token", Method::POST, &path, gateway, None).await?;
        if let Ok(NewToken { token, .. }) = token.json()
            && let Some(node) = self.world.lock().nodes.get_mut(gateway)
        {
            node.token = token;
        }
        Ok(token)
    }

    /// Makes an artifact; for the first LLM provider also the template that it is made from.
    pub async fn create(&self, cx: &Cx, kind: Kind, handle: &str, provider: Option<&str>) -> Seen {
        if kind == Kind::LlmProvider && !std::mem::replace(&mut self.memory().has_template, true) {
            let body = json!({ "id": TEMPLATE, "name": TEMPLATE });
            let path = "/llm-provider-templates";
            self.call(cx, "http.create-template", Method::POST, path, TEMPLATE, Some(body)).await?;
        }
        let body = {
            let mut memory = self.memory();
            memory.kinds.insert(handle.into(), kind);
            memory.deployments.remove(handle);
            new_artifact(kind, handle, provider.unwrap_or_default(), &memory.project)
        };
        let path = format!("/{}", kind.public_path());
        self.call(cx, "http.create-artifact", Method::POST, &path, handle, Some(body)).await
    }

    /// Deploys an artifact's current content, or that of an earlier deployment.
    pub async fn deploy(&self, cx: &Cx, handle: &str, gateway: &str, base: Option<&str>) -> Seen {
        let base = match base {
            None => "current".to_owned(),
            Some(base) => self.deployment(handle, gateway, Some(base))?.to_string(),
        };
        let body = public::NewDeployment {
            name: format!("{handle}-{gateway}"),
            base,
            gateway_id: self.gateway(gateway)?,
        };
        let path = format!("{}/deployments", self.path(handle));
        let seen = self.call(cx, "http.deploy", Method::POST, &path, handle, Some(json!(body))).await?;
        if let Ok(made) = seen.json::<public::Deployment>() {
            let mut memory = self.memory();
            memory.deployments.entry(handle.into()).or_default().push((gateway.into(), made.deployment_id));
        }
        Ok(seen)
    }

    /// Undeploys a deployment.
    pub async fn undeploy(&self, cx: &Cx, of: &OfDeployment) -> Seen {
        self.move_deployment(cx, "http.undeploy", "undeploy", of).await
    }

    /// Deploys a deployment again.
    pub async fn restore(&self, cx: &Cx, of: &OfDeployment) -> Seen {
        self.move_deployment(cx, "http.restore", "restore", of).await
    }

    async fn move_deployment(&self, cx: &Cx, site: &'static str, verb: &str, of: &OfDeployment) -> Seen {
        let OfDeployment { artifact, gateway, deployment } = of;
        let deployment = self.deployment(artifact, gateway, deployment.as_deref())?;
        let gateway = self.gateway(gateway)?;
        let path = self.path(artifact);
        let path = format!("{path}/deployments/{verb}?deploymentId={deployment}&gatewayId={gateway}");
        self.call(cx, site, Method::POST, &path, artifact, None).await
    }

    /// Deletes a deployment.
    pub async fn delete_deployment(&self, cx: &Cx, of: &OfDeployment) -> Seen {
        let OfDeployment { artifact, gateway, deployment } = of;
        let deployment = self.deployment(artifact, gateway, deployment.as_deref())?;
        let path = format!("{}/deployments/{deployment}", self.path(artifact));
        self.call(cx, "http.delete-deployment", Method::DELETE, &path, artifact, None).await
    }

    /// Deletes an artifact.
    pub async fn delete(&self, cx: &Cx, handle: &str) -> Seen {
        self.call(cx, "http.delete-artifact", Method::DELETE, &self.path(handle), handle, None).await
    }

    /// Makes, changes or revokes a key.
    pub async fn key(&self, cx: &Cx, change: KeyChange, handle: &str, key: &str) -> Seen {
        let keys = format!("{}/api-keys", self.path(handle));
        let one = format!("{keys}/{key}");
        match change {
            KeyChange::Create => {
                let body = self.new_secret(handle, key);
                let seen = self.call(cx, "http.create-key", Method::POST, &keys, handle, Some(body)).await?;
                // For LLM kinds the platform makes the secret and shows it once.
                let made = field(&seen, "apiKey");
                if !made.is_empty() {
                    self.memory().secrets.insert((handle.into(), key.into()), made);
                }
                Ok(seen)
            }
            KeyChange::Update => {
                let body = self.new_secret(handle, key);
                self.call(cx, "http.update-key", Method::PUT, &one, handle, Some(body)).await
            }
            KeyChange::Revoke => self.call(cx, "http.revoke-key", Method::DELETE, &one, handle, None).await,
        }
    }

    /// The secret that the user last chose for a key.
    pub fn secret(&self, handle: &str, key: &str) -> Option<String> {
        self.memory().secrets.get(&(handle.to_owned(), key.to_owned())).cloned()
    }

    fn new_secret(&self, handle: &str, key: &str) -> Value {
        let mut memory = self.memory();
        memory.made_keys += 1;
        let secret = format!("secret-{handle}-{key}-{}-{:032}", memory.made_keys, 0);
        memory.secrets.insert((handle.into(), key.into()), secret.clone());
        json!(NewKey { api_key: secret, name: Some(key.into()), ..NewKey::default() })
    }

    fn deployment(&self, handle: &str, gateway: &str, which: Option<&str>) -> Result<Uuid, String> {
        let memory = self.memory();
        let known = memory.deployments.get(handle).map(Vec::as_slice).unwrap_or_default();
        let found = match which {
            None => known.iter().rev().find(|(of, _)| of == gateway).map(|(_, id)| *id),
            Some(which) => {
                let state = self.world.lock();
                let ends = format!(".{which}");
                let mut ids = known.iter().map(|(_, id)| *id);
                ids.find(|id| state.names.of(*id).is_some_and(|name| name.ends_with(&ends)))
            }
        };
        found.ok_or_else(|| match which {
            None => format!("no deployment of {handle} on {gateway} is known to the user"),
            Some(which) => format!("no deployment {which} of {handle} is known to the user"),
        })
    }

    fn gateway(&self, gateway: &str) -> Result<String, String> {
        let known = self.memory().gateways.get(gateway).cloned();
        known.ok_or_else(|| format!("gateway {gateway} is not registered"))
    }

    fn path(&self, handle: &str) -> String {
        let kind = self.memory().kinds.get(handle).copied().unwrap_or(Kind::RestApi);
        format!("/{}/{handle}", kind.public_path())
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn call(
        &self,
        cx: &Cx,
        site: &'static str,
        method: Method,
        path: &str,
        subject: &str,
        body: Option<Value>,
    ) -> Seen {
        let mut call = Call::new(site, method, format!("{}{path}", public::BASE))
            .about(subject)
            .header(AUTHORIZATION, format!("Bearer {}", self.token()))
            .header(http::HeaderName::from_static("x-user-id"), "alice");
        if let Some(body) = &body {
            call = call.json(body);
        }
        match cx.timeout(PATIENCE, self.client.call(cx, call)).await {
            Some(answer) => answer.map_err(|e| e.to_string()),
            None => Err("no answer within a minute".into()),
        }
    }

    /// A token with the organisation in it. The platform decodes it and doesn't check its signature, which
    /// is the real one's default (docs/spec/platform.md section 1).
    fn token(&self) -> String {
        let encode = |value: Value| base64url(value.to_string().as_bytes());
        let head = encode(json!({ "alg": "none", "typ": "JWT" }));
        format!("{head}.{}.", encode(json!({ "organization": self.organisation, "sub": "alice" })))
    }
}

/// The body that makes an artifact (docs/spec/platform.md section 4.2).
fn new_artifact(kind: Kind, handle: &str, provider: &str, project: &str) -> Value {
    let mut body = json!({
        "id": handle,
        "name": handle,
        "version": "v1.0",
        "context": format!("/{handle}"),
    });
    let more = match kind {
        Kind::RestApi => json!({
            "projectId": project,
            "upstream": { "main": { "url": format!("http://{handle}.example.org") } },
            "operations": [{ "method": "GET", "path": "/*" }],
        }),
        Kind::LlmProvider => json!({
            "template": TEMPLATE,
            "upstream": { "main": { "url": format!("http://{handle}.example.org") } },
            "accessControl": { "mode": "allow_all" },
        }),
        Kind::LlmProxy => json!({ "projectId": project, "provider": { "id": provider } }),
        Kind::Mcp => json!({ "upstream": { "main": { "url": format!("http://{handle}.example.org") } } }),
    };
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn field(answer: &Answer, name: &str) -> String {
    let body = answer.json::<Value>().unwrap_or_default();
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn first_id(answer: &Answer) -> Option<String> {
    let body = answer.json::<Value>().ok()?;
    let list = body.get("list").unwrap_or(&body).as_array()?;
    list.first()?.get("id")?.as_str().map(str::to_owned)
}
