//! The face for gateways: `/api/internal/v1` in the cloud (docs/spec/platform.md section 8).
//!
//! Who asks is in the header `api-key`; the organisation and the gateway always come from that token, and
//! identifiers in a path never widen it.

mod caller;
mod connect;
mod definition;
mod deployments;
mod etag;
mod exists;
mod keys;
mod manifest;
mod registration;
mod subscriptions;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::Platform;
use crate::design::{Design, ExistsEndpoint, PremisesLists};
use crate::settings::{Edition, PlatformSettings};
use crate::wire::kind::Kind;

/// The routes, and the beginnings of the paths that need no user's token.
pub(super) struct Face {
    pub routes: Router<Arc<Platform>>,
    pub open_to_gateways: Arc<[String]>,
}

/// The face as the design and the edition have it. A path is exempt from the user's token by a list of its own,
/// so a route that isn't there is also refused, and not unknown; and whoever overrides that list may refuse a
/// route that is there.
pub(super) fn face(design: &Design, settings: &PlatformSettings) -> Face {
    let edition = settings.edition;
    let base = edition.base();
    let mut routes = always();
    let mut open = vec!["/deployments", "/gateways", "/subscription-plans", "/ws"];
    open.extend(["/apis", "/llm-providers", "/llm-proxies", "/mcp-proxies"]);
    match edition {
        Edition::Cloud => {
            routes = routes.merge(in_the_cloud());
            match design.exists_endpoint {
                ExistsEndpoint::Absent => {}
                ExistsEndpoint::Present => {
                    routes = routes.route("/artifacts/exists", post(exists::answer));
                    if settings.skip_artifacts {
                        open.push("/artifacts");
                    }
                }
            }
        }
        Edition::OnPremises => match design.premises_lists {
            PremisesLists::Absent => {}
            PremisesLists::Present => {
                routes = routes.merge(in_the_cloud()).route("/artifacts/exists", post(exists::answer));
            }
        },
    }
    let (more, mut open_to_gateways) = edition.routes();
    open_to_gateways.extend(open.into_iter().map(|path| format!("{base}{path}")));
    Face { routes: Router::new().nest(base, routes).merge(more), open_to_gateways: open_to_gateways.into() }
}

/// The routes of both editions.
fn always() -> Router<Arc<Platform>> {
    let mut routes = Router::new()
        .route("/ws/gateways/connect", get(connect::answer))
        .route("/deployments", get(deployments::list))
        .route("/deployments/fetch-batch", post(deployments::batch))
        .route("/apis/{artifact}/subscriptions", get(subscriptions::of_api))
        .route("/apis/{artifact}/gateway-deployments", post(registration::answer));
    for kind in Kind::ALL {
        routes = routes.merge(definition::routes(kind));
    }
    routes
}

/// The routes that a platform on the premises lacks.
fn in_the_cloud() -> Router<Arc<Platform>> {
    let mut routes = Router::new()
        .route("/subscription-plans", get(subscriptions::plans))
        .route("/gateways/{gateway}/manifest", post(manifest::answer));
    for kind in Kind::ALL {
        routes = routes.merge(keys::routes(kind));
    }
    routes
}
