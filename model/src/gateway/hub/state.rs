//! The hub's one row for this gateway, which says whether there is anything new.

use super::Hub;
use crate::cx::{At, Cx};
use crate::gateway::tables::GatewayState;
use crate::store::StoreError;

impl Hub {
    /// Makes the row if it isn't there. An empty version means that nothing was ever published.
    pub async fn register(&self, cx: &Cx, at: At<'_>) -> Result<(), StoreError> {
        let now = cx.wall();
        let insert_if_absent = |w: &mut crate::store::Writer<'_>| {
            if w.get::<GatewayState>(self.gateway_id.as_str()).is_some() {
                return Ok(());
            }
            w.insert(GatewayState {
                gateway_id: self.gateway_id.clone(),
                version_id: String::new(),
                updated_at: now,
            })
        };
        self.database()?.write(cx, at, insert_if_absent).await
    }

    /// The current version.
    pub(super) async fn version(&self, cx: &Cx, at: At<'_>) -> Result<Option<String>, StoreError> {
        let version =
            self.database()?.read(cx, at, |view| view.get::<GatewayState>(self.gateway_id.as_str()));
        Ok(version.await?.map(|state| state.version_id.clone()))
    }
}
