//! Faults on nodes: processes that stand still, die or die again and again, databases that forget, clocks
//! that are off.

use std::sync::Arc;

use driftless_model::cx::{CrossingId, LifeId};
use driftless_model::store::ForeignKeys;

use crate::fault::{Effect, Target};
use crate::gate::{Entry, Errand};
use crate::plan::Node;

use super::lives::Death;
use super::{State, micros};

impl State {
    /// A window on a node has opened.
    pub(super) fn afflict(&mut self, fault: usize, node: &str, effect: &Effect, begun: CrossingId) {
        match effect {
            Effect::Down => self.kill(node, Death::Crash, vec![begun]),
            Effect::Dark => self.kill(node, Death::PowerLoss, vec![begun]),
            Effect::CrashLoop { .. } => self.crash_again(fault, vec![begun]),
            Effect::Wipe => self.replace_disk(node, None, begun),
            Effect::OldSnapshot { .. } => self.replace_disk(node, Some(fault), begun),
            Effect::ForeignKeysOff => self.enforce_foreign_keys(node),
            _ => {}
        }
    }

    /// A window on a node has closed.
    pub(super) fn relieve(&mut self, node: &str, effect: &Effect, ended: CrossingId) {
        match effect {
            Effect::Pause => self.go_on(),
            Effect::Down | Effect::Dark | Effect::CrashLoop { .. } => self.come_back(node, effect, ended),
            Effect::ForeignKeysOff => self.enforce_foreign_keys(node),
            _ => {}
        }
    }

    /// Whether a life stands still.
    pub(crate) fn stands_still(&self, life: LifeId) -> bool {
        if self.faults.is_calm() {
            return false;
        }
        let Some(node) = self.lives.get(&life).map(|life| &life.node) else { return false };
        self.faults.on_node(node).any(|course| course.fault.effect == Effect::Pause)
    }

    /// Keeps an entry of a life that stands still; gives back every other.
    pub fn hold(&mut self, entry: Entry) -> Option<Entry> {
        if !self.asks_no_faults && self.stands_still(entry.life) {
            self.faults.held.push(entry);
            return None;
        }
        Some(entry)
    }

    /// Who stood still goes on with what is due, in its order.
    fn go_on(&mut self) {
        let now = self.gate.now_us();
        for (order, entry) in std::mem::take(&mut self.faults.held).into_iter().enumerate() {
            // Those that stand still for another reason are held again when their turn comes.
            if self.is_alive(entry.life) {
                self.gate.wait(now, order as u128, entry);
            }
        }
        for waker in std::mem::take(&mut self.faults.standing) {
            waker.wake();
        }
    }

    /// How much longer a boot step takes, in microseconds.
    pub(super) fn slow_boot_us(&self, node: &str) -> u64 {
        let by = |effect: &Effect| if let Effect::SlowBoot { by } = effect { micros(*by) } else { 0 };
        self.faults.on_node(node).map(|course| by(&course.fault.effect)).sum()
    }

    /// What kept a process down, or made it die again and again, is over.
    fn come_back(&mut self, node: &str, effect: &Effect, ended: CrossingId) {
        let dark = self.faults.on_node(node).any(|course| course.fault.effect == Effect::Dark);
        if let Some(node) = self.nodes.get_mut(node)
            && *effect == Effect::Dark
        {
            // The machine has power again, be it that its process isn't to run yet.
            node.powered |= !dark && node.lives > 0;
        }
        if self.is_down(node) {
            self.start(node, vec![ended]);
        }
    }

    /// The process of a crash loop dies, if it hasn't by itself, and is started at once; and so again after a
    /// while.
    pub(super) fn crash_again(&mut self, fault: usize, causes: Vec<CrossingId>) {
        let course = self.faults.course(fault);
        let (Target::Node(node), Effect::CrashLoop { every }) = (&course.fault.target, &course.fault.effect)
        else {
            return;
        };
        if !self.faults.open().any(|(open, _)| open == fault) {
            return;
        }
        let (node, every) = (node.clone(), micros(*every).max(1));
        self.kill(&node, Death::Crash, causes.clone());
        if self.is_down(&node) {
            self.start(&node, causes);
        }
        self.later(self.gate.now_us() + every, Errand::Again(fault), false);
    }

