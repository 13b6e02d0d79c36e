//! News: what a change is about, told with the change or after it (docs/spec/gateway.md section 9.1).
//!
//! Who changes the database says the same thing twice: [`News::within`] in the transaction of the change,
//! [`News::afterwards`] when it is committed. One of them does nothing, by the design.

use super::{Announcement, Hub};
use crate::cx::Cx;
use crate::design::HubEvents;
use crate::gateway::storage::Transaction;
use crate::store::StoreError;

/// What there is to tell of one change.
pub(in crate::gateway) struct News<'a> {
    hub: &'a Hub,
    announcements: Vec<Announcement>,
    when: HubEvents,
}

impl<'a> News<'a> {
    /// News that the hub hears of when the design says so.
    pub fn new(hub: &'a Hub, when: HubEvents, announcements: Vec<Announcement>) -> Self {
        News { hub, announcements, when }
    }

    /// Whether the hub hears of them in the transaction of the change.
    pub fn are_within(&self) -> bool {
        match self.when {
            HubEvents::AfterTheChange => false,
            HubEvents::WithTheChange => true,
        }
    }

    /// Told in the transaction of the change, if that is when.
    pub async fn within(&self, cx: &Cx, transaction: &mut Transaction) -> Result<(), StoreError> {
        if !self.are_within() {
            return Ok(());
        }
        self.hub.publish_in(cx, transaction, &self.announcements).await
    }

    /// Told now that the change is committed, if that is when. What fails is logged: the change stays.
    pub async fn afterwards(self, cx: &Cx) {
        if self.are_within() {
            return;
        }
        for announcement in self.announcements {
            self.hub.announce(cx, announcement).await;
        }
    }
}
