//! Restore, also called redeploy or roll-back (docs/spec/platform.md section 3.3): an old deployment becomes
//! the current one again. No new deployment is made.

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
    pub(in crate::platform) async fn restore(
        &self,
        cx: &Cx,
        name: &ArtifactName,
        deployment: Uuid,
        gateway: Uuid,
    ) -> Result<Held, Refusal> {
        // Unlike its siblings, restore never looks whether the artifact is of the route's kind.
        let artifact = self.resolve(cx, name).await?;
        let held = self.find_deployment(cx, name.organisation, artifact, deployment).await?;
        let held = held.ok_or(Refusal::Unknown(Thing::Deployment))?;
        if held.deployment.gateway != gateway {
            return Err(Refusal::OtherGateway);
        }
        if held.state() == Some(State::Deployed) {
            return Err(Refusal::AlreadyDeployed);
        }
        self.gateway(cx, name.organisation, gateway).await?;

        let now = cx.wall();
        let status = current(&held.deployment, self.deployed(), Desired::Deployed, to_millis(now), now);
        self.set_status(cx, &status).await?;
        self.tell_of(cx, name, &[gateway], Event::deployed(name.kind, &status)).await;
        Ok(Held { status: Some(status.into()), ..held })
    }
}
