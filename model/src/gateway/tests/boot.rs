//! The boot (docs/spec/gateway.md section 3.1).

use std::sync::Arc;
use std::time::Duration;

use super::fixture::{Fixture, api, at, config, id, key, provider, proxy};
use crate::gateway::memory::StoredConfig;
use crate::gateway::tables::DesiredState;
use crate::gateway::{Config, Ended, Exit, run};
use crate::wire::kind::Kind;

impl Fixture {
    /// Runs a process of which a boot step is expected to fail.
    fn boot_fails(&self) -> Exit {
        let config: Config = self.config();
        match self.world.run(run(self.cx.clone(), config)) {
            Ended::BootFailed(exit) => exit,
            Ended::Stopped => panic!("it was asked to stop"),
        }
    }
}

const STEPS: [&str; 22] = [
    "boot.load-config",
    "boot.open-storage",
    "boot.open-hub-storage",
    "boot.start-event-hub",
    "boot.register-gateway",
    "boot.load-artifacts",
    "boot.load-templates",
    "boot.load-keys",
    "boot.load-secrets",
    "boot.load-policy-definitions",
    "boot.hydrate-mcp-proxies",
    "boot.hydrate-llm-providers",
    "boot.hydrate-llm-proxies",
    "boot.routes",
    "boot.serve-routes",
    "boot.key-snapshot",
    "boot.runtime-policies",
    "boot.subscription-snapshot",
    "boot.serve-policies",
    "boot.connect",
    "boot.listen",
    "boot.management",
];

#[test]
fn what_is_stored_is_served_before_the_platform_is_called() {
    let fixture = Fixture::new();
    let mut undeployed = api(2, "orders");
    undeployed.artifact.desired_state = DesiredState::Undeployed;
    fixture.insert_config(api(1, "petstore"));
    fixture.insert_config(undeployed);
    fixture.insert_config(config(Kind::Mcp, 3, "tools"));
    fixture.insert(key(5, id(1), "k"));
    fixture.world.break_at("boot.connect");
    assert_eq!(fixture.boot_fails().step, "boot.connect");
    let handles: Vec<_> = fixture.projections.routes().into_iter().map(|route| route.handle).collect();
    assert_eq!(handles, ["petstore", "tools"]);
    assert_eq!(fixture.projections.artifacts().len(), 3);
    assert!(fixture.projections.accepts_key(id(1), "k", at(0)));
}

#[test]
fn the_steps_come_in_order() {
    let fixture = Fixture::new();
    fixture.world.take_sites();
    fixture.start();
    let mut sites = fixture.world.take_sites();
    sites.retain(|site| site.starts_with("boot."));
    assert_eq!(sites, STEPS);
}

#[test]
fn a_step_that_fails_ends_the_process() {
    // A snapshot that can't be made lets nobody in, and ends nothing.
    for step in STEPS.into_iter().filter(|step| *step != "boot.subscription-snapshot") {
        let fixture = Fixture::new();
        fixture.world.break_at(step);
        assert_eq!(fixture.boot_fails(), Exit { step, why: "broken by the test".into() });
    }
}

#[test]
fn without_a_token_no_platform_is_called() {
    let fixture = Fixture::new();
    let config = Config { token: String::new(), ..fixture.config() };
    let cx = fixture.cx.clone();
    fixture.cx.spawn_as_is(async move {
        run(cx, config).await;
    });
    fixture.world.pass(std::time::Duration::from_secs(60));
    assert_eq!(fixture.world.count("http.connect"), 0);
    assert_eq!(fixture.world.count("hub.poll"), 20, "one each 3 s");
}

#[test]
fn a_stored_proxy_without_its_provider_ends_the_process_unless_the_operator_says_otherwise() {
    let fixture = Fixture::new();
    fixture.insert_config(config(Kind::LlmProvider, 0, "openai"));
    fixture.insert_config(proxy(1, "chat", "openai"));
    fixture.insert_config(proxy(2, "talk", "claude"));
    assert_eq!(fixture.boot_fails().step, "boot.hydrate-llm-proxies");

    let mut config = Config { projections: Default::default(), ..fixture.config() };
    config.settings.skip_invalid = true;
    let (cx, projections) = (fixture.cx.clone(), config.projections.clone());
    fixture.cx.spawn_as_is(async move {
        run(cx, config).await;
    });
    fixture.world.settle();
    assert_eq!(projections.artifacts().len(), 3);
}

/// A stored configuration that is no definition.
fn unreadable(kind: Kind, n: u128, handle: &str) -> StoredConfig {
    StoredConfig { configuration: "not: [a definition".into(), ..config(kind, n, handle) }
}

