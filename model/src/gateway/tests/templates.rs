//! Templates of LLM providers, and what an artifact without its REST form comes to (docs/spec/gateway.md
//! sections 3.1, 5.2 and 9.4).

use std::time::Duration;

use serde_json::json;

use super::fixture::{Fixture, api, config, id, key, provider};
use crate::gateway::boot::BUILT_IN;
use crate::gateway::hub::Announcement;
use crate::gateway::memory::StoredConfig;
use crate::gateway::tables::{Action, EntityType, GATEWAY_ID, LlmTemplate};
use crate::wire::kind::Kind;

impl Fixture {
    fn publish_and_poll(&self, told: Announcement) {
        self.world.run(self.replica.announce(&self.cx, told));
        self.world.pass(Duration::from_secs(4));
    }

    fn tell_of_template(&self, action: Action, n: u128) {
        let told = Announcement::artifact(Kind::LlmProvider, action, id(n), "");
        self.publish_and_poll(Announcement { entity: EntityType::LlmTemplate, ..told });
    }

    fn tell_of_provider(&self, action: Action, n: u128) {
        self.publish_and_poll(Announcement::artifact(Kind::LlmProvider, action, id(n), ""));
    }

    /// Deploys a provider by an event, and says what the platform hears of it.
    fn deploy_provider(&self, config: &StoredConfig) -> String {
        let uuid = config.artifact.uuid;
        self.offer(Kind::LlmProvider, uuid, &config.configuration);
        let payload =
            json!({ "providerId": uuid, "deploymentId": id(10), "performedAt": "2026-03-31T12:00:05Z" });
        self.platform.send("llmprovider.deployed", payload);
        self.world.pass(Duration::from_millis(1));
        let heard = self.platform.take_heard();
        heard[0]["payload"]["status"].as_str().expect("a status").to_owned()
    }
}

fn template(n: u128, handle: &str) -> LlmTemplate {
    LlmTemplate {
        gateway_id: GATEWAY_ID.into(),
        uuid: id(n),
        handle: handle.into(),
        configuration: "{}".into(),
    }
}

#[test]
fn the_built_in_templates_are_written_once_and_loaded_by_every_boot() {
    let fixture = Fixture::new();
    fixture.start();
    assert_eq!(fixture.projections.templates(), BUILT_IN);
    let written = fixture.rows::<LlmTemplate>();
    fixture.world.kill("gw1");
    fixture.start();
    assert_eq!(fixture.rows::<LlmTemplate>(), written);
    assert_eq!(fixture.published(), [""; 0], "and nobody is told");
}

#[test]
fn a_template_that_cannot_be_written_is_missing_and_the_boot_goes_on() {
    let fixture = Fixture::new();
    fixture.world.break_at("store.keep-template");
    fixture.start();
    assert_eq!(fixture.projections.templates(), [""; 0]);
    assert_eq!(fixture.world.count("boot.management"), 1);
}

#[test]
fn a_provider_made_from_a_template_of_the_platform_alone_is_refused() {
    let fixture = Fixture::new();
    fixture.start_and_sync();
    assert_eq!(fixture.deploy_provider(&provider(1, "mine", "of the platform")), "failed");
    assert!(fixture.artifact(id(1)).is_none());
    assert_eq!(fixture.deploy_provider(&provider(2, "theirs", "openai")), "success");
    fixture.insert(template(7, "of the platform"));
    assert_eq!(
        fixture.deploy_provider(&provider(1, "mine", "of the platform")),
        "success",
        "the database has it"
    );
}

#[test]
fn the_listener_takes_templates_up_and_drops_them() {
    let fixture = Fixture::new();
    fixture.start();
    fixture.tell_of_template(Action::Create, 7);
    assert_eq!(fixture.projections.templates(), BUILT_IN, "without a row nothing is taken up");
    fixture.insert(template(7, "mine"));
    fixture.tell_of_template(Action::Update, 7);
    assert!(fixture.projections.templates().contains(&"mine".to_owned()));
    fixture.tell_of_template(Action::Delete, 7);
    assert_eq!(fixture.projections.templates(), BUILT_IN);
}

#[test]
fn a_provider_is_taken_up_with_its_template_in_memory_or_in_the_database() {
    let fixture = Fixture::new();
    fixture.start();
    fixture.insert_config(provider(1, "mine", "nobody's"));
    fixture.tell_of_provider(Action::Create, 1);
    assert!(fixture.projections.artifacts().is_empty());
    fixture.insert(template(7, "nobody's"));
    fixture.tell_of_provider(Action::Update, 1);
    assert!(fixture.projections.route("mine").is_some());
    let made_from =
        |f: &Fixture| f.projections.read(|s| s.lazy_resources.made_from(id(1)).map(str::to_owned));
    assert_eq!(made_from(&fixture).as_deref(), Some("nobody's"));
    fixture.tell_of_provider(Action::Delete, 1);
    assert_eq!(made_from(&fixture), None);
}

#[test]
fn an_artifact_that_a_key_brought_into_memory_has_no_rest_form_until_its_own_event() {
    for kind in [Kind::RestApi, Kind::LlmProvider, Kind::Mcp] {
        let fixture = Fixture::new();
        fixture.start();
        fixture.insert_config(config(kind, 1, "petstore"));
        fixture.insert(key(5, id(1), "k"));
        fixture.publish_and_poll(Announcement::key(Action::Create, id(1), id(5), ""));
        assert_eq!(fixture.projections.artifacts().len(), 1);
        // Something else makes the snapshot anew: the raw configuration of a REST API will do for it.
        fixture.insert_config(api(2, "orders"));
        fixture.publish_and_poll(Announcement::artifact(Kind::RestApi, Action::Create, id(2), ""));
        assert_eq!(fixture.projections.route("petstore").is_some(), kind == Kind::RestApi);
        fixture.publish_and_poll(Announcement::artifact(kind, Action::Create, id(1), ""));
        assert!(fixture.projections.route("petstore").is_some());
    }
}
