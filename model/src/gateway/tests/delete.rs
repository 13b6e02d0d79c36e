//! Delete events (docs/spec/gateway.md sections 5.3, 8.3 and 14.1, `api_deleted_test.go` and
//! `llm_deletion_test.go`).

use std::sync::Arc;

use serde_json::json;

use super::fixture::{Fixture, api, config, id, key, subscription};
use super::platform::CORRELATION;
use crate::cx::CrossingId;
use crate::design::Design;
use crate::gateway::tables::{ApiKey, Artifact, Subscription};
use crate::wire::kind::Kind;

impl Fixture {
    /// Artifact 1 is deleted, according to an event.
    fn deleted(&self, kind: Kind) {
        let event = json!({ "type": format!("{}.deleted", kind.event_prefix()),
            "payload": { kind.event_id_field(): id(1) }, "correlationId": CORRELATION });
        self.world.run(self.replica.handle_message(&self.cx, CrossingId(0), event));
    }

    fn left(&self) -> (usize, usize, usize) {
        (self.rows::<Artifact>().len(), self.rows::<ApiKey>().len(), self.rows::<Subscription>().len())
    }
}

/// Keys and a subscription of artifact 1, which may be there too, and a key of another.
fn with_leftovers(design: Design) -> Fixture {
    let fixture = Fixture::of(design);
    fixture.insert(key(5, id(1), "a"));
    fixture.insert(key(6, id(1), "b"));
    fixture.insert(key(7, id(2), "of another"));
    fixture.insert(subscription(8, id(1)));
    fixture
}

fn told(kind: &str) -> [String; 1] {
    [format!("{kind} DELETE {CORRELATION}")]
}

#[test]
fn a_known_api_goes_with_everything_it_has() {
    let fixture = with_leftovers(Design::as_merged());
    fixture.insert_config(api(1, "petstore"));
    fixture.world.take_sites();
    fixture.deleted(Kind::RestApi);
    assert_eq!(fixture.left(), (0, 1, 0));
    assert_eq!(fixture.published(), told("API"));
    let steps = [
        "store.find-artifact",
        "store.delete-subscriptions",
        "store.delete-keys",
        "store.delete-artifact",
        "store.commit-delete",
        "store.delete-leftover-keys",
        "store.delete-leftover-subscriptions",
        "store.list-active-subscriptions",
        "store.list-plans",
        "memory.subscriptions",
        "hub.insert-event",
        "hub.bump-version",
        "hub.publish",
    ];
    assert_eq!(fixture.world.take_sites(), steps);
}

#[test]
fn an_unknown_api_is_cleaned_up_after() {
    let fixture = with_leftovers(Design::before_fix());
    fixture.world.take_sites();
    fixture.deleted(Kind::RestApi);
    assert_eq!(fixture.left(), (0, 1, 0));
    assert_eq!(fixture.published(), told("API"));
    assert_eq!(fixture.world.count("store.delete-leftover-keys"), 1);
    assert_eq!(fixture.world.count("store.delete-leftover-subscriptions"), 1);
    assert_eq!(fixture.world.count("store.delete-artifact"), 0);
}

#[test]
fn an_api_delete_that_fails_is_published_all_the_same() {
    let fixture = with_leftovers(Design::as_merged());
    fixture.insert_config(api(1, "petstore"));
    for site in ["store.delete-artifact", "store.delete-leftover-keys", "store.delete-leftover-subscriptions"]
    {
        fixture.world.break_at(site);
    }
    fixture.deleted(Kind::RestApi);
    assert_eq!(fixture.left(), (1, 3, 1), "nothing was deleted");
    assert_eq!(fixture.world.count("store.delete-leftover-subscriptions"), 1, "all was tried");
    assert_eq!(fixture.published(), told("API"));
}

#[test]
fn an_api_that_cannot_be_looked_up_is_left_alone() {
    let fixture = with_leftovers(Design::as_merged());
    fixture.insert_config(api(1, "petstore"));
    fixture.world.break_at("store.find-artifact");
    fixture.deleted(Kind::RestApi);
    assert_eq!(fixture.left(), (1, 3, 1));
    assert_eq!(fixture.published(), [""; 0]);
}

#[test]
fn what_only_memory_has_is_unknown() {
    let fixture = with_leftovers(Design::as_merged());
    fixture.projections.change(|state| state.memory.add(Arc::new(api(1, "petstore")))).expect("it is empty");
    fixture.world.take_sites();
    fixture.deleted(Kind::RestApi);
    let sites = fixture.world.take_sites();
    let cleaned_up =
        ["store.find-artifact", "store.delete-leftover-keys", "store.delete-leftover-subscriptions"];
    assert_eq!(sites[..3], cleaned_up);
    assert_eq!(fixture.published(), told("API"));
    assert_eq!(fixture.projections.artifacts().len(), 1, "until the listener hears of it");
}

#[test]
fn a_known_artifact_of_another_kind_goes_with_its_keys() {
    for (kind, name) in
        [(Kind::LlmProvider, "LLM_PROVIDER"), (Kind::LlmProxy, "LLM_PROXY"), (Kind::Mcp, "MCP_PROXY")]
    {
        let fixture = with_leftovers(Design::as_merged());
        if kind == Kind::LlmProxy {
            fixture.insert_config(config(Kind::LlmProvider, 0, "openai"));
        }
        fixture.insert_config(config(kind, 1, "chat"));
        fixture.deleted(kind);
        assert!(fixture.artifact(id(1)).is_none(), "{kind:?}");
        assert_eq!(fixture.rows::<ApiKey>().len(), 1, "{kind:?}");
        assert_eq!(fixture.published(), told(name));
    }
}

#[test]
fn the_services_of_other_kinds_stop_at_the_first_error() {
    for kind in [Kind::LlmProvider, Kind::LlmProxy] {
        for site in ["store.delete-leftover-keys", "store.delete-artifact", "store.find-artifact"] {
            let fixture = with_leftovers(Design::as_merged());
            fixture.insert_config(config(Kind::LlmProvider, 0, "openai"));
            fixture.insert_config(config(kind, 1, "chat"));
            fixture.world.break_at(site);
            fixture.deleted(kind);
            assert!(fixture.artifact(id(1)).is_some(), "{kind:?} {site}");
            assert_eq!(fixture.published(), [""; 0], "{kind:?} {site}");
        }
    }
}

#[test]
fn an_unknown_llm_artifact_is_cleaned_up_after_by_design() {
    for (kind, name) in [(Kind::LlmProvider, "LLM_PROVIDER"), (Kind::LlmProxy, "LLM_PROXY")] {
        let fixture = with_leftovers(Design::as_merged());
        fixture.deleted(kind);
        assert_eq!(fixture.left(), (0, 1, 1), "subscriptions are of APIs");
        assert_eq!(fixture.published(), told(name));

        let fixture = with_leftovers(Design::before_fix());
        fixture.deleted(kind);
        assert_eq!(fixture.left(), (0, 3, 1));
        assert_eq!(fixture.published(), [""; 0]);

        let fixture = with_leftovers(Design::as_merged());
        fixture.world.break_at("store.delete-leftover-keys");
        fixture.deleted(kind);
        assert_eq!(fixture.published(), [""; 0], "keys that stay are not told of");
    }
}

#[test]
fn an_unknown_mcp_proxy_is_only_warned_of() {
    let fixture = with_leftovers(Design::as_merged());
    fixture.deleted(Kind::Mcp);
    assert_eq!(fixture.left(), (0, 3, 1));
    assert_eq!(fixture.published(), [""; 0]);
}
