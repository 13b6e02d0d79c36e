//! The public management API in JSON (docs/spec/platform.md section 4).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The base path.
pub const BASE: &str = "/api/v1";

/// A refusal (docs/spec/platform.md section 4).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The HTTP status again.
    pub code: u16,
    /// Its reason phrase.
    pub message: String,
    /// What was wrong.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// A new organisation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NewOrganisation {
    /// Its identifier, chosen by the caller.
    pub id: Uuid,
    /// Its handle.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
}

/// A new gateway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewGateway {
    /// `^[a-z0-9-]{3,64}$`, no hyphen at either end.
    pub name: String,
    /// What people see.
    pub display_name: String,
    /// Its virtual host.
    pub vhost: String,
    /// `regular`, `ai` or `event`.
    pub functionality_type: String,
}

/// A gateway, a token, an artifact: what has an identifier of its own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Identified {
    /// The identifier.
    pub id: String,
}

/// A gateway's token, shown once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewToken {
    /// The token's identifier.
    pub id: Uuid,
    /// The token itself: 32 random bytes, base64url without padding.
    pub token: String,
    /// RFC 3339.
    pub created_at: String,
    /// A word to the user.
    pub message: String,
}

/// A deploy request (docs/spec/platform.md section 3.2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewDeployment {
    /// Its name; need not be unique.
    pub name: String,
    /// `current`, or the deployment whose content is used again.
    pub base: String,
    /// The gateway it goes to.
    pub gateway_id: String,
}

/// A deployment (docs/spec/platform.md section 4.3).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// Its identifier.
    pub deployment_id: Uuid,
    /// Its name.
    pub name: String,
    /// The gateway it is for.
    pub gateway_id: Uuid,
    /// `DEPLOYED`, `UNDEPLOYED`, `DEPLOYING`, `UNDEPLOYING`, `FAILED` or `ARCHIVED`.
    pub status: String,
    /// Why it failed.
    pub status_reason: Option<String>,
    /// The deployment whose content it uses.
    pub base_deployment_id: Option<Uuid>,
    /// What was said of it beside, if anything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339, of the status row.
    pub updated_at: Option<String>,
}

/// A list of deployments.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeploymentPage {
    /// How many.
    pub count: usize,
    /// The deployments.
    pub list: Vec<Deployment>,
}

/// A new API key (docs/spec/platform.md section 4.4); the caller supplies the secret.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NewKey {
    /// The secret.
    pub api_key: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
}
