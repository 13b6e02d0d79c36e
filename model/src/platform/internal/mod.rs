//! The face for gateways: `/api/internal/v1` (docs/spec/platform.md section 8).
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
use crate::design::{Design, ExistsEndpoint};
use crate::wire::internal::BASE;
use crate::wire::kind::Kind;

/// The routes, and the beginnings of the paths that need no user's token.
pub(super) struct Face {
    pub routes: Router<Arc<Platform>>,
    pub open_to_gateways: Arc<[String]>,
}

/// The face as the design has it. A path is exempt from the user's token by a list of its own, so a route that
/// isn't there is also refused, and not unknown.
pub(super) fn face(design: &Design) -> Face {
    let mut routes = always();
    let mut open = vec!["/deployments", "/gateways", "/subscription-plans", "/ws"];
    open.extend(["/apis", "/llm-providers", "/llm-proxies", "/mcp-proxies"]);
    match design.exists_endpoint {
        ExistsEndpoint::Absent => {}
        ExistsEndpoint::Present => {
            routes = routes.route(&at("/artifacts/exists"), post(exists::answer));
            open.push("/artifacts");
        }
    }
    Face { routes, open_to_gateways: open.into_iter().map(at).collect() }
}

fn always() -> Router<Arc<Platform>> {
    let mut routes = Router::new()
        .route(&at("/ws/gateways/connect"), get(connect::answer))
        .route(&at("/deployments"), get(deployments::list))
        .route(&at("/deployments/fetch-batch"), post(deployments::batch))
        .route(&at("/apis/{artifact}/subscriptions"), get(subscriptions::of_api))
        .route(&at("/subscription-plans"), get(subscriptions::plans))
        .route(&at("/apis/{artifact}/gateway-deployments"), post(registration::answer))
        .route(&at("/gateways/{gateway}/manifest"), post(manifest::answer));
    for kind in Kind::ALL {
        routes = routes.merge(definition::routes(kind)).merge(keys::routes(kind));
    }
    routes
}

fn at(path: &str) -> String {
    format!("{BASE}{path}")
}
