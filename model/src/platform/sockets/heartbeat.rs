//! Pings, and the end of a connection that doesn't answer them (docs/spec/platform.md section 6.3).
//!
//! The silence is looked at only when the next ping is due, so a peer that vanished counts as connected for
//! 20 to 40 s after its last pong. A ping to a full socket waits, and then nothing is looked at. A panic in it
//! is nobody's to recover and ends the process.

use tracing::info;

use super::Connection;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::ticker::Ticker;

impl Platform {
    /// Pings a connection until it is closed or gone.
    pub(super) async fn keep_alive(&self, cx: &Cx, connection: &Connection) {
        let mut ticker = Ticker::new(cx, self.settings.ping_interval);
        loop {
            let nth = ticker.tick(cx).await;
            if connection.is_closed() {
                return;
            }
            if connection.silence(cx) > self.settings.connection_timeout {
                info!("no pong for too long");
                return self.unregister(cx, connection).await;
            }
            let body = self.revision_to_tell(cx, connection.identity, nth).await;
            if let Err(why) = connection.ping(cx, At::site("ws.ping").nth(nth), body).await {
                info!("ping failed: {why}");
                return self.unregister(cx, connection).await;
            }
        }
    }
}