    /// Starts a process that a fault has ended, unless something else has.
    pub(super) fn start_again(&mut self, node: &Arc<str>) {
        if self.is_down(node) {
            self.start(node, Vec::new());
        }
    }

    /// Whether a node has run, or was to, and doesn't.
    pub(crate) fn is_down(&self, node: &str) -> bool {
        self.nodes.get(node).is_some_and(|node| node.life.is_none() && (node.lives > 0 || node.owed))
    }

    /// Whether an open window keeps a node down.
    pub(crate) fn is_kept_down(&self, node: &str) -> bool {
        self.faults.on_node(node).any(|course| matches!(course.fault.effect, Effect::Down | Effect::Dark))
    }

    /// How far a node's wall clock is from the true time now, in microseconds.
    pub(super) fn clock_error_us(&self, node: &str) -> i64 {
        if self.faults.is_calm() {
            return 0;
        }
        let now = i64::try_from(self.gate.now_us()).unwrap_or(i64::MAX / 4);
        let mut error = 0;
        let mut stopped = now;
        for course in self.faults.on_node(node) {
            let opened = i64::try_from(course.opened_us).unwrap_or(i64::MAX / 4);
            match course.fault.effect {
                Effect::ClockOffset { by } => error += by.0,
                Effect::ClockDrift { by } => error += (now - opened) * i64::from(by.0) / 1_000_000,
                Effect::ClockStop => stopped = stopped.min(opened),
                _ => {}
            }
        }
        error - (now - stopped)
    }

    /// A node's offset from UTC in minutes, where a fault gives it one.
    pub(super) fn utc_offset(&self, node: &str) -> Option<i32> {
        self.faults.on_node(node).find_map(|course| match course.fault.effect {
            Effect::UtcOffset { to } => Some(to.0),
            _ => None,
        })
    }

    /// The processes that share a node's disk die, the disk is emptied or returns to a snapshot, and they are
    /// started again. A snapshot that isn't taken yet would hold what there is.
    fn replace_disk(&mut self, node: &str, snapshot: Option<usize>, begun: CrossingId) {
        let original = Node::original(node).to_owned();
        let sharing = self.nodes.keys().filter(|name| Node::original(name) == original);
        let running: Vec<_> = sharing.filter(|name| self.nodes[*name].life.is_some()).cloned().collect();
        for name in &running {
            self.kill(name, Death::Crash, vec![begun]);
        }
        let database = self.nodes.get(node).and_then(|node| node.database.clone());
        if let Some(database) = database {
            match snapshot {
                None => database.restore(None),
                Some(fault) => {
                    if let Some(backup) = self.faults.backups.get(&fault) {
                        database.restore(Some(backup));
                    }
                }
            }
        }
        for name in running {
            self.start(&name, vec![begun]);
        }
    }

    /// Keeps what a node's database holds now.
    pub(super) fn take_snapshot(&mut self, fault: usize) {
        let Target::Node(node) = &self.faults.course(fault).fault.target else { return };
        let database = self.nodes.get(node.as_str()).and_then(|node| node.database.clone());
        if let Some(database) = database {
            self.faults.backups.insert(fault, database.backup());
        }
    }

    /// Foreign keys are off while a window says so on any node that uses the database.
    fn enforce_foreign_keys(&self, node: &str) {
        let off = self.faults.open().any(|(_, course)| {
            course.fault.effect == Effect::ForeignKeysOff
                && matches!(&course.fault.target, Target::Node(on) if Node::original(on) == Node::original(node))
        });
        if let Some(database) = self.nodes.get(node).and_then(|node| node.database.as_ref()) {
            let set = database.settings().foreign_keys;
            database.set_foreign_keys(if off { ForeignKeys::Off } else { set });
        }
    }
}
