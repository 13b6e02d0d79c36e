//! LLM providers, LLM proxies and MCP proxies in memory (docs/spec/gateway.md sections 9.4 and 14.2): they
//! come and go as REST APIs do, with their keys.

use super::fixture::{Fixture, at, config, id, key, proxy};
use crate::gateway::hub::Announcement;
use crate::gateway::memory::StoredConfig;
use crate::gateway::tables::{Action, Artifact, DesiredState};
use crate::wire::kind::Kind;

/// Artifact 1 of a kind; an LLM proxy stands before provider 0.
fn one_of(kind: Kind) -> StoredConfig {
    match kind {
        Kind::LlmProxy => proxy(1, "chat", "openai"),
        Kind::RestApi | Kind::LlmProvider | Kind::Mcp => config(kind, 1, "chat"),
    }
}

/// Undeploys artifact 1 behind the gateway's back.
fn undeploy(fixture: &Fixture) {
    let at = crate::cx::At::site("test.undeploy");
    let row = Artifact::clone(&fixture.artifact(id(1)).expect("it is there"));
    let row = Artifact { desired_state: DesiredState::Undeployed, ..row };
    let write = fixture.database.write(&fixture.cx, at, |w| w.put(row.clone()));
    fixture.world.run(write).expect("written");
}

#[test]
fn each_comes_and_changes_and_goes_with_its_keys() {
    for kind in [Kind::LlmProvider, Kind::LlmProxy, Kind::Mcp] {
        let fixture = Fixture::new();
        fixture.insert_config(config(Kind::LlmProvider, 0, "openai"));
        fixture.start();
        let tell = |action| fixture.announce(Announcement::artifact(kind, action, id(1), ""));

        fixture.insert_config(one_of(kind));
        tell(Action::Create);
        assert_eq!(fixture.in_memory(), [0, 1], "{kind:?}");
        assert_eq!(fixture.projections.route("chat").map(|route| route.artifact), Some(id(1)), "{kind:?}");
        fixture.insert(key(5, id(1), "k"));
        fixture.announce_key(Action::Create, 1, 5);
        assert!(fixture.projections.accepts_key(id(1), "k", at(0)), "{kind:?}");

        undeploy(&fixture);
        tell(Action::Update);
        assert_eq!(fixture.in_memory(), [0, 1], "{kind:?}");
        assert!(fixture.projections.route("chat").is_none(), "{kind:?}");
        assert_eq!(fixture.projections.keys().len(), 1, "{kind:?}");

        fixture.delete_row(1);
        tell(Action::Delete);
        assert_eq!(fixture.in_memory(), [0], "{kind:?}");
        assert_eq!(fixture.projections.runtime_policy(kind, "chat"), None);
        assert!(fixture.projections.keys().is_empty() && fixture.projections.memory_keys().is_empty());
    }
}
