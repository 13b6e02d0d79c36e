//! Applications and the keys that belong to them (docs/spec/gateway.md section 4.1).
//!
//! A mapping goes with either of its ends: with the application, and with the key. It points to the key's
//! identifier and not to its hash, so a key that gets another hash keeps its application, and one that would get
//! another identifier can't while it has one.

use uuid::Uuid;

use super::ApiKey;
use crate::store::{Foreign, Key, OnDelete, Row, Target};
use crate::wire::time::Instant;

/// A row of `applications`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Application {
    /// The partition.
    pub gateway_id: String,
    /// The application.
    pub uuid: Uuid,
    /// Its handle.
    pub application_id: String,
    /// Its name.
    pub name: String,
    /// Its type, such as `genai`.
    pub kind: String,
    /// When the row was made, by this gateway's clock.
    pub created_at: Instant,
    /// When the row was last written, by this gateway's clock.
    pub updated_at: Instant,
}

impl Row for Application {
    const TABLE: &'static str = "applications";
    const PRIMARY: &'static str = "applications.gateway_id, applications.application_uuid";

    fn key(&self) -> Key {
        (&self.gateway_id, self.uuid).into()
    }
}

/// A row of `application_api_keys`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct ApplicationKey {
    /// The partition.
    pub gateway_id: String,
    /// The application.
    pub application: Uuid,
    /// The key, by its identifier.
    pub api_key: Uuid,
}

impl Row for ApplicationKey {
    const TABLE: &'static str = "application_api_keys";
    const PRIMARY: &'static str = "application_api_keys.gateway_id, application_api_keys.application_uuid, \
                                   application_api_keys.api_key_id";
    const FOREIGN: &'static [Foreign<Self>] = &[
        Foreign {
            name: "application_api_keys.application_uuid",
            parent: Application::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some((&row.gateway_id, row.application).into()),
            on_delete: OnDelete::Cascade,
        },
        Foreign {
            name: "application_api_keys.api_key_id",
            parent: ApiKey::TABLE,
            target: Target::Unique(ApiKey::BY_UUID),
            key: |row| Some((&row.gateway_id, row.api_key).into()),
            on_delete: OnDelete::Cascade,
        },
    ];

    fn key(&self) -> Key {
        (&self.gateway_id, self.application, self.api_key).into()
    }
}
