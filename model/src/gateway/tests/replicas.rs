//! Two replicas on one Postgres database: section 10 of docs/spec/gateway.md, line by line.
//!
//! `gw1` and `gw1/b` are two processes that share nothing but the database. The platform sends every event
//! on both connections. Where the order matters, one of them is held at a crossing until the other is done.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::fixture::{Fixture, api, at, config, definition, id, key, proxy};
use super::platform::CORRELATION;
use crate::design::Design;
use crate::gateway::Config;
use crate::gateway::memory::{Projections, StoredConfig};
use crate::gateway::tables::{ApiKey, Artifact, DesiredState, Event};
use crate::store::Flavour;
use crate::wire::archive;
use crate::wire::kind::Kind;

const A: &str = "gw1";
const B: &str = "gw1/b";

/// Both replicas; the fixture's projections are those of the first.
struct Replicas {
    fixture: Fixture,
    b: Arc<Projections>,
}

impl Replicas {
    /// Both running on a database that has these artifacts, which the platform lists as they are.
    fn with(configs: &[StoredConfig]) -> Self {
        let fixture = Fixture::on(Design::as_merged(), Flavour::Postgres);
        for config in configs {
            fixture.insert_config(config.clone());
        }
        let entries: Vec<_> = configs
            .iter()
            .map(|c| {
                json!({ "artifactId": c.artifact.uuid, "deploymentId": c.artifact.deployment_id,
                    "kind": c.artifact.kind.name(), "state": "DEPLOYED", "deployedAt": "2026-03-31T12:00:00Z",
                    "etag": "" })
            })
            .collect();
        fixture.platform.answer_json("GET /deployments", json!({ "deployments": entries }));
        fixture.start();
        let replicas = Replicas { fixture, b: Arc::default() };
        replicas.start_b();
        replicas.fixture.world.pass(Duration::from_millis(1));
        replicas
    }

    fn start_b(&self) {
        self.fixture.start_as(B, Config { projections: self.b.clone(), ..self.fixture.config() });
    }

    fn send(&self, event: &str, payload: serde_json::Value) {
        self.fixture.platform.send(event, payload);
        self.fixture.world.pass(Duration::from_millis(1));
    }

    fn deploy(&self) {
        self.fixture.offer(Kind::RestApi, id(1), &definition(Kind::RestApi, "petstore"));
        self.send("api.deployed", deployment());
    }

    /// The statuses that both have acknowledged.
    fn heard(&self) -> Vec<String> {
        let status = |ack: serde_json::Value| ack["payload"]["status"].as_str().expect("a status").to_owned();
        self.fixture.platform.take_heard().into_iter().map(status).collect()
    }

    fn wait_for_polls(&self) {
        self.fixture.world.pass(Duration::from_secs(4));
    }

    fn served(&self) -> [bool; 2] {
        [&self.fixture.projections, &self.b].map(|replica| replica.route("petstore").is_some())
    }

    /// Holds the first replica at a crossing while `work` happens, and lets it go on.
    fn late(&self, site: &'static str, work: impl FnOnce()) {
        self.fixture.world.hold(A, site);
        work();
        self.fixture.world.release(A, site);
        self.fixture.world.pass(Duration::from_millis(1));
    }
}

fn deployment() -> serde_json::Value {
    json!({ "apiId": id(1), "deploymentId": id(10), "performedAt": "2026-03-31T12:00:05Z" })
}

/// An artifact of that kind as number 1; a proxy stands before number 9.
fn artifacts(kind: Kind) -> Vec<StoredConfig> {
    match kind {
        Kind::LlmProxy => vec![config(Kind::LlmProvider, 0, "openai"), proxy(1, "petstore", "openai")],
        Kind::RestApi | Kind::LlmProvider | Kind::Mcp => vec![config(kind, 1, "petstore")],
    }
}

#[test]
fn each_opens_its_own_connection_and_handles_every_event() {
    let replicas = Replicas::with(&[]);
    assert_eq!(replicas.fixture.world.count("http.connect"), 2);
    replicas.deploy();
    assert_eq!(replicas.fixture.world.count("http.fetch-api"), 2);
}

