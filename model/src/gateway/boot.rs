//! The boot of a gateway process (docs/spec/gateway.md section 3.1).
//!
//! Everything that is in the database is in memory and routed before the platform is called, and a step that
//! fails ends the process: whoever runs it starts it again. The steps that load templates, secrets and
//! policies, and the servers for people and metrics, have no counterpart here.

use std::fmt;
use std::sync::Arc;

use super::hub::Hub;
use super::link::Link;
use super::local::Management;
use super::memory::{Projected, Projections, Routes, StoredConfig};
use super::platform::PlatformClient;
use super::replica::Replica;
use super::storage::Storage;
use super::tables::GATEWAY_ID;
use crate::cx::{At, Broken, Cx};
use crate::design::Design;
use crate::settings::GatewaySettings;
use crate::store::Database;
use crate::wire::kind::Kind;

/// What a gateway process is started with.
#[derive(Clone)]
pub struct Config {
    /// What its code does where it could do otherwise.
    pub design: Design,
    /// What its operator chose.
    pub settings: GatewaySettings,
    /// Its database, with the tables of [`super::schema`]; replicas share one.
    pub database: Database,
    /// Where it keeps what it holds in memory: new ones for each process.
    pub projections: Arc<Projections>,
    /// Where it can be managed once it is up: a new one for each process.
    pub management: Arc<Management>,
    /// The node of its platform.
    pub platform: String,
    /// What it proves itself with. Without one it calls no platform and runs on its own.
    pub token: String,
}

/// Why a process ended by itself: a step of its boot failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exit {
    /// The step, as its crossing is called.
    pub step: &'static str,
    /// Why it failed.
    pub why: String,
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step, self.why)
    }
}

/// Boots a gateway and serves until its process dies. Returns only if a step of the boot failed.
pub async fn run(cx: Cx, config: Config) -> Exit {
    match boot(&cx, config).await {
        Ok(()) => std::future::pending().await,
        Err(exit) => {
            tracing::error!(%exit, "the boot failed");
            exit
        }
    }
}

async fn boot(cx: &Cx, config: Config) -> Result<(), Exit> {
    step(cx, "boot.open-storage").await?;
    step(cx, "boot.open-hub-storage").await?;
    let has_token = !config.token.is_empty();
    let management = config.management.clone();
    let replica = Arc::new(replica(config));

    step(cx, "boot.start-event-hub").await?;
    replica.hub.start(cx);
    let registered = replica.hub.register(cx, At::site("boot.register-gateway")).await;
    registered.map_err(failed("boot.register-gateway"))?;

    replica.load_artifacts(cx).await?;
    replica.load_keys(cx).await?;
    replica.hydrate_proxies(cx).await?;
    replica.project(cx, "boot.routes", |state| state.routes = Routes::translate(&state.memory)).await?;
    replica
        .project(cx, "boot.key-snapshot", |state| {
            let keys: Vec<_> = state.memory.keys().cloned().collect();
            keys.into_iter().for_each(|key| state.policy_keys.store(key));
        })
        .await?;
    replica.load_subscriptions(cx).await;

    step(cx, "boot.connect").await?;
    if has_token {
        let client = replica.clone();
        cx.spawn("connection", |cx| client.stay_connected(cx));
    }
    let events = replica.hub.subscribe(cx, At::site("boot.listen")).await.map_err(failed("boot.listen"))?;
    let listener = replica.clone();
    cx.spawn("listener", |cx| listener.listen(cx, events));
    let opened = cx.cross(At::site("boot.management"), |_, _| management.open(replica)).await;
    opened.map_err(failed("boot.management"))
}

pub(super) fn replica(config: Config) -> Replica {
    let Config { design, settings, database, projections, management: _, platform, token } = config;
    Replica {
        storage: Storage::new(database.clone(), GATEWAY_ID),
        hub: Arc::new(Hub::new(database, GATEWAY_ID, &settings)),
        platform: PlatformClient::new(&platform, &token, settings.rest_timeout),
        link: Link::default(),
        design,
        settings,
        projections,
    }
}

impl Replica {
    /// Every artifact of every kind, origin and state. Two that memory can't hold at once end the process.
    async fn load_artifacts(&self, cx: &Cx) -> Result<(), Exit> {
        const STEP: &str = "boot.load-artifacts";
        let artifacts = self.storage.load(cx, At::site(STEP)).await.map_err(failed(STEP))?;
        for config in artifacts {
            let added = self.projections.change(|state| state.memory.add(Arc::new(config)));
            added.map_err(failed(STEP))?;
        }
        Ok(())
    }

    /// Every key, whether or not its artifact is here.
    async fn load_keys(&self, cx: &Cx) -> Result<(), Exit> {
        const STEP: &str = "boot.load-keys";
        let keys = self.storage.load_keys(cx, At::site(STEP)).await.map_err(failed(STEP))?;
        for key in keys {
            self.projections.change(|state| state.memory.store_key(key)).map_err(failed(STEP))?;
        }
        Ok(())
    }

    /// The LLM proxies need their providers. One without ends the process, unless the operator said to go on;
    /// it is in memory all the same.
    async fn hydrate_proxies(&self, cx: &Cx) -> Result<(), Exit> {
        const STEP: &str = "boot.hydrate";
        let lost = |state: &Projected| {
            let without = |c: &&Arc<StoredConfig>| {
                c.provider()
                    .is_some_and(|handle| state.memory.by_handle(Kind::LlmProvider, &handle).is_none())
            };
            state.memory.artifacts().find(without).map(|config| config.artifact.handle.clone())
        };
        match self.projections.look(cx, At::site(STEP), lost).await.map_err(failed(STEP))? {
            Some(handle) if !self.settings.skip_invalid => {
                Err(Exit { step: STEP, why: format!("the provider of '{handle}' is not here") })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The subscriptions that let requests in. Without them the process goes on and lets none in by a token.
    async fn load_subscriptions(&self, cx: &Cx) {
        if let Err(error) = self.rebuild_subscriptions(cx, At::site("boot.subscription-snapshot")).await {
            tracing::warn!(%error, "the snapshot of subscriptions stays empty");
        }
    }

    async fn project(
        &self,
        cx: &Cx,
        site: &'static str,
        change: impl FnOnce(&mut Projected),
    ) -> Result<(), Exit> {
        self.projections.cross(cx, At::site(site), change).await.map_err(failed(site))
    }
}

/// A step that takes its time and does nothing else here.
async fn step(cx: &Cx, site: &'static str) -> Result<(), Exit> {
    let done: Result<(), Broken> = cx.cross(At::site(site), |_, _| ()).await;
    done.map_err(failed(site))
}

fn failed<E: fmt::Display>(step: &'static str) -> impl FnOnce(E) -> Exit {
    move |error| Exit { step, why: error.to_string() }
}
