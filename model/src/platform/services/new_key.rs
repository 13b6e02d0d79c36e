//! What a user says of a key whose secret they supply (docs/spec/platform.md section 4.4).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::secret;
use crate::platform::refusal::Refusal;
use crate::wire::expiry::ExpiresIn;
use crate::wire::time::{self, Instant};

/// What the user says of a key.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct NewKey {
    pub api_key: String,
    pub name: Option<String>,
    pub display_name: Option<String>,
    pub expires_at: Option<String>,
    pub expires_in: Option<ExpiresIn>,
    pub issuer: Option<String>,
    pub external_ref_id: Option<String>,
}

impl NewKey {
    /// Whether it can be a key.
    pub fn validate(&self) -> Result<(), Refusal> {
        if self.api_key.trim().is_empty() {
            return Err(Refusal::Invalid("apiKey is required".into()));
        }
        if self.name.as_ref().is_some_and(|name| name.is_empty() || name.len() > 63) {
            return Err(Refusal::Invalid("name must have 1 to 63 characters".into()));
        }
        if self.expires_at.as_ref().is_some_and(|at| time::parse(at).is_none()) {
            return Err(Refusal::Invalid("expiresAt must be an RFC 3339 time".into()));
        }
        Ok(())
    }

    /// The hash of the secret, by algorithm.
    pub fn hashes(&self) -> BTreeMap<String, String> {
        BTreeMap::from([("sha256".to_owned(), secret::hash(&self.api_key))])
    }

    /// When the key ends; a duration counts from now.
    pub fn ends(&self, now: Instant) -> Result<Option<String>, Refusal> {
        match (&self.expires_at, &self.expires_in) {
            (Some(at), _) => Ok(Some(at.clone())),
            (None, None) => Ok(None),
            (None, Some(after)) => {
                let end =
                    after.counted_from(now).ok_or(Refusal::Invalid("expiresIn is out of range".into()))?;
                Ok(Some(time::seconds(&end)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> NewKey {
        NewKey { api_key: "secret".into(), name: Some(name.into()), ..NewKey::default() }
    }

    #[test]
    fn a_key_needs_a_secret_and_a_name_that_is_neither_empty_nor_long() {
        assert_eq!(NewKey { name: None, ..named("") }.validate(), Ok(()), "a name is made up");
        for (length, is_name) in [(0, false), (1, true), (62, true), (63, true), (64, false), (65, false)] {
            assert_eq!(named(&"n".repeat(length)).validate().is_ok(), is_name, "{length}");
        }
        for secret in ["", " "] {
            assert!(NewKey { api_key: secret.into(), ..named("k") }.validate().is_err());
        }
        for (at, is_instant) in [("2026-03-31T12:00:00Z", true), ("soon", false)] {
            let key = NewKey { expires_at: Some(at.into()), ..named("k") };
            assert_eq!(key.validate().is_ok(), is_instant, "{at}");
        }
    }
}
