//! The tables of a gateway's database (docs/spec/gateway.md section 4.1).
//!
//! Each row type is one table, with its uniques and foreign keys as the real schema declares them. All of it
//! survives a restart. Certificates and secrets are not kept: nothing here acts on them.

mod application;
mod artifact;
mod hub;
mod key;
mod subscription;
mod template;
mod turn;

pub use application::{Application, ApplicationKey};
pub use artifact::{Artifact, DesiredState, LlmProvider, LlmProxy, McpProxy, Origin, RestApi};
pub use hub::{Action, EntityType, Event, GatewayState};
pub use key::{ApiKey, KeyStatus};
pub use subscription::{PlanStatus, Subscription, SubscriptionPlan, SubscriptionStatus};
pub use template::LlmTemplate;
pub use turn::SyncTurn;

use crate::store::Schema;

/// The partition of every table that a gateway's rows lie in: the default of the real configuration.
pub const GATEWAY_ID: &str = "platform-gateway-id";

/// The schema of a gateway's database.
pub fn schema() -> Schema {
    Schema::new()
        .table::<Artifact>()
        .table::<RestApi>()
        .table::<LlmProvider>()
        .table::<LlmProxy>()
        .table::<McpProxy>()
        .table::<ApiKey>()
        .table::<LlmTemplate>()
        .table::<SubscriptionPlan>()
        .table::<Subscription>()
        .table::<Application>()
        .table::<ApplicationKey>()
        .table::<GatewayState>()
        .table::<Event>()
        .table::<SyncTurn>()
}