#[test]
fn a_deploy_is_written_published_and_acknowledged_by_the_first_to_commit() {
    // One after the other, and with the first held before and in the middle of its transaction.
    for held in
        [None, Some("store.upsert-artifact"), Some("store.upsert-configuration"), Some("store.commit-upsert")]
    {
        let replicas = Replicas::with(&[]);
        match held {
            None => replicas.deploy(),
            Some(site) => replicas.late(site, || replicas.deploy()),
        }
        assert_eq!(replicas.heard(), ["success"], "{held:?}");
        assert_eq!(replicas.fixture.published(), [format!("API CREATE {CORRELATION}")]);
        assert_eq!(replicas.fixture.rows::<Artifact>().len(), 1);
        replicas.wait_for_polls();
        assert_eq!(replicas.served(), [true, true]);
    }
}

#[test]
fn so_is_an_undeploy() {
    for held in [None, Some("store.upsert-artifact"), Some("store.commit-upsert")] {
        let replicas = Replicas::with(&[api(1, "petstore")]);
        match held {
            None => replicas.send("api.undeployed", deployment()),
            Some(site) => replicas.late(site, || replicas.send("api.undeployed", deployment())),
        }
        assert_eq!(replicas.heard(), ["success"], "{held:?}");
        assert_eq!(replicas.fixture.published(), [format!("API UPDATE {CORRELATION}")]);
        let row = replicas.fixture.artifact(id(1)).expect("it stays");
        assert_eq!(row.desired_state, DesiredState::Undeployed);
        replicas.wait_for_polls();
        assert_eq!(replicas.served(), [false, false]);
    }
}

#[test]
fn a_delete_is_done_by_the_first_and_cleaned_up_after_by_the_other_under_one_event() {
    for kind in Kind::ALL {
        let replicas = Replicas::with(&artifacts(kind));
        replicas.fixture.insert(key(5, id(1), "k"));
        let payload = json!({ kind.event_id_field(): id(1) });
        replicas.send(&format!("{}.deleted", kind.event_prefix()), payload);
        assert!(replicas.fixture.artifact(id(1)).is_none() && replicas.fixture.rows::<ApiKey>().is_empty());
        assert_eq!(replicas.fixture.rows::<Event>().len(), 1, "{kind:?}");
        assert_eq!(replicas.heard(), [""; 0]);
        // Both publish, but for MCP, where the other only warns; the second is a duplicate of the first.
        let attempts = replicas.fixture.world.count("hub.insert-event");
        assert_eq!(attempts, if kind == Kind::Mcp { 1 } else { 2 }, "{kind:?}");
        replicas.wait_for_polls();
        assert_eq!(replicas.served(), [false, false]);
    }
}

#[test]
fn deletes_that_both_begin_come_to_the_same() {
    for kind in Kind::ALL {
        let replicas = Replicas::with(&artifacts(kind));
        let event = format!("{}.deleted", kind.event_prefix());
        replicas
            .late("store.commit-delete", || replicas.send(&event, json!({ kind.event_id_field(): id(1) })));
        assert!(replicas.fixture.artifact(id(1)).is_none());
        assert_eq!(replicas.fixture.rows::<Event>().len(), 1, "{kind:?}");
        // A REST API is told of whatever became of it; the services of the others stop at "not found".
        let attempts = replicas.fixture.world.count("hub.insert-event");
        assert_eq!(attempts, if kind == Kind::RestApi { 2 } else { 1 }, "{kind:?}");
    }
}

