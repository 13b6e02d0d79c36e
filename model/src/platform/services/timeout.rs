//! The job that gives up waiting for acknowledgements (docs/spec/platform.md section 3.8).
//!
//! Every process runs it, over the rows of all organisations, and where nothing waits it finds nothing. A row
//! is failed only if it still is as it was read, so that of several processes, or of the job and an
//! acknowledgement, the first has it. The gateway is told nothing and may be serving what has failed here.

use tracing::{info, warn};

use crate::cx::Cx;
use crate::platform::Platform;
use crate::ticker::Ticker;
use crate::wire::time::Instant;

impl Platform {
    /// Looks at fixed distances, for as long as the process lives. The first look is one interval after the
    /// start. A panic in it is nobody's to recover and ends the process.
    pub(in crate::platform) async fn time_out(&self, cx: &Cx) {
        let mut ticker = Ticker::new(cx, self.settings.timeout_interval);
        loop {
            let nth = ticker.tick(cx).await;
            self.fail_stale(cx, nth).await;
        }
    }

    /// One look.
    pub(in crate::platform) async fn fail_stale(&self, cx: &Cx, nth: u64) {
        let Some(then) = earlier(cx.wall(), self.settings.timeout_duration) else { return };
        let stale = match self.list_stale(cx, nth, then).await {
            Ok(stale) => stale,
            Err(why) => return warn!("not looked for what waits: {why}"),
        };
        for row in stale {
            match self.time_out_status(cx, &row).await {
                Ok(true) => info!("{} waited too long", row.deployment),
                // Somebody else was faster.
                Ok(false) => {}
                Err(why) => warn!("{} not failed: {why}", row.deployment),
            }
        }
    }
}

/// The instant by so much earlier, if there is one.
fn earlier(now: Instant, by: std::time::Duration) -> Option<Instant> {
    now.checked_sub_signed(chrono::Duration::from_std(by).ok()?)
}
