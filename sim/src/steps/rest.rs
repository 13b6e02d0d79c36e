//! The end of faults, and waiting until nothing changes any more.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use driftless_model::cx::Cx;

use super::Runner;
use crate::gate::What;
use crate::world::State;

impl Runner {
    /// Ends what is still wrong: faults that are still to come, cut links, processes that are down. Says
    /// whether a link or a process was.
    pub(super) fn mend(&self) -> bool {
        let healed = self.heal();
        let mut state = self.world.lock();
        state.heal_faults();
        let down = |name: &&Arc<str>| state.is_down(name) && !state.is_kept_down(name);
        let nodes: Vec<_> = state.nodes.keys().filter(down).cloned().collect();
        for node in &nodes {
            state.start(node, Vec::new());
        }
        healed || !nodes.is_empty()
    }

    /// Waits until only what never ends is pending and nothing has changed for a while. What is still
    /// pending when that takes too long, in words; the last time it is asked decides whether a run stalled.
    pub(super) async fn settle(&self, cx: &Cx) -> Option<String> {
        let mut begun = self.world.lock().gate.now_us();
        loop {
            let pause = {
                let state = self.world.lock();
                let now = state.gate.now_us();
                let rest = state.changed_us.max(begun) + state.settings.settle_quiet_us;
                let busy = state.under_way().next().is_some();
                if now >= rest && !busy {
                    return None;
                }
                // The limit counts from the last fault that has yet to end.
                if state.has_errand() {
                    begun = now;
                }
                if now >= begun + state.settings.settle_limit_us {
                    return Some(self.stalled(&state));
                }
                if busy { rest.saturating_sub(now).max(1_000_000) } else { rest - now }
            };
            cx.tick(Duration::from_micros(pause)).await;
        }
    }

    fn stalled(&self, state: &State) -> String {
        let limit = Duration::from_micros(state.settings.settle_limit_us);
        let mut pending: BTreeMap<String, usize> = BTreeMap::new();
        for what in state.under_way() {
            let words = match what {
                What::Task(address) => format!("{} {}", address.node, address.task),
                What::Transit { from, to } => format!("bytes from {from} to {to}"),
                What::Errand(_) => "a fault that has yet to end".to_owned(),
            };
            *pending.entry(words).or_default() += 1;
        }
        let what = match pending.len() {
            0 => "the state kept changing".to_owned(),
            _ => format!("still pending: {}", pending.into_keys().collect::<Vec<_>>().join(", ")),
        };
        format!("the world did not come to rest within {}s; {what}", limit.as_secs())
    }
}
