//! The event hub's rows: what replicas tell one another through the database.

use std::fmt;

use crate::store::{Foreign, Key, OnDelete, Row, Target};
use crate::wire::kind::Kind;
use crate::wire::time::Instant;

/// A row of `gateway_states`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct GatewayState {
    /// The partition.
    pub gateway_id: String,
    /// Drawn anew with every publish; empty before the first.
    pub version_id: String,
    /// When it was last drawn.
    pub updated_at: Instant,
}

impl Row for GatewayState {
    const TABLE: &'static str = "gateway_states";

    fn key(&self) -> Key {
        self.gateway_id.as_str().into()
    }
}

/// What kind of thing an event is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EntityType {
    /// A REST API.
    Api,
    /// An LLM provider.
    LlmProvider,
    /// An LLM proxy.
    LlmProxy,
    /// An MCP proxy.
    McpProxy,
    /// An API key of any of these.
    ApiKey,
    /// A template of LLM providers.
    LlmTemplate,
    /// A subscription to a REST API.
    Subscription,
    /// A plan of subscriptions.
    SubscriptionPlan,
    /// An application, with the keys that belong to it. Listeners only log it.
    Application,
    /// A certificate. Listeners only log it.
    Certificate,
}

impl From<Kind> for EntityType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::RestApi => EntityType::Api,
            Kind::LlmProvider => EntityType::LlmProvider,
            Kind::LlmProxy => EntityType::LlmProxy,
            Kind::Mcp => EntityType::McpProxy,
        }
    }
}

impl fmt::Display for EntityType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EntityType::Api => "API",
            EntityType::LlmProvider => "LLM_PROVIDER",
            EntityType::LlmProxy => "LLM_PROXY",
            EntityType::McpProxy => "MCP_PROXY",
            EntityType::ApiKey => "API_KEY",
            EntityType::LlmTemplate => "LLM_TEMPLATE",
            EntityType::Subscription => "SUBSCRIPTION",
            EntityType::SubscriptionPlan => "SUBSCRIPTION_PLAN",
            EntityType::Application => "APPLICATION",
            EntityType::Certificate => "CERTIFICATE",
        })
    }
}

/// What happened to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// It is new.
    Create,
    /// It is another.
    Update,
    /// It is gone.
    Delete,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Action::Create => "CREATE",
            Action::Update => "UPDATE",
            Action::Delete => "DELETE",
        })
    }
}

/// A row of `events`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Event {
    /// The partition.
    pub gateway_id: String,
    /// The publisher's clock, taken before the commit: what polls go by.
    pub processed_timestamp: Instant,
    /// The publisher's clock when the event was made.
    pub originated_timestamp: Instant,
    /// What kind of thing it is about.
    pub entity_type: EntityType,
    /// What happened to it.
    pub action: Action,
    /// Which thing: an identifier, or two for a key.
    pub entity_id: String,
    /// The idempotency key, whatever the rest says.
    pub event_id: String,
    /// `{}` unless the event carries something.
    pub event_data: String,
}

impl Row for Event {
    const TABLE: &'static str = "events";
    const PRIMARY: &'static str = "events.gateway_id, events.event_id";
    const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
        name: "events.gateway_id",
        parent: GatewayState::TABLE,
        target: Target::PrimaryKey,
        key: |row| Some(row.gateway_id.as_str().into()),
        on_delete: OnDelete::Cascade,
    }];

    fn key(&self) -> Key {
        (&self.gateway_id, &self.event_id).into()
    }
}
