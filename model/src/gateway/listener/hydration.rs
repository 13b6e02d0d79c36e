//! Finding what an artifact is translated with (docs/spec/gateway.md section 9.4).
//!
//! The template of an LLM provider and the provider of an LLM proxy are looked for in memory and then in the
//! database. What has none of them is dropped, and nobody tries again when it comes.

use super::Dropped;
use crate::cx::{At, Broken, Cx};
use crate::gateway::memory::{Projected, StoredConfig};
use crate::gateway::replica::Replica;
use crate::store::StoreError;
use crate::wire::definition::Definition;
use crate::wire::kind::Kind;

/// Why something that an artifact is translated with could not be looked for.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(in crate::gateway) enum LookupError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl Replica {
    /// Checks that an artifact can be translated.
    pub(super) async fn require_ingredients(&self, cx: &Cx, config: &StoredConfig) -> Result<(), Dropped> {
        if Definition::parse(&config.configuration).is_err() {
            return Err(Dropped::Unreadable);
        }
        if let Some(template) = config.template()
            && !self.has_template(cx, config, &template).await?
        {
            return Err(Dropped::NoTemplate);
        }
        let Some(provider) = config.provider() else { return Ok(()) };
        let at = At::site("memory.find-provider").about(config.artifact.uuid);
        let known = |state: &Projected| state.memory.by_handle(Kind::LlmProvider, &provider).is_some();
        if self.projections.look(cx, at, known).await? {
            return Ok(());
        }
        let stored = self.storage.find_by_handle(cx, Kind::LlmProvider, &provider).await?;
        stored.map(drop).ok_or(Dropped::NoProvider)
    }

    /// Whether memory or else the database has the template of an LLM provider.
    pub(in crate::gateway) async fn has_template(
        &self,
        cx: &Cx,
        provider: &StoredConfig,
        template: &str,
    ) -> Result<bool, LookupError> {
        let at = At::site("memory.find-template").about(provider.artifact.uuid);
        let known = |state: &Projected| state.lazy_resources.template(template).is_some();
        if self.projections.look(cx, at, known).await? {
            return Ok(true);
        }
        Ok(self.storage.find_template_by_handle(cx, template).await?.is_some())
    }
}
