//! Statements on subscriptions.

use std::cmp::Reverse;
use std::sync::Arc;

use uuid::Uuid;

use super::{Outcome, page};
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::{DeploymentStatus, State, Subscription};

impl Platform {
    /// A subscription of the organisation.
    pub(in crate::platform) async fn find_subscription(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
    ) -> Outcome<Option<Arc<Subscription>>> {
        let at = At::site("store.find-subscription").about(uuid);
        let mine = |row: &Arc<Subscription>| row.organisation == organisation;
        self.database.read(cx, at, |view| view.get::<Subscription>(uuid).filter(mine)).await
    }

    /// One page of the subscriptions to an API, newest first, behind the first `offset` of them.
    pub(in crate::platform) async fn page_of_subscriptions(
        &self,
        cx: &Cx,
        organisation: Uuid,
        api: Uuid,
        offset: usize,
    ) -> Outcome<Vec<Arc<Subscription>>> {
        let at = At::site("store.list-subscriptions").about(api);
        let of = |row: &Subscription| row.organisation == organisation && row.api == api;
        let mut subscriptions = self.database.read(cx, at, |view| view.scan(of)).await?;
        subscriptions.sort_by_key(|row| Reverse(row.created_at));
        Ok(page(subscriptions, offset))
    }

    pub(in crate::platform) async fn insert_subscription(&self, cx: &Cx, row: &Subscription) -> Outcome<()> {
        let at = At::site("store.insert-subscription").about(row.uuid);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    /// Writes what a subscription has become; false if it is no more.
    pub(in crate::platform) async fn update_subscription_row(
        &self,
        cx: &Cx,
        row: &Subscription,
    ) -> Outcome<bool> {
        let at = At::site("store.update-subscription").about(row.uuid);
        self.database.write(cx, at, |writer| writer.update(row.clone())).await
    }

    pub(in crate::platform) async fn delete_subscription_row(&self, cx: &Cx, uuid: Uuid) -> Outcome<bool> {
        let at = At::site("store.delete-subscription").about(uuid);
        self.database.write(cx, at, |writer| writer.delete::<Subscription>(uuid)).await
    }

    /// How an artifact stands on a gateway, if it does.
    pub(in crate::platform) async fn state_on_gateway(
        &self,
        cx: &Cx,
        organisation: Uuid,
        artifact: Uuid,
        gateway: Uuid,
    ) -> Outcome<Option<State>> {
        let at = At::site("store.find-status").about(artifact);
        let key = DeploymentStatus::key_of(artifact, organisation, gateway);
        let status = |row: Arc<DeploymentStatus>| row.status;
        self.database.read(cx, at, |view| view.get(&key).map(status)).await
    }
}
