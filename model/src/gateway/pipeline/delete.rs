//! The delete pipelines (docs/spec/gateway.md section 5.3).
//!
//! Every step is a transaction of its own. For REST APIs an error is logged and the next step taken all the
//! same, so the other replicas hear of a delete that may have failed here; the services of the other kinds
//! stop at the first error and tell nobody.

use uuid::Uuid;

use crate::cx::Cx;
use crate::design::DeletedApiSubscriptions;
use crate::gateway::hub::Announcement;
use crate::gateway::replica::Replica;
use crate::gateway::storage::{Along, RemovalError};
use crate::gateway::tables::Action;
use crate::store::StoreError;
use crate::wire::kind::Kind;

/// What a delete came upon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::gateway) enum Deletion {
    /// The artifact was here, or its kind cleans up all the same.
    Done,
    /// The artifact wasn't here, and nothing was done.
    Unknown,
}

impl Replica {
    /// Deletes an artifact, if it is here.
    pub async fn delete_artifact(
        &self,
        cx: &Cx,
        kind: Kind,
        uuid: Uuid,
        event_id: String,
    ) -> Result<Deletion, RemovalError> {
        let found = self.storage.find(cx, uuid).await?;
        match (kind, found) {
            (Kind::RestApi, Some(_)) => self.delete_api_in_full(cx, uuid, event_id).await,
            (Kind::RestApi, None) => self.clean_up_after_api(cx, uuid, event_id).await,
            (Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp, None) => return Ok(Deletion::Unknown),
            (Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp, Some(config)) => {
                self.delete_by_handle(cx, kind, &config.artifact.handle, event_id).await?;
            }
        }
        Ok(Deletion::Done)
    }

    /// Removes the keys that an unknown LLM artifact left behind and tells the replicas.
    pub async fn clean_up_after_llm(
        &self,
        cx: &Cx,
        kind: Kind,
        uuid: Uuid,
        event_id: String,
    ) -> Result<(), StoreError> {
        self.storage.delete_keys_of(cx, uuid).await?;
        self.announce(cx, Announcement::artifact(kind, Action::Delete, uuid, event_id)).await;
        Ok(())
    }

    async fn delete_api_in_full(&self, cx: &Cx, api: Uuid, event_id: String) {
        let news = self.news(vec![Announcement::artifact(Kind::RestApi, Action::Delete, api, event_id)]);
        if let Err(error) = self.storage.delete_config(cx, api, self.goes_along(), &news).await {
            tracing::warn!(%error, "failed to delete an API");
        }
        if news.are_within() {
            // Everything of it went with it, or nothing did.
            return;
        }
        self.delete_leftovers_of_api(cx, api).await;
        // The one snapshot that doesn't wait for the listener.
        self.refresh_subscriptions_of_deleted(cx).await;
        news.afterwards(cx).await;
    }

    /// Removes what a REST API left behind that isn't here and tells the replicas.
    async fn clean_up_after_api(&self, cx: &Cx, api: Uuid, event_id: String) {
        self.delete_leftovers_of_api(cx, api).await;
        self.announce(cx, Announcement::artifact(Kind::RestApi, Action::Delete, api, event_id)).await;
    }

    async fn delete_leftovers_of_api(&self, cx: &Cx, api: Uuid) {
        if let Err(error) = self.storage.delete_keys_of(cx, api).await {
            tracing::warn!(%error, "failed to delete the keys of an API");
        }
        self.delete_leftover_subscriptions(cx, api).await;
    }

    /// What becomes of the keys and subscriptions of a deleted artifact.
    fn goes_along(&self) -> Along {
        match self.design.deleted_api_subscriptions {
            DeletedApiSubscriptions::Go => Along::KeysAndSubscriptions,
            DeletedApiSubscriptions::Stay => Along::Keys,
        }
    }

    /// Removes the subscriptions of an API that is gone, if they go with it.
    pub async fn delete_leftover_subscriptions(&self, cx: &Cx, api: Uuid) {
        match self.goes_along() {
            Along::Keys => {}
            Along::KeysAndSubscriptions => {
                if let Err(error) = self.storage.delete_subscriptions_of(cx, api).await {
                    tracing::warn!(%error, "the subscriptions of a deleted API stay");
                }
            }
        }
    }

    /// Closes an API that is gone to its subscribers, if they go with it.
    pub async fn refresh_subscriptions_of_deleted(&self, cx: &Cx) {
        match self.goes_along() {
            Along::Keys => {}
            Along::KeysAndSubscriptions => self.refresh_subscriptions(cx).await,
        }
    }

    /// What the services of the other kinds do: they know their artifacts by handle.
    pub async fn delete_by_handle(
        &self,
        cx: &Cx,
        kind: Kind,
        handle: &str,
        event_id: String,
    ) -> Result<(), RemovalError> {
        let uuid = self.storage.find_by_handle(cx, kind, handle).await?.ok_or(RemovalError::NotFound)?;
        let news = self.news(vec![Announcement::artifact(kind, Action::Delete, uuid, event_id)]);
        match kind {
            // Everything of it goes with it, or nothing does.
            _ if news.are_within() => {}
            Kind::Mcp => {
                // On this replica the policies go first; if the delete then fails, they stay gone.
                if let Err(error) = self.remove_runtime_policy(cx, uuid, kind, handle).await {
                    tracing::warn!(%error, "the policies of an MCP proxy stay");
                }
            }
            Kind::RestApi | Kind::LlmProvider | Kind::LlmProxy => {
                self.storage.delete_keys_of(cx, uuid).await?;
            }
        }
        self.storage.delete_config(cx, uuid, self.goes_along(), &news).await?;
        news.afterwards(cx).await;
        Ok(())
    }
}
