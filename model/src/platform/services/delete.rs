//! Delete of an artifact (docs/spec/platform.md section 3.5).
//!
//! Nothing needs to be undeployed first. The recipients are read before the delete and outside its
//! transaction, so a gateway made in between isn't told.

use tracing::warn;

use super::ArtifactName;
use crate::cx::Cx;
use crate::platform::Platform;
use crate::platform::event::Event;
use crate::platform::refusal::{Refusal, Thing};

impl Platform {
    pub(in crate::platform) async fn delete_artifact(
        &self,
        cx: &Cx,
        name: &ArtifactName,
    ) -> Result<(), Refusal> {
        let found = self.find_of_kind(cx, name).await?;
        let uuid = found.ok_or(Refusal::Unknown(Thing::Artifact(name.kind)))?.artifact.uuid;
        let recipients = self.delete_recipients(cx, name.organisation, uuid).await.unwrap_or_else(|why| {
            // The delete goes on, and nobody will hear of it.
            warn!("no recipients for the delete: {why}");
            Vec::new()
        });
        if !self.delete_artifact_rows(cx, name.kind, uuid).await? {
            return Err(name.kind.lost_delete());
        }
        self.tell_of(cx, name, &recipients, Event::deleted(name.kind, uuid)).await;
        Ok(())
    }
}
