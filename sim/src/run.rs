//! `run(plan) -> outcome`: the one function that everything else is built from.
//!
//! The inputs of a run are the plan and this build. The executor's seed is one of the things that must not
//! matter; it can be chosen here so that `doctor` can show it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use driftless_model::cx::{self, Cx};
use madsim::runtime::Runtime;
use rand::Rng;

use crate::boot;
use crate::driver::{self, Stop};
use crate::outcome::{Evidence, Outcome, Remains, Unrunnable};
use crate::panics::Quiet;
use crate::plan::{Plan, Role};
use crate::plant::Plant;
use crate::properties;
use crate::steps::Runner;
use crate::stopped::{Stopped, Until};
use crate::world::World;

thread_local! {
    static WARM: RefCell<bool> = const { RefCell::new(false) };
}

/// What a run may not depend on. Only `doctor` and the tests choose here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Executor {
    /// The executor's own seed.
    pub seed: u64,
    /// A source of non-determinism, put in on purpose.
    pub plant: Option<Plant>,
    /// Whether nothing is asked of the faults, to measure what asking costs. For plans without faults.
    pub asks_no_faults: bool,
    /// Whether the bytes on the links are hashed. They hold frame masks, which come from the executor's seed.
    pub hashes_bytes: bool,
}

/// Runs a plan.
///
/// # Errors
/// When the plan names a design, decision or setting that doesn't exist.
pub fn run(plan: &Plan) -> Result<Outcome, Unrunnable> {
    run_on(plan, Executor::default())
}

/// Runs a plan on an executor of one's choice.
///
/// # Errors
/// As [`run`].
pub fn run_on(plan: &Plan, on: Executor) -> Result<Outcome, Unrunnable> {
    carry_out(plan, on, &Until::Rest, &mut |_| (), conclude)
}

/// Runs a plan and lets somebody look at the world whenever all wait. Looking changes nothing: the outcome is that
/// of [`run`].
///
/// # Errors
/// As [`run`].
pub fn run_watched(plan: &Plan, look: &mut dyn FnMut(&World)) -> Result<Outcome, Unrunnable> {
    carry_out(plan, Executor::default(), &Until::Rest, look, conclude)
}

/// Runs a plan up to a moment and looks at the world there. Nothing is healed, settled or judged.
///
/// # Errors
/// As [`run`].
pub fn run_until(plan: &Plan, until: &Until) -> Result<Stopped, Unrunnable> {
    carry_out(plan, Executor::default(), until, &mut |_| (), Stopped::at)
}

fn carry_out<T>(
    plan: &Plan,
    on: Executor,
    until: &Until,
    look: &mut dyn FnMut(&World),
    conclude: impl FnOnce(&World, &Runner, Stop, u64) -> T,
) -> Result<T, Unrunnable> {
    let nodes = boot::nodes(plan)?;
    let world = World::new(plan.seed, &boot::world_settings(plan)?, plan.faults.clone());
    world.lock().nodes = nodes;
    world.lock().plant = on.plant;
    world.lock().net.bytes = on.hashes_bytes.then_some(0);
    world.lock().asks_no_faults = on.asks_no_faults && plan.faults.is_empty();
    warm_up();
    let _quiet = Quiet::begin();
    let runtime = Runtime::with_seed_and_config(on.seed, madsim::Config::default());
    let runner = Runner::new(world.clone(), plan);
    let (stop, events) = runtime.block_on(live(&world, &runner, plan, until, look));
    let outcome = conclude(&world, &runner, stop, events);
    runtime.block_on(driver::finish(&world));
    drop(runtime);
    Ok(outcome)
}

/// The thread's own generator draws frame masks. It seeds itself on first use from whatever runtime it
/// finds, so it is made to do so outside of one.
fn warm_up() {
    if !WARM.replace(true) {
        rand::rng().next_u32();
    }
}

async fn live(
    world: &Arc<World>,
    runner: &Arc<Runner>,
    plan: &Plan,
    until: &Until,
    look: &mut dyn FnMut(&World),
) -> (Stop, u64) {
    // Otherwise its state would be that of the thread's earlier runs.
    if world.lock().plant != Some(Plant::OtherBytes) {
        rand::rng().reseed().expect("the executor provides entropy");
    }
    let done = Arc::new(AtomicBool::new(false));
    let life = {
        let mut state = world.lock();
        let life = state.start(boot::USER, Vec::new());
        state.begin_faults();
        state.requests.clear();
        life
    };
    let Some(life) = life else { return (Stop::Idle, 0) };
    let seam: Arc<dyn cx::World> = world.clone();
    let cx = Cx::root(seam, boot::USER.into(), life, "plan");
    let node = madsim::runtime::Handle::current().create_node().name(boot::USER).build();
    if let Some(user) = world.lock().nodes.get_mut(boot::USER) {
        user.executor = Some(node.id());
    }
    node.spawn(runner.clone().run(cx, plan.steps.clone(), *until == Until::Rest, done.clone()));
    let mut seen = 0;
    let mut asked = || {
        look(world);
        until.is_reached(world, runner, &mut seen)
    };
    let end = driver::drive(world, &done, &mut asked).await;
    // With its last entry a run ends before anybody is asked.
    look(world);
    end
}

fn conclude(world: &World, runner: &Runner, stop: Stop, events: u64) -> Outcome {
    let report = runner.take_report();
    let stall = match stop {
        Stop::Done | Stop::Asked => report.stall,
        Stop::Idle => Some("everything waits for something that never comes".into()),
        Stop::Budget => Some(format!("more than {} events", driver::EVENTS_MAX)),
    };
    let evidence = Evidence { stall: stall.clone(), rest: report.rest, ..evidence(world) };
    let mut state = world.lock();
    let faults = state.faults.struck();
    let (panics, lasted_us) = (std::mem::take(&mut state.panics), state.gate.now_us());
    let bytes = state.net.bytes.map(|hash| format!("{hash:032x}"));
    drop(state);
    let digest = evidence.history.digest();
    let judgements = properties::judge(&evidence);
    let steps = report.shown;
    Outcome { judgements, digest, bytes, steps, stall, faults, panics, events, lasted_us, evidence }
}

/// Takes what properties judge by out of a world.
pub(crate) fn evidence(world: &World) -> Evidence {
    let mut state = world.lock();
    let remains = |name: &str, node: &crate::world::NodeState| {
        Some(Remains {
            role: node.role?,
            database: node.database.clone()?,
            projections: node.projections.clone(),
            alive: node.life.is_some(),
            healed: !state.is_never_healed(name)
                && (node.role != Some(Role::Gateway) || !node.token.is_empty()),
            sound: !state.is_failed_for_good(name),
        })
    };
    let nodes: BTreeMap<_, _> =
        state.nodes.iter().filter_map(|(name, node)| Some((name.clone(), remains(name, node)?))).collect();
    let wall = state.wall(boot::USER);
    let history = std::mem::take(&mut state.history);
    let none = crate::names::Names::new(state.draws);
    let names = std::mem::replace(&mut state.names, none);
    Evidence {
        history,
        names,
        nodes,
        wall,
        stall: None,
        rest: None,
        ought: OnceLock::new(),
        roles: OnceLock::new(),
    }
}
