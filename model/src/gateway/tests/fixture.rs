//! A gateway between the world and the platform of a test, and short words for its rows.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use super::platform::FakePlatform;
use super::world::TestWorld;
use crate::cx::Cx;
use crate::design::Design;
use crate::gateway::boot::replica;
use crate::gateway::memory::{Projections, StoredConfig};
use crate::gateway::replica::Replica;
use crate::gateway::tables::{
    ApiKey, Artifact, DesiredState, Event, GATEWAY_ID, GatewayState, KeyStatus, LlmProvider, LlmProxy,
    McpProxy, Origin, RestApi, Subscription, SubscriptionStatus,
};
use crate::gateway::{Config, Ended, run, schema};
use crate::settings::GatewaySettings;
use crate::store::{Database, Flavour, Row, Settings};
use crate::wire::archive;
use crate::wire::definition::{API_VERSION, Definition, Metadata, Spec};
use crate::wire::kind::Kind;
use crate::wire::time::{self, Instant};

/// A gateway with its world, its platform and its database.
pub struct Fixture {
    pub world: Arc<TestWorld>,
    pub platform: FakePlatform,
    pub database: Database,
    pub projections: Arc<Projections>,
    pub replica: Arc<Replica>,
    pub cx: Cx,
    /// How the process ended, if it has.
    pub ended: Later<Ended>,
    config: Config,
}

impl Fixture {
    pub fn new() -> Self {
        Fixture::of(Design::as_merged())
    }

    pub fn of(design: Design) -> Self {
        Fixture::on(design, Flavour::Sqlite)
    }

    /// A gateway whose database knows the hub and nothing else. Its process has not been started.
    pub fn on(design: Design, flavour: Flavour) -> Self {
        let world = Arc::new(TestWorld::default());
        let platform = FakePlatform::default();
        let serving = world.cx("platform");
        let listener = world.run(serving.listen()).expect("a free port");
        serving.spawn_as_is(crate::http::serve(serving.clone(), listener, platform.router()));
        let database = Database::new(schema(), Settings::of(flavour));
        let config = Config {
            design,
            settings: GatewaySettings::default(),
            database: database.clone(),
            projections: Arc::default(),
            management: Arc::default(),
            platform: "platform".into(),
            token: "token".into(),
        };
        let projections = config.projections.clone();
        let cx = world.cx("gw1");
        let replica = Arc::new(replica(config.clone()));
        let ended = Later::default();
        let fixture = Fixture { world, platform, database, projections, replica, cx, ended, config };
        fixture.insert(GatewayState {
            gateway_id: GATEWAY_ID.into(),
            version_id: String::new(),
            updated_at: fixture.world.now(),
        });
        fixture
    }

    /// What its process is started with.
    pub fn config(&self) -> Config {
        self.config.clone()
    }

    /// Changes what the operator of the process chose.
    pub fn choose(&mut self, change: impl FnOnce(&mut GatewaySettings)) {
        change(&mut self.config.settings);
    }

    /// Starts the process. What it does beside this fixture's replica shows in database and projections.
    pub fn start(&self) {
        self.start_as("gw1", self.config());
    }

    /// Starts a process of this gateway on some machine.
    pub fn start_as(&self, node: &str, config: Config) {
        let (cx, ended) = (self.world.cx(node), self.ended.clone());
        let of = cx.clone();
        cx.spawn_as_is(async move {
            let how = run(of, config).await;
            *ended.lock().expect("whole") = Some(how);
        });
        self.world.settle();
    }

    /// Starts some work beside the process; its output is there when it has ended.
    pub fn begin<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Later<T> {
        let later = Later::default();
        let of = later.clone();
        self.cx.spawn_as_is(async move {
            let output = work.await;
            *of.lock().expect("whole") = Some(output);
        });
        self.world.settle();
        later
    }

    /// Starts the process and lets it sync with a platform that lists nothing.
    pub fn start_and_sync(&self) {
        self.platform.answer_json("GET /deployments", json!({ "deployments": [] }));
        self.start();
        self.world.pass(Duration::from_millis(1));
    }

    pub fn insert<T: Row>(&self, row: T) {
        let at = crate::cx::At::site("test.insert");
        let write = self.database.write(&self.cx, at, |w| w.insert(row.clone()));
        self.world.run(write).expect("a row that fits");
    }

    /// Every row of a table.
    pub fn rows<T: Row>(&self) -> Vec<Arc<T>> {
        self.database.look(|view| view.scan(|_: &T| true))
    }

    /// Inserts an artifact with its configuration.
    pub fn insert_config(&self, config: StoredConfig) {
        let StoredConfig { artifact, configuration } = config;
        let (kind, uuid, gateway_id) = (artifact.kind, artifact.uuid, artifact.gateway_id.clone());
        self.insert(artifact);
        match kind {
            Kind::RestApi => self.insert(RestApi { gateway_id, uuid, configuration }),
            Kind::LlmProvider => self.insert(LlmProvider { gateway_id, uuid, configuration }),
            Kind::LlmProxy => self.insert(LlmProxy { gateway_id, uuid, configuration, provider_uuid: id(0) }),
            Kind::Mcp => self.insert(McpProxy { gateway_id, uuid, configuration }),
        }
    }

