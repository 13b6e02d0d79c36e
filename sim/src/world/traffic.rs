//! What travels on links: sending, arriving, retransmission, and the ends of connections.

use std::sync::Arc;
use std::task::{Poll, Waker};

use driftless_model::cx::{Connection, CrossingId, LifeId};

use crate::draw;
use crate::gate::{Entry, Wakes, What};
use crate::net::{Arrival, Conn, ConnId, Failure, Item, ListenerState, Side};

use super::lives::Death;
use super::weather::{Fate, Passing};
use super::{State, World};

/// First pause before a segment is sent again, in microseconds.
const RETRY_US: u64 = 200_000;
/// Longest such pause.
const RETRY_US_MAX: u64 = 120_000_000;
/// Attempts after which an established connection has timed out.
const RETRIES: u32 = 15;
/// First pause before a SYN is sent again, in microseconds.
const SYN_RETRY_US: u64 = 1_000_000;
/// Attempts after which a dial has timed out.
const SYN_RETRIES: u32 = 6;

impl World {
    /// What the bytes that `side` writes from now on belong to.
    pub(crate) fn label(&self, id: ConnId, side: Side, begun: CrossingId) {
        let mut state = self.lock();
        let hash = state.history.get(begun).map(|crossing| crossing.address.hash());
        let Some(conn) = state.net.conns.get_mut(&id) else { return };
        let (life, failed) = (conn.end(side).life, conn.end(side).failure.is_some());
        let direction = conn.to_mut(side.other());
        direction.label = hash;
        direction.begun.push_back(begun);
        let in_vain = failed || direction.shut;
        if let Some(life) = life.filter(|_| in_vain) {
            state.die_with_bytes(begun, life);
        }
    }

    /// The oldest exchange or frame that has arrived at `side` and was not yet taken.
    pub(crate) fn take_begun(&self, id: ConnId, side: Side) -> CrossingId {
        let mut state = self.lock();
        let conn = state.net.conns.get_mut(&id);
        conn.and_then(|conn| conn.to_mut(side).begun.pop_front()).unwrap_or_default()
    }

    /// The next connection at a port.
    pub(crate) fn poll_accept(&self, node: &Arc<str>, life: LifeId, waker: &Waker) -> Poll<Connection> {
        let mut state = self.lock();
        if !state.is_alive(life) {
            return Poll::Pending;
        }
        if state.stands_still(life) {
            state.faults.stand(waker);
            return Poll::Pending;
        }
        let Some(port) = state.net.listeners.get_mut(node).filter(|port| port.life == life) else {
            return Poll::Pending;
        };
        let Some(id) = port.waiting.pop_front() else {
            port.waker = Some(waker.clone());
            return Poll::Pending;
        };
        let conn = state.net.conns.get_mut(&id).expect("a connection that waits is held by its port");
        conn.server.life = Some(life);
        let peer = conn.client.node.clone();
        Poll::Ready(crate::net::connection(&self.weak(), id, Side::Server, life, peer))
    }

    /// The process closes its port; who dialled it and was not accepted learns so.
    pub(crate) fn close_port(&self, node: &Arc<str>, life: LifeId) {
        let mut state = self.lock();
        if state.is_alive(life)
            && state.net.listeners.get(node).is_some_and(|port| port.life == life)
            && let Some(port) = state.net.listeners.remove(node)
        {
            state.drop_unaccepted(port, Death::Exit);
        }
    }

    /// The process lets go of an end. A dead process lets go of nothing: the crash has done that.
    pub(crate) fn close(&self, id: ConnId, side: Side, life: LifeId) {
        let mut state = self.lock();
        if state.over || !state.is_alive(life) {
            return;
        }
        let Some(conn) = state.net.conns.get_mut(&id) else { return };
        conn.end_mut(side).gone = true;
        let unread = !conn.to(side).inbox.is_empty();
        let said = std::mem::replace(&mut conn.to_mut(side.other()).shut, true);
        let failed = conn.end(side).failure.is_some();
        if !failed && (unread || !said) {
            state.send(id, side.other(), if unread { Item::Rst } else { Item::Fin });
        }
        state.connections_changed(id);
        state.net.sweep(id);
    }
}

