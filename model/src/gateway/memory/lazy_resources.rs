//! The lazy resources: templates of LLM providers, and which provider is made from which
//! (docs/spec/gateway.md section 1).
//!
//! Nothing is routed from them. A provider whose template is neither here nor in the database can't be
//! translated.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::gateway::tables::LlmTemplate;

/// Templates, and what is made from them.
#[derive(Clone, Default, Debug)]
pub struct LazyResources {
    templates: BTreeMap<String, Arc<LlmTemplate>>,
    made_from: BTreeMap<Uuid, String>,
}

impl LazyResources {
    /// Takes up a template in place of the one of its handle, and of its own former handle.
    pub fn store(&mut self, template: Arc<LlmTemplate>) {
        self.remove(template.uuid);
        self.templates.insert(template.handle.clone(), template);
    }

    /// Drops a template. What was made from it stays as it is.
    pub fn remove(&mut self, template: Uuid) {
        self.templates.retain(|_, held| held.uuid != template);
    }

    /// The template of that handle.
    pub fn template(&self, handle: &str) -> Option<&Arc<LlmTemplate>> {
        self.templates.get(handle)
    }

    /// Notes from which template a provider is made.
    pub fn map(&mut self, provider: Uuid, template: &str) {
        self.made_from.insert(provider, template.to_owned());
    }

    /// Forgets from which template a provider is made.
    pub fn unmap(&mut self, provider: Uuid) {
        self.made_from.remove(&provider);
    }

    /// The handle of the template that a provider is made from.
    pub fn made_from(&self, provider: Uuid) -> Option<&str> {
        self.made_from.get(&provider).map(String::as_str)
    }

    /// Every template, by handle.
    pub fn templates(&self) -> impl Iterator<Item = &Arc<LlmTemplate>> {
        self.templates.values()
    }
}
