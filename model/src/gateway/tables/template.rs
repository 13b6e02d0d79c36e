//! Templates of LLM providers: how a provider's own API is spoken, without which it can't be translated.
//!
//! They are no artifacts, and no platform sends any: a gateway has those it was built with. Those that its
//! own users could make are not here.

use bytes::Bytes;
use uuid::Uuid;

use crate::store::{Key, Row, Unique};

/// A row of `llm_provider_templates` (docs/spec/gateway.md section 4.1).
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct LlmTemplate {
    /// The partition.
    pub gateway_id: String,
    /// The template.
    pub uuid: Uuid,
    /// Its handle, by which providers name it.
    pub handle: String,
    /// What it says.
    pub configuration: Bytes,
}

impl Row for LlmTemplate {
    const TABLE: &'static str = "llm_provider_templates";
    const UNIQUE: &'static [Unique<Self>] = &[Unique {
        name: "llm_provider_templates.gateway_id, llm_provider_templates.handle",
        key: |row| Some((&row.gateway_id, &row.handle).into()),
    }];

    fn key(&self) -> Key {
        (&self.gateway_id, self.uuid).into()
    }
}
