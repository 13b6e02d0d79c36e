//! The tables that are compared, modelled on those of the platform and of the gateway.
//!
//! Together they have every shape that the real ones have: composite primary keys, several uniques with and
//! without `NULL`s, each action on delete, keys that point to a unique of the parent, composite ones, ones
//! that point into their own table, and cascades over several levels that meet again. Columns that are only
//! data are reduced to one, `note`.

use driftless_model::store::{Foreign, Key, OnDelete, Row, Target, Unique};

use super::table::{Cell, Column, Def, Field, Table, action, key, name, names, table, target, words};

table! {
    Organisation = "organizations" (uuid: u8, handle: u8)
    primary (uuid)
    unique (handle)
}

table! {
    Gateway = "gateways" (uuid: u8, organization_uuid: u8, name: u8, note: Cell)
    primary (uuid)
    unique (organization_uuid, name)
    foreign (organization_uuid) -> "organizations" primary (uuid) cascade
}

table! {
    Artifact = "artifacts" (uuid: u8, handle: Cell, name: u8, version: Cell, organization_uuid: u8)
    primary (uuid)
    unique (handle, organization_uuid)
    unique (name, version, organization_uuid)
    unique (uuid, organization_uuid)
    foreign (organization_uuid) -> "organizations" primary (uuid) restrict
}

table! {
    /// Templates here may be copies of one another, in chains and circles.
    LlmProviderTemplate = "llm_provider_templates" (uuid: u8, handle: Cell, copy_of: Cell, note: Cell)
    primary (uuid)
    unique (handle)
    foreign (copy_of) -> "llm_provider_templates" unique (handle) cascade
}

table! {
    LlmProvider = "llm_providers" (uuid: u8, template_handle: Cell, note: Cell)
    primary (uuid)
    foreign (uuid) -> "artifacts" primary (uuid) cascade
    foreign (template_handle) -> "llm_provider_templates" unique (handle) restrict
}

table! {
    LlmProxy = "llm_proxies" (uuid: u8, provider_uuid: u8, note: Cell)
    primary (uuid)
    foreign (uuid) -> "artifacts" primary (uuid) cascade
    foreign (provider_uuid) -> "llm_providers" primary (uuid) restrict
}

table! {
    Deployment = "deployments" (
        deployment_id: u8,
        artifact_uuid: u8,
        gateway_uuid: u8,
        base_deployment_id: Cell,
    )
    primary (deployment_id)
    foreign (artifact_uuid) -> "artifacts" primary (uuid) cascade
    foreign (gateway_uuid) -> "gateways" primary (uuid) cascade
    foreign (base_deployment_id) -> "deployments" primary (deployment_id) set_null
}

table! {
    DeploymentStatus = "deployment_status" (
        artifact_uuid: u8,
        gateway_uuid: u8,
        deployment_id: u8,
        note: Cell,
    )
    primary (artifact_uuid, gateway_uuid)
    foreign (artifact_uuid) -> "artifacts" primary (uuid) cascade
    foreign (gateway_uuid) -> "gateways" primary (uuid) cascade
    foreign (deployment_id) -> "deployments" primary (deployment_id) cascade
}

table! {
    ApiKey = "api_keys" (artifact_uuid: u8, api_key: u8, uuid: u8, name: Cell)
    primary (artifact_uuid, api_key)
    unique (artifact_uuid, name)
    unique (uuid)
    foreign (artifact_uuid) -> "artifacts" primary (uuid) cascade
}

table! {
    ApplicationApiKey = "application_api_keys" (application_uuid: u8, api_key_id: u8, note: Cell)
    primary (application_uuid, api_key_id)
    foreign (api_key_id) -> "api_keys" unique (uuid) cascade
}

table! {
    SubscriptionPlan = "subscription_plans" (uuid: u8, organization_uuid: u8, name: Cell)
    primary (uuid)
    unique (uuid, organization_uuid)
    unique (organization_uuid, name)
    foreign (organization_uuid) -> "organizations" primary (uuid) cascade
}

table! {
    /// It goes with its organisation and with its artifact, and keeps its plan from going. What its key was
    /// made from is let go of, by a unique that need not be there.
    Subscription = "subscriptions" (
        uuid: u8,
        api_uuid: u8,
        organization_uuid: u8,
        subscription_plan_uuid: Cell,
        template_handle: Cell,
    )
    primary (uuid)
    unique (api_uuid, subscription_plan_uuid)
    foreign (organization_uuid) -> "organizations" primary (uuid) cascade
    foreign (api_uuid, organization_uuid) -> "artifacts" unique (uuid, organization_uuid) cascade
    foreign (subscription_plan_uuid, organization_uuid) ->
        "subscription_plans" unique (uuid, organization_uuid) restrict
    foreign (template_handle) -> "llm_provider_templates" unique (handle) set_null
}

/// The tables, parents before their children.
pub static TABLES: [Def; 12] = [
    Def::of::<Organisation>(),
    Def::of::<Gateway>(),
    Def::of::<Artifact>(),
    Def::of::<LlmProviderTemplate>(),
    Def::of::<LlmProvider>(),
    Def::of::<LlmProxy>(),
    Def::of::<Deployment>(),
    Def::of::<DeploymentStatus>(),
    Def::of::<ApiKey>(),
    Def::of::<ApplicationApiKey>(),
    Def::of::<SubscriptionPlan>(),
    Def::of::<Subscription>(),
];

/// The same tables for the store in memory.
pub fn schema() -> driftless_model::store::Schema {
    driftless_model::store::Schema::new()
        .table::<Organisation>()
        .table::<Gateway>()
        .table::<Artifact>()
        .table::<LlmProviderTemplate>()
        .table::<LlmProvider>()
        .table::<LlmProxy>()
        .table::<Deployment>()
        .table::<DeploymentStatus>()
        .table::<ApiKey>()
        .table::<ApplicationApiKey>()
        .table::<SubscriptionPlan>()
        .table::<Subscription>()
}
