//! The platform's tables (docs/spec/platform.md sections 2.1 and 2.2).
//!
//! One file for each group of rows that live and die together. What a delete takes with it is declared here,
//! as foreign keys, and nowhere in the services. Custom policies and developer portals are not here.

mod application;
mod artifact;
mod association;
mod deployment;
mod detail;
mod gateway;
mod key;
mod organisation;
mod plan;
mod subscription;
mod template;

pub use application::{APPLICATION_TYPE, Application, ApplicationApiKey};
pub use artifact::Artifact;
pub use association::{Association, AssociationMapping};
pub use deployment::{Deployment, DeploymentStatus, Desired, State};
pub use detail::{LlmProvider, LlmProxy, McpProxy, RestApi};
pub use gateway::{Gateway, GatewayToken, TokenStatus};
pub use key::{ApiKey, KeyStatus, Targets};
pub use organisation::{Organisation, Project};
pub use plan::{PlanStatus, SubscriptionPlan, Throttle};
pub use subscription::{Subscription, SubscriptionStatus};
pub use template::LlmProviderTemplate;

use crate::store::Schema;

/// A JSON object, as columns of that type hold one.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// Every table of the platform.
pub fn schema() -> Schema {
    Schema::new()
        .table::<Organisation>()
        .table::<Project>()
        .table::<Gateway>()
        .table::<GatewayToken>()
        .table::<Artifact>()
        .table::<RestApi>()
        .table::<LlmProviderTemplate>()
        .table::<LlmProvider>()
        .table::<LlmProxy>()
        .table::<McpProxy>()
        .table::<Deployment>()
        .table::<DeploymentStatus>()
        .table::<AssociationMapping>()
        .table::<ApiKey>()
        .table::<SubscriptionPlan>()
        .table::<Subscription>()
        .table::<Application>()
        .table::<ApplicationApiKey>()
}