/// Each thing that a boot may trip over, and where it does.
fn stumbling_blocks() -> [(StoredConfig, &'static str); 6] {
    [
        (unreadable(Kind::RestApi, 1, "petstore"), "boot.runtime-policies"),
        (unreadable(Kind::Mcp, 1, "petstore"), "boot.hydrate-mcp-proxies"),
        (unreadable(Kind::LlmProvider, 1, "petstore"), "boot.hydrate-llm-providers"),
        (unreadable(Kind::LlmProxy, 1, "petstore"), "boot.hydrate-llm-proxies"),
        (proxy(1, "petstore", "nobody"), "boot.hydrate-llm-proxies"),
        // Built-in templates are written later; that this one is built in doesn't help.
        (provider(1, "petstore", "openai"), "boot.hydrate-llm-providers"),
    ]
}

/// The block, with what its foreign keys need, and an API that is fine.
fn blocked_by(block: &StoredConfig) -> Fixture {
    let fixture = Fixture::new();
    if block.artifact.kind == Kind::LlmProxy {
        fixture.insert_config(config(Kind::LlmProvider, 0, "other"));
    }
    fixture.insert_config(block.clone());
    fixture.insert_config(api(2, "orders"));
    fixture
}

#[test]
fn what_cannot_be_translated_ends_the_process() {
    for (block, step) in stumbling_blocks() {
        let fixture = blocked_by(&block);
        assert_eq!(fixture.boot_fails().step, step);
        // The operator may start it as often as he likes.
        fixture.projections.change(|state| *state = Default::default());
        assert_eq!(fixture.boot_fails().step, step);
    }
}

#[test]
fn or_is_in_memory_without_route_and_policies_if_the_operator_says_to_go_on() {
    for (block, _) in stumbling_blocks() {
        let fixture = blocked_by(&block);
        let mut config = fixture.config();
        config.settings.skip_invalid = true;
        fixture.start_as("gw1", config);
        assert_eq!(fixture.world.count("boot.management"), 1);
        assert!(fixture.projections.read(|state| state.memory.get(id(1)).is_some()));
        assert!(fixture.projections.route("petstore").is_none());
        assert_eq!(fixture.projections.runtime_policy(block.artifact.kind, "petstore"), None);
        assert!(fixture.projections.route("orders").is_some());
    }
}

#[test]
fn what_memory_holds_already_ends_the_process_whatever_the_operator_says() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(key(5, id(1), "k"));
    let mut config = fixture.config();
    config.settings.skip_invalid = true;

    let mut other = api(2, "petstore");
    other.artifact.display_name = "Another".into();
    fixture.projections.change(|state| state.memory.add(Arc::new(other))).expect("it is empty");
    assert_eq!(fixture.boot_fails().step, "boot.load-artifacts");

    fixture.projections.change(|state| *state = Default::default());
    fixture
        .projections
        .change(|state| state.memory.store_key(Arc::new(key(6, id(1), "k"))))
        .expect("it is empty");
    assert_eq!(fixture.boot_fails().step, "boot.load-keys");
}

#[test]
fn settings_that_make_no_sense_end_the_process() {
    let second = Duration::from_secs(1);
    let wrong: [fn(&mut Config); 4] = [
        |config| config.settings.reconnect_initial = Duration::ZERO,
        |config| config.settings.reconnect_max = Duration::ZERO,
        |config| config.settings.sync_batch_size = 0,
        |config| config.settings.reconnect_initial = config.settings.reconnect_max * 2,
    ];
    for change in wrong {
        let fixture = Fixture::new();
        let mut config = fixture.config();
        change(&mut config);
        let ended = fixture.world.run(run(fixture.cx.clone(), config));
        assert!(matches!(ended, Ended::BootFailed(Exit { step: "boot.load-config", .. })), "{ended:?}");
    }
    let fixture = Fixture::new();
    let mut config = fixture.config();
    (config.settings.reconnect_initial, config.settings.reconnect_max) = (second, second);
    fixture.start_as("gw1", config);
    assert_eq!(fixture.world.count("boot.management"), 1);
}

#[test]
fn events_may_come_before_anybody_listens_to_the_hub() {
    let fixture = Fixture::new();
    fixture.world.hold("gw1", "boot.listen");
    fixture.start_and_sync();
    assert_eq!(fixture.world.count("http.deployments"), 1, "the platform is called already");
    fixture.insert_config(api(1, "petstore"));
    let told = crate::gateway::hub::Announcement::artifact(
        Kind::RestApi,
        crate::gateway::tables::Action::Create,
        id(1),
        "",
    );
    fixture.world.run(fixture.replica.announce(&fixture.cx, told));
    fixture.world.pass(Duration::from_secs(4));
    fixture.world.release("gw1", "boot.listen");
    fixture.world.pass(Duration::from_secs(60));
    assert!(fixture.projections.route("petstore").is_none(), "delivered to nobody is delivered");
}
