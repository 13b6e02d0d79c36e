//! API keys: made, given another secret and revoked.

use driftless_model::cx::Cx;
use driftless_model::wire::public::NewKey;
use http::Method;
use serde_json::{Value, json};

use super::{Seen, User, field};
use crate::plan::{KeyChange, split_handle};

impl User {
    /// Makes, changes or revokes a key.
    pub async fn key(&self, cx: &Cx, change: KeyChange, artifact: &str, key: &str) -> Seen {
        let keys = format!("{}/api-keys", self.path(artifact));
        let one = format!("{keys}/{key}");
        match change {
            KeyChange::Create => {
                let body = self.new_secret(artifact, key);
                let seen =
                    self.about(cx, "http.create-key", Method::POST, keys, artifact, Some(body)).await?;
                let mut memory = self.memory();
                let known = memory.keys.entry((artifact.into(), key.into())).or_default();
                known.id = field(&seen, "keyId");
                // For LLM kinds the platform makes the secret and shows it once.
                let made = field(&seen, "apiKey");
                if !made.is_empty() {
                    known.secret = made;
                }
                drop(memory);
                Ok(seen)
            }
            KeyChange::Update => {
                let body = self.new_secret(artifact, key);
                self.about(cx, "http.update-key", Method::PUT, one, artifact, Some(body)).await
            }
            KeyChange::Revoke => self.about(cx, "http.revoke-key", Method::DELETE, one, artifact, None).await,
        }
    }

    /// The secret that was last chosen for a key.
    pub fn secret(&self, artifact: &str, key: &str) -> Option<String> {
        self.memory().keys.get(&(artifact.to_owned(), key.to_owned())).map(|key| key.secret.clone())
    }

    /// A secret that somebody chooses for a key.
    pub fn choose_secret(&self, artifact: &str, key: &str) -> String {
        let mut memory = self.memory();
        memory.made_keys += 1;
        let handle = split_handle(artifact).1;
        let secret = format!("secret-{handle}-{key}-{}-{:032}", memory.made_keys, 0);
        memory.keys.entry((artifact.into(), key.into())).or_default().secret.clone_from(&secret);
        secret
    }

    fn new_secret(&self, artifact: &str, key: &str) -> Value {
        let secret = self.choose_secret(artifact, key);
        json!(NewKey { api_key: secret, name: Some(key.into()), ..NewKey::default() })
    }
}
