//! The face for users: `/api/v1` (docs/spec/platform.md section 4).
//!
//! Handlers take a request apart, call one operation and put its answer together; what they decide is only how
//! things are written.

mod applications;
mod artifacts;
mod associations;
mod deployments;
mod gateways;
mod inventory;
mod key_lists;
mod keys;
mod list;
mod organisations;
mod plans;
mod projects;
mod request;
mod subscriptions;
mod templates;
mod user;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::Platform;
use crate::wire::kind::Kind;

pub(super) use user::{User, authenticate};

/// Every route for users.
pub(super) fn routes() -> Router<Arc<Platform>> {
    let mut routes = organisations::routes()
        .merge(projects::routes())
        .merge(gateways::routes())
        .merge(inventory::routes())
        .merge(templates::routes())
        .merge(artifacts::proxies())
        .merge(associations::routes())
        .merge(key_lists::routes())
        .merge(plans::routes())
        .merge(subscriptions::routes())
        .merge(applications::routes());
    for kind in Kind::ALL {
        routes =
            routes.merge(artifacts::routes(kind)).merge(deployments::routes(kind)).merge(keys::routes(kind));
    }
    routes
}

/// What an unknown path is answered, to those who may ask.
pub(super) async fn no_such_route() -> Response {
    (StatusCode::NOT_FOUND, "404 page not found").into_response()
}
