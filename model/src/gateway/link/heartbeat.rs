//! Noticing that the platform has gone silent (docs/spec/gateway.md section 3.5).
//!
//! Each connect starts a monitor, and no disconnect ends one: they pile up, all looking at the one time of
//! the last ping, and each ends whichever connection is current when it loses patience.

use std::time::Duration;

use bytes::Bytes;

use super::Line;
use crate::cx::{At, Cx};
use crate::design::{SignOfLife, Silence};
use crate::gateway::memory::LinkStatus;
use crate::gateway::replica::Replica;
use crate::ticker::Ticker;
use crate::ws::SocketError;

/// How often a monitor looks.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);

impl Replica {
    /// Looks until the platform has been silent for too long, and ends the connection.
    pub(super) async fn monitor_heartbeat(&self, cx: &Cx) {
        let limit = i64::try_from(self.settings.heartbeat_timeout.as_secs()).unwrap_or(i64::MAX);
        let mut ticker = Ticker::new(cx, CHECK_INTERVAL);
        loop {
            if ticker.tick_unless(cx, self.client.asked()).await.is_none() {
                return;
            }
            if self.seconds(cx) - self.link.state().last_heartbeat > limit {
                break;
            }
        }
        tracing::warn!("no ping from the platform for {limit} s");
        let at = At::site("ws.heartbeat-timeout").to(self.platform.node());
        let current = cx.cross(at, |_, _| self.link.state().current.take()).await;
        if let Ok(Some(line)) = current {
            line.close();
        }
        self.enter(LinkStatus::Reconnecting);
    }

    /// The platform has given a sign of life.
    pub(super) fn heard(&self, cx: &Cx) {
        let now = self.seconds(cx);
        self.link.state().last_heartbeat = now;
    }

    /// The clock by which silence is found.
    fn seconds(&self, cx: &Cx) -> i64 {
        match self.design.silence {
            Silence::WallClock => cx.wall().timestamp(),
            Silence::Uptime => i64::try_from(cx.uptime().as_secs()).unwrap_or(i64::MAX),
        }
    }

    /// Answers a ping. Pings are heard only while somebody reads, so a long event starves the monitor.
    pub(super) async fn answer_ping(&self, cx: &Cx, line: &Line, body: Bytes) -> Result<(), SocketError> {
        match self.design.sign_of_life {
            SignOfLife::Ping => self.heard(cx),
            SignOfLife::Connect => {}
        }
        let at = At::site("ws.pong").nth(cx.uptime().as_secs());
        line.unless_closed(line.sender.pong(cx, at, body)).await
    }
}
