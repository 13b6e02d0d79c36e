//! Which gateways a REST API is associated with: those it was once deployed to, those that registered it, and
//! those it was attached to by hand.
//!
//! Events of a REST API's keys and subscriptions go by these rows, whether or not anything is deployed. There
//! is no foreign key on the gateway, so a row may outlive it.

use uuid::Uuid;

use super::{Artifact, Organisation};
use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};

/// What an artifact is associated with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Association {
    /// A gateway.
    Gateway,
    /// A developer portal.
    DevPortal,
}

impl Association {
    /// The word in the table.
    pub fn word(self) -> &'static str {
        match self {
            Association::Gateway => "gateway",
            Association::DevPortal => "dev_portal",
        }
    }
}

/// A row of `association_mappings`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct AssociationMapping {
    /// The row. The real system counts; here it is minted.
    pub id: Uuid,
    /// The artifact.
    pub artifact: Uuid,
    /// Whose it is.
    pub organisation: Uuid,
    /// The gateway or portal.
    pub resource: Uuid,
    /// Which of the two.
    pub association_type: Association,
}

impl Row for AssociationMapping {
    const TABLE: &'static str = "association_mappings";
    const UNIQUE: &'static [Unique<Self>] = &[Unique {
        name: "association_mappings.resource",
        key: |row| {
            Some(Key::from((row.artifact, row.resource, row.association_type.word(), row.organisation)))
        },
    }];
    const FOREIGN: &'static [Foreign<Self>] = &[
        Foreign {
            name: "association_mappings.artifact_uuid",
            parent: Artifact::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some(row.artifact.into()),
            on_delete: OnDelete::Cascade,
        },
        Foreign {
            name: "association_mappings.organization_uuid",
            parent: Organisation::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some(row.organisation.into()),
            on_delete: OnDelete::Cascade,
        },
    ];

    fn key(&self) -> Key {
        self.id.into()
    }
}
