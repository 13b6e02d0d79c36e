//! Who is told of what, and what becomes of it when they can't be (docs/spec/platform.md section 3.7).

use tracing::warn;
use uuid::Uuid;

use super::ArtifactName;
use crate::cx::Cx;
use crate::design::{DeleteRecipients, EventIdentity, PlanRecipients, UntoldGateway};
use crate::platform::Platform;
use crate::platform::event::Event;
use crate::store::StoreError;
use crate::wire::kind::Kind;

impl Platform {
    /// The gateways that hear of an artifact's delete, as they are before it. This is where issue 1 was made,
    /// and mended: a deployment that was deleted took its status row along.
    pub(super) async fn delete_recipients(
        &self,
        cx: &Cx,
        organisation: Uuid,
        artifact: Uuid,
    ) -> Result<Vec<Uuid>, StoreError> {
        match self.design.delete_recipients {
            DeleteRecipients::StatusRows => self.gateways_with_status(cx, organisation, artifact).await,
            DeleteRecipients::Organisation => self.gateways_in(cx, organisation).await,
        }
    }

    /// The gateways that hear of a plan.
    pub(super) async fn plan_recipients(&self, cx: &Cx, organisation: Uuid) -> Result<Vec<Uuid>, StoreError> {
        match self.design.plan_recipients {
            PlanRecipients::EveryGateway => self.all_gateways(cx).await,
            PlanRecipients::Organisation => self.gateways_in(cx, organisation).await,
        }
    }

    /// Every gateway of an organisation, to tell them.
    pub(super) async fn gateways_in(&self, cx: &Cx, organisation: Uuid) -> Result<Vec<Uuid>, StoreError> {
        let gateways = self.list_gateways(cx, organisation).await?;
        Ok(gateways.iter().map(|row| row.uuid).collect())
    }

    /// Tells gateways of an artifact.
    pub(super) async fn tell_of(&self, cx: &Cx, name: &ArtifactName, gateways: &[Uuid], event: Event) {
        let event = match (self.design.event_identity, name.kind) {
            (EventIdentity::LlmHandle, Kind::LlmProvider | Kind::LlmProxy) => event.by_handle(&name.handle),
            (EventIdentity::LlmHandle, Kind::RestApi | Kind::Mcp) | (EventIdentity::Uuid, _) => event,
        };
        self.tell(cx, gateways, &event).await;
    }

    /// Tells gateways one after the other; says how many of them it reached. What is committed stays
    /// committed, whoever isn't reached.
    pub(super) async fn tell(&self, cx: &Cx, gateways: &[Uuid], event: &Event) -> usize {
        let mut reached = 0;
        for gateway in gateways {
            match self.broadcast(cx, *gateway, event).await {
                Ok(()) => reached += 1,
                Err(why) => {
                    warn!("{} not sent: {why}", event.name);
                    match self.design.untold_gateway {
                        UntoldGateway::IsPassedOver => {}
                        UntoldGateway::EndsTheTelling => break,
                    }
                }
            }
        }
        reached
    }
}
