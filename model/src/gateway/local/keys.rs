//! Keys that a local user makes and revokes (docs/spec/gateway.md sections 7.3 and 8.4).
//!
//! The platform knows nothing of them. Its `apikey.updated` leaves them alone since their source isn't `external`;
//! its `apikey.created` under the same name takes their place if it is newer; its `apikey.revoked` looks at who
//! created them only. And they are on no list of the platform, so the next key sync deletes them.

use uuid::Uuid;

use super::LocalRefusal;
use crate::cx::{Cx, Mint};
use crate::gateway::hub::Announcement;
use crate::gateway::memory::hash;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{Action, ApiKey, KeyStatus};

impl Replica {
    /// Inserts a key. Its name must be free within the artifact.
    pub(super) async fn create_local_key(
        &self,
        cx: &Cx,
        artifact: Uuid,
        name: String,
        secret: &str,
        user: String,
    ) -> Result<(), LocalRefusal> {
        if name.is_empty() || secret.is_empty() {
            return Err(LocalRefusal::Invalid("name and key are required".into()));
        }
        if self.storage.find_key_by_name(cx, artifact, &name).await?.is_some() {
            return Err(LocalRefusal::Conflict(format!("API key '{name}' already exists")));
        }
        let now = cx.wall();
        let key = ApiKey {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: cx.mint(Mint::Key { artifact, name: &name }),
            name,
            api_key: hash(secret),
            masked_api_key: masked(secret),
            artifact_uuid: artifact,
            status: KeyStatus::Active,
            created_by: user,
            created_at: now,
            updated_at: now,
            expires_at: None,
            source: ApiKey::LOCAL.to_owned(),
            external_ref_id: None,
            issuer: None,
        };
        let news = self.news(vec![Announcement::key(Action::Create, artifact, key.uuid, "")]);
        self.storage.insert_key(cx, &key, &news).await?;
        news.afterwards(cx).await;
        Ok(())
    }

    /// Marks a key as revoked, tells of it, and deletes it, in that order. Revoking a key that isn't there is a
    /// success.
    pub(super) async fn revoke_local_key(
        &self,
        cx: &Cx,
        artifact: Uuid,
        name: &str,
    ) -> Result<(), LocalRefusal> {
        let Some(key) = self.storage.find_key_by_name(cx, artifact, name).await? else { return Ok(()) };
        if key.status == KeyStatus::Revoked {
            return Ok(());
        }
        let news = self.news(vec![Announcement::key(Action::Delete, artifact, key.uuid, "")]);
        self.storage.revoke_key(cx, &key, &news).await?;
        news.afterwards(cx).await;
        self.storage.delete_key(cx, &key).await?;
        Ok(())
    }
}

/// What may be shown of a key: its last five characters, if there are more.
fn masked(secret: &str) -> String {
    let hidden = secret.chars().count().saturating_sub(5);
    let shown: String = secret.chars().skip(hidden).collect();
    if hidden == 0 { "***".to_owned() } else { format!("***{shown}") }
}
