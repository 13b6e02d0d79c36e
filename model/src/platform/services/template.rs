//! Templates of LLM providers, as far as a provider needs one (docs/spec/platform.md section 4.2).

use uuid::Uuid;

use crate::cx::{Cx, Mint};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::{LlmProviderTemplate, Object};
use crate::store::StoreError;
use serde_json::Value;

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
        match self.insert_template(cx, &template).await {
            Ok(()) => Ok(template),
            Err(StoreError::Unique { .. }) => Err(Refusal::Taken(Thing::Template)),
            Err(failed) => Err(failed.into()),
        }
    }

    /// Refused by a foreign key, which no route maps, while a provider uses it.
    pub(in crate::platform) async fn delete_template(
        &self,
        cx: &Cx,
        organisation: Uuid,
        handle: &str,
    ) -> Result<(), Refusal> {
        let unknown = Refusal::Unknown(Thing::Template);
        let template = self.find_template(cx, organisation, handle).await?.ok_or(unknown.clone())?;
        if self.delete_template_row(cx, template.uuid).await? { Ok(()) } else { Err(unknown) }
    }
}
