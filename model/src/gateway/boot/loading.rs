//! From the database into memory (docs/spec/gateway.md section 3.1, steps 7, 8 and 10 to 12).
//!
//! Everything stored is taken up, of every kind, origin and state. What can't be taken up ends the process;
//! what can't be translated does so too, unless the operator said to go on without.

use std::sync::Arc;

use super::Exit;
use crate::cx::{At, Cx};
use crate::design::BootHydration;
use crate::gateway::memory::{Projected, Routes, StoredConfig};
use crate::gateway::replica::Replica;
use crate::wire::definition::Definition;
use crate::wire::kind::Kind;

/// The kinds that need a REST form, providers before the proxies that stand before them.
const HYDRATED: [(Kind, &str); 3] = [
    (Kind::Mcp, "boot.hydrate-mcp-proxies"),
    (Kind::LlmProvider, "boot.hydrate-llm-providers"),
    (Kind::LlmProxy, "boot.hydrate-llm-proxies"),
];

impl Replica {
    /// Step 7. Two artifacts that memory can't hold at once end the process.
    pub(super) async fn load_artifacts(&self, cx: &Cx) -> Result<(), Exit> {
        const STEP: &str = "boot.load-artifacts";
        let artifacts = self.storage.load(cx, At::site(STEP)).await.map_err(Exit::at(STEP))?;
        for config in artifacts {
            let added = self.projections.change(|state| state.memory.add(Arc::new(config)));
            added.map_err(Exit::at(STEP))?;
        }
        Ok(())
    }

    /// Step 8, the templates.
    pub(super) async fn load_templates(&self, cx: &Cx) -> Result<(), Exit> {
        const STEP: &str = "boot.load-templates";
        let templates = self.storage.load_templates(cx, At::site(STEP)).await.map_err(Exit::at(STEP))?;
        self.projections.change(|state| templates.into_iter().for_each(|t| state.lazy_resources.store(t)));
        Ok(())
    }

    /// Step 8, every key, whether or not its artifact is here. Two of one name end the process.
    pub(super) async fn load_keys(&self, cx: &Cx) -> Result<(), Exit> {
        const STEP: &str = "boot.load-keys";
        let keys = self.storage.load_keys(cx, At::site(STEP)).await.map_err(Exit::at(STEP))?;
        for key in keys {
            self.projections.change(|state| state.memory.store_key(key)).map_err(Exit::at(STEP))?;
        }
        Ok(())
    }

    /// Step 10: the other kinds than REST APIs are given their REST form.
    pub(super) async fn hydrate_all(&self, cx: &Cx) -> Result<(), Exit> {
        for (kind, step) in HYDRATED.into_iter().filter(|(kind, _)| self.is_translated_at_boot(*kind)) {
            let hydrate = |state: &mut Projected| {
                let of_kind = |config: &&Arc<StoredConfig>| config.artifact.kind == kind;
                let configs: Vec<_> = state.memory.artifacts().filter(of_kind).cloned().collect();
                configs.iter().filter_map(|config| hydrate(state, config).err()).collect::<Vec<_>>()
            };
            let failed = self.projections.cross(cx, At::site(step), hydrate).await.map_err(Exit::at(step))?;
            self.unless_skipped(step, failed)?;
        }
        Ok(())
    }

    /// Whether a boot makes routes and policies of a kind.
    fn is_translated_at_boot(&self, kind: Kind) -> bool {
        match self.design.boot_hydration {
            BootHydration::EveryKind => true,
            BootHydration::WithoutLlm => match kind {
                Kind::RestApi | Kind::Mcp => true,
                Kind::LlmProvider | Kind::LlmProxy => false,
            },
        }
    }

    /// Step 11: the first snapshot of routes, from memory.
    pub(super) async fn make_routes(&self, cx: &Cx) -> Result<(), Exit> {
        const STEP: &str = "boot.routes";
        let translate = |state: &mut Projected| state.routes = Routes::translate(&state.memory);
        self.projections.cross(cx, At::site(STEP), translate).await.map_err(Exit::at(STEP))
    }

    /// Step 12, the subscriptions that let requests in. Without them the process goes on and lets none in by a
    /// token.
    pub(super) async fn load_subscriptions(&self, cx: &Cx) {
        if let Err(error) = self.rebuild_subscriptions(cx, At::site("boot.subscription-snapshot")).await {
            tracing::warn!(%error, "the snapshot of subscriptions stays empty");
        }
    }

    /// Step 12, the keys that let requests in.
    pub(super) async fn make_key_snapshot(&self, cx: &Cx) -> Result<(), Exit> {
        const STEP: &str = "boot.key-snapshot";
        let snapshot = |state: &mut Projected| {
            let keys: Vec<_> = state.memory.keys().cloned().collect();
            keys.into_iter().for_each(|key| state.policy_keys.store(key));
        };
        self.projections.cross(cx, At::site(STEP), snapshot).await.map_err(Exit::at(STEP))
    }

    /// Step 12, what the policy engine knows of artifacts. One whose configuration is no definition, or that
    /// has no REST form, has no policies either.
    pub(super) async fn make_runtime_policies(&self, cx: &Cx) -> Result<(), Exit> {
        const STEP: &str = "boot.runtime-policies";
        let derive = |state: &mut Projected| {
            let of_kind = |config: &&Arc<StoredConfig>| self.is_translated_at_boot(config.artifact.kind);
            let configs: Vec<_> = state.memory.artifacts().filter(of_kind).cloned().collect();
            let (valid, invalid): (Vec<_>, Vec<_>) =
                configs.into_iter().partition(|config| state.memory.is_hydrated(config.artifact.uuid));
            valid.iter().for_each(|config| state.runtime_policies.upsert(config));
            let why = |config: Arc<StoredConfig>| format!("'{}' can't be translated", config.artifact.handle);
            invalid.into_iter().map(why).collect()
        };
        let failed = self.projections.cross(cx, At::site(STEP), derive).await.map_err(Exit::at(STEP))?;
        self.unless_skipped(STEP, failed)
    }

    fn unless_skipped(&self, step: &'static str, failed: Vec<String>) -> Result<(), Exit> {
        for why in failed {
            if !self.settings.skip_invalid {
                return Err(Exit { step, why });
            }
            tracing::warn!("skipped at the boot: {why}");
        }
        Ok(())
    }
}

/// Finds what an artifact is translated with; everything there is has been loaded by now.
pub(in crate::gateway) fn hydrate(state: &mut Projected, config: &StoredConfig) -> Result<(), String> {
    let handle = &config.artifact.handle;
    if let Err(error) = Definition::parse(&config.configuration) {
        return Err(format!("the configuration of '{handle}' can't be read: {error}"));
    }
    if let Some(template) = config.template() {
        if state.lazy_resources.template(&template).is_none() {
            return Err(format!("the template '{template}' of '{handle}' is not here"));
        }
        state.lazy_resources.map(config.artifact.uuid, &template);
    }
    if let Some(provider) = config.provider()
        && state.memory.by_handle(Kind::LlmProvider, &provider).is_none()
    {
        return Err(format!("the provider of '{handle}' is not here"));
    }
    state.memory.hydrate(config.artifact.uuid);
    Ok(())
}
