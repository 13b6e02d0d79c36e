//! What a made-up plan is set up with: nodes, replicas, databases, settings, designs.

use driftless_model::wire::kind::Kind;

use crate::draw::{self, Draws};
use crate::plan::{Action, Choice, Node, Plan, Role, Setting};

use super::profile::Topology;

/// The second organisation of plans that have one, and its gateway.
const TENANT: &str = "globex";
const TENANTS_GATEWAY: &str = "gw-globex";

/// What one plan is set up with, whatever the number of its gateways.
#[derive(Clone, Copy, Debug)]
pub(super) struct SetUp {
    replica: bool,
    instance: bool,
    postgres: bool,
    transitional: bool,
    on_premises: bool,
    aging_foreign_keys: bool,
    old_gateway: bool,
    tenants: bool,
}

impl SetUp {
    /// What a topology's shares come to for one plan.
    pub(super) fn of(topology: &Topology, draws: Draws) -> Self {
        let has =
            |name: &str, share: u32| draws.within("topology", draw::of(name), &(0..100)) < u64::from(share);
        let instance = has("instances", topology.instances);
        SetUp {
            replica: has("replicas", topology.replicas),
            instance,
            postgres: instance || has("postgres", topology.postgres),
            transitional: has("transitional", topology.transitional),
            on_premises: has("on-premises", topology.on_premises),
            aging_foreign_keys: has("aging-foreign-keys", topology.aging_foreign_keys),
            old_gateway: has("old-gateway", topology.old_gateway),
            tenants: has("tenants", topology.tenants),
        }
    }

    /// A plan with its nodes and settings, the names of what stands for a gateway, and the steps that set it up.
    pub(super) fn plan(self, gateways: usize) -> (Plan, Vec<String>, Vec<Action>) {
        let mut names: Vec<String> = (1..=gateways).map(|n| format!("gw{n}")).collect();
        let mut nodes = vec![node("platform", Role::Platform)];
        let mut settings = Vec::new();
        let mut set = |node: &str, name: &str, value: &str| {
            settings.push(Setting { node: node.into(), name: name.into(), value: value.into() });
        };
        if self.postgres {
            set("platform", "database.driver", "postgres");
        }
        if self.transitional {
            set("platform", "deployments.transitional_status_enabled", "true");
        }
        if self.on_premises {
            set("platform", "edition", "on-premises");
        }
        if self.aging_foreign_keys && !self.postgres {
            set("platform", "database.foreign_keys", "aging");
        }
        if self.replica {
            set("gw1", "storage.type", "postgres");
            set("platform", "websocket.max_connections_per_org", "9");
        }
        let mut begins = vec![start("platform")];
        if self.instance {
            nodes.push(node("platform/b", Role::Platform));
            begins.push(start("platform/b"));
        }
        nodes.extend(names.iter().map(|name| node(name, Role::Gateway)));
        begins.extend(names.iter().map(|name| start(name)));
        if self.old_gateway
            && let Some(last) = nodes.last_mut()
        {
            last.design.push(Choice::Design("before-fix".into()));
        }
        if self.replica {
            nodes.push(node("gw1/b", Role::Gateway));
            begins.push(start("gw1/b"));
            names.push("gw1/b".into());
        }
        if self.tenants {
            // What happens to the first organisation is nothing to this one, and the other way round.
            nodes
                .push(Node { organisation: Some(TENANT.to_owned()), ..node(TENANTS_GATEWAY, Role::Gateway) });
            begins.extend(tenant());
        }
        (Plan { nodes, settings, ..Plan::default() }, names, begins)
    }
}

fn node(name: &str, role: Role) -> Node {
    Node { name: name.to_owned(), role, organisation: None, design: Vec::new() }
}

/// The second organisation, with something that its gateway serves.
fn tenant() -> [Action; 4] {
    let artifact = format!("{TENANT}/petstore");
    let gateway = TENANTS_GATEWAY.to_owned();
    [
        Action::Organisation { organisation: TENANT.to_owned() },
        Action::Start { node: gateway.clone(), organisation: Some(TENANT.to_owned()) },
        Action::Create { kind: Kind::RestApi, artifact: artifact.clone(), provider: None, project: None },
        Action::Deploy { artifact, gateway, base: None },
    ]
}

fn start(name: &str) -> Action {
    Action::Start { node: name.to_owned(), organisation: None }
}
