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
//! * `services`: one operation a file, in the order the specification gives; the job that fails what waits;
//! * `event`: what a gateway is told, before it is addressed to one;
//! * `sockets`: connect, registry, broadcast, heartbeat, limits, acks;
//! * `public` and `internal`: the two HTTP faces, for users and for gateways;
//! * `edition`: where a platform is run, and what it lacks there;
//! * `refusal`: everything either of them says no with;
//! * `quirks`: where the services of the four kinds differ.
//!
//! Not here: TLS, custom policies, developer portals, WebSub APIs.

mod edition;
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
use std::time::Duration;

use ::http::StatusCode;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tracing::{error, info};

use crate::cx::{Cx, Handle, Listener};
use crate::design::Design;
use crate::http;
use crate::settings::PlatformSettings;
use crate::store::Database;
use sockets::{Attempts, Registry};

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

/// How long running requests may take once the process is asked to stop (docs/spec/platform.md section 1).
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(10);

/// Runs a process of the platform until it is asked to stop, or for as long as its node lives.
pub async fn start(cx: &Cx, config: Config) {
    match cx.listen().await {
        Ok(listener) => Platform::new(config).run(cx, listener).await,
        Err(why) => error!("can't listen: {why}"),
    }
}

/// One process of the platform.
struct Platform {
    design: Design,
    settings: PlatformSettings,
    database: Database,
    registry: Registry,
    attempts: Attempts,
}

impl Platform {
    fn new(config: Config) -> Arc<Self> {
        let Config { design, settings, database } = config;
        let registry = Registry::new(design.registry);
        Arc::new(Platform { design, settings, database, registry, attempts: Default::default() })
    }

    /// Serves until the process is asked to stop. Then the job stops, nothing new is let in, and what runs may
    /// end; no WebSocket is closed and no `gateways.is_active` is reset: the sockets end with the process.
    async fn run(self: Arc<Self>, cx: &Cx, listener: Box<dyn Listener>) {
        info!("listening");
        let job = self.start_time_out(cx);
        let stop = async {
            cx.asked_to_stop().await;
            if let Some(job) = job {
                job.abort();
            }
        };
        http::serve_until(cx.clone(), listener, self.router(), stop, SHUTDOWN_LIMIT).await;
        info!("stopped");
    }

    /// Starts the job that fails what waits for too long, unless the operator has switched it off.
    fn start_time_out(self: &Arc<Self>, cx: &Cx) -> Option<Handle> {
        let platform = self.clone();
        let start = || cx.spawn("timeout job", |cx| async move { platform.time_out(&cx).await });
        self.settings.timeout_enabled.then(start)
    }

    /// Both faces on one port. Bodies may be of any size.
    fn router(self: Arc<Self>) -> Router {
        let internal = internal::face(&self.design, &self.settings);
        public::routes()
            .merge(internal.routes)
            .fallback(public::no_such_route)
            .method_not_allowed_fallback(public::no_such_route)
            .layer(from_fn_with_state(internal.open_to_gateways, public::authenticate))
            .layer(from_fn(recovered))
            .layer(DefaultBodyLimit::disable())
            .with_state(self)
    }
}

/// A handler that panics is answered for by the framework, and the process goes on.
async fn recovered(cx: Cx, request: Request, next: Next) -> Response {
    cx.recover(next.run(request)).await.unwrap_or_else(|| {
        error!("a handler panicked");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}
