//! Templates of LLM providers (docs/spec/platform.md section 4.2). No gateway hears of them, and a provider
//! that is deployed keeps what it was rendered from.

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use crate::cx::{Cx, Mint};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::{LlmProviderTemplate, Object};

impl Platform {
    pub(in crate::platform) async fn create_template(
        &self,
        cx: &Cx,
        organisation: Uuid,
        body: Object,
    ) -> Result<LlmProviderTemplate, Refusal> {
        let text = |field| body.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (handle, name) = (text("id"), text("name"));
        if !super::is_handle(&handle) || name.is_empty() {
            return Err(Refusal::Invalid("id and name are required".into()));
        }
        let uuid = cx.mint(Mint::Other { what: "template", of: organisation.into() });
        let created_at = cx.wall();
        let template =
            LlmProviderTemplate { uuid, organisation, handle, name, configuration: body, created_at };
        self.insert_template(cx, &template).await.map_err(Refusal::taken(Thing::Template))?;
        Ok(template)
    }

    pub(in crate::platform) async fn template(
        &self,
        cx: &Cx,
        organisation: Uuid,
        handle: &str,
    ) -> Result<Arc<LlmProviderTemplate>, Refusal> {
        self.find_template(cx, organisation, handle).await?.ok_or(Refusal::Unknown(Thing::Template))
    }

    /// What is said replaces what was said, field by field; the handle stays.
    pub(in crate::platform) async fn update_template(
        &self,
        cx: &Cx,
        organisation: Uuid,
        handle: &str,
        changes: Object,
    ) -> Result<LlmProviderTemplate, Refusal> {
        let mut template = LlmProviderTemplate::clone(&*self.template(cx, organisation, handle).await?);
        template.configuration.extend(changes);
        template.configuration.insert("id".to_owned(), handle.into());
        let name = template.configuration.get("name").and_then(Value::as_str).unwrap_or_default();
        if name.is_empty() {
            return Err(Refusal::Invalid("name is required".into()));
        }
        template.name = name.to_owned();
        let updated = self.update_template_row(cx, &template).await?;
        updated.then_some(template).ok_or(Refusal::Unknown(Thing::Template))
    }

    /// Refused by a foreign key, which no route maps, while a provider uses it.
    pub(in crate::platform) async fn delete_template(
        &self,
        cx: &Cx,
        organisation: Uuid,
        handle: &str,
    ) -> Result<(), Refusal> {
        let unknown = Refusal::Unknown(Thing::Template);
        let template = self.template(cx, organisation, handle).await?;
        if self.delete_template_row(cx, template.uuid).await? { Ok(()) } else { Err(unknown) }
    }
}