#[test]
fn both_sync_and_every_row_is_written_once() {
    let fixture = Fixture::on(Design::as_merged(), Flavour::Postgres);
    fixture.insert_config(api(2, "orphan"));
    fixture.list(&[(id(1), id(10), "DEPLOYED", at(5))]);
    let yaml = definition(Kind::RestApi, "petstore");
    let batch = archive::batch([(id(10), archive::file_name(Kind::RestApi, id(1)), yaml.as_slice())]);
    fixture.platform.answer("POST /deployments/fetch-batch", 200, batch);
    fixture.platform.answer_json("POST /artifacts/exists", json!({ "artifacts": [] }));
    fixture.start();
    let replicas = Replicas { fixture, b: Arc::default() };
    replicas.start_b();
    replicas.fixture.world.pass(Duration::from_millis(1));
    assert_eq!(replicas.fixture.world.count("http.deployments"), 2);
    assert_eq!(replicas.fixture.world.count("http.artifacts-exists"), 1, "the second finds no orphan");
    let rows: Vec<_> = replicas.fixture.rows::<Artifact>().iter().map(|row| row.uuid).collect();
    assert_eq!(rows, [id(1)]);
    let mut published = replicas.fixture.published();
    published.retain(|told| !told.starts_with("API DELETE"));
    assert_eq!(published, [format!("API CREATE etag-{}", id(10))]);
    assert_eq!(replicas.heard(), [""; 0]);
    replicas.wait_for_polls();
    assert_eq!(replicas.served(), [true, true]);
}

#[test]
fn acks_race_and_a_failure_may_come_after_the_success() {
    let replicas = Replicas::with(&[]);
    replicas.fixture.world.hold(A, "http.fetch-api");
    replicas.deploy();
    assert_eq!(replicas.heard(), ["success"], "of the other");
    replicas.fixture.platform.answer(&format!("GET /apis/{}", id(1)), 404, "");
    replicas.fixture.world.release(A, "http.fetch-api");
    replicas.fixture.world.pass(Duration::from_millis(1));
    assert_eq!(replicas.heard(), ["failed"], "for what is deployed");
    assert_eq!(replicas.fixture.rows::<Artifact>().len(), 1);
}

#[test]
fn the_memory_of_each_follows_its_own_polls() {
    let replicas = Replicas::with(&[]);
    replicas.fixture.world.hold(B, "hub.poll");
    replicas.deploy();
    replicas.wait_for_polls();
    assert_eq!(replicas.served(), [true, false]);
    replicas.fixture.world.release(B, "hub.poll");
    replicas.wait_for_polls();
    assert_eq!(replicas.served(), [true, true]);
}

#[test]
fn a_replica_that_missed_the_window_of_the_hub_has_loaded_what_was_told() {
    let mut replicas = Replicas::with(&[]);
    replicas.fixture.world.kill(B);
    replicas.deploy();
    replicas.fixture.world.pass(Duration::from_secs(121));
    replicas.b = Arc::default();
    replicas.start_b();
    assert_eq!(replicas.served(), [true, true], "from the database, at its boot");
}

#[test]
fn what_one_replica_deletes_while_the_other_boots_is_told_to_both() {
    let mut replicas = Replicas::with(&[api(1, "petstore")]);
    replicas.fixture.world.kill(B);
    replicas.b = Arc::default();
    replicas.fixture.world.hold(B, "boot.listen");
    replicas.start_b();
    replicas.send("api.deleted", json!({ "apiId": id(1) }));
    assert!(replicas.served()[1], "it has loaded the row");
    replicas.fixture.world.release(B, "boot.listen");
    replicas.wait_for_polls();
    assert_eq!(replicas.served(), [false, false]);
}

#[test]
fn a_poll_before_the_listener_is_there_delivers_to_nobody_and_is_not_made_up_for() {
    let mut replicas = Replicas::with(&[api(1, "petstore")]);
    replicas.fixture.world.kill(B);
    replicas.b = Arc::default();
    replicas.fixture.world.hold(B, "boot.listen");
    replicas.start_b();
    replicas.send("api.deleted", json!({ "apiId": id(1) }));
    replicas.wait_for_polls();
    replicas.fixture.world.release(B, "boot.listen");
    replicas.wait_for_polls();
    assert_eq!(replicas.served(), [false, true], "one serves what is gone until it starts again");
}
