//! Keys of LLM providers and proxies, whose secret the platform makes (docs/spec/platform.md section 4.4).
//!
//! They go to every gateway of the organisation that the key's targets name, and nobody minds if none is
//! reached.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use tracing::warn;
use uuid::Uuid;

use super::{ArtifactName, handle_of, secret};
use crate::cx::{Cx, Mint};
use crate::platform::Platform;
use crate::platform::event::Event;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::{ApiKey, Gateway, KeyStatus, Targets};
use crate::wire::time;

/// What the user says of a key.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct NewGeneratedKey {
    pub name: Option<String>,
    pub display_name: Option<String>,
    pub expires_at: Option<String>,
    pub issuer: Option<String>,
    /// `ALL`, or names of gateways with commas between.
    pub allowed_targets: Option<String>,
}

/// A new key with its secret, which is shown once.
pub(in crate::platform) struct Generated {
    pub key: ApiKey,
    pub secret: String,
}

impl NewGeneratedKey {
    fn name(&self) -> Result<String, Refusal> {
        let name = self.name.clone().or_else(|| self.display_name.as_deref().map(handle_of));
        let fits = |name: &String| !name.is_empty() && name.len() <= 63;
        name.filter(fits).ok_or_else(|| Refusal::Invalid("name must have 1 to 63 characters".into()))
    }

    fn targets(&self) -> Targets {
        match self.allowed_targets.as_deref().map(str::trim) {
            None | Some("" | "ALL") => Targets::All,
            Some(names) => Targets::Named(names.split(',').map(|name| name.trim().to_owned()).collect()),
        }
    }
}

impl Platform {
    pub(in crate::platform) async fn generate_key(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        user: &str,
        new: NewGeneratedKey,
    ) -> Result<Generated, Refusal> {
        let (key_name, targets) = (new.name()?, new.targets());
        if new.expires_at.as_ref().is_some_and(|at| time::parse(at).is_none()) {
            return Err(Refusal::Invalid("expiresAt must be an RFC 3339 time".into()));
        }
        let artifact = self.artifact(cx, name).await?.artifact.uuid;
        let gateways = self.list_gateways(cx, name.organisation).await?;
        if gateways.is_empty() {
            return Err(Refusal::NoGateway);
        }
        let secret = secret::hex(&secret::random_bytes(cx, "api key"));
        let now = cx.wall();
        let key = ApiKey {
            uuid: cx.mint(Mint::Key { artifact, name: &key_name }),
            artifact,
            name: key_name,
            masked_api_key: secret::mask(&secret),
            api_key_hashes: BTreeMap::from([("sha256".to_owned(), secret::hash(&secret))]),
            status: KeyStatus::Active,
            created_by: user.to_owned(),
            created_at: now,
            updated_at: now,
            expires_at: new.expires_at,
            issuer: new.issuer,
            allowed_targets: targets,
        };
        self.insert_key(cx, &key).await.map_err(Refusal::taken(Thing::ApiKey))?;
        self.tell_of(cx, name, &recipients(&gateways, &key), Event::key_created(user, &key, None)).await;
        Ok(Generated { key, secret })
    }

    /// Removes the row, so that the name is free again.
    pub(in crate::platform) async fn delete_generated_key(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        user: &str,
        key_name: &str,
    ) -> Result<(), Refusal> {
        let artifact = self.artifact(cx, name).await?.artifact.uuid;
        let key = self.generated_key(cx, artifact, key_name).await?;
        if key.created_by != user {
            return Err(Refusal::NotTheCreator);
        }
        if !self.delete_key_row(cx, key.uuid).await? {
            return Err(Refusal::Unknown(Thing::ApiKey));
        }
        match self.list_gateways(cx, name.organisation).await {
            Ok(gateways) => {
                self.tell_of(cx, name, &recipients(&gateways, &key), Event::key_revoked(user, &key)).await;
            }
            Err(failed) => warn!("nobody is told of the deleted key: {failed}"),
        }
        Ok(())
    }

    async fn generated_key(&self, cx: &Cx, artifact: Uuid, name: &str) -> Result<Arc<ApiKey>, Refusal> {
        self.find_key(cx, artifact, name).await?.ok_or(Refusal::Unknown(Thing::ApiKey))
    }
}

/// The gateways that hear of a key.
fn recipients(gateways: &[Arc<Gateway>], key: &ApiKey) -> Vec<Uuid> {
    let named = gateways.iter().filter(|row| key.allowed_targets.include(&row.name));
    named.map(|row| row.uuid).collect()
}
