//! Applications and the API keys mapped to them (docs/spec/platform.md section 4.5).
//!
//! Gateways hear of a changed application and of changed mappings, and each time of all mappings. They don't
//! hear of its create and delete, nor when a key goes with its artifact, and there is no list they could ask
//! for. Only those hear on which an LLM artifact of one of the keys is deployed, so a REST API's key alone
//! reaches nobody.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use tracing::warn;
use uuid::Uuid;

use super::{ArtifactName, handle_of, is_handle};
use crate::cx::{Cx, Mint};
use crate::design::UnmappedKey;
use crate::platform::Platform;
use crate::platform::event::Event;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::statements::MappedKey;
use crate::platform::tables::{APPLICATION_TYPE, Application};
use crate::store::StoreError;
use crate::wire::kind::Kind;

/// What the user says of an application.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct SaidOfApplication {
    pub id: Option<String>,
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub type_: Option<String>,
    pub project_id: Option<String>,
    pub description: Option<String>,
}

/// A key by its name, and what it opens by its handle.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct NamedKey {
    pub key_id: String,
    pub associated_entity: Entity,
}

/// An artifact of whatever kind, by its handle.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(default)]
pub(in crate::platform) struct Entity {
    pub id: String,
}

/// Keys to be mapped.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct NamedKeys {
    pub api_keys: Vec<NamedKey>,
}

