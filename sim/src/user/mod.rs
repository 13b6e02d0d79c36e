//! The user: somebody who manages artifacts through the platform's public API, over real HTTP.
//!
//! One person acts for every organisation of a plan, each time with a token of that organisation. What they
//! know is what the platform has told them, and what they chose themselves.
//!
//! * `tenants`: organisations and projects;
//! * `artifacts`, `deployments`, `keys`: what becomes of an artifact;
//! * `subscriptions`, `applications`: who may use it;
//! * `gateways`: registering, tokens, deleting.

mod applications;
mod artifacts;
mod deployments;
mod gateways;
mod keys;
mod subscriptions;
mod tenants;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use driftless_model::cx::Cx;
use driftless_model::http::{Answer, Call, Client};
use driftless_model::wire::kind::Kind;
use driftless_model::wire::public;
use http::Method;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::names::HOME;
use crate::plan::split_handle;
use crate::world::World;

/// How long a person waits for an answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a person is called.
pub const NAME: &str = "alice";

/// A user and what they remember.
pub struct User {
    world: Arc<World>,
    client: Client,
    memory: Mutex<Memory>,
}

/// What the user was told or chose, by the names of a script.
#[derive(Default)]
struct Memory {
    tenants: BTreeMap<String, Tenant>,
    projects: BTreeMap<String, String>,
    gateways: BTreeMap<String, Gateway>,
    kinds: BTreeMap<String, Kind>,
    /// What was made at a gateway itself: its kind, and the provider that a proxy stands before.
    local: BTreeMap<String, (Kind, Option<String>)>,
    /// The definitions of artifacts as they were last made or changed.
    definitions: BTreeMap<String, Value>,
    /// The deployments that the platform has confirmed, by handle, newest last, each with its gateway.
    deployments: BTreeMap<String, Vec<(String, Uuid)>>,
    keys: BTreeMap<(String, String), Key>,
    made_keys: u64,
    plans: BTreeMap<String, String>,
    subscriptions: BTreeMap<(String, String), Subscription>,
    updates: u64,
}

/// An organisation.
#[derive(Default)]
struct Tenant {
    id: Uuid,
    /// The project it begins with.
    project: String,
    has_template: bool,
}

/// A gateway that was registered.
#[derive(Default)]
struct Gateway {
    id: String,
    organisation: String,
    /// Its tokens, oldest first.
    tokens: Vec<String>,
}

/// A key that was made.
#[derive(Default)]
struct Key {
    /// What the platform calls it.
    id: String,
    /// The secret.
    secret: String,
}

/// A subscription that was made.
#[derive(Default)]
struct Subscription {
    id: String,
    token: String,
}

/// What the user saw: the status, or why there was none.
pub type Seen = Result<Answer, String>;

/// A call as a script's names have it.
struct Request<'a> {
    site: &'static str,
    organisation: &'a str,
    method: Method,
    path: String,
    /// What it is about.
    subject: &'a str,
    body: Option<Value>,
}

impl User {
    /// A user of the platform, who knows of nothing yet.
    pub fn new(world: Arc<World>) -> Self {
        User { world, client: Client::new("platform"), memory: Mutex::default() }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The path of an artifact.
    fn path(&self, name: &str) -> String {
        let kind = self.memory().kinds.get(name).copied().unwrap_or(Kind::RestApi);
        format!("/{}/{}", kind.public_path(), split_handle(name).1)
    }

    async fn call(&self, cx: &Cx, request: Request<'_>) -> Seen {
        let Request { site, organisation, method, path, subject, body } = request;
        let token = self.token(organisation);
        let mut call = Call::new(site, method, format!("{}{path}", public::BASE))
            .about(subject)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(http::HeaderName::from_static("x-user-id"), NAME);
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
    fn token(&self, organisation: &str) -> String {
        let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let id = self.memory().tenants.get(organisation).map(|tenant| tenant.id);
        let head = encode(json!({ "alg": "none", "typ": "JWT" }));
        format!("{head}.{}.", encode(json!({ "organization": id, "sub": NAME })))
    }
}

/// The organisation that a thing of that name belongs to.
fn organisation_of(name: &str) -> &str {
    split_handle(name).0.unwrap_or(HOME)
}

fn field(answer: &Answer, name: &str) -> String {
    let body = answer.json::<Value>().unwrap_or_default();
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
