//! A gateway and the real platform: the two defects that the project is about (docs/spec/change.md), before
//! the change and after it.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use http::header::{AUTHORIZATION, HeaderName};
use serde_json::{Value, json};

use super::world::TestWorld;
use crate::cx::Cx;
use crate::design::Design;
use crate::gateway::memory::Projections;
use crate::gateway::tables::{ApiKey, Artifact, DesiredState};
use crate::gateway::{Config, run, schema};
use crate::http::{Call, Client};
use crate::platform;
use crate::settings::{GatewaySettings, PlatformSettings};
use crate::store::{Database, Flavour, Settings};

const ORGANISATION: &str = "00000000-0000-0000-0000-00000000acce";

struct Pair {
    world: Arc<TestWorld>,
    user: (Cx, Client),
    design: Design,
    database: Database,
    projections: Arc<Projections>,
    gateway: String,
    token: String,
    project: String,
}

impl Pair {
    /// An organisation with one gateway, connected and in sync.
    fn of(design: Design) -> Self {
        let world = Arc::new(TestWorld::default());
        let cx = world.cx("platform");
        let database = Database::new(platform::schema(), Settings::of(Flavour::Sqlite));
        let config =
            platform::Config { design: design.clone(), settings: PlatformSettings::default(), database };
        let of = cx.clone();
        cx.spawn_as_is(async move { platform::start(&of, config).await });
        let mut pair = Pair {
            user: (world.cx("user"), Client::new("platform")),
            world,
            design,
            database: Database::new(schema(), Settings::of(Flavour::Sqlite)),
            projections: Arc::default(),
            gateway: String::new(),
            token: String::new(),
            project: String::new(),
        };
        pair.world.settle();
        pair.post(
            "organizations",
            json!({ "id": ORGANISATION, "handle": "acme", "name": "acme", "region": "us" }),
        );
        pair.project = text(&pair.get("projects")["list"][0]["id"]);
        let gateway = json!({ "name": "gw1", "displayName": "gw1", "vhost": "localhost",
            "functionalityType": "regular" });
        pair.gateway = text(&pair.post("gateways", gateway)["id"]);
        pair.token = text(&pair.post(&format!("gateways/{}/tokens", pair.gateway), Value::Null)["token"]);
        pair.start();
        pair
    }

    fn start(&mut self) {
        self.projections = Arc::default();
        let config = Config {
            design: self.design.clone(),
            settings: GatewaySettings::default(),
            database: self.database.clone(),
            projections: self.projections.clone(),
            management: Arc::default(),
            platform: "platform".into(),
            token: self.token.clone(),
        };
        let cx = self.world.cx("gw1");
        let of = cx.clone();
        cx.spawn_as_is(async move {
            run(of, config).await;
        });
        self.wait();
    }

    fn restart(&mut self) {
        self.world.kill("gw1");
        self.start();
    }

    /// Longer than a poll.
    fn wait(&self) {
        self.world.pass(Duration::from_secs(4));
    }

    fn call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let claims = URL_SAFE_NO_PAD.encode(json!({ "organization": ORGANISATION }).to_string());
        let mut call = Call::new("http.user", method, format!("/api/v1/{path}"))
            .header(AUTHORIZATION, format!("Bearer e30.{claims}.nobody-checks"))
            .header(HeaderName::from_static("x-user-id"), "ann");
        if !body.is_null() {
            call = call.json(&body);
        }
        let answer = self.world.run(self.user.1.call(&self.user.0, call)).expect("an answer");
        self.wait();
        (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(Method::POST, path, body);
        assert!(status < 300, "{path}: {status} {answer}");
        answer
    }

    fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, Value::Null).1
    }

    fn delete(&self, path: &str) {
        assert_eq!(self.call(Method::DELETE, path, Value::Null).0, 204, "{path}");
    }

    fn create(&self) {
        let api = json!({ "id": "petstore", "name": "petstore", "version": "v1", "context": "/petstore",
            "projectId": self.project, "upstream": { "main": { "url": "http://up" } } });
        self.post("rest-apis", api);
    }

    fn deploy(&self) -> String {
        let deployment = json!({ "name": "d", "base": "current", "gatewayId": self.gateway });
        text(&self.post("rest-apis/petstore/deployments", deployment)["deploymentId"])
    }

    fn undeploy(&self, deployment: &str) {
        let query = format!("deploymentId={deployment}&gatewayId={}", self.gateway);
        self.post(&format!("rest-apis/petstore/deployments/undeploy?{query}"), Value::Null);
    }

    /// The deployment that is served under the handle.
    fn served(&self) -> Option<String> {
        Some(self.projections.route("petstore")?.deployment?.to_string())
    }

    fn rows<T: crate::store::Row>(&self) -> Vec<Arc<T>> {
        self.database.look(|view| view.scan(|_: &T| true))
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn both() -> [(Design, bool); 2] {
    [(Design::before_fix(), false), (Design::as_merged(), true)]
}

#[test]
fn the_ordinary_life_of_an_api() {
    let mut pair = Pair::of(Design::as_merged());
    pair.create();
    let deployment = pair.deploy();
    assert_eq!(pair.served(), Some(deployment.clone()));
    pair.post("rest-apis/petstore/api-keys", json!({ "apiKey": "secret-12345", "name": "k" }));
    let api = pair.rows::<Artifact>()[0].uuid;
    assert!(pair.projections.accepts_key(api, "secret-12345", pair.world.now()));
    pair.restart();
    assert_eq!(pair.served(), Some(deployment.clone()), "served again from the database");
    assert!(pair.projections.accepts_key(api, "secret-12345", pair.world.now()));
    pair.undeploy(&deployment);
    assert_eq!(pair.served(), None);
    pair.delete("rest-apis/petstore");
    assert_eq!((pair.rows::<Artifact>(), pair.rows::<ApiKey>()), (vec![], vec![]));
    assert!(pair.projections.artifacts().is_empty() && pair.projections.keys().is_empty());
}

#[test]
fn what_happened_while_the_gateway_was_away_is_found_out_at_its_start() {
    let mut pair = Pair::of(Design::as_merged());
    pair.world.kill("gw1");
    pair.create();
    let deployment = pair.deploy();
    pair.start();
    assert_eq!(pair.served(), Some(deployment.clone()));
    pair.world.kill("gw1");
    pair.undeploy(&deployment);
    pair.start();
    assert_eq!(pair.served(), None);
    assert_eq!(pair.rows::<Artifact>()[0].desired_state, DesiredState::Undeployed);
}

#[test]
fn issue_1_a_delete_reaches_a_gateway_whose_deployment_is_gone() {
    for (design, fixed) in both() {
        let pair = Pair::of(design);
        pair.create();
        let deployment = pair.deploy();
        pair.undeploy(&deployment);
        pair.delete(&format!("rest-apis/petstore/deployments/{deployment}"));
        pair.delete("rest-apis/petstore");
        assert_eq!(pair.rows::<Artifact>().is_empty(), fixed);
        pair.create();
        let again = pair.deploy();
        assert_eq!(pair.served(), fixed.then_some(again), "the handle can be used again");
    }
}

#[test]
fn issue_3_a_restart_keeps_what_has_lost_its_deployment_only() {
    for (design, fixed) in both() {
        let mut pair = Pair::of(design);
        pair.create();
        let deployment = pair.deploy();
        pair.undeploy(&deployment);
        pair.delete(&format!("rest-apis/petstore/deployments/{deployment}"));
        pair.restart();
        assert_eq!(!pair.rows::<Artifact>().is_empty(), fixed);
        let again = pair.deploy();
        assert_eq!(pair.served(), Some(again));
    }
}

#[test]
fn issue_3_the_key_sync_takes_the_keys_of_a_retained_artifact_all_the_same() {
    let mut pair = Pair::of(Design::as_merged());
    pair.create();
    let deployment = pair.deploy();
    pair.post("rest-apis/petstore/api-keys", json!({ "apiKey": "secret-12345", "name": "k" }));
    pair.undeploy(&deployment);
    pair.delete(&format!("rest-apis/petstore/deployments/{deployment}"));
    assert_eq!(pair.rows::<ApiKey>().len(), 1);
    pair.restart();
    assert_eq!(pair.rows::<Artifact>().len(), 1, "retained");
    // The platform lists no keys of what has no status row here, and what isn't listed is stale.
    assert_eq!(pair.rows::<ApiKey>(), []);
}
