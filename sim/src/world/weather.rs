//! Faults on links: what becomes of a segment, and what happens to connections when the weather changes.

use std::sync::Arc;

use driftless_model::cx::CrossingId;

use crate::draw::Draws;
use crate::fault::values::{Rate, Share};
use crate::fault::{Effect, Link, Target};
use crate::net::{ConnId, Failure, Side};

use super::{State, micros};

/// What becomes of a segment that is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It arrives.
    Arrives,
    /// It was lost and is sent again.
    Lost,
    /// It is held until the weather changes.
    Held,
    /// It is gone, and its sender believes that it arrived.
    Vanishes,
    /// The receiver's machine turns a dial away.
    Refused,
}

/// Which way a segment goes, and what stands for it in draws.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing<'a> {
    pub(super) from: &'a Arc<str>,
    pub(super) to: &'a Arc<str>,
    /// Whether it asks for a connection.
    pub(super) is_dial: bool,
    pub(super) draw: u128,
}

impl State {
    /// What the faults make of a segment that is due: the first in the order of the plan that doesn't let it
    /// pass.
    pub(super) fn fate(&self, passing: Passing<'_>) -> Fate {
        if self.asks_no_faults || self.faults.is_calm() {
            return Fate::Arrives;
        }
        let Passing { from, to, is_dial, draw } = passing;
        for (_, course) in self.faults.open() {
            let Target::Link(link) = &course.fault.target else { continue };
            if !link.carries(from, to) {
                continue;
            }
            match course.fault.effect {
                Effect::Cut => return Fate::Lost,
                Effect::Lossy { share } if is_lost(&self.draws, share, draw) => return Fate::Lost,
                Effect::Hold => return Fate::Held,
                Effect::Refuse if is_dial => return Fate::Refused,
                // A dial that nobody answers is repeated like one that was lost.
                Effect::IgnoreDials | Effect::HalfOpen if is_dial => return Fate::Lost,
                Effect::HalfOpen => return Fate::Vanishes,
                _ => {}
            }
        }
        Fate::Arrives
    }

    /// How much longer a segment takes, in microseconds: delays add up.
    pub(super) fn held_back(&mut self, passing: Passing<'_>, bytes: usize, due_us: u64) -> u64 {
        if self.asks_no_faults || self.faults.is_calm() {
            return due_us;
        }
        let Passing { from, to, draw, .. } = passing;
        let mut due_us = due_us;
        let mut narrow: Option<Rate> = None;
        for (_, course) in self.faults.open() {
            let Target::Link(link) = &course.fault.target else { continue };
            if !link.carries(from, to) {
                continue;
            }
            match course.fault.effect {
                Effect::Slow { by, jitter } => {
                    let most = jitter.map_or(0, micros);
                    due_us += micros(by) + self.draws.within("jitter", draw, &(0..most));
                }
                Effect::Narrow { rate } => narrow = Some(narrow.map_or(rate, |least| least.min(rate))),
                _ => {}
            }
        }
        if let Some(Rate(rate)) = narrow {
            let takes_us = (bytes as u64).saturating_mul(1_000_000) / rate;
            let busy = self.faults.busy_us.entry((from.clone(), to.clone())).or_default();
            due_us = due_us.max(*busy) + takes_us;
            *busy = due_us;
        }
        due_us
    }

    /// A window on links has opened.
    pub(super) fn change_weather(&mut self, link: &Link, effect: &Effect, _begun: CrossingId) {
        if *effect == Effect::Reset {
            for id in self.over(link) {
                let Some(conn) = self.net.conns.get_mut(&id) else { continue };
                for side in [Side::Client, Side::Server] {
                    conn.to_mut(side).segments.clear();
                    conn.fail(side, Failure::Reset);
                }
                self.net.sweep(id);
            }
            self.net.version += 1;
        }
    }

    /// A window on links has closed: what was held is released.
    pub(super) fn clear_weather(&mut self, link: &Link, effect: &Effect) {
        if *effect != Effect::Hold {
            return;
        }
        let now = self.gate.now_us();
        for id in self.over(link) {
            for side in [Side::Client, Side::Server] {
                let Some(conn) = self.net.conns.get_mut(&id) else { continue };
                let direction = conn.to_mut(side);
                if !std::mem::take(&mut direction.held) {
                    continue;
                }
                for segment in &mut direction.segments {
                    segment.due_us = segment.due_us.max(now);
                }
                self.queue_head(id, side);
            }
        }
    }

    /// The connections between nodes that a link joins, either way.
    fn over(&self, link: &Link) -> Vec<ConnId> {
        let joins = |one: &str, other: &str| link.carries(one, other) || link.carries(other, one);
        let conns = self.net.conns.iter();
        conns.filter(|(_, conn)| joins(&conn.client.node, &conn.server.node)).map(|(id, _)| *id).collect()
    }
}

fn is_lost(draws: &Draws, share: Share, draw: u128) -> bool {
    draws.within("loss", draw, &(0..100)) < u64::from(share.0)
}
