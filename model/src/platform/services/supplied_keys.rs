//! Keys of REST APIs, whose secret the caller supplies (docs/spec/platform.md section 4.4).
//!
//! They go to the gateways the API is associated with, deployed there or not. This is the one operation that
//! fails when nobody was reached; what was written by then stays.

use std::sync::Arc;

use uuid::Uuid;

use super::{ArtifactName, NewKey, handle_of, secret};
use crate::cx::{Cx, Mint};
use crate::design::UntoldKey;
use crate::platform::Platform;
use crate::platform::event::Event;
use crate::platform::refusal::Refusal;
use crate::platform::tables::{ApiKey, KeyStatus, Targets};

impl Platform {
    pub(in crate::platform) async fn create_key(
        &self,
        cx: &Cx,
        api: &ArtifactName,
        user: &str,
        new: NewKey,
    ) -> Result<ApiKey, Refusal> {
        new.validate()?;
        let (artifact, gateways) = self.key_recipients(cx, api).await?;
        let now = cx.wall();
        let name = match (&new.name, &new.display_name) {
            (Some(name), _) => name.clone(),
            (None, Some(shown)) => handle_of(shown),
            (None, None) => format!("key-{:08x}", cx.draw("key name") >> 32),
        };
        let key = ApiKey {
            uuid: cx.mint(Mint::Key { artifact, name: &name }),
            artifact,
            name,
            masked_api_key: secret::mask(&new.api_key),
            api_key_hashes: new.hashes(),
            status: KeyStatus::Active,
            created_by: user.to_owned(),
            created_at: now,
            updated_at: now,
            expires_at: new.ends(now)?,
            issuer: new.issuer,
            allowed_targets: Targets::All,
        };
        self.insert_key(cx, &key).await?;
        self.tell_of_key(cx, &gateways, &Event::key_created(user, &key, new.external_ref_id)).await?;
        Ok(key)
    }

    pub(in crate::platform) async fn update_key(
        &self,
        cx: &Cx,
        api: &ArtifactName,
        user: &str,
        name: &str,
        new: NewKey,
    ) -> Result<ApiKey, Refusal> {
        new.validate()?;
        let (artifact, gateways) = self.key_recipients(cx, api).await?;
        let old = self.existing_key(cx, artifact, name).await?;
        let now = cx.wall();
        let key = ApiKey {
            masked_api_key: secret::mask(&new.api_key),
            api_key_hashes: new.hashes(),
            status: KeyStatus::Active,
            updated_at: now,
            expires_at: new.ends(now)?,
            issuer: new.issuer,
            ..ApiKey::clone(&old)
        };
        self.write_key(cx, &key).await?;
        self.tell_of_key(cx, &gateways, &Event::key_updated(user, &key, new.external_ref_id)).await?;
        Ok(key)
    }

    pub(in crate::platform) async fn revoke_key(
        &self,
        cx: &Cx,
        api: &ArtifactName,
        user: &str,
        name: &str,
    ) -> Result<(), Refusal> {
        let (artifact, gateways) = self.key_recipients(cx, api).await?;
        let old = self.existing_key(cx, artifact, name).await?;
        let key = ApiKey { status: KeyStatus::Revoked, updated_at: cx.wall(), ..ApiKey::clone(&old) };
        self.write_key(cx, &key).await?;
        self.tell_of_key(cx, &gateways, &Event::key_revoked(user, &key)).await
    }

    /// The API, and whom to tell. Nobody to tell is a refusal, before anything is written.
    async fn key_recipients(&self, cx: &Cx, api: &ArtifactName) -> Result<(Uuid, Vec<Uuid>), Refusal> {
        let artifact = self.artifact(cx, api).await?.artifact.uuid;
        let gateways = self.associated_gateways(cx, api.organisation, artifact).await?;
        if gateways.is_empty() {
            return Err(Refusal::NoGateway);
        }
        Ok((artifact, gateways.iter().map(|row| row.uuid).collect()))
    }

    /// The real service doesn't map an unknown name, so it is a 500.
    async fn existing_key(&self, cx: &Cx, artifact: Uuid, name: &str) -> Result<Arc<ApiKey>, Refusal> {
        let key = self.find_key(cx, artifact, name).await?;
        key.ok_or_else(|| Refusal::Unmapped("API key not found".into()))
    }

    async fn write_key(&self, cx: &Cx, key: &ApiKey) -> Result<(), Refusal> {
        let written = self.update_key_row(cx, key).await?;
        written.then_some(()).ok_or_else(|| Refusal::Unmapped("API key not found".into()))
    }

    async fn tell_of_key(&self, cx: &Cx, gateways: &[Uuid], event: &Event) -> Result<(), Refusal> {
        let reached = self.tell(cx, gateways, event).await;
        match self.design.untold_key {
            UntoldKey::IsRefused if reached == 0 => {
                Err(Refusal::Unmapped(format!("{} reached no gateway", event.name)))
            }
            UntoldKey::IsRefused | UntoldKey::IsKept => Ok(()),
        }
    }
}
