//! Forgetting old events (docs/spec/gateway.md section 9.3), and with them their idempotency keys.

use chrono::TimeDelta;

use super::Hub;
use crate::cx::{At, Cx};
use crate::gateway::storage::earlier;
use crate::gateway::tables::Event;
use crate::store::StoreError;
use crate::ticker::Ticker;

impl Hub {
    pub(super) async fn cleanup_loop(&self, cx: &Cx) {
        let mut ticker = Ticker::new(cx, self.cleanup_interval);
        loop {
            let Some(k) = ticker.tick_unless(cx, self.loops.asked()).await else { return };
            if let Err(error) = self.clean_up(cx, k).await {
                tracing::warn!(%error, "clean-up of events failed");
            }
        }
    }

    /// Deletes what is older than the retention period; says how many events that were.
    pub async fn clean_up(&self, cx: &Cx, k: u64) -> Result<usize, StoreError> {
        let flavour = self.pool.settings().flavour;
        let retention = TimeDelta::from_std(self.retention).unwrap_or(TimeDelta::MAX);
        // A period longer than the calendar keeps everything.
        let Some(horizon) = cx.wall().checked_sub_signed(retention) else { return Ok(0) };
        let old = |event: &Event| {
            event.gateway_id == self.gateway_id && earlier(flavour, &event.processed_timestamp, &horizon)
        };
        self.database()?.write(cx, At::site("hub.cleanup").nth(k), |w| w.delete_where(old)).await
    }
}
