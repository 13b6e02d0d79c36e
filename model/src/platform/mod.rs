//! The platform: it keeps what an organisation's gateways should serve, and tells them.
//!
//! One process is one `Platform`: a router over a database it may share with others of its kind, and a
//! registry of the WebSockets its gateways opened, which is its own and dies with it. A lifecycle operation
//! validates, commits, then tells the gateways in the same request, and replies. Telling is fire and forget:
//! nothing is queued, numbered or repeated, and a gateway that was away asks for the list when it starts
//! (docs/spec/platform.md sections 0 and 3.7).
//!
//! In reading order:
//!
//! * [`tables`]: the rows, and by their foreign keys what each delete takes along;
//! * `statements`: every statement by name, each one crossing;
//! * `services`: one operation a file, in the order the specification gives;
//! * `sockets`: connect, registry, broadcast, heartbeat, acks;
//! * `public` and `internal`: the two HTTP faces, for users and for gateways;
//! * `refusal`: everything either of them says no with;
//! * `quirks`: where the services of the four kinds differ.
//!
//! Not here: TLS, paging, transitional statuses and their timeout job, subscriptions, plans, applications,
//! manifests, developer portals, WebSub APIs, bottom-up registration, the per-address rate limit on connects.

mod event;
mod internal;
mod public;
mod quirks;
mod refusal;
mod services;
mod sockets;
mod statements;
pub mod tables;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tracing::{error, info};

use crate::cx::Cx;
use crate::design::Design;
use crate::http;
use crate::settings::PlatformSettings;
use crate::store::Database;
use sockets::Registry;

pub use tables::schema;

/// What a process of the platform is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// What its code does where it could do otherwise.
    pub design: Design,
    /// What its operator chose.
    pub settings: PlatformSettings,
    /// Its database, which outlives it; its tables are those of [`schema`].
    pub database: Database,
}

/// Runs a process of the platform for as long as its node lives.
pub async fn start(cx: &Cx, config: Config) {
    let listener = match cx.listen().await {
        Ok(listener) => listener,
        Err(why) => return error!("can't listen: {why}"),
    };
    info!("listening");
    http::serve(cx.clone(), listener, Platform::new(config).router()).await;
}

/// One process of the platform.
struct Platform {
    design: Design,
    settings: PlatformSettings,
    database: Database,
    registry: Registry,
}

impl Platform {
    fn new(config: Config) -> Arc<Self> {
        let Config { design, settings, database } = config;
        Arc::new(Platform { design, settings, database, registry: Registry::default() })
    }

    /// Both faces on one port. Bodies may be of any size.
    fn router(self: Arc<Self>) -> Router {
        let internal = internal::face(&self.design);
        public::routes()
            .merge(internal.routes)
            .fallback(public::no_such_route)
            .method_not_allowed_fallback(public::no_such_route)
            .layer(from_fn_with_state(internal.open_to_gateways, public::authenticate))
            .layer(DefaultBodyLimit::disable())
            .with_state(self)
    }
}
