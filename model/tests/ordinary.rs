//! The actors as ordinary services: tokio, real sockets on the loopback interface, the machine's clock.
//!
//! The same source that is simulated. Run without the simulator's flag: `RUSTFLAGS= cargo test -p driftless-model`.
#![cfg(not(madsim))]
#![allow(clippy::disallowed_methods)]

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use driftless_model::design::Design;
use driftless_model::gateway::tables::{Artifact, DesiredState};
use driftless_model::gateway::{self, Projections};
use driftless_model::http::{Call, Client};
use driftless_model::ordinary::{Machine, Node};
use driftless_model::platform;
use driftless_model::settings::{GatewaySettings, PlatformSettings};
use driftless_model::store::{Database, Flavour, Settings};
use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// How long something may take to come about.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who manages artifacts.
struct User {
    node: Node,
    client: Client,
    organisation: Uuid,
}

impl User {
    async fn call(&self, method: Method, path: &str, body: Value, expected: u16) -> Value {
        let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let token = format!(
            "{}.{}.",
            encode(json!({ "alg": "none" })),
            encode(json!({ "organization": self.organisation }))
        );
        let call = Call::new("http.user", method.clone(), format!("/api/v1{path}"))
            .header(http::header::AUTHORIZATION, format!("Bearer {token}"))
            .json(&body);
        let answer = self.client.call(&self.node.cx, call).await.expect("the platform answers");
        let body = answer.json().unwrap_or_default();
        assert_eq!(answer.status.as_u16(), expected, "{method} {path}: {body}");
        body
    }
}

/// A gateway's process.
struct Gateway {
    node: Node,
    projections: Arc<Projections>,
}

impl Gateway {
    fn start(machine: &Arc<Machine>, database: &Database, token: &str) -> Self {
        let node = machine.start("gw1");
        let projections = Arc::new(Projections::default());
        let mut settings = GatewaySettings::default();
        settings.set("event_hub.poll_interval", "100ms").expect("a known setting");
        let config = gateway::Config {
            design: Design::as_merged(),
            settings,
            database: database.clone(),
            projections: projections.clone(),
            management: Arc::default(),
            platform: "platform".into(),
            token: token.into(),
        };
        let cx = node.cx.clone();
        node.cx.spawn_as_is(async move {
            gateway::run(cx, config).await;
        });
        Gateway { node, projections }
    }

    fn routes(&self, handle: &str) -> bool {
        self.projections.route(handle).is_some()
    }

    fn has_synced(&self) -> bool {
        self.projections.sync().key_syncs > 0
    }
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !is_so() {
        assert!(tokio::time::Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn row(database: &Database) -> Option<DesiredState> {
    database.look(|view| view.first::<Artifact>(|_| true).map(|row| row.desired_state))
}

#[tokio::test]
async fn a_gateway_deploys_survives_a_restart_and_deletes_over_real_sockets() {
    let machine = Machine::new();
    machine.host("platform").expect("there is a free port");
    let node = machine.start("platform");
    let config = platform::Config {
        design: Design::as_merged(),
        settings: PlatformSettings::default(),
        database: Database::new(platform::schema(), Settings::of(Flavour::Sqlite)),
    };
    let cx = node.cx.clone();
    node.cx.spawn_as_is(async move { platform::start(&cx, config).await });

    let client = Client::new("platform");
    let user = User { node: machine.start("user"), client, organisation: Uuid::from_u128(7) };
    let id = user.organisation;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let body = json!({ "id": id, "handle": "acme", "name": "Acme", "region": "eu" });
    user.call(Method::POST, "/organizations", body, 201).await;
    let projects = user.call(Method::GET, "/projects", Value::Null, 200).await;
    let project = projects["list"][0]["id"].clone();
    let body = json!({ "name": "gw1", "displayName": "gw1", "vhost": "gw1.example.org", "functionalityType": "regular" });
    let made = user.call(Method::POST, "/gateways", body, 201).await;
    let gateway = made["id"].as_str().expect("an identifier").to_owned();
    let made = user.call(Method::POST, &format!("/gateways/{gateway}/tokens"), Value::Null, 201).await;
    let token = made["token"].as_str().expect("a token").to_owned();

    let database = Database::new(gateway::schema(), Settings::of(Flavour::Sqlite));
    let gw1 = Gateway::start(&machine, &database, &token);
    until("the gateway syncs", || gw1.has_synced()).await;
    let body = json!({
        "id": "petstore", "name": "petstore", "version": "v1", "context": "/petstore", "projectId": project,
        "upstream": { "main": { "url": "http://petstore.example.org" } },
        "operations": [{ "method": "GET", "path": "/*" }],
    });
    user.call(Method::POST, "/rest-apis", body, 201).await;
    let body = json!({ "name": "petstore-gw1", "base": "current", "gatewayId": gateway });
    let made = user.call(Method::POST, "/rest-apis/petstore/deployments", body, 201).await;
    until("the deployment is routed", || gw1.routes("petstore")).await;

    // Issue 3: what exists and has no deployment survives a restart.
    let deployment = made["deploymentId"].as_str().expect("an identifier");
    let of = format!("deploymentId={deployment}&gatewayId={gateway}");
    user.call(Method::POST, &format!("/rest-apis/petstore/deployments/undeploy?{of}"), Value::Null, 200)
        .await;
    until("it is no longer routed", || !gw1.routes("petstore")).await;
    user.call(Method::DELETE, &format!("/rest-apis/petstore/deployments/{deployment}"), Value::Null, 204)
        .await;
    gw1.node.kill();
    let gw1 = Gateway::start(&machine, &database, &token);
    until("the gateway syncs again", || gw1.has_synced()).await;
    assert_eq!(row(&database), Some(DesiredState::Undeployed));

    // Issue 1: its delete reaches the gateway all the same.
    user.call(Method::DELETE, "/rest-apis/petstore", Value::Null, 204).await;
    until("it is gone", || row(&database).is_none()).await;
    node.kill();
}

#[tokio::test]
async fn a_node_that_starts_again_takes_no_other_life() {
    let machine = Machine::new();
    let (gateway, platform) = (machine.start("gw1"), machine.start("platform"));
    gateway.kill();
    assert_ne!(machine.start("gw1").cx.task().life, platform.cx.task().life);
}
