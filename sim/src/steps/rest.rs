//! The end of faults, waiting until nothing changes any more, and watching whether that lasts.
//!
//! What the platform is to fail for having waited too long isn't at rest, though nothing moves until then. A world
//! in which connections come and go while it is watched wasn't there yet either: somebody has just noticed that
//! the peer was gone. Whatever else moves then is for the properties to judge.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use driftless_model::cx::Cx;
use driftless_model::platform::tables::DeploymentStatus;
use driftless_model::settings::PlatformSettings;

use super::Runner;
use crate::gate::What;
use crate::outcome::Rest;
use crate::plan::Role;
use crate::world::{NodeState, State, micros};

/// How often what is watched is looked at again until nothing is just under way.
const BREATH: Duration = Duration::from_secs(1);
/// How long that may take.
const BREATHS_MAX: u32 = 60;

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
                let mut rest = state.changed_us.max(begun) + state.settings.settle_quiet_us;
                let busy = state.under_way().next().is_some();
                if now >= rest && !busy {
                    rest = state.changed_us + state.waits_for_acks_us();
                    if now >= rest {
                        return None;
                    }
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

    /// Watches the world at rest for a while, and notes whose memory changed. Says whether it was one: whether no
    /// connection came or went, no step began, and nothing is under way. `since` is when it was first watched;
    /// of a world that has never stayed at rest for too long since then nothing more is expected.
    pub(super) async fn stays_at_rest(&self, cx: &Cx, since: &mut Option<u64>) -> bool {
        let (before, begun, now, window, limit) = {
            let state = self.world.lock();
            let (now, settings) = (state.gate.now_us(), &state.settings);
            let before = (state.net.version, state.healed_lives(), state.memories());
            (before, self.begun(), now, settings.settle_window_us, settings.settle_limit_us)
        };
        if window == 0 {
            return true;
        }
        cx.tick(Duration::from_micros(window)).await;
        let mut breaths = 0;
        while breaths < BREATHS_MAX && self.world.lock().under_way().next().is_some() {
            breaths += 1;
            cx.tick(BREATH).await;
        }
        let (connections, lives, memories) = before;
        let state = self.world.lock();
        let same = state.net.version == connections && state.healed_lives() == lives && self.begun() == begun;
        let stays = same && breaths < BREATHS_MAX;
        let stirred =
            state.memories().into_iter().filter(|(name, version)| memories.get(name) != Some(version));
        let stirred = stirred.map(|(name, _)| name).collect();
        let at = state.gate.now_us();
        drop(state);
        let mut report = self.report();
        report.rest = Some(Rest { since_us: now, stirred });
        let gives_up = !stays && at >= *since.get_or_insert(now) + limit;
        if gives_up {
            let limit = Duration::from_micros(limit).as_secs();
            let what = "connections come and go";
            report.stall = Some(format!("the world did not stay at rest within {limit}s; {what}"));
        }
        stays || gives_up
    }

    fn begun(&self) -> usize {
        self.report().shown.iter().filter(|shown| shown.begun_us.is_some()).count()
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

impl State {
    /// How long nothing may change, in microseconds, before no platform is to fail anything for having waited
    /// too long. Zero where nothing waits.
    fn waits_for_acks_us(&self) -> u64 {
        let waits = self.of_role(Role::Platform).filter(|(name, node)| {
            node.life.is_some() && node.platform.timeout_enabled && !self.is_never_healed(name)
        });
        let waits = waits.filter(|(_, node)| {
            node.database.as_ref().is_some_and(|database| {
                database.look(|view| view.count::<DeploymentStatus>(|row| row.status.is_transitional()) > 0)
            })
        });
        // It looks at fixed distances, and the look itself takes a moment.
        let longest = |platform: &PlatformSettings| {
            micros(platform.timeout_duration + platform.timeout_interval + BREATH)
        };
        waits.map(|(_, node)| longest(&node.platform)).max().unwrap_or_default()
    }

    /// How many processes there have been that are to get somewhere.
    fn healed_lives(&self) -> usize {
        self.lives.values().filter(|life| !self.is_never_healed(&life.node)).count()
    }

    /// How often the memory of each process has changed that is to get somewhere.
    fn memories(&self) -> BTreeMap<Arc<str>, u64> {
        let healed = self.nodes.iter().filter(|(name, _)| !self.is_never_healed(name));
        let memory = |(name, node): (&Arc<str>, &NodeState)| {
            Some((name.clone(), node.projections.as_ref()?.version()))
        };
        healed.filter_map(memory).collect()
    }
}
