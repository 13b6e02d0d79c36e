//! Undeploy (docs/spec/platform.md section 3.4): the deployment stays current and is no longer to be served.
//!
//! Check and write are two statements and nothing is compared when writing, so of an undeploy and a deploy at
//! once the later write stands.

use uuid::Uuid;

use super::ArtifactName;
use super::deploy::current;
use crate::cx::Cx;
use crate::platform::Platform;
use crate::platform::event::Event;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::statements::Held;
use crate::platform::tables::{Desired, State};
use crate::wire::time::to_millis;

impl Platform {
    pub(in crate::platform) async fn undeploy(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        deployment: Uuid,
        gateway: Uuid,
    ) -> Result<Held, Refusal> {
        let artifact = self.resolve_checked(cx, name).await?;
        let held = self.find_deployment(cx, name.organisation, artifact, deployment).await?;
        let held = held.ok_or(Refusal::Unknown(Thing::Deployment))?;
        if held.deployment.gateway != gateway {
            return Err(Refusal::OtherGateway);
        }
        if held.state() != Some(State::Deployed) {
            return Err(Refusal::NotDeployed);
        }
        self.gateway(cx, name.organisation, gateway).await?;

        let now = cx.wall();
        let status = current(&held.deployment, self.undeployed(), Desired::Undeployed, to_millis(now), now);
        self.set_status(cx, &status).await?;
        self.tell_of(cx, name, &[gateway], Event::undeployed(name.kind, &status)).await;
        Ok(Held { status: Some(status.into()), ..held })
    }
}