impl State {
    /// A connection that `life` holds an end of, and whether that life goes on.
    pub(crate) fn held(&mut self, id: ConnId, life: LifeId) -> Option<(bool, &mut Conn)> {
        let alive = self.is_alive(life);
        self.net.conns.get_mut(&id).map(|conn| (alive, conn))
    }

    /// Lets a segment travel to one side of a connection.
    pub(crate) fn send(&mut self, id: ConnId, to: Side, item: Item) {
        let now = self.gate.now_us();
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        let hash = conn.hash;
        let direction = conn.to_mut(to);
        direction.sent += 1;
        direction.orphaned = false;
        let of = match item {
            Item::Data(_) => direction.label.unwrap_or(hash),
            Item::Syn | Item::SynAck | Item::Ack | Item::Fin | Item::Rst => hash,
        };
        let of = of ^ draw::of(if to == Side::Server { "to server" } else { "to client" });
        let sent = direction.sent;
        let (from, to_node) = (conn.end(to.other()).node.clone(), conn.end(to).node.clone());
        let due = now + self.draws.within("link", of, &self.settings.latencies.link);
        let order = self.draws.order(of.wrapping_add(u128::from(sent)));
        let passing = Passing { from: &from, to: &to_node, is_dial: false, is_handshake: false, draw: order };
        let plain_us = due;
        let due = self.held_back(passing, item.bytes(), plain_us, now);
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        let direction = conn.to_mut(to);
        let tail = direction.segments.back_mut();
        let due_us = tail.as_ref().map_or(due, |tail| due.max(tail.due_us));
        // Bytes of one exchange that leave at one instant are one segment.
        if let (Some(tail), Item::Data(more)) = (tail, &item)
            && tail.due_us == due_us
            && let Item::Data(data) = &mut tail.item
        {
            data.extend_from_slice(more);
            return;
        }
        direction.segments.push_back(crate::net::Segment { due_us, plain_us, order, item });
        self.queue_head(id, to);
    }

    /// Puts the head of a direction into the gate, if there is one and it isn't there.
    pub(super) fn queue_head(&mut self, id: ConnId, to: Side) {
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        let what = What::Transit { from: conn.end(to.other()).node.clone(), to: conn.end(to).node.clone() };
        let direction = conn.to_mut(to);
        let waits = direction.queued.is_some() || direction.held;
        let Some(head) = direction.segments.front().filter(|_| !waits) else { return };
        let (due_us, order) = (head.due_us, head.order);
        let wakes = Wakes::Link(Arrival { conn: id, to });
        let entry = Entry { life: LifeId(0), periodic: false, what, wakes };
        direction.queued = Some(self.gate.wait(due_us, order, entry));
    }

    /// Forgets what travels to one side of a connection.
    fn forget_segments(&mut self, id: ConnId, to: Side) {
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        let direction = conn.to_mut(to);
        direction.segments.clear();
        direction.held = false;
        if let Some(place) = direction.queued.take() {
            self.gate.forget(place);
        }
    }

    /// The head of a direction is due: it arrives, or is sent again, or the connection ends over it.
    pub fn arrive(&mut self, Arrival { conn: id, to }: Arrival) {
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        let (from_node, to_node) = (conn.end(to.other()).node.clone(), conn.end(to).node.clone());
        let is_handshake = !conn.established;
        let direction = conn.to_mut(to);
        direction.queued = None;
        let Some(head) = direction.segments.front() else { return };
        let is_dial = matches!(head.item, Item::Syn);
        let draw = head.order.wrapping_add(u128::from(direction.attempts));
        let powered = self.nodes.get(&to_node).is_some_and(|node| node.powered);
        if !powered || self.net.is_cut(&from_node, &to_node) {
            self.send_again(id, to);
            return;
        }
        match self.fate(Passing { from: &from_node, to: &to_node, is_dial, is_handshake, draw }) {
            Fate::Arrives => {}
            Fate::Lost => return self.send_again(id, to),
            Fate::Held => return self.keep_back(id, to),
            Fate::Vanishes => return self.vanish(id, to),
            Fate::Refused => return self.turn_away(id),
        }
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        let direction = conn.to_mut(to);
        direction.attempts = 0;
        if direction.torn {
            return self.reset(id);
        }
        let Some(segment) = direction.segments.pop_front() else { return };
        self.deliver(id, to, &to_node, segment.item);
        self.queue_head(id, to);
        self.net.sweep(id);
    }

