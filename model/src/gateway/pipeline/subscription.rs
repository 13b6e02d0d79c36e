//! Writing subscriptions and plans, whoever asks for it (docs/spec/gateway.md sections 7.1, 7.2 and 8.5).
//!
//! An insert is tried first, and what stands in its way is overwritten whatever its age: there is no guard here,
//! so whoever writes last wins. A name or a token that another row holds stands in the way too, and then there
//! is nothing of this identifier to overwrite.

use crate::cx::Cx;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{Subscription, SubscriptionPlan};
use crate::store::StoreError;

/// Why a subscription or a plan was not written.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(in crate::gateway) enum SubscriptionError {
    #[error("unreadable payload")]
    Unreadable,
    #[error("subscription token is required")]
    NoToken,
    #[error("unknown status '{0}'")]
    Status(String),
    #[error("another has its name or its token, and there is none of its identifier")]
    Taken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Replica {
    /// Inserts a subscription, or overwrites the one of its identifier.
    pub async fn write_subscription(&self, cx: &Cx, row: &Subscription) -> Result<(), SubscriptionError> {
        match self.storage.insert_subscription(cx, row).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Unique { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        if self.storage.find_subscription(cx, row.uuid).await?.is_none() {
            return Err(SubscriptionError::Taken);
        }
        let there = self.storage.update_subscription(cx, row).await?;
        there.then_some(()).ok_or(SubscriptionError::Taken)
    }

    /// Inserts a plan, or overwrites the one of its identifier.
    pub async fn write_plan(&self, cx: &Cx, row: &SubscriptionPlan) -> Result<(), SubscriptionError> {
        match self.storage.insert_plan(cx, row).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Unique { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let there = self.storage.update_plan(cx, row).await?;
        there.then_some(()).ok_or(SubscriptionError::Taken)
    }
}
