//! The driver: lets everything run until all wait, takes the next entry of the gate, and wakes it.
//!
//! It is the only user of the executor's own clock. A `sleep` of one millisecond there ends when no task can
//! run any more, which is how the driver notices; that clock has no relation to the gate's and is never
//! shown.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::boot;
use crate::gate::Wakes;
use crate::world::{Request, World};

/// Entries of the gate after which a run has lost its way.
pub const EVENTS_MAX: u64 = 5_000_000;

/// Why the driver stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The plan has come to its end.
    Done,
    /// Nothing waits any more, and yet the plan isn't over.
    Idle,
    /// More happened than any plan should need.
    Budget,
    /// The moment that was asked for has come.
    Asked,
}

/// Drives a world until `done` is set, or until `asked` says that it is far enough; whenever all wait it is asked.
pub async fn drive(world: &Arc<World>, done: &AtomicBool, asked: &mut dyn FnMut() -> bool) -> (Stop, u64) {
    let mut events = 0;
    loop {
        quiesce().await;
        let requests = std::mem::take(&mut world.lock().requests);
        if !requests.is_empty() {
            for request in requests {
                fulfil(world, request);
            }
            continue;
        }
        if done.load(Ordering::Relaxed) {
            return (Stop::Done, events);
        }
        if asked() {
            return (Stop::Asked, events);
        }
        if world.lock().plant.is_some_and(|plant| plant.stops(events)) {
            return (Stop::Done, events);
        }
        if events >= EVENTS_MAX {
            return (Stop::Budget, events);
        }
        events += 1;
        let mut state = world.lock();
        match state.gate.take() {
            None => return (Stop::Idle, events),
            Some(entry) => {
                crate::log::set_now(state.gate.now_us());
                let Some(entry) = state.hold(entry) else { continue };
                match entry.wakes {
                    Wakes::Task(ticket) => ticket.call(),
                    Wakes::Link(arrival) => state.arrive(arrival),
                    Wakes::World(errand) => state.run_errand(errand),
                }
            }
        }
    }
}

/// Returns when no task can run.
#[allow(clippy::disallowed_methods)]
pub async fn quiesce() {
    madsim::time::sleep(Duration::from_millis(1)).await;
}

fn fulfil(world: &Arc<World>, request: Request) {
    let executor = madsim::runtime::Handle::current();
    match request {
        Request::Kill(node) => {
            let id = world.lock().nodes.get(&node).and_then(|node| node.executor);
            if let Some(id) = id {
                executor.kill(id);
            }
        }
        Request::Start(node) => {
            let id = world.lock().nodes.get(&node).and_then(|node| node.executor);
            match id {
                Some(id) => executor.restart(id),
                None => {
                    let (of, name) = (world.weak(), node.clone());
                    let init = move || {
                        let (world, node) = (of.upgrade(), name.clone());
                        async move {
                            if let Some(world) = world {
                                boot::process(&world, &node);
                            }
                            // The executor would end the node with its first task.
                            std::future::pending::<()>().await;
                        }
                    };
                    let built = executor.create_node().name(&*node).init(init).build();
                    if let Some(state) = world.lock().nodes.get_mut(&node) {
                        state.executor = Some(built.id());
                    }
                }
            }
        }
    }
}

/// Ends every node of the executor, so that a run leaves nothing behind.
pub async fn finish(world: &Arc<World>) {
    let nodes: BTreeMap<_, _> = {
        let mut state = world.lock();
        state.over = true;
        state.nodes.iter().filter_map(|(name, node)| Some((name.clone(), node.executor?))).collect()
    };
    let executor = madsim::runtime::Handle::current();
    for id in nodes.into_values() {
        executor.kill(id);
    }
    quiesce().await;
}
