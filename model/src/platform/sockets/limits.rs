//! How many connections there may be (docs/spec/platform.md sections 6.1 and 6.4).
//!
//! The limit of the organisation is looked at before the upgrade, for a proper answer, and again after it,
//! where many at once may have come through the first look.

use std::sync::Arc;

use serde_json::json;
use tracing::warn;
use uuid::Uuid;

use super::Connection;
use crate::cx::{Broken, Cx};
use crate::platform::Platform;
use crate::platform::refusal::Refusal;

/// Why a connection was not registered.
pub(super) enum Unregistered {
    OrganisationFull { count: u64, limit: u64 },
    ProcessFull { limit: u64 },
    Broken(Broken),
}

impl Unregistered {
    /// What the gateway is told in the place of an acknowledgement.
    pub fn frame(&self) -> String {
        match self {
            Unregistered::OrganisationFull { count, limit } => json!({
                "type": "error",
                "code": "ORG_CONNECTION_LIMIT_EXCEEDED",
                "message": "Organization connection limit reached",
                "currentCount": count,
                "maxAllowed": limit,
            }),
            Unregistered::ProcessFull { limit } => {
                json!({ "type": "error", "message": format!("maximum connection limit reached ({limit})") })
            }
            Unregistered::Broken(Broken(why)) => json!({ "type": "error", "message": why }),
        }
        .to_string()
    }
}

impl Platform {
    /// Whether the organisation may have one more connection, before the upgrade.
    pub(in crate::platform) async fn admit(&self, cx: &Cx, organisation: Uuid) -> Result<(), Refusal> {
        let limit = self.settings.max_connections_per_org;
        let count = self.count_connections(cx, organisation).await;
        if count >= limit { Err(Refusal::OrganisationFull { limit }) } else { Ok(()) }
    }

    /// Puts a connection in the registry, if it still may be.
    pub(super) async fn register(&self, cx: &Cx, connection: &Arc<Connection>) -> Result<(), Unregistered> {
        let limit = self.settings.max_connections_per_org;
        let count = self.count_connections(cx, connection.identity.organisation).await;
        if count >= limit {
            return Err(Unregistered::OrganisationFull { count, limit });
        }
        let limit = self.settings.max_connections;
        if self.registry.total() as u64 >= limit {
            return Err(Unregistered::ProcessFull { limit });
        }
        self.registry.add(cx, connection).await.map_err(Unregistered::Broken)
    }

    /// The connections of the gateways that the organisation has in the database now. Those of a deleted
    /// gateway don't count, and if the gateways can't be listed nothing does.
    async fn count_connections(&self, cx: &Cx, organisation: Uuid) -> u64 {
        let gateways = self.list_gateways(cx, organisation).await.unwrap_or_else(|why| {
            warn!("connections not counted: {why}");
            Vec::new()
        });
        self.registry.count(gateways.iter().map(|row| row.uuid)) as u64
    }
}
