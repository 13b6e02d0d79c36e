//! Where a platform is run: in the cloud or on the premises (docs/spec/gateway.md sections 3.4, 6.3 and 7).
//!
//! One on the premises tells its gateways under which path they find it. It has nothing to ask which artifacts
//! exist, no lists of keys or plans, and takes no manifest. Beside that they are the same.

use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Platform;
use crate::settings::Edition;
use crate::wire::internal::BASE;

/// Where gateways ask for the path; a cloud platform has no such route.
const WELL_KNOWN: &str = "/internal/gateway/.well-known";
/// The base path of a platform on the premises. The specification names none.
const ON_PREMISES_BASE: &str = "/api/onprem/v1";

impl Edition {
    /// The base path of the face for gateways.
    pub(super) fn base(self) -> &'static str {
        match self {
            Edition::Cloud => BASE,
            Edition::OnPremises => ON_PREMISES_BASE,
        }
    }

    /// The routes that only this edition has, and the paths among them that need no user's token.
    pub(super) fn routes(self) -> (Router<Arc<Platform>>, Vec<String>) {
        match self {
            Edition::Cloud => (Router::new(), Vec::new()),
            Edition::OnPremises => {
                let open = vec![WELL_KNOWN.to_owned(), ON_PREMISES_BASE.to_owned()];
                (Router::new().route(WELL_KNOWN, get(well_known)), open)
            }
        }
    }
}

async fn well_known() -> Json<Value> {
    Json(json!({ "gatewayPath": ON_PREMISES_BASE }))
}
