//! Gateways and the tokens by which they make themselves known.
//!
//! `is_active` says that some process of the platform holds, or held when it died, a connection of the
//! gateway (docs/spec/platform.md section 6.7). Nothing is decided by it.

use uuid::Uuid;

use super::{Object, Organisation};
use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::internal::Manifest;
use crate::wire::time::Instant;

/// A row of `gateways`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Gateway {
    /// The gateway.
    pub uuid: Uuid,
    /// Whose it is.
    pub organisation: Uuid,
    /// Its name, unique within the organisation.
    pub name: String,
    /// What people see.
    pub display_name: String,
    /// What its owner says it is for.
    pub description: Option<String>,
    /// Its virtual host.
    pub vhost: String,
    /// Whether people should worry when it is away.
    pub is_critical: bool,
    /// `regular`, `ai` or `event`. Deletes go to gateways of every type.
    pub functionality_type: String,
    /// Whether it has a connection, as far as anybody wrote it down.
    pub is_active: bool,
    /// The policies it says it has, as it last said it; none if it never did.
    pub manifest: Option<Manifest>,
    /// What its owner notes about it.
    pub properties: Object,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Row for Gateway {
    const TABLE: &'static str = "gateways";
    const UNIQUE: &'static [Unique<Self>] = &[Unique {
        name: "gateways.name",
        key: |row| Some(Key::from((row.organisation, row.name.as_str()))),
    }];
    const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
        name: "gateways.organization_uuid",
        parent: Organisation::TABLE,
        target: Target::PrimaryKey,
        key: |row| Some(row.organisation.into()),
        on_delete: OnDelete::Cascade,
    }];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}

/// Whether a token opens the gateway-facing API.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TokenStatus {
    /// It does.
    Active,
    /// It did.
    Revoked,
}

/// A row of `gateway_tokens`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct GatewayToken {
    /// The token's identifier, which is not the token.
    pub uuid: Uuid,
    /// The gateway that it speaks for.
    pub gateway: Uuid,
    /// SHA-256 of the token in hex; the token itself is shown once and not kept.
    pub token_hash: String,
    /// Whether it is still good.
    pub status: TokenStatus,
    /// When it was made.
    pub created_at: Instant,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
}

impl Row for GatewayToken {
    const TABLE: &'static str = "gateway_tokens";
    const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
        name: "gateway_tokens.gateway_uuid",
        parent: Gateway::TABLE,
        target: Target::PrimaryKey,
        key: |row| Some(row.gateway.into()),
        on_delete: OnDelete::Cascade,
    }];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}
