//! `application.updated` (docs/spec/gateway.md section 8.6).
//!
//! The mappings of the event replace whatever the application had. The other replicas are told and only log it;
//! this one pushes the keys concerned into the policy engine by itself, as it read them before the change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;
use uuid::Uuid;

use super::Incoming;
use crate::cx::{At, Cx};
use crate::gateway::hub::Announcement;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{Action, ApiKey, Application, EntityType};
use crate::store::StoreError;
use crate::wire::event::ApplicationUpdated;

/// Why an event had no effect.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
enum ApplicationError {
    #[error("unreadable payload")]
    Unreadable,
    #[error("handle, name and type are required")]
    Incomplete,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Replica {
    pub(super) async fn on_application_updated(&self, cx: &Cx, application: Uuid, incoming: Incoming) {
        match self.replace_application(cx, application, incoming).await {
            Ok(keys) => self.push_keys(cx, keys).await,
            Err(error) => tracing::warn!(%error, "an application was not updated"),
        }
    }

    /// Writes the application with its keys; returns the keys that it has or had, as they were before.
    async fn replace_application(
        &self,
        cx: &Cx,
        application: Uuid,
        incoming: Incoming,
    ) -> Result<Vec<Arc<ApiKey>>, ApplicationError> {
        let payload = ApplicationUpdated::deserialize(&incoming.payload);
        let payload = payload.map_err(|_| ApplicationError::Unreadable)?;
        let required = [&payload.application_id, &payload.application_name, &payload.application_type];
        if required.into_iter().any(String::is_empty) {
            return Err(ApplicationError::Incomplete);
        }
        let mapped = self.known_keys(cx, &payload).await?;
        let had = self.storage.application_keys(cx, application).await?;
        let now = cx.wall();
        let row = Application {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: application,
            application_id: payload.application_id,
            name: payload.application_name,
            kind: payload.application_type,
            created_at: now,
            updated_at: now,
        };
        let keys: BTreeSet<Uuid> = mapped.keys().copied().collect();
        self.storage.replace_application(cx, &row, &keys).await?;
        let told =
            Announcement::of(EntityType::Application, Action::Update, application, incoming.correlation_id);
        self.announce(cx, told).await;
        let of_both = mapped.into_iter().chain(had.into_iter().map(|key| (key.uuid, key)));
        Ok(of_both.collect::<BTreeMap<_, _>>().into_values().collect())
    }

    /// The keys of the event that are here. Those that aren't, and what is no identifier, are passed over.
    async fn known_keys(
        &self,
        cx: &Cx,
        payload: &ApplicationUpdated,
    ) -> Result<BTreeMap<Uuid, Arc<ApiKey>>, StoreError> {
        let mut known = BTreeMap::new();
        for mapping in &payload.mappings {
            let Ok(uuid) = mapping.api_key_uuid.parse::<Uuid>() else {
                tracing::warn!(key = mapping.api_key_uuid, "an application's key without an identifier");
                continue;
            };
            match self.storage.find_key(cx, uuid).await? {
                Some(key) => drop(known.insert(uuid, key)),
                None => tracing::warn!(%uuid, "an application's key is not here"),
            }
        }
        Ok(known)
    }

    /// Stores keys in the policy engine of this replica, though they may have changed or gone since.
    async fn push_keys(&self, cx: &Cx, keys: Vec<Arc<ApiKey>>) {
        for key in keys {
            let at = At::site("memory.policy-key").about(key.uuid);
            if let Err(error) = self.projections.cross(cx, at, |state| state.policy_keys.store(key)).await {
                tracing::warn!(%error, "an application's key was not pushed");
            }
        }
    }
}
