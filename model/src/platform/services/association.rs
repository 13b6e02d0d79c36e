//! Associations of REST APIs with gateways: by hand (docs/spec/platform.md section 4.2), by a deploy (section
//! 3.2) and by a gateway that registers its own API (section 8).
//!
//! A gateway that is associated hears of the API's keys and subscriptions, deployed there or not. Each
//! association is a statement of its own.

use std::sync::Arc;

use uuid::Uuid;

use super::ArtifactName;
use crate::cx::{Cx, Mint};
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::platform::tables::{Association, AssociationMapping, Deployment, Gateway};
use crate::store::StoreError;

impl Platform {
    /// The gateways that an API is associated with.
    pub(in crate::platform) async fn gateways_of(
        &self,
        cx: &Cx,
        api: &ArtifactName,
    ) -> Result<Vec<Arc<Gateway>>, Refusal> {
        let artifact = self.artifact(cx, api).await?.artifact.uuid;
        Ok(self.associated_gateways(cx, api.organisation, artifact).await?)
    }

    /// Associates an API with gateways of its organisation, and says with which it is now.
    pub(in crate::platform) async fn associate_by_hand(
        &self,
        cx: &Cx,
        api: &ArtifactName,
        gateways: &[Uuid],
    ) -> Result<Vec<Arc<Gateway>>, Refusal> {
        let artifact = self.artifact(cx, api).await?.artifact.uuid;
        for gateway in gateways {
            self.gateway(cx, api.organisation, *gateway).await?;
        }
        for gateway in gateways {
            self.ensure_association(cx, api.organisation, artifact, *gateway).await?;
        }
        Ok(self.associated_gateways(cx, api.organisation, artifact).await?)
    }

    /// Looks for an association and makes it if it isn't there: two statements.
    pub(super) async fn ensure_association(
        &self,
        cx: &Cx,
        organisation: Uuid,
        artifact: Uuid,
        gateway: Uuid,
    ) -> Result<(), StoreError> {
        if self.is_associated(cx, organisation, artifact, gateway).await? {
            return Ok(());
        }
        self.insert_association(cx, &association(cx, organisation, artifact, gateway)).await
    }

    /// The association that a deployment brings with it.
    pub(super) fn association_of(&self, cx: &Cx, deployment: &Deployment) -> AssociationMapping {
        association(cx, deployment.organisation, deployment.artifact, deployment.gateway)
    }
}

fn association(cx: &Cx, organisation: Uuid, artifact: Uuid, gateway: Uuid) -> AssociationMapping {
    AssociationMapping {
        id: cx.mint(Mint::Other { what: "association", of: artifact.into() }),
        artifact,
        organisation,
        resource: gateway,
        association_type: Association::Gateway,
    }
}
