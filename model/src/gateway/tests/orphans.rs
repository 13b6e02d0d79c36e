//! The deployment sync with a platform that answers (docs/spec/gateway.md section 6), and the two decisions
//! about orphans.

use serde_json::json;

use super::fixture::{Fixture, api, at, config, definition, id, key};
use crate::cx::At;
use crate::design::{Design, FailedExists, Orphans};
use crate::gateway::tables::{ApiKey, Artifact, DesiredState, Origin};
use crate::wire::archive;
use crate::wire::kind::Kind;

const EXISTS: &str = "POST /artifacts/exists";
const BATCH: &str = "POST /deployments/fetch-batch";

impl Fixture {
    fn sync(&self) {
        self.world.run(self.replica.sync_deployments(&self.cx));
    }

    fn here(&self) -> Vec<u128> {
        self.rows::<Artifact>().iter().map(|row| row.uuid.as_u128()).collect()
    }
}

/// Three artifacts of the platform, one of a local user, and a list that has only the second.
fn with_orphans(design: Design) -> Fixture {
    let fixture = Fixture::of(design);
    for (n, handle) in [(1, "petstore"), (2, "orders"), (3, "users")] {
        fixture.insert_config(api(n, handle));
    }
    let mut local = api(4, "local");
    local.artifact.origin = Origin::GatewayApi;
    fixture.insert_config(local);
    fixture.insert(key(5, id(1), "k"));
    fixture.list(&[(id(2), id(20), "DEPLOYED", at(0))]);
    fixture
}

#[test]
fn before_the_change_nobody_asks_and_every_orphan_goes() {
    let fixture = with_orphans(Design::before_fix());
    fixture.platform.answer_json(EXISTS, json!({ "artifacts": [{ "artifactId": id(1), "exists": true }] }));
    fixture.sync();
    assert_eq!(fixture.here(), [2, 4]);
    assert_eq!(fixture.rows::<ApiKey>(), [], "with its keys");
    assert!(fixture.platform.asked(EXISTS).is_empty());
    let told = fixture.published();
    assert!(told.len() == 2 && told.iter().all(|event| event.starts_with("API DELETE ")), "{told:?}");
}

#[test]
fn what_exists_is_kept_and_what_does_not_goes() {
    let fixture = with_orphans(Design::as_merged());
    let answer = json!({ "artifacts": [{ "artifactId": id(1), "exists": true },
        { "artifactId": id(3), "exists": false }] });
    fixture.platform.answer_json(EXISTS, answer);
    fixture.sync();
    assert_eq!(fixture.here(), [1, 2, 4]);
    assert_eq!(fixture.rows::<ApiKey>().len(), 1);
    let asked = fixture.platform.asked(EXISTS);
    assert_eq!(asked.len(), 1, "one call for all of them");
    let asked = String::from_utf8_lossy(&asked[0]);
    assert!(asked.contains(&id(1).to_string()) && asked.contains(&id(3).to_string()), "{asked}");
    assert!(!asked.contains(&id(2).to_string()) && !asked.contains(&id(4).to_string()), "{asked}");
}

#[test]
fn what_the_answer_leaves_out_counts_as_absent() {
    let fixture = with_orphans(Design::as_merged());
    fixture.platform.answer_json(EXISTS, json!({ "artifacts": [{ "artifactId": id(1), "exists": true }] }));
    fixture.sync();
    assert_eq!(fixture.here(), [1, 2, 4]);
}

