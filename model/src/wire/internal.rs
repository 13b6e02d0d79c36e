//! The gateway-facing API in JSON (docs/spec/platform.md section 8).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::time::{self, Instant};

/// The base path of a cloud platform.
pub const BASE: &str = "/api/internal/v1";
/// The header that carries a gateway's token.
pub const TOKEN_HEADER: &str = "api-key";
/// The only `Accept` that `/deployments/fetch-batch` answers.
pub const BATCH_TYPE: &str = "application/x-tar+gzip";

/// `GET /deployments` (section 8.1).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DeploymentList {
    /// Every status row of the gateway.
    pub deployments: Vec<DeploymentEntry>,
    /// How new all that the gateway ought to have is, from platforms that say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// One row of `GET /deployments`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentEntry {
    /// The artifact.
    pub artifact_id: Uuid,
    /// Its current deployment.
    pub deployment_id: Uuid,
    /// Its kind; one the gateway doesn't know is possible.
    pub kind: String,
    /// The platform's status, in its own words.
    pub state: String,
    /// What was asked for last, `DEPLOYED` or `UNDEPLOYED`, from platforms that say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<String>,
    /// The row's `performed_at`.
    #[serde(with = "time::json")]
    pub deployed_at: Instant,
    /// Derived from the deployment and the instant.
    #[serde(default)]
    pub etag: String,
}

/// The body of `POST /deployments/fetch-batch` (section 8.2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchRequest {
    /// The deployments asked for.
    pub deployment_ids: Vec<String>,
}

/// The body of `POST /artifacts/exists` (section 8.3).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExistsRequest {
    /// The artifacts asked about.
    pub artifact_ids: Vec<String>,
}

/// The answer to `POST /artifacts/exists`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ExistsAnswer {
    /// One for each requested, in that order.
    pub artifacts: Vec<ArtifactExists>,
}

/// Whether one artifact exists.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactExists {
    /// As it was asked about.
    pub artifact_id: String,
    /// Whether the organisation has it.
    pub exists: bool,
}

/// One key of `GET /apis/api-keys` (section 8.4).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyEntry {
    /// Derived from artifact, name and time of update.
    pub etag: String,
    /// The key.
    pub uuid: Uuid,
    /// Its name, unique within the artifact.
    pub name: String,
    /// What may be shown.
    pub masked_api_key: String,
    /// Algorithm to hash: an object here, a string in events.
    pub api_key_hashes: BTreeMap<String, String>,
    /// The artifact it opens.
    pub artifact_uuid: Uuid,
    /// `active` or `revoked`.
    pub status: String,
    /// When it was made.
    #[serde(with = "time::json")]
    pub created_at: Instant,
    /// Who made it.
    pub created_by: String,
    /// When it was last changed.
    #[serde(with = "time::json")]
    pub updated_at: Instant,
    /// When it ends, or null.
    pub expires_at: Option<String>,
    /// Always `external`.
    pub source: String,
    /// Always null.
    pub external_ref_id: Option<String>,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The applications it belongs to, from platforms that say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applications: Option<Vec<KeyApplication>>,
}

/// An application that a key belongs to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeyApplication {
    /// The application.
    pub uuid: Uuid,
    /// Its handle.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
}

/// One subscription of `GET /apis/{apiId}/subscriptions` (section 8.5).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionEntry {
    /// The subscription.
    pub id: Uuid,
    /// The API subscribed to.
    pub api_id: Uuid,
    /// The application it is for: free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// The token, plain; empty if it could not be decrypted.
    #[serde(default)]
    pub subscription_token: String,
    /// Its plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_plan_id: Option<Uuid>,
    /// `ACTIVE`, `INACTIVE` or `REVOKED`.
    pub status: String,
    /// When it was made.
    #[serde(with = "time::json")]
    pub created_at: Instant,
    /// When it was last changed.
    #[serde(with = "time::json")]
    pub updated_at: Instant,
    /// Derived from the subscription and its time of update.
    #[serde(default)]
    pub etag: String,
}

/// One plan of `GET /subscription-plans` (section 8.5).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanEntry {
    /// The plan.
    pub id: Uuid,
    /// Its name, unique within the organisation.
    pub plan_name: String,
    /// How it is paid for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_plan: Option<String>,
    /// Whether requests above the quota are refused.
    #[serde(default)]
    pub stop_on_quota_reach: bool,
    /// Requests in each unit of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttle_limit_count: Option<i64>,
    /// The unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttle_limit_unit: Option<String>,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_time: Option<String>,
    /// `ACTIVE` or `INACTIVE`.
    pub status: String,
    /// When it was made.
    #[serde(with = "time::json")]
    pub created_at: Instant,
    /// When it was last changed.
    #[serde(with = "time::json")]
    pub updated_at: Instant,
    /// Derived from the plan and its time of update.
    #[serde(default)]
    pub etag: String,
}

/// The body of `POST /gateways/{gatewayId}/manifest`: what policies a gateway has.
#[derive(Clone, PartialEq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// The policies.
    pub policies: Vec<ManifestPolicy>,
}

/// One policy of a [`Manifest`].
#[derive(Clone, PartialEq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ManifestPolicy {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What a user may set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<serde_json::Value>,
    /// What an operator may set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_parameters: Option<serde_json::Value>,
    /// Who looks after it.
    pub managed_by: String,
}
