//! Artifacts, and their configurations by kind.
//!
//! The artifact's row is what the protocol speaks of; the configuration beside it is what is served. Neither
//! API keys nor subscriptions refer to an artifact by a foreign key: they may be there before it is.

use bytes::Bytes;
use uuid::Uuid;

use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::kind::Kind;
use crate::wire::time::Instant;

/// What is to become of an artifact on this gateway. Nothing else can be stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DesiredState {
    /// It is to be served.
    Deployed,
    /// It is kept, and not served.
    Undeployed,
}

impl DesiredState {
    /// The state that the platform's list calls so; `None` for its transitional and failed ones.
    pub fn from_list(state: &str) -> Option<Self> {
        match state.to_ascii_lowercase().as_str() {
            "deployed" => Some(DesiredState::Deployed),
            "undeployed" => Some(DesiredState::Undeployed),
            _ => None,
        }
    }
}

/// Who created an artifact.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Origin {
    /// The platform, by an event or in a sync.
    ControlPlane,
    /// A local user, through the gateway's own management API.
    GatewayApi,
}

/// A row of `artifacts`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Artifact {
    /// The partition.
    pub gateway_id: String,
    /// The platform's identifier of the artifact.
    pub uuid: Uuid,
    /// Its name, unique with the version within a kind.
    pub display_name: String,
    /// Its version.
    pub version: String,
    /// Its kind.
    pub kind: Kind,
    /// Its handle, unique within a kind.
    pub handle: String,
    /// Whether it is to be served.
    pub desired_state: DesiredState,
    /// Its current deployment.
    pub deployment_id: Option<Uuid>,
    /// Who created it.
    pub origin: Origin,
    /// When the row was made, by this gateway's clock.
    pub created_at: Instant,
    /// When the row was last written, by this gateway's clock.
    pub updated_at: Instant,
    /// The platform's `performedAt` in whole milliseconds: the token that orders changes.
    pub deployed_at: Option<Instant>,
}

impl Row for Artifact {
    const TABLE: &'static str = "artifacts";
    const PRIMARY: &'static str = "artifacts.gateway_id, artifacts.uuid";
    const UNIQUE: &'static [Unique<Self>] = &[
        Unique {
            name: "artifacts.gateway_id, artifacts.kind, artifacts.display_name, artifacts.version",
            key: |row| Some((&row.gateway_id, row.kind.name(), &row.display_name, &row.version).into()),
        },
        Unique {
            name: "artifacts.gateway_id, artifacts.kind, artifacts.handle",
            key: |row| Some((&row.gateway_id, row.kind.name(), &row.handle).into()),
        },
    ];

    fn key(&self) -> Key {
        (&self.gateway_id, self.uuid).into()
    }
}

/// Declares the table of one kind's configurations.
macro_rules! configurations {
    ($(#[$doc:meta])* $row:ident, $table:literal, $foreign:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Hash, Debug)]
        pub struct $row {
            /// The partition.
            pub gateway_id: String,
            /// The artifact.
            pub uuid: Uuid,
            /// Its definition, as it was fetched.
            pub configuration: Bytes,
        }

        impl Row for $row {
            const TABLE: &'static str = $table;
            const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
                name: $foreign,
                parent: Artifact::TABLE,
                target: Target::PrimaryKey,
                key: |row| Some(row.key()),
                on_delete: OnDelete::Cascade,
            }];

            fn key(&self) -> Key {
                (&self.gateway_id, self.uuid).into()
            }
        }
    };
}

configurations! {
    /// A row of `rest_apis`.
    RestApi, "rest_apis", "rest_apis.uuid"
}
configurations! {
    /// A row of `llm_providers`.
    LlmProvider, "llm_providers", "llm_providers.uuid"
}
configurations! {
    /// A row of `mcp_proxies`.
    McpProxy, "mcp_proxies", "mcp_proxies.uuid"
}

/// A row of `llm_proxies`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct LlmProxy {
    /// The partition.
    pub gateway_id: String,
    /// The artifact.
    pub uuid: Uuid,
    /// Its definition, as it was fetched.
    pub configuration: Bytes,
    /// The provider it stands before.
    pub provider_uuid: Uuid,
}

impl Row for LlmProxy {
    const TABLE: &'static str = "llm_proxies";
    const FOREIGN: &'static [Foreign<Self>] = &[
        Foreign {
            name: "llm_proxies.uuid",
            parent: Artifact::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some(row.key()),
            on_delete: OnDelete::Cascade,
        },
        // A provider can't go while a proxy stands before it.
        Foreign {
            name: "llm_proxies.provider_uuid",
            parent: LlmProvider::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some((&row.gateway_id, row.provider_uuid).into()),
            on_delete: OnDelete::Restrict,
        },
    ];

    fn key(&self) -> Key {
        (&self.gateway_id, self.uuid).into()
    }
}
