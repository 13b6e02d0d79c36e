//! Applications and the API keys mapped to them.
//!
//! An application may belong to a project; its name is unique within the project, or among those without one.
//! A mapping goes with the key as well as with the application, and nobody is told of either.

use uuid::Uuid;

use super::{ApiKey, Organisation, Project};
use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::time::Instant;

/// The only type of application there is.
pub const APPLICATION_TYPE: &str = "genai";

/// A row of `applications`. All are of the type [`APPLICATION_TYPE`].
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Application {
    /// The application.
    pub uuid: Uuid,
    /// What users call it.
    pub handle: String,
    /// Where it belongs, if anywhere.
    pub project: Option<Uuid>,
    /// Whose it is.
    pub organisation: Uuid,
    /// Its name.
    pub name: String,
    /// What its owner notes about it.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Row for Application {
    const TABLE: &'static str = "applications";
    const UNIQUE: &'static [Unique<Self>] = &[
        Unique {
            name: "applications.project-name",
            key: |row| Some(Key::from((row.project?, row.organisation, row.name.as_str()))),
        },
        Unique {
            name: "applications.handle",
            key: |row| Some(Key::from((row.handle.as_str(), row.organisation))),
        },
        // A partial index: it holds only rows without a project.
        Unique {
            name: "applications.name",
            key: |row| row.project.is_none().then(|| Key::from((row.organisation, row.name.as_str()))),
        },
    ];
    const FOREIGN: &'static [Foreign<Self>] = &[
        Foreign {
            name: "applications.organization_uuid",
            parent: Organisation::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some(row.organisation.into()),
            on_delete: OnDelete::Cascade,
        },
        Foreign {
            name: "applications.project_uuid",
            parent: Project::TABLE,
            target: Target::PrimaryKey,
            key: |row| row.project.map(Key::from),
            on_delete: OnDelete::Cascade,
        },
    ];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}

/// A row of `application_api_keys`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ApplicationApiKey {
    /// The application.
    pub application: Uuid,
    /// The key.
    pub api_key: Uuid,
}

impl ApplicationApiKey {
    /// The primary key of a mapping.
    pub fn key_of(application: Uuid, api_key: Uuid) -> Key {
        Key::from((application, api_key))
    }
}

impl Row for ApplicationApiKey {
    const TABLE: &'static str = "application_api_keys";
    const FOREIGN: &'static [Foreign<Self>] = &[
        Foreign {
            name: "application_api_keys.application_uuid",
            parent: Application::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some(row.application.into()),
            on_delete: OnDelete::Cascade,
        },
        Foreign {
            name: "application_api_keys.api_key_id",
            parent: ApiKey::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some(row.api_key.into()),
            on_delete: OnDelete::Cascade,
        },
    ];

    fn key(&self) -> Key {
        ApplicationApiKey::key_of(self.application, self.api_key)
    }
}
