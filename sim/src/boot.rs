//! From a plan's nodes to running processes: disks, designs, settings, and the first task of each life.

use std::collections::BTreeMap;
use std::sync::Arc;

use driftless_model::cx::{self, Cx};
use driftless_model::design::Design;
use driftless_model::gateway::{self, Ended, Management, Projections};
use driftless_model::platform;
use driftless_model::settings::{GatewaySettings, PlatformSettings};
use driftless_model::store::{Database, Flavour, Settings};

use crate::outcome::Unrunnable;
use crate::plan::{Node, Plan, Role};
use crate::settings::{MACHINE, MachineSettings, WorldSettings};
use crate::world::{NodeState, World};

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

/// The machines of a plan, none of them running yet. A replica has the database, the settings and the design
/// of the node it is one of, unless it is given its own.
///
/// # Errors
/// When a design, decision or setting doesn't exist or doesn't fit.
pub fn nodes(plan: &Plan) -> Result<BTreeMap<Arc<str>, NodeState>, Unrunnable> {
    let mut nodes: BTreeMap<Arc<str>, NodeState> = BTreeMap::new();
    for node in &plan.nodes {
        let mut state = machine(Some(node.role));
        let original = Node::original(&node.name);
        if original != node.name {
            let of = nodes.get(original);
            let of = of.ok_or_else(|| Unrunnable(format!("{} is a replica of nothing", node.name)))?;
            if of.database.as_ref().is_some_and(|database| database.settings().flavour == Flavour::Sqlite) {
                let setting = match node.role {
                    Role::Platform => "database.driver",
                    Role::Gateway => "storage.type",
                };
                return Err(Unrunnable(format!(
                    "{} would share an SQLite file with {original}, which nobody supports; expected \
                     'set {original} {setting}=postgres'",
                    node.name
                )));
            }
            state.design = of.design.clone();
            (state.platform, state.gateway) = (of.platform.clone(), of.gateway.clone());
            state.machine = of.machine.clone();
            state.database.clone_from(&of.database);
        }
        for choice in &node.design {
            choice.apply(&mut state.design).map_err(Unrunnable::of)?;
        }
        for setting in plan.settings.iter().filter(|setting| setting.node == node.name) {
            let set = match node.role {
                _ if setting.name.starts_with(MACHINE) => state.machine.set(&setting.name, &setting.value),
                Role::Platform => state.platform.set(&setting.name, &setting.value),
                Role::Gateway => state.gateway.set(&setting.name, &setting.value),
            };
            set.map_err(Unrunnable::of)?;
        }
        if state.database.is_none() {
            state.database = Some(disk(node.role, &state));
        }
        nodes.insert(node.name.as_str().into(), state);
    }
    let mut user = machine(None);
    for setting in plan.settings.iter().filter(|setting| setting.node == USER) {
        user.machine.set(&setting.name, &setting.value).map_err(Unrunnable::of)?;
    }
    nodes.insert(USER.into(), user);
    Ok(nodes)
}

pub(crate) fn machine(role: Option<Role>) -> NodeState {
    NodeState {
        role,
        design: Design::as_merged(),
        platform: PlatformSettings::default(),
        gateway: GatewaySettings::default(),
        machine: MachineSettings::default(),
        database: None,
        projections: None,
        management: None,
        token: String::new(),
        powered: role.is_none(),
        life: None,
        lives: 0,
        owed: false,
        executor: None,
    }
}

fn disk(role: Role, state: &NodeState) -> Database {
    let (schema, settings) = match role {
        Role::Platform => (platform::schema(), state.platform.database()),
        Role::Gateway => {
            let foreign_keys = state.gateway.foreign_keys.into();
            (gateway::schema(), Settings { foreign_keys, ..Settings::of(state.gateway.driver) })
        }
    };
    Database::new(schema, settings)
}

/// Begins the first task of a node's present life. Called on the executor's node for it.
pub fn process(world: &Arc<World>, node: &Arc<str>) {
    let mut state = world.lock();
    let Some(at) = state.nodes.get_mut(node) else { return };
    let Some(life) = at.life else { return };
    let (design, database, token) = (at.design.clone(), at.database.clone(), at.token.clone());
    let (platform_settings, gateway_settings) = (at.platform.clone(), at.gateway.clone());
    let role = at.role;
    let is_gateway = role == Some(Role::Gateway);
    let projections = is_gateway.then(|| Arc::new(Projections::default()));
    at.projections.clone_from(&projections);
    let management = Arc::new(Management::default());
    at.management = is_gateway.then(|| management.clone());
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
            let (world, node) = (world.weak(), node.clone());
            cx.spawn_as_is(async move {
                platform::start(&task, config).await;
                if let Some(world) = world.upgrade() {
                    world.lock().exit(&node, None, task.task().take_seen());
                }
            });
        }
        (Some(Role::Gateway), Some(database)) => {
            let config = gateway::Config {
                design,
                settings: gateway_settings,
                database,
                projections: projections.unwrap_or_default(),
                management,
                platform: "platform".into(),
                token,
            };
            let (world, node) = (world.weak(), node.clone());
            cx.spawn_as_is(async move {
                let ended = gateway::run(task.clone(), config).await;
                if let Some(world) = world.upgrade() {
                    // An orchestrator would start it again; here a step or the end of the faults does.
                    let why = match ended {
                        Ended::BootFailed(exit) => Some(format!("{} ({})", exit.why, exit.step)),
                        Ended::Stopped => None,
                    };
                    world.lock().exit(&node, why, task.task().take_seen());
                }
            });
        }
        (Some(Role::Platform | Role::Gateway) | None, _) => {}
    }
}
