//! What operators do to processes, and what happens to machines and links.

use std::collections::BTreeSet;
use std::time::Duration;

use driftless_model::cx::Cx;

use super::Runner;
use super::act::expect;
use crate::plan::{Node, Role};
use crate::world::Death;

/// How long a step waits for a gateway that it started to have synced.
const PATIENCE_US: u64 = 60_000_000;
/// How often a step looks whether what it waits for has come about.
pub(super) const GLANCE: Duration = Duration::from_millis(20);

impl Runner {
    pub(super) async fn start(&self, cx: &Cx, node: &str, organisation: Option<&str>) -> Vec<String> {
        let is_replica = Node::original(node) != node;
        let role = self.world.lock().nodes.get(node).and_then(|node| node.role);
        match role {
            Some(Role::Platform) => {
                self.world.lock().start(node, cx.task().take_seen());
                if is_replica { Vec::new() } else { expect(201, self.user.set_up(cx).await) }
            }
            Some(Role::Gateway) => {
                let shown = match is_replica {
                    true => Vec::new(),
                    false => expect(201, self.user.register(cx, node, organisation).await),
                };
                self.world.lock().start(node, cx.task().take_seen());
                self.synced(cx, node).await;
                shown
            }
            None => Vec::new(),
        }
    }

    pub(super) async fn restart(&self, cx: &Cx, node: &str, design: Option<&str>) -> Vec<String> {
        {
            let mut state = self.world.lock();
            let causes = cx.task().take_seen();
            state.kill(node, Death::Crash, causes.clone());
            if let (Some(at), Some(design)) =
                (state.nodes.get_mut(node), design.and_then(|name| name.parse().ok()))
            {
                at.design = design;
            }
            state.start(node, causes);
        }
        self.synced(cx, node).await;
        Vec::new()
    }

    /// Asks a process to end, and waits until it has.
    pub(super) async fn stop(&self, cx: &Cx, node: &str) -> Vec<String> {
        self.world.lock().ask_to_stop(node, cx.task().take_seen());
        let until = self.world.lock().gate.now_us() + PATIENCE_US;
        loop {
            {
                let state = self.world.lock();
                if state.nodes.get(node).is_none_or(|at| at.life.is_none()) {
                    return Vec::new();
                }
                if state.gate.now_us() >= until {
                    return vec![format!("{node} has not ended within a minute")];
                }
            }
            cx.sleep(GLANCE).await;
        }
    }

    pub(super) fn kill(&self, cx: &Cx, node: &str, death: Death) -> Vec<String> {
        self.world.lock().kill(node, death, cx.task().take_seen());
        Vec::new()
    }

    /// Waits until a gateway's process has asked the platform for everything it asks at its start, or has
    /// died, or takes too long.
    async fn synced(&self, cx: &Cx, node: &str) {
        let until = self.world.lock().gate.now_us() + PATIENCE_US;
        loop {
            {
                let state = self.world.lock();
                let Some(at) = state.nodes.get(node) else { return };
                let waits = at.role == Some(Role::Gateway) && at.life.is_some();
                let started = state.requests.is_empty();
                let synced = at.projections.as_ref().is_some_and(|p| p.sync().key_syncs > 0);
                if !waits || (started && synced) || state.gate.now_us() >= until {
                    return;
                }
            }
            cx.sleep(GLANCE).await;
        }
    }

    pub(super) fn cut(&self, cx: &Cx, from: &str, to: &str, both: bool) -> Vec<String> {
        let mut state = self.world.lock();
        let causes = cx.task().take_seen();
        let ways = if both { vec![(from, to), (to, from)] } else { vec![(from, to)] };
        for (from, to) in ways {
            state.net.cuts.insert((from.into(), to.into()));
            let cut = state.happened(from, "link.cut", Some(to), causes.clone());
            state.turn_with(cut);
        }
        Vec::new()
    }

    pub(super) fn heal(&self) -> bool {
        let mut state = self.world.lock();
        let cuts: BTreeSet<_> = std::mem::take(&mut state.net.cuts);
        for (from, to) in &cuts {
            let healed = state.happened(from, "link.heal", Some(to), Vec::new());
            state.turn_with(healed);
        }
        state.close_windows() || !cuts.is_empty()
    }
}