#[test]
fn a_failed_question_keeps_all_or_none_by_design() {
    let mean = Design { failed_exists: FailedExists::MeansAbsent, ..Design::as_merged() };
    for (status, body) in [(500, ""), (401, ""), (200, ""), (200, "<html>"), (200, r#"{"artifacts":7}"#)] {
        let fixture = with_orphans(Design::as_merged());
        fixture.platform.answer(EXISTS, status, body);
        fixture.sync();
        assert_eq!(fixture.here(), [1, 2, 3, 4], "{status} {body}");
        assert_eq!(fixture.published(), [""; 0]);

        let fixture = with_orphans(mean.clone());
        fixture.platform.answer(EXISTS, status, body);
        fixture.sync();
        assert_eq!(fixture.here(), [2, 4], "{status} {body}");
    }
}

#[test]
fn where_a_refusal_is_asked_again_a_second_one_deletes_and_silence_keeps() {
    let design = Design { failed_exists: FailedExists::SecondRefusalMeansAbsent, ..Design::as_merged() };
    for (status, body, here) in [(503, "", &[2, 4][..]), (200, "<html>", &[1, 2, 3, 4])] {
        let fixture = with_orphans(design.clone());
        fixture.platform.answer(EXISTS, status, body);
        fixture.sync();
        assert_eq!(fixture.here(), here, "{status} {body}");
        let asked = fixture.platform.asked(EXISTS).len();
        assert_eq!(asked, if status == 503 { 2 } else { 1 }, "{status} {body}");
    }
}

#[test]
fn without_orphans_nobody_asks() {
    let fixture = Fixture::new();
    fixture.insert_config(api(2, "orders"));
    fixture.list(&[(id(2), id(20), "DEPLOYED", at(0))]);
    fixture.sync();
    assert!(fixture.platform.asked(EXISTS).is_empty());
}

#[test]
fn on_the_premises_nobody_asks_and_every_orphan_goes() {
    assert_eq!(Design::as_merged().orphans, Orphans::Ask);
    let fixture = with_orphans(Design::as_merged());
    fixture.platform.answer_json("GET /internal/gateway/.well-known", json!({ "gatewayPath": "gw/" }));
    let path = fixture.world.run(fixture.replica.platform.connect_path(&fixture.cx));
    assert_eq!(path, "/gw/ws/gateways/connect");
    fixture.platform.answer_json("GET /gw/deployments", json!({ "deployments": [] }));
    fixture.sync();
    assert_eq!(fixture.here(), [4]);
}

#[test]
fn a_list_that_cannot_be_had_changes_nothing() {
    for (status, body) in [(500, ""), (200, ""), (200, r#"{"deployments":[{}]}"#)] {
        let fixture = with_orphans(Design::before_fix());
        fixture.platform.answer("GET /deployments", status, body);
        fixture.sync();
        assert_eq!(fixture.here(), [1, 2, 3, 4], "{status} {body}");
    }
    let fixture = with_orphans(Design::before_fix());
    fixture.world.break_at("store.list-artifacts");
    fixture.sync();
    assert_eq!(fixture.here(), [1, 2, 3, 4]);
}

#[test]
fn an_orphan_makes_way_for_an_artifact_with_its_handle() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.list(&[(id(2), id(20), "DEPLOYED", at(9))]);
    fixture.platform.answer_json(EXISTS, json!({ "artifacts": [{ "artifactId": id(1), "exists": false }] }));
    let yaml = definition(Kind::RestApi, "petstore");
    let name = archive::file_name(Kind::RestApi, id(2));
    fixture.platform.answer(BATCH, 200, archive::batch([(id(20), name, &yaml[..])]));
    fixture.sync();
    assert_eq!(fixture.here(), [2]);
    let told = fixture.published();
    assert!(told.contains(&format!("API CREATE etag-{}", id(20))), "{told:?}");
}

#[test]
fn deployments_are_fetched_in_chunks_and_a_lost_chunk_is_skipped() {
    let mut fixture = Fixture::new();
    let many: Vec<_> = (1..=120).map(|n| (id(n), id(10 * n), "DEPLOYED", at(0))).collect();
    fixture.list(&many);
    fixture.platform.answer(BATCH, 500, "");
    fixture.sync();
    let sizes: Vec<usize> = fixture
        .platform
        .asked(BATCH)
        .iter()
        .map(|b| String::from_utf8_lossy(b).matches("-0000-").count())
        .collect();
    // Three dashes of zeros overlap in pairs: each identifier counts twice.
    assert_eq!(sizes.iter().map(|n| n / (sizes[2] / 20)).collect::<Vec<_>>(), [50, 50, 20]);
    assert_eq!(fixture.here(), [0; 0]);
    // What one chunk lacks is skipped by itself.
    fixture = Fixture::new();
    fixture.list(&many[..2]);
    let yaml = definition(Kind::RestApi, "orders");
    let name = archive::file_name(Kind::RestApi, id(2));
    fixture.platform.answer(BATCH, 200, archive::batch([(id(20), name, &yaml[..])]));
    fixture.sync();
    assert_eq!(fixture.here(), [2]);
}

#[test]
fn another_state_is_written_and_published_with_the_etag() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    fixture.list(&[(id(1), id(10), "UNDEPLOYED", at(5))]);
    fixture.sync();
    let row = fixture.artifact(id(1)).expect("kept");
    assert_eq!((row.desired_state, row.deployed_at), (DesiredState::Undeployed, Some(at(5))));
    assert_eq!(fixture.published(), [format!("API UPDATE etag-{}", id(10))]);
    assert_eq!(fixture.rows::<ApiKey>().len(), 1);

    fixture.list(&[(id(1), id(10), "DEPLOYED", at(5))]);
    fixture.sync();
    assert_eq!(fixture.artifact(id(1)).expect("kept").desired_state, DesiredState::Undeployed, "not newer");
}

/// Two orphans of a kind; the second goes while the first is at that step of its deletion.
fn overtaken(kind: Kind, step: &'static str) -> Fixture {
    let fixture = Fixture::new();
    for (n, handle) in [(1, "petstore"), (2, "orders")] {
        fixture.insert_config(config(kind, n, handle));
        fixture.insert(key(5 + n, id(n), handle));
    }
    fixture.list(&[]);
    fixture.platform.answer_json(EXISTS, json!({ "artifacts": [] }));
    fixture.world.hold("gw1", step);
    let (replica, cx) = (fixture.replica.clone(), fixture.cx.clone());
    fixture.begin(async move { replica.sync_deployments(&cx).await });
    let delete =
        fixture.database.write(&fixture.cx, At::site("test.delete"), |w| w.delete_where(|_: &Artifact| true));
    fixture.world.run(delete).expect("deleted");
    fixture.world.release("gw1", step);
    fixture
}

#[test]
fn an_api_that_goes_before_its_turn_is_cleaned_up_after() {
    let fixture = overtaken(Kind::RestApi, "memory.subscriptions");
    assert_eq!(fixture.rows::<ApiKey>(), []);
    assert_eq!(fixture.published().len(), 2, "both are told of");
    assert_eq!(fixture.world.count("store.commit-delete"), 1);
}

#[test]
fn an_mcp_proxy_that_goes_before_its_turn_is_passed_over() {
    let fixture = overtaken(Kind::Mcp, "memory.remove-runtime-policy");
    // The first is looked for again by its handle before that step, and by its identifier after it.
    assert_eq!(fixture.published(), [""; 0]);
    assert_eq!(fixture.rows::<ApiKey>().len(), 2, "nobody looks after the keys");
}
