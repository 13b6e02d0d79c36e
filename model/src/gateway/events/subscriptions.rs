//! `subscription.*` (docs/spec/gateway.md section 8.5).
//!
//! The API need not be here. There is no guard: an event that comes late overwrites what is newer. None of these
//! is acknowledged, and one that can't be stored is told to nobody.

use serde::Deserialize;
use uuid::Uuid;

use super::Incoming;
use crate::cx::Cx;
use crate::gateway::hub::Announcement;
use crate::gateway::memory::hash;
use crate::gateway::pipeline::SubscriptionError;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{Action, EntityType, Subscription, SubscriptionStatus};
use crate::wire::event::SubscriptionChanged;

impl Replica {
    pub(super) async fn on_subscription_created(&self, cx: &Cx, subscription: Uuid, incoming: Incoming) {
        let result = self.create_subscription(cx, subscription, &incoming).await;
        let told = told(Action::Create, subscription, incoming);
        self.tell_if_written(cx, told, result.map(|()| true)).await;
    }

    pub(super) async fn on_subscription_updated(&self, cx: &Cx, subscription: Uuid, incoming: Incoming) {
        let result = self.change_subscription(cx, subscription, &incoming).await;
        self.tell_if_written(cx, told(Action::Update, subscription, incoming), result).await;
    }

    pub(super) async fn on_subscription_deleted(&self, cx: &Cx, subscription: Uuid, incoming: Incoming) {
        let result = self.storage.delete_subscription(cx, subscription).await;
        let told = told(Action::Delete, subscription, incoming);
        self.tell_if_written(cx, told, result.map_err(Into::into)).await;
    }

    async fn create_subscription(
        &self,
        cx: &Cx,
        subscription: Uuid,
        incoming: &Incoming,
    ) -> Result<(), SubscriptionError> {
        let payload = read(incoming)?;
        if payload.subscription_token.is_empty() {
            return Err(SubscriptionError::NoToken);
        }
        let now = cx.wall();
        let row = Subscription {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: subscription,
            api_id: payload.api_id.parse().map_err(|_| SubscriptionError::Unreadable)?,
            application_id: Some(payload.application_id).filter(|id| !id.is_empty()),
            subscription_token_hash: hash(&payload.subscription_token),
            subscription_plan_id: plan(&payload.subscription_plan_id)?,
            status: status(payload.status)?,
            created_at: now,
            updated_at: now,
        };
        self.write_subscription(cx, &row).await
    }

    /// False if it isn't here, which is passed over in silence. An application and a plan that the event leaves
    /// out are taken away; the rest stays as it was.
    async fn change_subscription(
        &self,
        cx: &Cx,
        subscription: Uuid,
        incoming: &Incoming,
    ) -> Result<bool, SubscriptionError> {
        let payload = read(incoming)?;
        let Some(stored) = self.storage.find_subscription(cx, subscription).await? else { return Ok(false) };
        let mut row = Subscription::clone(&stored);
        row.application_id = Some(payload.application_id).filter(|id| !id.is_empty());
        row.subscription_plan_id = plan(&payload.subscription_plan_id)?;
        row.updated_at = cx.wall();
        if !payload.api_id.is_empty() {
            row.api_id = payload.api_id.parse().map_err(|_| SubscriptionError::Unreadable)?;
        }
        if !payload.subscription_token.is_empty() {
            row.subscription_token_hash = hash(&payload.subscription_token);
        }
        if !payload.status.is_empty() {
            row.status = status(payload.status)?;
        }
        Ok(self.storage.update_subscription(cx, &row).await?)
    }

    /// Tells the replicas of a subscription or a plan that was written. One that isn't here, and one that can't
    /// be written, are passed over.
    pub(super) async fn tell_if_written(
        &self,
        cx: &Cx,
        told: Announcement,
        written: Result<bool, SubscriptionError>,
    ) {
        let (entity, action) = (told.entity, told.action);
        match written {
            Ok(true) => self.announce(cx, told).await,
            Ok(false) => tracing::warn!("{entity} {action} of what is not here"),
            Err(error) => tracing::warn!(%error, "{entity} {action} had no effect"),
        }
    }
}

fn told(action: Action, subscription: Uuid, incoming: Incoming) -> Announcement {
    Announcement::of(EntityType::Subscription, action, subscription, incoming.correlation_id)
}

fn read(incoming: &Incoming) -> Result<SubscriptionChanged, SubscriptionError> {
    SubscriptionChanged::deserialize(&incoming.payload).map_err(|_| SubscriptionError::Unreadable)
}

fn plan(text: &str) -> Result<Option<Uuid>, SubscriptionError> {
    match text {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| SubscriptionError::Unreadable),
    }
}

fn status(word: String) -> Result<SubscriptionStatus, SubscriptionError> {
    SubscriptionStatus::from_word(&word).ok_or(SubscriptionError::Status(word))
}
