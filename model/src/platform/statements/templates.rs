//! Statements on the templates of LLM providers.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::LlmProviderTemplate;

impl Platform {
    pub(in crate::platform) async fn find_template(
        &self,
        cx: &Cx,
        organisation: Uuid,
        handle: &str,
    ) -> Outcome<Option<Arc<LlmProviderTemplate>>> {
        let at = At::site("store.find-template").about(handle);
        let named = |row: &LlmProviderTemplate| row.organisation == organisation && row.handle == handle;
        self.database.read(cx, at, |view| view.first(named)).await
    }

    pub(in crate::platform) async fn list_templates(
        &self,
        cx: &Cx,
        organisation: Uuid,
    ) -> Outcome<Vec<Arc<LlmProviderTemplate>>> {
        let at = At::site("store.list-templates").about(organisation);
        let of = |row: &LlmProviderTemplate| row.organisation == organisation;
        self.database.read(cx, at, |view| view.scan(of)).await
    }

    /// Writes what a template has become; false if it is no more.
    pub(in crate::platform) async fn update_template_row(
        &self,
        cx: &Cx,
        row: &LlmProviderTemplate,
    ) -> Outcome<bool> {
        let at = At::site("store.update-template").about(row.uuid);
        self.database.write(cx, at, |writer| writer.update(row.clone())).await
    }

    pub(in crate::platform) async fn insert_template(
        &self,
        cx: &Cx,
        row: &LlmProviderTemplate,
    ) -> Outcome<()> {
        let at = At::site("store.insert-template").about(row.uuid);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    pub(in crate::platform) async fn delete_template_row(&self, cx: &Cx, uuid: Uuid) -> Outcome<bool> {
        let at = At::site("store.delete-template").about(uuid);
        self.database.write(cx, at, |writer| writer.delete::<LlmProviderTemplate>(uuid)).await
    }
}
