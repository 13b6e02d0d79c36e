//! A ticker: fires at fixed distances from its start, however long the work in between takes.
//!
//! A tick that comes due during the work fires right after it, once; further ones are lost.

use std::future::Future;
use std::time::Duration;

use crate::cx::Cx;

/// Fires at fixed distances from its start.
pub(crate) struct Ticker {
    next: Duration,
    period: Duration,
}

impl Ticker {
    /// A ticker that first fires one period from now.
    pub fn new(cx: &Cx, period: Duration) -> Self {
        let period = period.max(Duration::from_millis(1));
        Ticker { next: cx.uptime() + period, period }
    }

    /// Waits for the next tick, unless `end` comes before it.
    pub async fn tick_unless(&mut self, cx: &Cx, end: impl Future<Output = ()>) -> Option<u64> {
        tokio::select! {
            biased;
            () = end => None,
            k = self.tick(cx) => Some(k),
        }
    }

    /// Waits for the next tick, and numbers it by the time since the process began.
    pub async fn tick(&mut self, cx: &Cx) -> u64 {
        cx.tick(self.next.saturating_sub(cx.uptime())).await;
        let due = self.next;
        while self.next <= cx.uptime() {
            self.next += self.period;
        }
        u64::try_from(due.as_micros() / self.period.as_micros()).expect("a number of periods is small")
    }
}
