//! The revision of what a gateway ought to have: a digest of the rows that decide it.
//!
//! The real system would keep a counter for each organisation, which every writing transaction raises. A digest says
//! the same and needs nothing in the rest of the code.

use std::fmt::Debug;

use sha2::{Digest, Sha256};
use tracing::warn;
use uuid::Uuid;

use crate::cx::{At, Cx};
use crate::design::Revision;
use crate::platform::Platform;
use crate::platform::services::Identity;
use crate::platform::tables::{
    ApiKey, Application, ApplicationApiKey, Artifact, DeploymentStatus, Subscription, SubscriptionPlan,
};
use crate::store::View;

impl Platform {
    /// What the body of a ping says: the revision, or nothing.
    pub(in crate::platform) async fn revision_to_tell(
        &self,
        cx: &Cx,
        of: Identity,
        nth: u64,
    ) -> bytes::Bytes {
        if !self.tells_revision() {
            return bytes::Bytes::new();
        }
        let at = At::site("store.find-revision").nth(nth);
        let revision = self.database.read(cx, at, |view| revision(view, of.organisation, of.gateway)).await;
        match revision {
            Ok(revision) => revision.into(),
            Err(why) => {
                warn!("no revision for a ping: {why}");
                bytes::Bytes::new()
            }
        }
    }

    /// Whether anybody is told of it.
    pub(super) fn tells_revision(&self) -> bool {
        match self.design.revision {
            Revision::IsUntold => false,
            Revision::IsTold => true,
        }
    }
}

/// The revision of what a gateway of an organisation ought to have, as a view of the database has it.
pub(super) fn revision(view: &View<'_>, organisation: Uuid, gateway: Uuid) -> String {
    let mut digest = Sha256::new();
    let mut add = |part: &dyn Debug| digest.update(format!("{part:?};"));
    let artifacts = view.scan::<Artifact>(|row| row.organisation == organisation);
    artifacts.iter().for_each(|row| add(&row.uuid));
    let statuses =
        view.scan::<DeploymentStatus>(|row| row.organisation == organisation && row.gateway == gateway);
    for row in &statuses {
        add(&(row.artifact, row.deployment, row.status, row.status_desired, row.performed_at));
    }
    let of_these = |artifact: Uuid| artifacts.iter().any(|row| row.uuid == artifact);
    view.scan::<ApiKey>(|row| of_these(row.artifact)).iter().for_each(|row| add(row));
    view.scan::<Subscription>(|row| row.organisation == organisation).iter().for_each(|row| add(row));
    view.scan::<SubscriptionPlan>(|row| row.organisation == organisation).iter().for_each(|row| add(row));
    let applications = view.scan::<Application>(|row| row.organisation == organisation);
    for row in &applications {
        add(&(row.uuid, &row.handle, &row.name));
        let keys = view.scan::<ApplicationApiKey>(|mapping| mapping.application == row.uuid);
        keys.iter().for_each(|mapping| add(&mapping.api_key));
    }
    hex(&digest.finalize()[..16])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