impl Platform {
    pub(in crate::platform) async fn create_application(
        &self,
        cx: &Cx,
        organisation: Uuid,
        said: SaidOfApplication,
    ) -> Result<Application, Refusal> {
        let name = said.name.filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Refusal::Invalid("name is required".into()))?;
        check_type(said.type_.as_deref().unwrap_or_default())?;
        let handle = said.id.unwrap_or_else(|| handle_of(&name));
        if !is_handle(&handle) {
            return Err(Refusal::Invalid("id must be lower-case letters, digits and hyphens".into()));
        }
        let project = match said.project_id {
            None => None,
            Some(id) => Some(self.project_called(cx, organisation, &id).await?),
        };
        let now = cx.wall();
        let uuid = cx.mint(Mint::Application { organisation, handle: &handle });
        let description = said.description;
        let (created_at, updated_at) = (now, now);
        let row =
            Application { uuid, handle, project, organisation, name, description, created_at, updated_at };
        self.insert_application(cx, &row).await.map_err(Refusal::taken(Thing::Application))?;
        Ok(row)
    }

    pub(in crate::platform) async fn application(
        &self,
        cx: &Cx,
        organisation: Uuid,
        handle: &str,
    ) -> Result<Arc<Application>, Refusal> {
        let row = self.find_application(cx, organisation, handle).await?;
        row.ok_or(Refusal::Unknown(Thing::Application))
    }

    pub(in crate::platform) async fn update_application(
        &self,
        cx: &Cx,
        (organisation, user): (Uuid, &str),
        handle: &str,
        said: SaidOfApplication,
    ) -> Result<Application, Refusal> {
        let old = self.application(cx, organisation, handle).await?;
        check_type(said.type_.as_deref().unwrap_or(APPLICATION_TYPE))?;
        let row = Application {
            name: said.name.filter(|name| !name.is_empty()).unwrap_or_else(|| old.name.clone()),
            description: said.description.or_else(|| old.description.clone()),
            updated_at: cx.wall(),
            ..Application::clone(&old)
        };
        let updated = self.update_application_row(cx, &row).await;
        if !updated.map_err(Refusal::taken(Thing::Application))? {
            return Err(Refusal::Unknown(Thing::Application));
        }
        self.tell_of_application(cx, user, &row, None).await;
        Ok(row)
    }

    pub(in crate::platform) async fn delete_application(
        &self,
        cx: &Cx,
        organisation: Uuid,
        handle: &str,
    ) -> Result<(), Refusal> {
        let row = self.application(cx, organisation, handle).await?;
        let deleted = self.delete_application_row(cx, row.uuid).await?;
        deleted.then_some(()).ok_or(Refusal::Unknown(Thing::Application))
    }

    pub(in crate::platform) async fn application_keys(
        &self,
        cx: &Cx,
        organisation: Uuid,
        handle: &str,
    ) -> Result<Vec<MappedKey>, Refusal> {
        let row = self.application(cx, organisation, handle).await?;
        Ok(self.list_mapped_keys(cx, row.uuid).await?)
    }

    pub(in crate::platform) async fn map_keys(
        &self,
        cx: &Cx,
        (organisation, user): (Uuid, &str),
        handle: &str,
        named: NamedKeys,
    ) -> Result<Vec<MappedKey>, Refusal> {
        let row = self.application(cx, organisation, handle).await?;
        if named.api_keys.is_empty() {
            return Err(Refusal::Invalid("apiKeys is required and must be non-empty".into()));
        }
        let mut keys = Vec::new();
        for named in &named.api_keys {
            keys.push(self.key_called(cx, organisation, named).await?.key.uuid);
        }
        self.insert_mappings(cx, row.uuid, &keys).await?;
        self.tell_of_application(cx, user, &row, None).await;
        Ok(self.list_mapped_keys(cx, row.uuid).await?)
    }

    pub(in crate::platform) async fn unmap_key(
        &self,
        cx: &Cx,
        (organisation, user): (Uuid, &str),
        handle: &str,
        named: NamedKey,
    ) -> Result<(), Refusal> {
        let row = self.application(cx, organisation, handle).await?;
        let mapped = self.key_called(cx, organisation, &named).await?;
        if !self.delete_mapping(cx, row.uuid, mapped.key.uuid).await? {
            return Err(Refusal::Unknown(Thing::ApiKey));
        }
        match self.design.unmapped_key {
            UnmappedKey::IsNotTold => {}
            // Where only the removed key's artifact is deployed they must hear of it too.
            UnmappedKey::IsTold => self.tell_of_application(cx, user, &row, Some(&mapped)).await,
        }
        Ok(())
    }

    async fn key_called(&self, cx: &Cx, organisation: Uuid, named: &NamedKey) -> Result<MappedKey, Refusal> {
        let handle = named.associated_entity.id.clone();
        if named.key_id.is_empty() || handle.is_empty() {
            return Err(Refusal::Invalid("a key is named by keyId and the id of its entity".into()));
        }
        // The kind says nothing here: a key may be of any that has keys.
        let name = ArtifactName { organisation, kind: Kind::LlmProvider, handle };
        let artifact = self.find_artifact_of_any_kind(cx, &name).await?;
        let artifact = artifact.ok_or(Refusal::Unknown(Thing::Entity))?;
        let key = self.find_key(cx, artifact.uuid, &named.key_id).await?;
        Ok(MappedKey { key: key.ok_or(Refusal::Unknown(Thing::ApiKey))?, artifact })
    }

    async fn tell_of_application(&self, cx: &Cx, user: &str, row: &Application, removed: Option<&MappedKey>) {
        if let Err(failed) = self.try_tell_of_application(cx, user, row, removed).await {
            warn!("nobody is told of the application: {failed}");
        }
    }

    async fn try_tell_of_application(
        &self,
        cx: &Cx,
        user: &str,
        row: &Application,
        removed: Option<&MappedKey>,
    ) -> Result<(), StoreError> {
        let keys = self.list_mapped_keys(cx, row.uuid).await?;
        let artifacts: BTreeSet<Uuid> = keys.iter().chain(removed).filter_map(target).collect();
        if artifacts.is_empty() {
            return Ok(());
        }
        let gateways = self.gateways_with_deployed(cx, row.organisation, &artifacts).await?;
        let gateways: Vec<Uuid> = gateways.into_iter().collect();
        self.tell(cx, &gateways, &Event::application_updated(user, row, &keys)).await;
        Ok(())
    }
}

/// The artifact whose gateways are told of a key's mapping, if its kind is one that counts.
fn target(mapped: &MappedKey) -> Option<Uuid> {
    match mapped.artifact.kind {
        Kind::LlmProvider | Kind::LlmProxy => Some(mapped.artifact.uuid),
        Kind::RestApi | Kind::Mcp => None,
    }
}

fn check_type(given: &str) -> Result<(), Refusal> {
    if given == APPLICATION_TYPE {
        return Ok(());
    }
    Err(Refusal::Invalid(format!("type must be {APPLICATION_TYPE}")))
}
