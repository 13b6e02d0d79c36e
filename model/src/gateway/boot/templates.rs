//! The templates of LLM providers that a gateway is built with (docs/spec/gateway.md section 3.1, step 13).
//!
//! They are written when the client of the platform is made: after everything stored was loaded and routed,
//! and before the first event. One that is there already stays as it is.

use bytes::Bytes;

use crate::cx::{At, Cx, Mint};
use crate::gateway::replica::Replica;
use crate::gateway::tables::LlmTemplate;

/// The handles of the built-in templates.
pub(in crate::gateway) const BUILT_IN: [&str; 7] =
    ["anthropic", "awsbedrock", "azure-openai", "azureai-foundry", "gemini", "mistralai", "openai"];

impl Replica {
    /// Writes the built-in templates into the database and memory. One that can't be written is missing, and
    /// the boot goes on.
    pub(super) async fn write_built_in_templates(&self, cx: &Cx) {
        for handle in BUILT_IN {
            let template = LlmTemplate {
                gateway_id: self.storage.gateway_id().to_owned(),
                uuid: cx.mint(Mint::Other { what: "llm-template", of: handle.into() }),
                handle: handle.to_owned(),
                configuration: Bytes::from_static(b"{}"),
            };
            let stored = match self.storage.keep_template(cx, &template).await {
                Ok(stored) => stored,
                Err(error) => {
                    tracing::warn!(%error, handle, "a built-in template is missing");
                    continue;
                }
            };
            let at = At::site("memory.template").about(handle);
            if let Err(error) =
                self.projections.cross(cx, at, |state| state.lazy_resources.store(stored)).await
            {
                tracing::warn!(%error, handle, "a built-in template is missing in memory");
            }
        }
    }
}
