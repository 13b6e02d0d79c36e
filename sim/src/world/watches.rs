//! Steps that wait for a crossing: whoever watches for an address is told when it is reached.

use driftless_model::cx::CrossingId;
use tokio::sync::oneshot;

use crate::address::{Address, Pattern};

use super::State;

/// The addresses that somebody watches for.
#[derive(Debug, Default)]
pub(crate) struct Watches(Vec<(Pattern, oneshot::Sender<CrossingId>)>);

impl Watches {
    /// Tells whoever watches for this address.
    pub(super) fn reached(&mut self, address: &Address, crossing: CrossingId) {
        for (_, tell) in self.0.extract_if(.., |(at, _)| at.fits(address)) {
            // Who has stopped waiting needn't know.
            let _ = tell.send(crossing);
        }
    }
}

impl State {
    /// Watches for the first crossing that fits.
    pub(crate) fn watch_for(&mut self, at: Pattern) -> oneshot::Receiver<CrossingId> {
        let (tell, told) = oneshot::channel();
        self.watches.0.push((at, tell));
        told
    }
}
