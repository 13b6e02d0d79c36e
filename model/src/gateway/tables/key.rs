//! API keys.
//!
//! A key is found by the hash that a request's key has; its name is unique within its artifact. There is no
//! foreign key to the artifact: a key may arrive before it, and outlives it if a delete stops half-way.

use uuid::Uuid;

use crate::store::{Key, Row, Unique};
use crate::wire::time::Instant;

/// Whether a key opens its artifact.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KeyStatus {
    /// It does.
    Active,
    /// It no longer does, and its row is about to go.
    Revoked,
}

/// A row of `api_keys`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct ApiKey {
    /// The partition.
    pub gateway_id: String,
    /// Its identifier.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// The SHA-256 of the key, in hexadecimal, as the platform sent it.
    pub api_key: String,
    /// What may be shown.
    pub masked_api_key: String,
    /// The artifact it opens, of whatever kind.
    pub artifact_uuid: Uuid,
    /// Whether it does.
    pub status: KeyStatus,
    /// Who created it.
    pub created_by: String,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed; a bulk sync writes only what is newer.
    pub updated_at: Instant,
    /// When it ends.
    pub expires_at: Option<Instant>,
    /// [`ApiKey::EXTERNAL`] or [`ApiKey::LOCAL`].
    pub source: String,
    /// The caller's own reference.
    pub external_ref_id: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
}

impl ApiKey {
    /// The constraint by which others refer to a key.
    pub(super) const BY_UUID: &str = "api_keys.gateway_id, api_keys.uuid";
    /// The source of keys that the platform sent.
    pub const EXTERNAL: &str = "external";
    /// The source of keys that the gateway's own management API has made.
    pub const LOCAL: &str = "local";
}

impl Row for ApiKey {
    const TABLE: &'static str = "api_keys";
    const PRIMARY: &'static str = "api_keys.gateway_id, api_keys.api_key";
    const UNIQUE: &'static [Unique<Self>] = &[
        Unique {
            name: "api_keys.gateway_id, api_keys.artifact_uuid, api_keys.name",
            key: |row| Some((&row.gateway_id, row.artifact_uuid, &row.name).into()),
        },
        Unique { name: Self::BY_UUID, key: |row| Some((&row.gateway_id, row.uuid).into()) },
    ];

    fn key(&self) -> Key {
        (&self.gateway_id, &self.api_key).into()
    }
}
