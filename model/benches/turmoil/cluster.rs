//! One run: the platform, the gateways and the user as hosts of turmoil, from the first tick to the last.
//!
//! Links take as long as in the simulator, the designs and settings are the default ones, and restarts,
//! partitions and heals are turmoil's own. A gateway waits for its token before its process starts, where the
//! simulator starts its machine only then.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use driftless_model::design::Design;
use driftless_model::gateway::{self, Projections};
use driftless_model::platform;
use driftless_model::settings::{GatewaySettings, PlatformSettings};
use driftless_model::store::{Database, Flavour, Settings};
use tokio::sync::watch;
use turmoil::Sim;

use super::counts::Counts;
use super::script::{Event, Routes, Script};
use super::user::{Names, User, guard};
use super::world::Hosts;

/// One seed for all runs: the work is the same in each.
const SEED: u64 = 1;
/// When a run begins by the clocks on the walls: 2026-01-01, as in the simulator.
const EPOCH: Duration = Duration::from_secs(1_767_225_600);
/// The times of one way over a link in the simulator.
const LINK: [Duration; 2] = [Duration::from_micros(500), Duration::from_millis(2)];

/// What came of a run.
#[derive(PartialEq, Eq, Debug)]
pub struct Run {
    /// What crossed the seams.
    pub counts: Counts,
    /// How many operations succeeded.
    pub operations: usize,
    /// What each gateway routes in the end.
    pub routes: BTreeMap<String, Routes>,
}

/// The tokens of the gateways that are registered.
type Tokens = BTreeMap<String, String>;
/// What the present process of a gateway routes.
type Present = Arc<Mutex<Arc<Projections>>>;

/// Runs the plan until that time, in ticks of that length.
///
/// # Errors
/// When an operation fails, or turmoil gives up.
pub fn run(script: &Script, until: Duration, tick: Duration) -> Result<Run, String> {
    let mut sim = turmoil::Builder::new()
        .epoch(UNIX_EPOCH + EPOCH)
        .simulation_duration(until + Duration::from_secs(1))
        .tick_duration(tick)
        .min_message_latency(LINK[0])
        .max_message_latency(LINK[1])
        .rng_seed(SEED)
        .build();
    let hosts = Hosts::new(SEED);
    let (names, done) = (Names::default(), Arc::<AtomicUsize>::default());
    let tokens = watch::Sender::new(Tokens::new());
    platform(&mut sim, &hosts);
    let mut present = BTreeMap::new();
    for name in &script.gateways {
        present.insert(name.clone(), gateway(&mut sim, &hosts, name, tokens.subscribe()));
    }
    user(&mut sim, &hosts, script, tokens, names.clone(), done.clone());
    let mut events = script.events.iter().peekable();
    let mut cuts = Vec::new();
    while sim.elapsed() < until {
        while let Some(event) = events.next_if(|event| event.at <= sim.elapsed()) {
            happen(&mut sim, &event.what, &mut cuts);
        }
        sim.step().map_err(|why| why.to_string())?;
    }
    let names = guard(&names);
    let name = |id: uuid::Uuid| names.get(&id).cloned().unwrap_or_else(|| id.to_string());
    let routes_of = |present: &Present| {
        let routes = guard(present).routes().into_iter();
        routes.map(|route| (route.handle, route.deployment.map(name).unwrap_or_default())).collect()
    };
    let routes = present.iter().map(|(gateway, present)| (gateway.clone(), routes_of(present))).collect();
    Ok(Run { counts: hosts.counts(), operations: done.load(Ordering::Relaxed), routes })
}

fn platform(sim: &mut Sim<'_>, hosts: &Arc<Hosts>) {
    let hosts = hosts.clone();
    let database = Database::new(platform::schema(), Settings::of(Flavour::Sqlite));
    sim.host("platform", move || {
        let (hosts, database) = (hosts.clone(), database.clone());
        async move {
            let settings = PlatformSettings::default();
            let config = platform::Config { design: Design::as_merged(), settings, database };
            platform::start(&hosts.begin("platform"), config).await;
            Ok(())
        }
    });
}

fn gateway(sim: &mut Sim<'_>, hosts: &Arc<Hosts>, name: &str, tokens: watch::Receiver<Tokens>) -> Present {
    let (hosts, node) = (hosts.clone(), name.to_owned());
    let database = Database::new(gateway::schema(), Settings::of(Flavour::Sqlite));
    let present = Present::default();
    let shown = present.clone();
    sim.host(name, move || {
        let (hosts, node, database) = (hosts.clone(), node.clone(), database.clone());
        let (shown, mut tokens) = (shown.clone(), tokens.clone());
        async move {
            let token = tokens.wait_for(|tokens| tokens.contains_key(&node)).await?[&node].clone();
            let projections = Arc::new(Projections::default());
            guard(&shown).clone_from(&projections);
            let config = gateway::Config {
                design: Design::as_merged(),
                settings: GatewaySettings::default(),
                database,
                projections,
                management: Arc::default(),
                platform: "platform".into(),
                token,
            };
            gateway::run(hosts.begin(&node), config).await;
            Ok(())
        }
    });
    present
}

fn user(
    sim: &mut Sim<'_>,
    hosts: &Arc<Hosts>,
    script: &Script,
    tokens: watch::Sender<Tokens>,
    names: Names,
    done: Arc<AtomicUsize>,
) {
    let (hosts, operations) = (hosts.clone(), script.operations.clone());
    let gateways = script.gateways.clone();
    sim.client("user", async move {
        let cx = hosts.begin("user");
        let mut user = User::new(cx.clone(), names);
        user.set_up().await?;
        for gateway in gateways {
            let token = user.register(&gateway).await?;
            tokens.send_modify(|tokens| {
                tokens.insert(gateway, token);
            });
        }
        for operation in operations {
            let elapsed = turmoil::sim_elapsed().unwrap_or_default();
            cx.sleep(operation.at.saturating_sub(elapsed)).await;
            let at_line = |why| format!("line {} of the script: {why}", operation.line);
            user.act(&operation.what).await.map_err(at_line)?;
            done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    });
}

fn happen(sim: &mut Sim<'_>, event: &Event, cuts: &mut Vec<(String, String)>) {
    match event {
        Event::Partition { one, other } => {
            sim.partition(one.as_str(), other.as_str());
            cuts.push((one.clone(), other.clone()));
        }
        Event::Heal => {
            for (one, other) in cuts.drain(..) {
                sim.repair(one.as_str(), other.as_str());
            }
        }
        Event::Restart { gateway } => sim.bounce(gateway.as_str()),
    }
}
