//! Create of an artifact (docs/spec/platform.md sections 3.6 and 4.2). No gateway hears of it.
//!
//! The checks before the insert are for the better error; what holds is the database's constraints.

use uuid::Uuid;

use super::ArtifactName;
use super::configuration::Configuration;
use crate::cx::{Cx, Mint};
use crate::design::QuotaCheck;
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::statements::Found;
use crate::platform::tables::{Artifact, Object};
use crate::wire::kind::Kind;

impl Platform {
    pub(in crate::platform) async fn create_artifact(
        &self,
        cx: &Cx,
        organisation: Uuid,
        kind: Kind,
        body: Object,
    ) -> Result<Found, Refusal> {
        let said = Configuration::read(kind, body)?;
        let called = ArtifactName { organisation, kind, handle: said.handle.clone() };
        let references = self.references(cx, &called, &said).await?;
        let counts_afterwards = self.counts_afterwards();
        if !counts_afterwards {
            self.check_quota(cx, &called, 0).await?;
        }
        self.check_free(cx, &called, &said).await?;

        let now = cx.wall();
        let uuid = cx.mint(Mint::Artifact { organisation, handle: &said.handle });
        let Configuration { handle, name, version, body } = said;
        let artifact =
            Artifact { uuid, handle, name, version, kind, organisation, created_at: now, updated_at: now };
        let detail = references.detail(uuid, body);
        self.insert_artifact(cx, &artifact, &detail).await.map_err(|e| kind.failed_insert(e))?;
        if counts_afterwards {
            self.check_quota(cx, &called, 1).await?;
        }
        Ok(Found { artifact: artifact.into(), detail })
    }

    /// Whether a new artifact is there when it is counted.
    fn counts_afterwards(&self) -> bool {
        match self.design.quota_check {
            QuotaCheck::AfterInsert => true,
            QuotaCheck::BeforeInsert => false,
        }
    }

    /// Whether the organisation may have this one too; `counted` says how many of those there are it is itself.
    async fn check_quota(&self, cx: &Cx, name: &ArtifactName, counted: usize) -> Result<(), Refusal> {
        let Some(most) = name.kind.quota() else { return Ok(()) };
        let count = self.count_artifacts(cx, name.organisation, name.kind).await?;
        if count >= most + counted { Err(Refusal::QuotaReached(name.kind)) } else { Ok(()) }
    }

    /// Whether handle, and for REST APIs name and version, are free: among artifacts of the kind only, though
    /// they must be free among all.
    async fn check_free(&self, cx: &Cx, name: &ArtifactName, said: &Configuration) -> Result<(), Refusal> {
        if self.find_of_kind(cx, name).await?.is_some() {
            return Err(Refusal::Taken(Thing::Artifact(name.kind)));
        }
        if name.kind == Kind::RestApi && self.name_is_taken(cx, name, &said.name, &said.version).await? {
            return Err(Refusal::Taken(Thing::ArtifactName(name.kind)));
        }
        Ok(())
    }
}
