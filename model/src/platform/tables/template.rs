//! Templates of LLM providers. They are no artifacts: nothing of them is deployed and no gateway hears of
//! them, except that a provider's definition names one.

use uuid::Uuid;

use super::{Object, Organisation};
use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::time::Instant;

/// A row of `llm_provider_templates`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct LlmProviderTemplate {
    /// The template.
    pub uuid: Uuid,
    /// Whose it is.
    pub organisation: Uuid,
    /// What users and definitions call it.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// All that was said when it was made.
    pub configuration: Object,
    /// When it was made.
    pub created_at: Instant,
}

impl Row for LlmProviderTemplate {
    const TABLE: &'static str = "llm_provider_templates";
    const UNIQUE: &'static [Unique<Self>] = &[Unique {
        name: "llm_provider_templates.handle",
        key: |row| Some(Key::from((row.organisation, row.handle.as_str()))),
    }];
    const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
        name: "llm_provider_templates.organization_uuid",
        parent: Organisation::TABLE,
        target: Target::PrimaryKey,
        key: |row| Some(row.organisation.into()),
        on_delete: OnDelete::Cascade,
    }];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}
