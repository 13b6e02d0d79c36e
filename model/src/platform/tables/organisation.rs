//! Organisations and their projects.
//!
//! An organisation is a tenant: everything else belongs to one. No route removes or changes it.

use uuid::Uuid;

use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::time::Instant;

/// A row of `organizations`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Organisation {
    /// Chosen by whoever made it.
    pub uuid: Uuid,
    /// What people call it.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// When it was made.
    pub created_at: Instant,
}

impl Row for Organisation {
    const TABLE: &'static str = "organizations";
    const UNIQUE: &'static [Unique<Self>] =
        &[Unique { name: "organizations.handle", key: |row| Some(Key::from(row.handle.as_str())) }];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}

/// A row of `projects`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Project {
    /// The project.
    pub uuid: Uuid,
    /// Whose it is.
    pub organisation: Uuid,
    /// Its name, unique within the organisation.
    pub name: String,
    /// When it was made.
    pub created_at: Instant,
}

impl Row for Project {
    const TABLE: &'static str = "projects";
    const UNIQUE: &'static [Unique<Self>] = &[Unique {
        name: "projects.name",
        key: |row| Some(Key::from((row.name.as_str(), row.organisation))),
    }];
    const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
        name: "projects.organization_uuid",
        parent: Organisation::TABLE,
        target: Target::PrimaryKey,
        key: |row| Some(row.organisation.into()),
        on_delete: OnDelete::Cascade,
    }];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}
