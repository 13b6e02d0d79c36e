//! The event listener: brings memory, keys and routes after what the hub's events tell of
//! (docs/spec/gateway.md section 9.4).
//!
//! It takes one event at a time and reads the database anew for each, so it applies what is there by then and
//! not what the event told of. What fails is dropped and never tried again: the hub counts it as delivered.
//! `whole` is what it does instead where memory follows the database.

mod artifacts;
mod hydration;
mod keys;
mod policies;
mod routes;
mod templates;
mod whole;

pub(super) use hydration::LookupError;

use std::sync::Arc;

use tokio::sync::mpsc;
use uuid::Uuid;

use crate::cx::{At, Broken, Cx};
use crate::gateway::hub::Delivered;
use crate::gateway::memory::ConfigError;
use crate::gateway::pipeline::SnapshotError;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{Action, EntityType, Event};
use crate::store::StoreError;
use crate::wire::kind::Kind;

/// Why an event was dropped.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
enum Dropped {
    #[error("unreadable entity '{0}'")]
    Entity(String),
    #[error("its row is not in the database")]
    NoRow,
    #[error("its artifact is not known")]
    NoArtifact,
    #[error("its name is not known in memory")]
    NoName,
    #[error("its configuration is no definition")]
    Unreadable,
    #[error("the template it is made from is not known")]
    NoTemplate,
    #[error("the provider it stands before is not known")]
    NoProvider,
    #[error(transparent)]
    Memory(#[from] ConfigError),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl Replica {
    /// Takes events until it is told to stop. One that makes it panic is dropped like one that fails; what is
    /// still in the channel at the end is lost.
    pub async fn listen(self: Arc<Self>, cx: Cx, mut events: mpsc::Receiver<Delivered>) {
        loop {
            let delivered = tokio::select! {
                biased;
                () = self.listening.asked() => break,
                delivered = events.recv() => delivered,
            };
            let Some(delivered) = delivered else { break };
            cx.see(delivered.by);
            let Some(event) = delivered.event else {
                Self::drain(&mut events, &cx);
                self.follow_until_it_could(&cx).await;
                continue;
            };
            if let Some(Err(error)) = cx.recover(self.apply(&cx, &event)).await {
                tracing::warn!(%error, "{} {} dropped", event.entity_type, event.action);
            }
        }
        self.hub.unsubscribe(&cx, events).await;
    }

    /// Applies one event.
    async fn apply(self: &Arc<Self>, cx: &Cx, event: &Event) -> Result<(), Dropped> {
        let kind = match event.entity_type {
            EntityType::Api => Kind::RestApi,
            EntityType::LlmProvider => Kind::LlmProvider,
            EntityType::LlmProxy => Kind::LlmProxy,
            EntityType::McpProxy => Kind::Mcp,
            EntityType::ApiKey => {
                return match event.action {
                    Action::Create | Action::Update => self.apply_key(cx, &event.entity_id).await,
                    Action::Delete => self.apply_key_removal(cx, &event.entity_id).await,
                };
            }
            EntityType::LlmTemplate => {
                return self.apply_template(cx, event.action, entity(event)?).await;
            }
            // Whatever happened to it: the snapshot is made from what the database has by now.
            EntityType::Subscription | EntityType::SubscriptionPlan => {
                return Ok(self.rebuild_subscriptions(cx, At::site("memory.subscriptions")).await?);
            }
            EntityType::Application | EntityType::Certificate => {
                tracing::debug!("{} {}", event.entity_type, event.action);
                return Ok(());
            }
        };
        let artifact = entity(event)?;
        match event.action {
            Action::Create | Action::Update => self.apply_artifact(cx, artifact).await,
            Action::Delete => self.apply_removal(cx, kind, artifact).await,
        }
    }
}

/// What an event is about, if it is one thing.
fn entity(event: &Event) -> Result<Uuid, Dropped> {
    event.entity_id.parse().map_err(|_| Dropped::Entity(event.entity_id.clone()))
}

impl From<LookupError> for Dropped {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::Store(error) => Dropped::Store(error),
            LookupError::Broken(error) => Dropped::Broken(error),
        }
    }
}
