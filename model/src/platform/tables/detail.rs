//! What an artifact has beyond its row in `artifacts`, by kind.
//!
//! The detail dies with the artifact, and not the other way round: deleting a project takes the details in it
//! and leaves their artifacts behind (docs/spec/platform.md section 2.3).

use uuid::Uuid;

use super::{Artifact, LlmProviderTemplate, Object, Project};
use crate::store::{Foreign, Key, OnDelete, Row, Target};

/// A row of `rest_apis`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct RestApi {
    /// The artifact's.
    pub uuid: Uuid,
    /// Where it belongs.
    pub project: Uuid,
    /// `CREATED` and so on; says nothing of deployments.
    pub lifecycle_status: String,
    /// All that was said when it was made or last changed.
    pub configuration: Object,
}

impl Row for RestApi {
    const TABLE: &'static str = "rest_apis";
    const FOREIGN: &'static [Foreign<Self>] = &[
        of_artifact("rest_apis.uuid", |row| Some(row.uuid.into())),
        in_project("rest_apis.project_uuid", |row| Some(row.project.into())),
    ];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}

/// A row of `llm_providers`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct LlmProvider {
    /// The artifact's.
    pub uuid: Uuid,
    /// What it is made from.
    pub template: Uuid,
    /// Always `pending`.
    pub status: String,
    /// All that was said when it was made or last changed.
    pub configuration: Object,
}

impl Row for LlmProvider {
    const TABLE: &'static str = "llm_providers";
    const FOREIGN: &'static [Foreign<Self>] = &[
        of_artifact("llm_providers.uuid", |row| Some(row.uuid.into())),
        Foreign {
            name: "llm_providers.template_uuid",
            parent: LlmProviderTemplate::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some(row.template.into()),
            on_delete: OnDelete::Restrict,
        },
    ];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}

/// A row of `llm_proxies`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct LlmProxy {
    /// The artifact's.
    pub uuid: Uuid,
    /// Where it belongs.
    pub project: Uuid,
    /// The provider it stands before, which can't go while it stands.
    pub provider: Uuid,
    /// Always `pending`.
    pub status: String,
    /// All that was said when it was made or last changed.
    pub configuration: Object,
}

impl Row for LlmProxy {
    const TABLE: &'static str = "llm_proxies";
    const FOREIGN: &'static [Foreign<Self>] = &[
        of_artifact("llm_proxies.uuid", |row| Some(row.uuid.into())),
        in_project("llm_proxies.project_uuid", |row| Some(row.project.into())),
        Foreign {
            name: "llm_proxies.provider_uuid",
            parent: LlmProvider::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some(row.provider.into()),
            on_delete: OnDelete::Restrict,
        },
    ];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}

/// A row of `mcp_proxies`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct McpProxy {
    /// The artifact's.
    pub uuid: Uuid,
    /// Where it belongs, if anywhere.
    pub project: Option<Uuid>,
    /// Always `pending`.
    pub status: String,
    /// All that was said when it was made or last changed.
    pub configuration: Object,
}

impl Row for McpProxy {
    const TABLE: &'static str = "mcp_proxies";
    const FOREIGN: &'static [Foreign<Self>] = &[
        of_artifact("mcp_proxies.uuid", |row| Some(row.uuid.into())),
        in_project("mcp_proxies.project_uuid", |row| row.project.map(Key::from)),
    ];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}

const fn of_artifact<T>(name: &'static str, key: fn(&T) -> Option<Key>) -> Foreign<T> {
    Foreign { name, parent: Artifact::TABLE, target: Target::PrimaryKey, key, on_delete: OnDelete::Cascade }
}

const fn in_project<T>(name: &'static str, key: fn(&T) -> Option<Key>) -> Foreign<T> {
    Foreign { name, parent: Project::TABLE, target: Target::PrimaryKey, key, on_delete: OnDelete::Cascade }
}
