//! Templates of LLM providers: one statement each.

use std::sync::Arc;

use uuid::Uuid;

use super::Storage;
use crate::cx::{At, Cx};
use crate::gateway::tables::LlmTemplate;
use crate::store::{StoreError, Writer};

impl Storage {
    /// Every template, as a booting process loads them.
    pub async fn load_templates(&self, cx: &Cx, at: At<'_>) -> Result<Vec<Arc<LlmTemplate>>, StoreError> {
        self.database
            .read(cx, at, |view| view.scan(|row: &LlmTemplate| row.gateway_id == self.gateway_id))
            .await
    }

    /// A template by its identifier.
    pub async fn find_template(&self, cx: &Cx, uuid: Uuid) -> Result<Option<Arc<LlmTemplate>>, StoreError> {
        let at = At::site("store.find-template");
        self.database.read(cx, at, |view| view.get::<LlmTemplate>((&self.gateway_id, uuid))).await
    }

    /// A template by its handle.
    pub async fn find_template_by_handle(
        &self,
        cx: &Cx,
        handle: &str,
    ) -> Result<Option<Arc<LlmTemplate>>, StoreError> {
        let at = At::site("store.find-template-by-handle").about(handle);
        self.database.read(cx, at, |view| view.first(|row| self.is_template(row, handle))).await
    }

    /// Inserts a template unless there is one of its handle, and says which is there now.
    pub async fn keep_template(
        &self,
        cx: &Cx,
        template: &LlmTemplate,
    ) -> Result<Arc<LlmTemplate>, StoreError> {
        let at = At::site("store.keep-template").about(template.handle.as_str());
        let insert_if_absent =
            |w: &mut Writer<'_>| match w.first(|row| self.is_template(row, &template.handle)) {
                Some(stored) => Ok(stored),
                None => w.insert(template.clone()).map(|()| Arc::new(template.clone())),
            };
        self.database.write(cx, at, insert_if_absent).await
    }

    fn is_template(&self, row: &LlmTemplate, handle: &str) -> bool {
        row.gateway_id == self.gateway_id && row.handle == handle
    }
}
