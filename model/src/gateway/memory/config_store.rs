//! The in-memory store of artifacts and API keys (docs/spec/gateway.md section 4.2).
//!
//! It mirrors the database late and by rules of its own: handles and names are unique here too, so what the
//! database took may be refused here.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::routes::{Digest, translated};
use crate::gateway::tables::{ApiKey, Artifact};
use crate::wire::definition::Definition;
use crate::wire::kind::Kind;

/// An artifact's row with its configuration.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredConfig {
    /// The row.
    pub artifact: Artifact,
    /// Its definition.
    pub configuration: Bytes,
}

impl StoredConfig {
    /// The handle of the template that an LLM provider is made from, if its definition names one.
    pub fn template(&self) -> Option<String> {
        match self.artifact.kind {
            Kind::RestApi | Kind::LlmProxy | Kind::Mcp => None,
            Kind::LlmProvider => {
                let definition = Definition::parse(&self.configuration).ok()?;
                Some(definition.spec.rest.get("template")?.as_str()?.to_owned())
            }
        }
    }

    /// The handle of the provider that an LLM proxy stands before, as its definition names it.
    pub fn provider(&self) -> Option<String> {
        match self.artifact.kind {
            Kind::RestApi | Kind::LlmProvider | Kind::Mcp => None,
            Kind::LlmProxy => {
                let definition = Definition::parse(&self.configuration).ok();
                let handle = definition
                    .and_then(|d| Some(d.spec.rest.get("provider")?.get("id")?.as_str()?.to_owned()));
                // A proxy that names none has one that nobody finds.
                Some(handle.unwrap_or_default())
            }
        }
    }
}

/// Why memory refused something.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ConfigError {
    /// Another artifact has the handle, or the name and version.
    #[error("configuration already exists: {0}")]
    Conflict(String),
    /// There is no such artifact. The real store doesn't mark this error as such, so callers that ask
    /// whether it means "not found" hear that it doesn't.
    #[error("configuration with ID '{0}' does not exist")]
    Absent(Uuid),
    /// Another key of that artifact has the name.
    #[error("API key '{name}' of artifact {artifact} exists under another identifier")]
    KeyName {
        /// The artifact.
        artifact: Uuid,
        /// The name.
        name: String,
    },
}

/// An artifact, and what it comes to when it is translated into routes; nothing while it lacks its REST form.
#[derive(Clone, Debug)]
struct Held {
    config: Arc<StoredConfig>,
    routes: Option<Digest>,
}

type NameVersion = (Kind, String, String);

/// Artifacts and API keys in memory.
#[derive(Clone, Default, Debug)]
pub struct ConfigStore {
    artifacts: BTreeMap<Uuid, Held>,
    handles: BTreeMap<(Kind, String), Uuid>,
    names: BTreeMap<NameVersion, Uuid>,
    keys: BTreeMap<(Uuid, String), Arc<ApiKey>>,
}

impl ConfigStore {
    /// Takes up an artifact.
    ///
    /// # Errors
    /// [`ConfigError::Conflict`] if its handle or its name and version are taken, by itself included.
    pub fn add(&mut self, config: Arc<StoredConfig>) -> Result<(), ConfigError> {
        self.refuse_taken(&config.artifact, |_| true)?;
        self.place(config);
        Ok(())
    }

    /// Replaces an artifact.
    ///
    /// # Errors
    /// [`ConfigError::Absent`] if it isn't here; [`ConfigError::Conflict`] if another artifact has its new
    /// handle, or its new name and version.
    pub fn update(&mut self, config: Arc<StoredConfig>) -> Result<(), ConfigError> {
        let uuid = config.artifact.uuid;
        if !self.artifacts.contains_key(&uuid) {
            return Err(ConfigError::Absent(uuid));
        }
        self.refuse_taken(&config.artifact, |owner| owner != uuid)?;
        self.take_out(uuid);
        self.place(config);
        Ok(())
    }

    /// Gives an artifact of an LLM or MCP kind its REST form, without which it has no routes. REST APIs have it
    /// from the start. Whoever calls this has found what it is translated with.
    pub fn hydrate(&mut self, uuid: Uuid) {
        if let Some(held) = self.artifacts.get_mut(&uuid) {
            held.routes = translated(&held.config.configuration);
        }
    }

