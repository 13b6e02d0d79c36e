//! Applications and their keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use super::Storage;
use crate::cx::{At, Cx};
use crate::gateway::tables::{ApiKey, Application, ApplicationKey};
use crate::store::{StoreError, View, Writer};

impl Storage {
    /// The keys of an application, as they are.
    pub async fn application_keys(&self, cx: &Cx, application: Uuid) -> Result<Vec<Arc<ApiKey>>, StoreError> {
        let at = At::site("store.list-application-keys").about(application);
        let joined = |view: &View<'_>| {
            let of =
                |row: &ApplicationKey| row.gateway_id == self.gateway_id && row.application == application;
            let mapped: BTreeSet<Uuid> = view.scan(of).iter().map(|row| row.api_key).collect();
            view.scan(|key: &ApiKey| key.gateway_id == self.gateway_id && mapped.contains(&key.uuid))
        };
        self.database.read(cx, at, joined).await
    }

    /// Writes an application and puts these keys in the place of all it had, in one transaction.
    pub async fn replace_application(
        &self,
        cx: &Cx,
        application: &Application,
        keys: &BTreeSet<Uuid>,
    ) -> Result<(), StoreError> {
        let at = |site| At::site(site).about(application.uuid);
        let gateway_id = &self.gateway_id;
        let mut transaction = self.database.begin(cx);
        let upsert = |w: &mut Writer<'_>| {
            let stored = w.get::<Application>((gateway_id, application.uuid));
            let created_at = stored.map_or(application.created_at, |stored| stored.created_at);
            w.put(Application { created_at, ..application.clone() })
        };
        transaction.write(cx, at("store.upsert-application"), upsert).await?;
        let of = |row: &ApplicationKey| row.gateway_id == *gateway_id && row.application == application.uuid;
        transaction.write(cx, at("store.delete-application-keys"), |w| w.delete_where(of)).await?;
        for &api_key in keys {
            let row =
                ApplicationKey { gateway_id: gateway_id.clone(), application: application.uuid, api_key };
            let at = At::site("store.insert-application-key").about(api_key);
            transaction.write(cx, at, |w| w.insert(row.clone())).await?;
        }
        transaction.commit(cx, at("store.commit-application")).await
    }
}
