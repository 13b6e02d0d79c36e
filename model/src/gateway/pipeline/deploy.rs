//! The deploy pipeline (docs/spec/gateway.md section 5.2).
//!
//! The conflict checks read the database and the upsert writes it later, so two deployments under one handle
//! can both pass the checks; the database's own constraints then refuse one of them.

use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use crate::cx::Cx;
use crate::gateway::hub::Announcement;
use crate::gateway::listener::LookupError;
use crate::gateway::memory::StoredConfig;
use crate::gateway::replica::Replica;
use crate::gateway::storage::UpsertError;
use crate::gateway::tables::{Action, Artifact, DesiredState, Origin};
use crate::store::StoreError;
use crate::wire::definition::{API_VERSION, Definition};
use crate::wire::kind::Kind;
use crate::wire::time::Instant;

/// A definition to be served.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Deploy {
    pub kind: Kind,
    pub artifact: Uuid,
    pub deployment: Uuid,
    /// In whole milliseconds.
    pub deployed_at: Instant,
    pub definition: Vec<u8>,
    /// The idempotency key of the hub's event.
    pub event_id: String,
}

/// What became of a change that the guard may refuse.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::gateway) enum Outcome {
    /// It was written.
    Written,
    /// What is there is as new or newer; nothing was written or published.
    Stale,
}

/// Why a definition was not deployed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(in crate::gateway) enum DeployError {
    #[error("invalid definition: {0}")]
    Invalid(String),
    #[error(
        "configuration already exists: configuration with name '{name}' and version '{version}' already exists"
    )]
    NameTaken { name: String, version: String },
    #[error("configuration already exists: configuration with handle '{0}' already exists")]
    HandleTaken(String),
    #[error("LLM provider template '{0}' not found")]
    NoTemplate(String),
    #[error("LLM provider '{0}' not found")]
    NoProvider(String),
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Upsert(#[from] UpsertError),
}

impl Replica {
    /// Writes an artifact as deployed and tells the replicas.
    pub async fn deploy(&self, cx: &Cx, deploy: Deploy) -> Result<Outcome, DeployError> {
        if deploy.deployment.is_nil() {
            return Err(DeployError::Invalid("deployment ID is required".to_owned()));
        }
        let definition = validated(deploy.kind, &deploy.definition)?;
        let artifact = self.row(cx, &deploy, &definition);
        let config = StoredConfig { artifact, configuration: Bytes::from(deploy.definition) };
        self.require_template(cx, &config).await?;
        self.require_provider(cx, &config).await?;
        let known = self.storage.find(cx, deploy.artifact).await?.is_some();
        self.refuse_taken(cx, &config.artifact).await?;
        if !self.write_artifact(cx, &config).await? {
            return Ok(Outcome::Stale);
        }
        let action = if known { Action::Update } else { Action::Create };
        self.announce(cx, Announcement::artifact(deploy.kind, action, deploy.artifact, deploy.event_id))
            .await;
        Ok(Outcome::Written)
    }

    /// A provider is translated with its template. The platform knows templates that no gateway hears of, and
    /// what is made from those is refused here.
    pub async fn require_template(&self, cx: &Cx, config: &StoredConfig) -> Result<(), DeployError> {
        let Some(template) = config.template() else { return Ok(()) };
        let found = self.has_template(cx, config, &template).await?;
        if found { Ok(()) } else { Err(DeployError::NoTemplate(template)) }
    }

    /// A proxy is translated with its provider, which must be here by now: nobody tries again when it comes.
    pub async fn require_provider(&self, cx: &Cx, config: &StoredConfig) -> Result<(), DeployError> {
        let Some(handle) = config.provider() else { return Ok(()) };
        let found = self.storage.find_by_handle(cx, Kind::LlmProvider, &handle).await?;
        found.map(drop).ok_or(DeployError::NoProvider(handle))
    }

    /// Any other artifact of the kind counts, whoever created it, deployed or not: this is where a stale
    /// artifact stands in the way of a new one (section 12).
    pub async fn refuse_taken(&self, cx: &Cx, artifact: &Artifact) -> Result<(), DeployError> {
        if self.storage.other_with_name(cx, artifact).await?.is_some() {
            let (name, version) = (artifact.display_name.clone(), artifact.version.clone());
            return Err(DeployError::NameTaken { name, version });
        }
        if self.storage.other_with_handle(cx, artifact).await?.is_some() {
            return Err(DeployError::HandleTaken(artifact.handle.clone()));
        }
        Ok(())
    }

    /// The row of a deployment that came from the platform.
    pub fn row(&self, cx: &Cx, deploy: &Deploy, definition: &Definition) -> Artifact {
        let now = cx.wall();
        Artifact {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: deploy.artifact,
            display_name: definition.spec.display_name.clone(),
            version: definition.spec.version.clone(),
            kind: deploy.kind,
            handle: definition.metadata.name.clone(),
            desired_state: DesiredState::Deployed,
            deployment_id: Some(deploy.deployment),
            origin: Origin::ControlPlane,
            created_at: now,
            updated_at: now,
            deployed_at: Some(deploy.deployed_at),
        }
    }
}

/// The definition, if it is one of that kind that can be served.
pub(in crate::gateway) fn validated(kind: Kind, definition: &[u8]) -> Result<Arc<Definition>, DeployError> {
    let invalid = |why: &str| DeployError::Invalid(why.to_owned());
    let definition = Definition::parse(definition).map_err(|e| invalid(&e.to_string()))?;
    if definition.api_version != API_VERSION {
        return Err(invalid("unknown apiVersion"));
    }
    if definition.kind != kind.name() {
        return Err(invalid("it is of another kind"));
    }
    if definition.metadata.name.is_empty() {
        return Err(invalid("metadata.name is required"));
    }
    if definition.spec.display_name.is_empty() || definition.spec.version.is_empty() {
        return Err(invalid("displayName and version are required"));
    }
    Ok(definition)
}
