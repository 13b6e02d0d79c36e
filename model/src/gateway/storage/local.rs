//! The two writers without a guard, which only the local management API uses (docs/spec/gateway.md section 5.1).
//!
//! They ask nobody which side is newer: an insert wants its place free, an update takes it.

use uuid::Uuid;

use super::pool::Transaction;
use super::upsert::put_configuration;
use super::{Storage, UpsertError};
use crate::cx::{At, Cx};
use crate::gateway::hub::News;
use crate::gateway::memory::StoredConfig;
use crate::gateway::tables::ApiKey;
use crate::store::StoreError;
use crate::wire::kind::Kind;

impl Storage {
    /// `SaveConfig`: inserts an artifact with its configuration.
    pub async fn save_config(
        &self,
        cx: &Cx,
        config: &StoredConfig,
        news: &News<'_>,
    ) -> Result<(), UpsertError> {
        let row = &config.artifact;
        let mut transaction = self.database.begin(cx);
        let at = At::site("store.insert-artifact").about(row.uuid);
        transaction.write(cx, at, |w| w.insert(row.clone())).await?;
        self.write_configuration(cx, &mut transaction, config).await?;
        news.within(cx, &mut transaction).await?;
        transaction.commit(cx, At::site("store.commit-insert").about(row.uuid)).await?;
        Ok(())
    }

    /// `UpdateConfig`: rewrites an artifact with its configuration; false if it isn't there.
    pub async fn update_config(
        &self,
        cx: &Cx,
        config: &StoredConfig,
        news: &News<'_>,
    ) -> Result<bool, UpsertError> {
        let row = &config.artifact;
        let mut transaction = self.database.begin(cx);
        let at = At::site("store.update-artifact").about(row.uuid);
        if !transaction.write(cx, at, |w| w.update(row.clone())).await? {
            return Ok(false);
        }
        self.write_configuration(cx, &mut transaction, config).await?;
        news.within(cx, &mut transaction).await?;
        transaction.commit(cx, At::site("store.commit-update").about(row.uuid)).await?;
        Ok(true)
    }

    /// The row of the artifact's kind. That of an LLM proxy refers to its provider, which must be here.
    pub async fn write_configuration(
        &self,
        cx: &Cx,
        transaction: &mut Transaction,
        config: &StoredConfig,
    ) -> Result<(), UpsertError> {
        let uuid = config.artifact.uuid;
        let provider = match config.provider() {
            None => Uuid::nil(),
            Some(handle) => {
                let at = At::site("store.resolve-provider").about(uuid);
                let found =
                    transaction.read(cx, at, |view| self.with_handle(view, Kind::LlmProvider, &handle));
                found.await?.ok_or(UpsertError::NoProvider(handle))?
            }
        };
        let at = At::site("store.upsert-configuration").about(uuid);
        transaction.write(cx, at, |w| put_configuration(w, config, provider)).await?;
        Ok(())
    }

    /// Inserts a key. Its hash, its identifier and its name within its artifact must be free.
    pub async fn insert_key(&self, cx: &Cx, key: &ApiKey, news: &News<'_>) -> Result<(), StoreError> {
        let at = At::site("store.insert-key").about(key.uuid);
        self.write_with(cx, (at, "store.commit-key"), |w| w.insert(key.clone()), news).await
    }
}
