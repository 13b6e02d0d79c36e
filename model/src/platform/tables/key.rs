//! API keys. Only the hash of a key is kept.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::Artifact;
use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::time::Instant;

/// Whether a key opens its artifact.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KeyStatus {
    /// It does.
    Active,
    /// It did; its name stays taken.
    Revoked,
}

impl KeyStatus {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            KeyStatus::Active => "active",
            KeyStatus::Revoked => "revoked",
        }
    }
}

/// The gateways that hear of a key of an LLM artifact.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Targets {
    /// All of the organisation.
    All,
    /// Those of these names.
    Named(Vec<String>),
}

impl Targets {
    /// Whether the gateway of that name is among them.
    pub fn include(&self, name: &str) -> bool {
        match self {
            Targets::All => true,
            Targets::Named(names) => names.iter().any(|target| target == name),
        }
    }
}

/// A row of `api_keys`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct ApiKey {
    /// The key.
    pub uuid: Uuid,
    /// The artifact it opens.
    pub artifact: Uuid,
    /// Its name, unique within the artifact.
    pub name: String,
    /// What may be shown.
    pub masked_api_key: String,
    /// Algorithm to hash.
    pub api_key_hashes: BTreeMap<String, String>,
    /// Whether it is good.
    pub status: KeyStatus,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// When it ends, as the caller wrote it.
    pub expires_at: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Which gateways hear of it.
    pub allowed_targets: Targets,
}

impl Row for ApiKey {
    const TABLE: &'static str = "api_keys";
    const UNIQUE: &'static [Unique<Self>] =
        &[Unique { name: "api_keys.name", key: |row| Some(Key::from((row.artifact, row.name.as_str()))) }];
    const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
        name: "api_keys.artifact_uuid",
        parent: Artifact::TABLE,
        target: Target::PrimaryKey,
        key: |row| Some(row.artifact.into()),
        on_delete: OnDelete::Cascade,
    }];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}
