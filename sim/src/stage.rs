//! Bare machines on which plays are run: the world without a plan.
//!
//! A run of a plan has users, steps and properties. A *play* has none of them: each machine is given a *part*,
//! some async code with a context of its own, and what it does to the others it does through the world's seams.
//! Tests of the world put two strangers on two machines; tests of the wire put one real actor on one machine
//! and somebody who knows the protocol by heart on the other. Time, links, crossings and faults are those of
//! any run.
//!
//! Deliberately not here: restarts. A part is played once, and its machine stays dark when it has died.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use driftless_model::cx::{self, Cx};
use driftless_model::store::Database;
use futures::future::BoxFuture;
use madsim::runtime::{Handle, Runtime};

use crate::boot;
use crate::driver::{self, Stop};
use crate::fault::Fault;
use crate::settings::{MachineSettings, WorldSettings};
use crate::world::{Death, World};

/// The machine that ends a play when its time is up.
const CLOCK: &str = "clock";

/// What a machine does in a play.
pub type Part = Box<dyn FnOnce(Stage, Cx) -> BoxFuture<'static, ()>>;

/// A world in which a play is run, and what was said there. Clones are the same stage.
#[derive(Clone)]
pub struct Stage {
    world: Arc<World>,
    said: Arc<Mutex<Vec<String>>>,
    over: Arc<AtomicBool>,
}

impl Stage {
    /// A stage on which nothing has happened yet.
    pub fn new(settings: &WorldSettings) -> Self {
        let world = World::new(0, settings, Vec::new());
        Stage { world, said: Arc::default(), over: Arc::default() }
    }

    /// The world behind it.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Notes something, with the time in whole milliseconds.
    pub fn say(&self, what: impl Into<String>) {
        let at = self.world.lock().gate.now_us() / 1000;
        guard(&self.said).push(format!("{at} ms {}", what.into()));
    }

    /// What was said, in the order in which it was.
    pub fn said(&self) -> Vec<String> {
        guard(&self.said).clone()
    }

    /// The panics of tasks that the parts started, in words.
    pub fn panics(&self) -> Vec<String> {
        self.world.lock().panics.iter().map(|panic| panic.words.clone()).collect()
    }

    /// Cuts one direction of a link.
    pub fn cut(&self, from: &str, to: &str) {
        self.world.lock().net.cuts.insert((from.into(), to.into()));
    }

    /// Mends every link.
    pub fn heal(&self) {
        self.world.lock().net.cuts.clear();
    }

    /// Asks the process on a machine to end in good order.
    pub fn ask_to_stop(&self, node: &str) {
        self.world.lock().ask_to_stop(node, Vec::new());
    }

    /// Ends the process on a machine.
    pub fn kill(&self, node: &str, death: Death) {
        self.world.lock().kill(node, death, Vec::new());
    }

    /// Lets something go wrong from now on.
    pub fn fault(&self, fault: Fault) {
        self.world.lock().add_fault(fault);
    }

    /// Gives a machine that plays a part its disk, so that a crash there takes back what isn't committed.
    pub fn give_disk(&self, node: &str, database: Database) {
        if let Some(node) = self.world.lock().nodes.get_mut(node) {
            node.database = Some(database);
        }
    }

    /// Sets up a machine that plays a part, such as where its clock hangs.
    pub fn set_machine(&self, node: &str, settings: MachineSettings) {
        if let Some(node) = self.world.lock().nodes.get_mut(node) {
            node.machine = settings;
        }
    }

    /// Ends the play, with whatever is still under way.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Plays every part on the machine of that name until somebody ends the play, but no longer than `limit`
    /// of simulated time. True if it was ended before that.
    pub fn play(&self, limit: Duration, cast: Vec<(&str, Part)>) -> bool {
        let runtime = Runtime::with_seed_and_config(3, madsim::Config::default());
        let late = Arc::new(AtomicBool::new(false));
        let stop = runtime.block_on(async {
            for (name, part) in cast {
                self.begin(name, part);
            }
            let in_time = late.clone();
            let curtain: Part = Box::new(move |stage, cx| {
                Box::pin(async move {
                    cx.sleep(limit).await;
                    in_time.store(true, Ordering::Relaxed);
                    stage.end();
                })
            });
            self.begin(CLOCK, curtain);
            let (stop, _) = driver::drive(&self.world, &self.over, &mut || false).await;
            driver::finish(&self.world).await;
            stop
        });
        stop == Stop::Done && !late.load(Ordering::Relaxed)
    }

    fn begin(&self, name: &str, part: Part) {
        let mut state = self.world.lock();
        state.nodes.insert(name.into(), boot::machine(None));
        let life = state.start(name, Vec::new()).expect("the machine was just put there");
        // The driver would start what is in the plan for it.
        state.requests.clear();
        drop(state);
        let node = Handle::current().create_node().name(name).build();
        if let Some(machine) = self.world.lock().nodes.get_mut(name) {
            machine.executor = Some(node.id());
        }
        let seam: Arc<dyn cx::World> = self.world.clone();
        node.spawn(part(self.clone(), Cx::root(seam, name.into(), life, "play")));
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
