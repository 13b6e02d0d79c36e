//! [`Replica`]: what the tasks of one gateway process share.
//!
//! It is a bag of handles and decides nothing. What the tasks do with it is in the files named after their
//! work, as methods of the replica.

use std::sync::Arc;

use super::hub::{Announcement, Hub, News};
use super::link::Link;
use super::memory::Projections;
use super::platform::PlatformClient;
use super::storage::Storage;
use super::sync::Turns;
use crate::cx::Cx;
use crate::design::Design;
use crate::settings::GatewaySettings;
use crate::tasks::Tasks;

/// What the tasks of one gateway process share.
pub(super) struct Replica {
    pub design: Design,
    pub settings: GatewaySettings,
    pub storage: Storage,
    pub hub: Arc<Hub>,
    pub projections: Arc<Projections>,
    pub platform: PlatformClient,
    pub link: Link,
    /// Whose turn it is to ask the platform for everything.
    pub turns: Turns,
    /// Held by whoever makes memory anew after the database.
    pub following: tokio::sync::Mutex<()>,
    /// Whatever talks to the platform.
    pub client: Tasks,
    /// The listener.
    pub listening: Tasks,
}

impl Replica {
    /// Publishes, and goes on whatever becomes of it: the write it tells of has been committed.
    pub async fn announce(&self, cx: &Cx, announcement: Announcement) {
        self.hub.announce(cx, announcement).await;
    }

    /// What there is to tell of a change that is about to be made.
    pub fn news(&self, announcements: Vec<Announcement>) -> News<'_> {
        News::new(&self.hub, self.design.hub_events, announcements)
    }
}
