//! Telling the platform of a REST API that was made here (docs/spec/gateway.md section 11, docs/spec/platform.md
//! section 8).
//!
//! Off unless the operator says so. It waits until the API is in memory, since what is served is what is pushed,
//! and goes on only while there is a connection. One attempt, and what becomes of it changes nothing here: the
//! API stays the gateway's own, under an identifier that the platform doesn't know.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::cx::{At, Broken, Cx};
use crate::gateway::memory::{LinkStatus, StoredConfig};
use crate::gateway::platform::PushedApi;
use crate::gateway::replica::Replica;
use crate::wire::kind::Kind;

/// How long to wait for memory, and how often to look.
const PATIENCE: Duration = Duration::from_secs(30);
const TICK: Duration = Duration::from_millis(500);

impl Replica {
    /// Starts a push, if the operator wants them and it is a REST API.
    pub(super) fn push_local_api(self: &Arc<Self>, cx: &Cx, config: StoredConfig) {
        if config.artifact.kind != Kind::RestApi || !self.settings.deployment_push {
            return;
        }
        let (replica, uuid) = (self.clone(), config.artifact.uuid);
        let name = format!("push {}", config.artifact.handle);
        cx.spawn(name, move |cx| async move {
            match replica.in_memory_at_last(&cx, uuid).await {
                Ok(Some(config)) => replica.push(&cx, &config).await,
                Ok(None) => tracing::warn!("a local API is not pushed: it never came into memory"),
                Err(error) => tracing::warn!(%error, "a local API is not pushed"),
            }
        });
    }

    /// The artifact as memory has it, once it has it with the instant of its deployment.
    async fn in_memory_at_last(&self, cx: &Cx, uuid: Uuid) -> Result<Option<Arc<StoredConfig>>, Broken> {
        let until = cx.uptime() + PATIENCE;
        while cx.uptime() < until {
            cx.sleep(TICK).await;
            let at = At::site("memory.find-pushed").about(uuid);
            let found = self.projections.look(cx, at, |state| state.memory.get(uuid).cloned()).await?;
            if let Some(config) = found.filter(|config| config.artifact.deployed_at.is_some()) {
                return Ok(Some(config));
            }
        }
        Ok(None)
    }

    async fn push(&self, cx: &Cx, config: &StoredConfig) {
        if self.projections.link() != LinkStatus::Connected {
            return tracing::debug!("a local API is not pushed: there is no connection");
        }
        let Some(pushed) = PushedApi::of(config) else {
            return tracing::warn!("a local API is not pushed: its definition can't be read");
        };
        let row = &config.artifact;
        if let Err(error) = self.platform.push_api(cx, &row.handle, row.uuid, &pushed).await {
            tracing::warn!(%error, "a local API was not taken by the platform");
        }
    }
}
