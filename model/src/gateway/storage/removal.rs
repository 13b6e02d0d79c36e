//! Deleting artifacts and what belongs to them.
//!
//! `DeleteConfig` takes an artifact with its keys and subscriptions in one transaction, and takes nothing if
//! the artifact isn't there. The single deletes beside it are for what an artifact may have left behind.

use uuid::Uuid;

use super::Storage;
use crate::cx::{At, Cx};
use crate::gateway::hub::News;
use crate::gateway::tables::{ApiKey, Artifact, Subscription};
use crate::store::{StoreError, Writer};

/// Why an artifact was not deleted.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(in crate::gateway) enum RemovalError {
    /// There is none; nothing was deleted.
    #[error("configuration not found")]
    NotFound,
    /// The database's own word.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What goes along with an artifact and its configuration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::gateway) enum Along {
    /// Its keys.
    Keys,
    /// Its keys and its subscriptions.
    KeysAndSubscriptions,
}

impl Storage {
    /// Deletes an artifact with its configuration and what goes along.
    pub async fn delete_config(
        &self,
        cx: &Cx,
        uuid: Uuid,
        along: Along,
        news: &News<'_>,
    ) -> Result<(), RemovalError> {
        let at = |site| At::site(site).about(uuid);
        let mut transaction = self.database.begin(cx);
        if along == Along::KeysAndSubscriptions {
            let of = |w: &mut Writer<'_>| self.subscriptions_of(w, uuid);
            transaction.write(cx, at("store.delete-subscriptions"), of).await?;
        }
        transaction.write(cx, at("store.delete-keys"), |w| self.keys_of(w, uuid)).await?;
        let key = (&self.gateway_id, uuid);
        let there = transaction.write(cx, at("store.delete-artifact"), |w| w.delete::<Artifact>(key));
        if !there.await? {
            return Err(RemovalError::NotFound);
        }
        news.within(cx, &mut transaction).await?;
        transaction.commit(cx, at("store.commit-delete")).await?;
        Ok(())
    }

    /// Deletes the keys of an artifact, whether or not it is there.
    pub async fn delete_keys_of(&self, cx: &Cx, artifact: Uuid) -> Result<usize, StoreError> {
        let at = At::site("store.delete-leftover-keys").about(artifact);
        self.database.write(cx, at, |w| self.keys_of(w, artifact)).await
    }

    /// Deletes the subscriptions of an API, whether or not it is there.
    pub async fn delete_subscriptions_of(&self, cx: &Cx, api: Uuid) -> Result<usize, StoreError> {
        let at = At::site("store.delete-leftover-subscriptions").about(api);
        self.database.write(cx, at, |w| self.subscriptions_of(w, api)).await
    }

    fn keys_of(&self, w: &mut Writer<'_>, artifact: Uuid) -> Result<usize, StoreError> {
        w.delete_where(|key: &ApiKey| key.gateway_id == self.gateway_id && key.artifact_uuid == artifact)
    }

    fn subscriptions_of(&self, w: &mut Writer<'_>, api: Uuid) -> Result<usize, StoreError> {
        w.delete_where(|row: &Subscription| row.gateway_id == self.gateway_id && row.api_id == api)
    }
}
