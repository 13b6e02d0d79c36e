//! Faults on links: what becomes of a segment, and what happens to connections when the weather changes.

use std::sync::Arc;

use crate::draw::Draws;
use crate::fault::values::{Rate, Share};
use crate::fault::{Effect, Link, Target};
use crate::net::{ConnId, Side};

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
    /// Whether its sender repeats it until the connection is there: both ends' part of a handshake.
    pub(super) is_handshake: bool,
    pub(super) draw: u128,
}

impl State {
    /// What the faults make of a segment that is due: the first in the order of the plan that doesn't let it
    /// pass.
    pub(super) fn fate(&self, passing: Passing<'_>) -> Fate {
        if self.asks_no_faults || self.faults.is_calm() {
            return Fate::Arrives;
        }
        let Passing { from, to, is_dial, is_handshake, draw } = passing;
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
                Effect::IgnoreDials if is_dial => return Fate::Lost,
                Effect::HalfOpen if is_handshake => return Fate::Lost,
                Effect::HalfOpen => return Fate::Vanishes,
                _ => {}
            }
        }
        Fate::Arrives
    }

    /// When a segment arrives that would at `plain_us`, in microseconds: delays add up. What a narrow link
    /// carries leaves it one after the other, from `now_us` on.
    pub(super) fn held_back(
        &mut self,
        passing: Passing<'_>,
        bytes: usize,
        plain_us: u64,
        now_us: u64,
    ) -> u64 {
        if self.asks_no_faults || self.faults.is_calm() {
            return plain_us.max(now_us);
        }
        let Passing { from, to, draw, .. } = passing;
        let mut due_us = plain_us;
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
        let due_us = due_us.max(now_us);
        let Some(Rate(rate)) = narrow else { return due_us };
        let takes_us = (bytes as u64).saturating_mul(1_000_000) / rate;
        let busy = self.faults.busy_us.entry((from.clone(), to.clone())).or_default();
        *busy = due_us.max(*busy) + takes_us;
        *busy
    }

    /// A window on links has opened.
    pub(super) fn change_weather(&mut self, link: &Link, effect: &Effect) {
        if *effect == Effect::Reset {
            for id in self.over(link) {
                self.reset(id);
            }
        }
    }

    /// A window on links has closed: what was held is released, and what was held back comes as it would
    /// have without it.
    pub(super) fn clear_weather(&mut self, link: &Link, effect: &Effect) {
        match effect {
            Effect::Hold => self.release(link),
            Effect::Slow { .. } | Effect::Narrow { .. } => self.hasten(link),
            _ => {}
        }
    }

    fn release(&mut self, link: &Link) {
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

    /// Lets what is under way arrive when it would under the weather that is left.
    fn hasten(&mut self, link: &Link) {
        let now = self.gate.now_us();
        self.faults.busy_us.retain(|(from, to), _| !link.carries(from, to));
        let ways: Vec<_> =
            self.over(link).into_iter().flat_map(|id| [(id, Side::Client), (id, Side::Server)]).collect();
        let mut late = Vec::new();
        for (id, side) in &ways {
            let Some(direction) = self.net.conns.get(id).map(|conn| conn.to(*side)) else { continue };
            // A head that was lost keeps the time at which it is sent again.
            let lost = usize::from(direction.attempts > 0);
            let places = direction.segments.iter().enumerate().skip(lost);
            late.extend(places.map(|(place, segment)| (segment.due_us, *id, *side, place)));
        }
        late.sort_unstable_by_key(|(due_us, id, side, place)| (*due_us, *id, *side == Side::Server, *place));
        for (due_us, id, side, place) in late {
            let Some(conn) = self.net.conns.get(&id) else { continue };
            let segment = &conn.to(side).segments[place];
            let (from, to) = (conn.end(side.other()).node.clone(), conn.end(side).node.clone());
            let (bytes, plain_us, draw) = (segment.item.bytes(), segment.plain_us, segment.order);
            let passing = Passing { from: &from, to: &to, is_dial: false, is_handshake: false, draw };
            let due_us = self.held_back(passing, bytes, plain_us, now).min(due_us);
            let Some(conn) = self.net.conns.get_mut(&id) else { continue };
            conn.to_mut(side).segments[place].due_us = due_us;
        }
        for (id, side) in ways {
            let Some(conn) = self.net.conns.get_mut(&id) else { continue };
            if let Some(place) = conn.to_mut(side).queued.take() {
                self.gate.forget(place);
            }
            self.queue_head(id, side);
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