    /// An artifact's row.
    pub fn artifact(&self, uuid: Uuid) -> Option<Arc<Artifact>> {
        self.rows::<Artifact>().into_iter().find(|row| row.uuid == uuid)
    }

    /// What was published, as `API DELETE <event id>`.
    pub fn published(&self) -> Vec<String> {
        let told = |event: Arc<Event>| format!("{} {} {}", event.entity_type, event.action, event.event_id);
        self.rows::<Event>().into_iter().map(told).collect()
    }

    /// Answers fetches of an artifact's definition.
    pub fn offer(&self, kind: Kind, uuid: Uuid, definition: &[u8]) {
        let zip = archive::zip(&archive::file_name(kind, uuid), definition);
        self.platform.answer(&format!("GET /{}/{uuid}", kind.internal_path()), 200, zip);
    }

    /// Lists deployments of REST APIs: artifact, deployment, state, instant.
    pub fn list(&self, entries: &[(Uuid, Uuid, &str, Instant)]) {
        let entry = |(artifact, deployment, state, at): &(Uuid, Uuid, &str, Instant)| {
            json!({ "artifactId": artifact, "deploymentId": deployment, "kind": "RestApi", "state": state,
                "deployedAt": time::nanos(at), "etag": format!("etag-{deployment}") })
        };
        let entries: Vec<Value> = entries.iter().map(entry).collect();
        self.platform.answer_json("GET /deployments", json!({ "deployments": entries }));
    }
}

/// What comes later, once it is there.
pub type Later<T> = Arc<Mutex<Option<T>>>;

/// A short identifier.
pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// So many seconds after noon.
pub fn at(seconds: i64) -> Instant {
    time::parse("2026-03-31T12:00:00Z").expect("an instant") + chrono::TimeDelta::seconds(seconds)
}

/// A definition under a handle, with a name like it.
pub fn definition(kind: Kind, handle: &str) -> Vec<u8> {
    let spec = Spec {
        display_name: handle.to_uppercase(),
        version: "v1".into(),
        context: Some(format!("/{handle}")),
        rest: Default::default(),
    };
    let metadata = Metadata { name: handle.into(), labels: Default::default() };
    Definition { api_version: API_VERSION.into(), kind: kind.name().into(), metadata, spec }.to_yaml()
}

/// A deployed REST API: artifact `n` under a handle, deployment `10 * n`, at noon.
pub fn api(n: u128, handle: &str) -> StoredConfig {
    config(Kind::RestApi, n, handle)
}

/// The same of any kind.
pub fn config(kind: Kind, n: u128, handle: &str) -> StoredConfig {
    let artifact = Artifact {
        gateway_id: GATEWAY_ID.into(),
        uuid: id(n),
        display_name: handle.to_uppercase(),
        version: "v1".into(),
        kind,
        handle: handle.into(),
        desired_state: DesiredState::Deployed,
        deployment_id: Some(id(10 * n)),
        origin: Origin::ControlPlane,
        created_at: at(0),
        updated_at: at(0),
        deployed_at: Some(at(0)),
    };
    StoredConfig { artifact, configuration: Bytes::from(definition(kind, handle)) }
}

/// An LLM proxy before the provider of that handle.
pub fn proxy(n: u128, handle: &str, provider: &str) -> StoredConfig {
    let mut proxy = config(Kind::LlmProxy, n, handle);
    let yaml = String::from_utf8(proxy.configuration.to_vec()).expect("text");
    proxy.configuration = format!("{yaml}  provider:\n    id: {provider}\n").into();
    proxy
}

/// An LLM provider made from a template.
pub fn provider(n: u128, handle: &str, template: &str) -> StoredConfig {
    let mut provider = config(Kind::LlmProvider, n, handle);
    let yaml = String::from_utf8(provider.configuration.to_vec()).expect("text");
    provider.configuration = format!("{yaml}  template: {template}\n").into();
    provider
}

/// Key `n` of an artifact, of user alice, whose secret is its name.
pub fn key(n: u128, artifact: Uuid, name: &str) -> ApiKey {
    ApiKey {
        gateway_id: GATEWAY_ID.into(),
        uuid: id(n),
        name: name.into(),
        api_key: sha256(name),
        masked_api_key: "****".into(),
        artifact_uuid: artifact,
        status: KeyStatus::Active,
        created_by: "alice".into(),
        created_at: at(0),
        updated_at: at(0),
        expires_at: None,
        source: "external".into(),
        external_ref_id: None,
        issuer: None,
    }
}

/// A subscription to an API.
pub fn subscription(n: u128, api: Uuid) -> Subscription {
    Subscription {
        gateway_id: GATEWAY_ID.into(),
        uuid: id(n),
        api_id: api,
        application_id: None,
        subscription_token_hash: sha256(&format!("token {n}")),
        subscription_plan_id: None,
        status: SubscriptionStatus::Active,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(text: &str) -> String {
    crate::gateway::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
