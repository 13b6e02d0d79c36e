//! Frames on the WebSocket (docs/spec/platform.md sections 6 and 7, docs/spec/gateway.md sections 8 and 11).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::expiry::ExpiresIn;
use super::kind::Kind;
use super::time::{self, Instant};

/// What a platform tells its gateways, as one JSON text frame.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// Such as `api.deployed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about.
    pub payload: Value,
    /// When it was sent, in whole seconds of the platform's clock.
    pub timestamp: String,
    /// Drawn anew for each gateway and attempt.
    #[serde(rename = "correlationId")]
    pub correlation_id: Uuid,
    /// Who acted, where the platform says so.
    #[serde(rename = "userId", default, skip_serializing_if = "String::is_empty")]
    pub user_id: String,
}

/// The first frame of a connection (docs/spec/platform.md section 6.2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConnectionAck {
    /// Always `connection.ack`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The platform's identifier of the gateway.
    #[serde(rename = "gatewayId")]
    pub gateway_id: Uuid,
    /// This connection.
    #[serde(rename = "connectionId")]
    pub connection_id: Uuid,
    /// In whole seconds of the platform's clock.
    pub timestamp: String,
}

/// What a gateway says of a deployment event it has handled (docs/spec/gateway.md section 11).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentAck {
    /// The deployment of the event; may be empty.
    pub deployment_id: String,
    /// The artifact of the event.
    pub artifact_id: String,
    /// `api`, `llmprovider`, `llmproxy` or `mcpproxy`; ignored by the platform.
    pub resource_type: String,
    /// `deploy` or `undeploy`.
    pub action: String,
    /// `success` or `failed`.
    pub status: String,
    /// The event's `performedAt`, as it came.
    pub performed_at: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error_code: String,
}

/// The type of the frame that carries a [`DeploymentAck`].
pub const DEPLOYMENT_ACK: &str = "deployment.ack";
/// The type of the first frame of a connection.
pub const CONNECTION_ACK: &str = "connection.ack";
/// The largest payload of an event, in bytes (docs/spec/platform.md section 1).
pub const PAYLOAD_BYTES_MAX: usize = 1_048_576;

/// The payload of `*.deployed` and `*.undeployed`.
pub fn deployment_payload(kind: Kind, artifact: Uuid, deployment: Uuid, performed_at: &Instant) -> Value {
    json!({
        kind.event_id_field(): artifact,
        "deploymentId": deployment,
        "performedAt": time::nanos(performed_at),
    })
}

/// The payload of `*.deleted`.
pub fn deleted_payload(kind: Kind, artifact: Uuid) -> Value {
    json!({ kind.event_id_field(): artifact })
}

/// The payload of `apikey.created`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KeyCreated {
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<Uuid>,
    /// The artifact, of whatever kind.
    pub api_id: String,
    /// The key's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A JSON object in a string: algorithm to hash.
    pub api_key_hashes: String,
    /// What may be shown.
    pub masked_api_key: String,
    /// The caller's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_ref_id: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Instead of the instant, how long it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<ExpiresIn>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// RFC 3339, whole seconds.
    pub created_at: String,
    /// RFC 3339, whole seconds.
    pub updated_at: String,
}

/// The payload of `apikey.updated`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KeyUpdated {
    /// The artifact, of whatever kind.
    pub api_id: String,
    /// The key's name.
    pub key_name: String,
    /// A JSON object in a string: algorithm to hash.
    pub api_key_hashes: String,
    /// What may be shown.
    pub masked_api_key: String,
    /// The caller's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_ref_id: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Instead of the instant, how long it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<ExpiresIn>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// RFC 3339, whole seconds.
    pub updated_at: String,
}

/// The payload of `apikey.revoked`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KeyRevoked {
    /// The artifact, of whatever kind.
    pub api_id: String,
    /// The key's name.
    pub key_name: String,
}

/// The payload of `subscription.created`, `subscription.updated` and `subscription.deleted`; the last has
/// neither plan nor status.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriptionChanged {
    /// The API subscribed to.
    pub api_id: String,
    /// The subscription.
    pub subscription_id: String,
    /// The application it is for: free text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub application_id: String,
    /// The token, plain.
    pub subscription_token: String,
    /// Its plan.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subscription_plan_id: String,
    /// `ACTIVE`, `INACTIVE` or `REVOKED`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
}

/// The payload of `subscriptionPlan.created` and `subscriptionPlan.updated`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PlanChanged {
    /// The plan.
    pub plan_id: String,
    /// Its name, unique within the organisation.
    pub plan_name: String,
    /// How it is paid for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_plan: Option<String>,
    /// Whether requests above the quota are refused.
    pub stop_on_quota_reach: bool,
    /// Requests in each unit of time; with the unit or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttle_limit_count: Option<i64>,
    /// The unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttle_limit_unit: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_time: Option<String>,
    /// `ACTIVE` or `INACTIVE`.
    pub status: String,
}

/// The payload of `subscriptionPlan.deleted`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PlanDeleted {
    /// The plan.
    pub plan_id: String,
    /// Its name.
    pub plan_name: String,
}

/// The payload of `application.updated`: the mappings replace whatever there was.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationUpdated {
    /// The application's handle.
    pub application_id: String,
    /// Its identifier.
    pub application_uuid: String,
    /// Its name.
    pub application_name: String,
    /// Its type, such as `genai`.
    pub application_type: String,
    /// Every key mapped to it.
    pub mappings: Vec<KeyMapping>,
}

/// One key of an application.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KeyMapping {
    /// The key.
    pub api_key_uuid: String,
}
