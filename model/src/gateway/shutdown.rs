//! An orderly end (docs/spec/gateway.md section 3.2).
//!
//! The listener goes first, then the hub, then the client of the platform, and the management API last. Between
//! the hub and the end events are still handled and local users still heard: what they write is committed and
//! answered for, and no replica hears of it.

use std::time::Duration;

use super::local::Management;
use super::memory::LinkStatus;
use super::replica::Replica;
use crate::cx::Cx;

/// How long all of it may take (section 2).
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(15);

impl Replica {
    /// Ends what the boot began. What hasn't ended when the time is up dies with the process.
    pub(super) async fn shut_down(&self, cx: &Cx, management: &Management) {
        let in_order = async {
            self.listening.ask();
            self.listening.ended().await;
            self.hub.close(cx).await;
            self.stop_client(cx).await;
            management.close();
        };
        if cx.timeout(SHUTDOWN_TIMEOUT, in_order).await.is_none() {
            tracing::warn!("the shutdown took longer than {SHUTDOWN_TIMEOUT:?}");
        }
    }

    /// Says goodbye to the platform, interrupts whoever waits to connect, and waits for the client's tasks: an
    /// event that is being handled and a sync that is under way are finished.
    async fn stop_client(&self, cx: &Cx) {
        self.hang_up(cx).await;
        self.client.ask();
        self.client.ended().await;
        self.projections.change(|state| state.link = LinkStatus::Disconnected);
    }
}