    /// Whether an artifact has its REST form.
    pub fn is_hydrated(&self, uuid: Uuid) -> bool {
        self.artifacts.get(&uuid).is_some_and(|held| held.routes.is_some())
    }

    /// Drops an artifact.
    ///
    /// # Errors
    /// [`ConfigError::Absent`] if it isn't here.
    pub fn delete(&mut self, uuid: Uuid) -> Result<Arc<StoredConfig>, ConfigError> {
        self.take_out(uuid).ok_or(ConfigError::Absent(uuid))
    }

    /// Takes up a key, or replaces the one of the same identifier.
    ///
    /// # Errors
    /// [`ConfigError::KeyName`] if another key of its artifact has its name.
    pub fn store_key(&mut self, key: Arc<ApiKey>) -> Result<(), ConfigError> {
        let place = (key.artifact_uuid, key.name.clone());
        if self.keys.get(&place).is_some_and(|present| present.uuid != key.uuid) {
            return Err(ConfigError::KeyName { artifact: place.0, name: place.1 });
        }
        self.keys.insert(place, key);
        Ok(())
    }

    /// Drops the key of that identifier from an artifact, and says what it was.
    pub fn remove_key(&mut self, artifact: Uuid, key: Uuid) -> Option<Arc<ApiKey>> {
        let of = |present: &&Arc<ApiKey>| present.artifact_uuid == artifact && present.uuid == key;
        let name = self.keys.values().find(of)?.name.clone();
        self.keys.remove(&(artifact, name))
    }

    /// Drops every key of an artifact.
    pub fn remove_keys_of(&mut self, artifact: Uuid) {
        self.keys.retain(|(of, _), _| *of != artifact);
    }

    /// An artifact.
    pub fn get(&self, uuid: Uuid) -> Option<&Arc<StoredConfig>> {
        self.artifacts.get(&uuid).map(|held| &held.config)
    }

    /// An artifact of that kind by its handle.
    pub fn by_handle(&self, kind: Kind, handle: &str) -> Option<&Arc<StoredConfig>> {
        self.get(*self.handles.get(&(kind, handle.to_owned()))?)
    }

    /// Every artifact, by identifier.
    pub fn artifacts(&self) -> impl Iterator<Item = &Arc<StoredConfig>> {
        self.artifacts.values().map(|held| &held.config)
    }

    /// The artifacts that can be translated into routes, with the digest of what would be served.
    pub(super) fn translatable(&self) -> impl Iterator<Item = (&StoredConfig, Digest)> {
        self.artifacts.values().filter_map(|held| Some((&*held.config, held.routes?)))
    }

    /// Every key, by artifact and name.
    pub fn keys(&self) -> impl Iterator<Item = &Arc<ApiKey>> {
        self.keys.values()
    }

    fn refuse_taken(&self, row: &Artifact, counts: impl Fn(Uuid) -> bool) -> Result<(), ConfigError> {
        if self.handles.get(&handle_of(row)).is_some_and(|owner| counts(*owner)) {
            return Err(ConfigError::Conflict(format!("configuration with handle '{}'", row.handle)));
        }
        if self.names.get(&name_of(row)).is_some_and(|owner| counts(*owner)) {
            let (name, version) = (&row.display_name, &row.version);
            return Err(ConfigError::Conflict(format!(
                "configuration with name '{name}' and version '{version}'"
            )));
        }
        Ok(())
    }

    fn place(&mut self, config: Arc<StoredConfig>) {
        let uuid = config.artifact.uuid;
        self.handles.insert(handle_of(&config.artifact), uuid);
        self.names.insert(name_of(&config.artifact), uuid);
        let routes = match config.artifact.kind {
            // Once for each change of an artifact, and not for each of the snapshots it is in.
            Kind::RestApi => translated(&config.configuration),
            Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp => None,
        };
        self.artifacts.insert(uuid, Held { config, routes });
    }

    fn take_out(&mut self, uuid: Uuid) -> Option<Arc<StoredConfig>> {
        let old = self.artifacts.remove(&uuid)?.config;
        self.handles.remove(&handle_of(&old.artifact));
        self.names.remove(&name_of(&old.artifact));
        Some(old)
    }
}

fn handle_of(row: &Artifact) -> (Kind, String) {
    (row.kind, row.handle.clone())
}

fn name_of(row: &Artifact) -> NameVersion {
    (row.kind, row.display_name.clone(), row.version.clone())
}
