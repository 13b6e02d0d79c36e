//! From a plan's nodes to running processes: disks, designs, settings, and the first task of each life.

use std::collections::BTreeMap;
use std::sync::Arc;

use driftless_model::cx::{self, Cx};
use driftless_model::design::Design;
use driftless_model::gateway::{self, Projections};
use driftless_model::platform;
use driftless_model::settings::{GatewaySettings, PlatformSettings};
use driftless_model::store::{Database, Settings};

use crate::outcome::Unrunnable;
use crate::plan::{Plan, Role};
use crate::settings::WorldSettings;
use crate::world::{Death, NodeState, World};

/// The name of the node from which users act.
pub const USER: &str = "user";
/// The name of the world's own settings in a plan.
pub const WORLD: &str = "world";

/// What the world is set to in a plan.
///
/// # Errors
/// When a setting doesn't exist or doesn't fit.
pub fn world_settings(plan: &Plan) -> Result<WorldSettings, Unrunnable> {
    let mut settings = WorldSettings::default();
    for setting in plan.settings.iter().filter(|setting| setting.node == WORLD) {
        settings.set(&setting.name, &setting.value).map_err(Unrunnable::of)?;
    }
    Ok(settings)
}

/// The machines of a plan, none of them running yet.
///
/// # Errors
/// When a design, decision or setting doesn't exist or doesn't fit.
pub fn nodes(plan: &Plan) -> Result<BTreeMap<Arc<str>, NodeState>, Unrunnable> {
    let mut nodes = BTreeMap::new();
    for node in &plan.nodes {
        let mut state = machine(Some(node.role));
        for choice in &node.design {
            choice.apply(&mut state.design).map_err(Unrunnable::of)?;
        }
        for setting in plan.settings.iter().filter(|setting| setting.node == node.name) {
            let set = match node.role {
                Role::Platform => state.platform.set(&setting.name, &setting.value),
                Role::Gateway => state.gateway.set(&setting.name, &setting.value),
            };
            set.map_err(Unrunnable::of)?;
        }
        state.database = Some(disk(node.role, &state));
        nodes.insert(node.name.as_str().into(), state);
    }
    nodes.insert(USER.into(), machine(None));
    Ok(nodes)
}

pub(crate) fn machine(role: Option<Role>) -> NodeState {
    NodeState {
        role,
        design: Design::as_merged(),
        platform: PlatformSettings::default(),
        gateway: GatewaySettings::default(),
        database: None,
        projections: None,
        token: String::new(),
        powered: role.is_none(),
        life: None,
        lives: 0,
        executor: None,
    }
}

fn disk(role: Role, state: &NodeState) -> Database {
    let (schema, flavour, foreign_keys) = match role {
        Role::Platform => (platform::schema(), state.platform.driver, state.platform.foreign_keys),
        Role::Gateway => (gateway::schema(), state.gateway.driver, state.gateway.foreign_keys),
    };
    Database::new(schema, Settings { foreign_keys, ..Settings::of(flavour) })
}

/// Begins the first task of a node's present life. Called on the executor's node for it.
pub fn process(world: &Arc<World>, node: &Arc<str>) {
    let mut state = world.lock();
    let Some(at) = state.nodes.get_mut(node) else { return };
    let Some(life) = at.life else { return };
    let (design, database, token) = (at.design.clone(), at.database.clone(), at.token.clone());
    let (platform_settings, gateway_settings) = (at.platform.clone(), at.gateway.clone());
    let role = at.role;
    let projections = (role == Some(Role::Gateway)).then(|| Arc::new(Projections::default()));
    at.projections.clone_from(&projections);
    let began = state.lives.get(&life).map(|life| life.began);
    drop(state);

    let seam: Arc<dyn cx::World> = world.clone();
    let cx = Cx::root(seam, node.clone(), life, "boot");
    if let Some(began) = began {
        cx.see(began);
    }
    let task = cx.clone();
    match (role, database) {
        (Some(Role::Platform), Some(database)) => {
            let config = platform::Config { design, settings: platform_settings, database };
            cx.spawn_as_is(async move { platform::start(&task, config).await });
        }
        (Some(Role::Gateway), Some(database)) => {
            let config = gateway::Config {
                design,
                settings: gateway_settings,
                database,
                projections: projections.unwrap_or_default(),
                management: Arc::default(),
                platform: "platform".into(),
                token,
            };
            let (world, node) = (world.weak(), node.clone());
            cx.spawn_as_is(async move {
                let exit = gateway::run(task.clone(), config).await;
                tracing::warn!("the process exits: {exit:?}");
                if let Some(world) = world.upgrade() {
                    // An orchestrator would start it again; here a step or the end of the faults does.
                    world.lock().kill(&node, Death::Crash, task.task().take_seen());
                }
            });
        }
        (Some(Role::Platform | Role::Gateway) | None, _) => {}
    }
}