    /// The head of a direction waits for a fault to end.
    fn keep_back(&mut self, id: ConnId, to: Side) {
        if let Some(conn) = self.net.conns.get_mut(&id) {
            conn.to_mut(to).held = true;
        }
    }

    /// The head of a direction is gone, and its sender believes that it arrived.
    fn vanish(&mut self, id: ConnId, to: Side) {
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        let direction = conn.to_mut(to);
        direction.torn = true;
        if let Some(segment) = direction.segments.pop_front() {
            direction.bytes = direction.bytes.saturating_sub(segment.item.bytes());
        }
        if let Some(writer) = direction.writer.take() {
            writer.wake();
        }
        self.queue_head(id, to);
        self.net.sweep(id);
    }

    /// Whoever is on the way turns a dial away.
    fn turn_away(&mut self, id: ConnId) {
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        conn.to_server.segments.clear();
        conn.server.gone = true;
        self.send(id, Side::Client, Item::Rst);
    }

    /// A connection ends for both sides, whatever is under way. Nobody will accept it any more.
    pub(super) fn reset(&mut self, id: ConnId) {
        for side in [Side::Client, Side::Server] {
            self.forget_segments(id, side);
            if let Some(conn) = self.net.conns.get_mut(&id) {
                conn.fail(side, Failure::Reset);
            }
        }
        if let Some(conn) = self.net.conns.get_mut(&id)
            && conn.server.life.is_none()
        {
            conn.server.gone = true;
            if let Some(port) = self.net.listeners.get_mut(&conn.server.node) {
                port.waiting.retain(|waiting| *waiting != id);
            }
        }
        self.connections_changed(id);
        self.net.sweep(id);
    }

    /// What a dark machine has sent and what doesn't arrive is not sent again. Whoever dialled it dials on.
    fn fall_silent(&mut self, id: ConnId, to: Side) {
        self.forget_segments(id, to);
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        conn.to_mut(to).attempts = 0;
        if to == Side::Client && !conn.established && !conn.client.gone {
            conn.to_client.orphaned = false;
            conn.server.gone = false;
            self.send(id, Side::Server, Item::Syn);
        }
        self.net.sweep(id);
    }

    /// The head of a direction didn't arrive and is sent again, until its sender gives up. The answer to a dial
    /// is repeated because the dial is, and it is the dialler who gives up over it.
    fn send_again(&mut self, id: ConnId, to: Side) {
        let now = self.gate.now_us();
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        if conn.to(to).orphaned {
            return self.fall_silent(id, to);
        }
        let dials = !conn.established;
        let (first, most) = if dials { (SYN_RETRY_US, SYN_RETRIES) } else { (RETRY_US, RETRIES) };
        let direction = conn.to_mut(to);
        let attempts = direction.attempts;
        direction.attempts += 1;
        if attempts >= most {
            direction.segments.clear();
            conn.server.gone |= dials;
            conn.fail(if dials { Side::Client } else { to.other() }, Failure::TimedOut);
            self.connections_changed(id);
            self.net.sweep(id);
            return;
        }
        let pause = first.saturating_mul(1 << attempts.min(20)).min(RETRY_US_MAX);
        if let Some(head) = direction.segments.front_mut() {
            head.due_us = now + pause;
        }
        self.queue_head(id, to);
    }

