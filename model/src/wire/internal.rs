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
}
