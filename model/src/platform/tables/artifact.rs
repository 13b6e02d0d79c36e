//! Artifacts: what all kinds have in common.
//!
//! The row says that the thing exists; `POST /artifacts/exists` reads nothing else. Handles, and names with
//! versions, are taken across kinds.

use uuid::Uuid;

use super::Organisation;
use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::kind::Kind;
use crate::wire::time::Instant;

/// A row of `artifacts`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Artifact {
    /// What gateways call it. Never used again.
    pub uuid: Uuid,
    /// What users call it.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its kind.
    pub kind: Kind,
    /// Whose it is.
    pub organisation: Uuid,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Row for Artifact {
    const TABLE: &'static str = "artifacts";
    const UNIQUE: &'static [Unique<Self>] = &[
        Unique {
            name: "artifacts.handle",
            key: |row| Some(Key::from((row.handle.as_str(), row.organisation))),
        },
        Unique {
            name: "artifacts.name-version",
            key: |row| Some(Key::from((row.name.as_str(), row.version.as_str(), row.organisation))),
        },
        Unique {
            name: "artifacts.uuid-organization",
            key: |row| Some(Key::from((row.uuid, row.organisation))),
        },
    ];
    const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
        name: "artifacts.organization_uuid",
        parent: Organisation::TABLE,
        target: Target::PrimaryKey,
        key: |row| Some(row.organisation.into()),
        on_delete: OnDelete::Restrict,
    }];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}