    fn deliver(&mut self, id: ConnId, to: Side, node: &Arc<str>, item: Item) {
        let Some(conn) = self.net.conns.get_mut(&id) else { return };
        let end = conn.end(to);
        if end.gone || end.failure.is_some() {
            // Nobody holds this end, or its connection is over: whoever still talks to it learns so.
            let sender_waits = !conn.end(to.other()).gone;
            if sender_waits && !matches!(item, Item::Rst | Item::Fin) {
                self.send(id, to.other(), Item::Rst);
            }
            return;
        }
        match item {
            Item::Syn => {
                let listens = self.net.listeners.get(node).is_some_and(|port| self.is_alive(port.life));
                if listens {
                    self.send(id, Side::Client, Item::SynAck);
                } else {
                    if let Some(conn) = self.net.conns.get_mut(&id) {
                        conn.server.gone = true;
                    }
                    self.send(id, Side::Client, Item::Rst);
                }
            }
            Item::SynAck => {
                conn.established = true;
                if let Some(dialler) = conn.dialler.take() {
                    dialler.wake();
                }
                self.connections_changed(id);
                self.send(id, Side::Server, Item::Ack);
            }
            Item::Ack => match self.net.listeners.get_mut(node) {
                Some(port) => {
                    port.waiting.push_back(id);
                    if let Some(waker) = port.waker.take() {
                        waker.wake();
                    }
                }
                None => {
                    conn.server.gone = true;
                    self.send(id, Side::Client, Item::Rst);
                }
            },
            Item::Data(data) => {
                let direction = conn.to_mut(to);
                direction.inbox.push_back(data);
                if let Some(reader) = direction.reader.take() {
                    reader.wake();
                }
            }
            Item::Fin => {
                let direction = conn.to_mut(to);
                direction.ended = true;
                if let Some(reader) = direction.reader.take() {
                    reader.wake();
                }
                self.connections_changed(id);
            }
            Item::Rst => {
                let refused = to == Side::Client && !conn.established;
                conn.fail(to, if refused { Failure::Refused } else { Failure::Reset });
                self.connections_changed(id);
            }
        }
    }

    /// A life has ended: its port closes and its connections end, with a reset, in silence, or as the kernel
    /// closes what a process left open.
    pub(crate) fn drop_sockets(&mut self, node: &Arc<str>, life: LifeId, death: Death) {
        if self.net.listeners.get(node).is_some_and(|port| port.life == life) {
            let port = self.net.listeners.remove(node).unwrap_or_default();
            self.drop_unaccepted(port, death);
        }
        let ids: Vec<ConnId> = self.net.conns.keys().copied().collect();
        for id in ids {
            for side in [Side::Client, Side::Server] {
                if death == Death::PowerLoss {
                    self.go_dark(id, side, node);
                }
                let Some(conn) = self.net.conns.get_mut(&id) else { continue };
                if conn.end(side).life != Some(life) || conn.end(side).gone {
                    continue;
                }
                conn.end_mut(side).gone = true;
                let unread = !conn.to(side).inbox.is_empty();
                conn.to_mut(side).inbox.clear();
                let said = std::mem::replace(&mut conn.to_mut(side.other()).shut, true);
                if conn.end(side.other()).gone {
                    continue;
                }
                match death {
                    Death::PowerLoss => {}
                    Death::Exit if !unread && said => {}
                    Death::Exit if !unread => self.send(id, side.other(), Item::Fin),
                    Death::Exit | Death::Crash => self.send(id, side.other(), Item::Rst),
                }
                self.connections_changed(id);
            }
            self.net.sweep(id);
        }
    }

    /// One end of a connection, if it is on that machine, which has lost its power: what is on its way arrives,
    /// what was lost stays lost, and a connection that nobody has accepted is forgotten.
    fn go_dark(&mut self, id: ConnId, side: Side, node: &Arc<str>) {
        let Some(conn) = self.net.conns.get_mut(&id).filter(|conn| conn.end(side).node == *node) else {
            return;
        };
        let asked = |segment: &crate::net::Segment| matches!(segment.item, Item::Syn);
        if side == Side::Server && conn.server.life.is_none() && !conn.to_server.segments.iter().any(asked) {
            conn.server.gone = true;
        }
        let direction = conn.to_mut(side.other());
        direction.orphaned = true;
        if direction.attempts > 0 {
            self.fall_silent(id, side.other());
        }
    }

    fn drop_unaccepted(&mut self, port: ListenerState, death: Death) {
        for id in port.waiting {
            let Some(conn) = self.net.conns.get_mut(&id) else { continue };
            conn.server.gone = true;
            if death != Death::PowerLoss {
                self.send(id, Side::Client, Item::Rst);
            }
        }
    }
}
