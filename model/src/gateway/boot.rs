//! The boot of a gateway process (docs/spec/gateway.md section 3.1).
//!
//! Everything that is in the database is in memory and routed before the platform is called, and a step that
//! fails ends the process: whoever runs it starts it again. The servers for the data plane have no counterpart
//! here beyond the time their steps take, that for people is `local`, and that for metrics is left out.

mod checks;
mod ended;
mod loading;
mod templates;

#[cfg(test)]
pub(super) use templates::BUILT_IN;

pub use ended::{Ended, Exit};
pub(super) use loading::hydrate;

use std::sync::Arc;

use super::hub::Hub;
use super::link::Link;
use super::local::Management;
use super::memory::Projections;
use super::platform::PlatformClient;
use super::replica::Replica;
use super::storage::Storage;
use super::sync::Turns;
use super::tables::GATEWAY_ID;
use crate::cx::{At, Broken, Cx};
use crate::design::Design;
use crate::settings::GatewaySettings;
use crate::store::Database;
use crate::tasks::Tasks;

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

/// Boots a gateway and serves until it is asked to stop. Returns before that only if a step of the boot
/// failed.
pub async fn run(cx: Cx, config: Config) -> Ended {
    let management = config.management.clone();
    // Nobody listens for the signal before the boot is over, and it then ends the process at once.
    let booted = tokio::select! {
        biased;
        () = cx.asked_to_stop() => return Ended::Stopped,
        booted = boot(&cx, config) => booted,
    };
    match booted {
        Ok(replica) => {
            cx.asked_to_stop().await;
            replica.shut_down(&cx, &management).await;
            Ended::Stopped
        }
        Err(exit) => {
            tracing::error!(%exit, "the boot failed");
            Ended::BootFailed(exit)
        }
    }
}

async fn boot(cx: &Cx, config: Config) -> Result<Arc<Replica>, Exit> {
    checks::load_config(cx, &config.settings).await?;
    step(cx, "boot.open-storage").await?;
    step(cx, "boot.open-hub-storage").await?;
    let has_token = !config.token.is_empty();
    let management = config.management.clone();
    let replica = Arc::new(replica(config));

    step(cx, "boot.start-event-hub").await?;
    replica.hub.start(cx);
    let registered = replica.hub.register(cx, At::site("boot.register-gateway")).await;
    registered.map_err(Exit::at("boot.register-gateway"))?;

    replica.load_artifacts(cx).await?;
    replica.load_templates(cx).await?;
    replica.load_keys(cx).await?;
    step(cx, "boot.load-secrets").await?;
    step(cx, "boot.load-policy-definitions").await?;
    replica.hydrate_all(cx).await?;

    // From here on what is stored is served, whatever becomes of the platform.
    replica.make_routes(cx).await?;
    step(cx, "boot.serve-routes").await?;
    replica.make_key_snapshot(cx).await?;
    replica.make_runtime_policies(cx).await?;
    replica.load_subscriptions(cx).await;
    step(cx, "boot.serve-policies").await?;

    replica.write_built_in_templates(cx).await;
    step(cx, "boot.connect").await?;
    if has_token {
        let client = replica.clone();
        replica.client.spawn(cx, "connection", |cx| client.stay_connected(cx));
    }
    // The platform is called already, and may answer, before anybody listens to the hub.
    let events = replica.hub.subscribe(cx, At::site("boot.listen")).await.map_err(Exit::at("boot.listen"))?;
    let listener = replica.clone();
    replica.listening.spawn(cx, "listener", |cx| listener.listen(cx, events));
    // What was told between the first reading and now, nobody has heard.
    replica.follow(cx).await;
    let opened = cx.cross(At::site("boot.management"), |_, _| management.open(&replica)).await;
    opened.map_err(Exit::at("boot.management"))?;
    Ok(replica)
}

pub(super) fn replica(config: Config) -> Replica {
    let Config { design, settings, database, projections, management: _, platform, token } = config;
    Replica {
        storage: Storage::new(database.clone(), GATEWAY_ID),
        hub: Arc::new(Hub::new(database, GATEWAY_ID, &settings, design.memory)),
        platform: PlatformClient::new(&platform, &token, settings.rest_timeout),
        link: Link::default(),
        turns: Turns::default(),
        following: Default::default(),
        client: Tasks::default(),
        listening: Tasks::default(),
        design,
        settings,
        projections,
    }
}

/// A step that takes its time and does nothing else here.
async fn step(cx: &Cx, site: &'static str) -> Result<(), Exit> {
    let done: Result<(), Broken> = cx.cross(At::site(site), |_, _| ()).await;
    done.map_err(Exit::at(site))
}
