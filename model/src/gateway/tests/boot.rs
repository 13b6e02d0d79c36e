//! The boot (docs/spec/gateway.md section 3.1).

use super::fixture::{Fixture, api, at, config, id, key, proxy};
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
