//! Artifacts that a local user makes, changes and deletes (docs/spec/gateway.md sections 5, 11 and 12).

use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::LocalRefusal;
use crate::cx::{Cx, Mint};
use crate::gateway::hub::Announcement;
use crate::gateway::memory::StoredConfig;
use crate::gateway::pipeline::{DeployError, validated};
use crate::gateway::replica::Replica;
use crate::gateway::storage::RemovalError;
use crate::gateway::tables::{Action, Artifact, DesiredState, Origin};
use crate::wire::definition::Definition;
use crate::wire::kind::Kind;
use crate::wire::time;

impl Replica {
    /// The artifact of that kind under that handle, whoever made it.
    pub(super) async fn local_artifact(
        &self,
        cx: &Cx,
        kind: Kind,
        handle: &str,
    ) -> Result<Uuid, LocalRefusal> {
        let found = self.storage.find_by_handle(cx, kind, handle).await?;
        found.ok_or_else(|| LocalRefusal::not_found(kind, handle))
    }

    /// Inserts it as deployed, now, under an identifier of the gateway's own.
    pub(super) async fn create_local_artifact(
        self: &Arc<Self>,
        cx: &Cx,
        kind: Kind,
        handle: &str,
        definition: Vec<u8>,
    ) -> Result<(), LocalRefusal> {
        let head = of_handle(kind, handle, &definition)?;
        let now = cx.wall();
        let artifact = Artifact {
            gateway_id: self.storage.gateway_id().to_owned(),
            uuid: cx.mint(Mint::LocalArtifact { handle }),
            display_name: head.spec.display_name.clone(),
            version: head.spec.version.clone(),
            kind,
            handle: head.metadata.name.clone(),
            desired_state: DesiredState::Deployed,
            deployment_id: None,
            origin: Origin::GatewayApi,
            created_at: now,
            updated_at: now,
            deployed_at: Some(time::to_millis(now)),
        };
        let config = StoredConfig { artifact, configuration: Bytes::from(definition) };
        self.require_template(cx, &config).await?;
        self.require_provider(cx, &config).await?;
        self.refuse_taken(cx, &config.artifact).await?;
        let news = self.news(vec![Announcement::artifact(kind, Action::Create, config.artifact.uuid, "")]);
        self.storage.save_config(cx, &config, &news).await?;
        news.afterwards(cx).await;
        self.push_local_api(cx, config);
        Ok(())
    }

    /// Rewrites it, whoever made it and however new it is.
    ///
    /// A REST API stays what it was to the platform. The other kinds become the gateway's own as of now: the
    /// deployment sync no longer knows them, and what the platform deployed before is stale.
    pub(super) async fn update_local_artifact(
        &self,
        cx: &Cx,
        kind: Kind,
        handle: &str,
        definition: Vec<u8>,
    ) -> Result<(), LocalRefusal> {
        let head = of_handle(kind, handle, &definition)?;
        let uuid = self.local_artifact(cx, kind, handle).await?;
        let stored = self.storage.find(cx, uuid).await?;
        let stored = stored.ok_or_else(|| LocalRefusal::not_found(kind, handle))?.artifact;
        let now = cx.wall();
        let (display_name, version) = (head.spec.display_name.clone(), head.spec.version.clone());
        let changed = Artifact { display_name, version, updated_at: now, ..stored };
        let artifact = match kind {
            Kind::RestApi => changed,
            Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp => Artifact {
                desired_state: DesiredState::Deployed,
                deployment_id: None,
                origin: Origin::GatewayApi,
                deployed_at: Some(time::to_millis(now)),
                ..changed
            },
        };
        let config = StoredConfig { artifact, configuration: Bytes::from(definition) };
        self.require_template(cx, &config).await?;
        self.require_provider(cx, &config).await?;
        self.refuse_taken(cx, &config.artifact).await?;
        let news = self.news(vec![Announcement::artifact(kind, Action::Update, uuid, "")]);
        if !self.storage.update_config(cx, &config, &news).await? {
            return Err(LocalRefusal::not_found(kind, handle));
        }
        news.afterwards(cx).await;
        Ok(())
    }

    /// Deletes it as an event of the platform would, which the services of the other kinds than REST APIs know
    /// by handle as well (section 5.3). The platform isn't told, and at its next start the process
    /// fetches what the platform still lists.
    pub(super) async fn delete_local_artifact(
        &self,
        cx: &Cx,
        kind: Kind,
        handle: &str,
    ) -> Result<(), LocalRefusal> {
        let deleted = match kind {
            Kind::RestApi => {
                let uuid = self.local_artifact(cx, kind, handle).await?;
                self.delete_artifact(cx, kind, uuid, String::new()).await.map(drop)
            }
            Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp => {
                self.delete_by_handle(cx, kind, handle, String::new()).await
            }
        };
        deleted.map_err(|error| match error {
            RemovalError::NotFound => LocalRefusal::not_found(kind, handle),
            RemovalError::Store(error) => error.into(),
        })
    }
}

/// The definition, if it is one of that kind under that handle.
fn of_handle(kind: Kind, handle: &str, definition: &[u8]) -> Result<Arc<Definition>, LocalRefusal> {
    let definition = validated(kind, definition)?;
    if definition.metadata.name != handle {
        let why = format!("metadata.name is not '{handle}'");
        return Err(DeployError::Invalid(why).into());
    }
    Ok(definition)
}
