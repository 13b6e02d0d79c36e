//! How the windows of faults open and close: at their times, which are errands in the gate, and at crossings.

use driftless_model::cx::{CrossingId, LifeId, Record};

use crate::address::Address;
use crate::fault::{Effect, Fault, Moment, Target};
use crate::gate::{Entry, Errand, Wakes, What};

use super::faults::{Stage, Turnabout, is_once};
use super::{State, micros};

impl State {
    /// Lets every window that has a time open then, and those without a beginning at once.
    pub(crate) fn begin_faults(&mut self) {
        for fault in 0..self.faults.all.len() {
            self.begin_fault(fault);
        }
    }

    /// One more fault, from now on.
    pub(crate) fn add_fault(&mut self, fault: Fault) {
        self.faults.push(fault);
        self.begin_fault(self.faults.all.len() - 1);
    }

    fn begin_fault(&mut self, fault: usize) {
        let course = &self.faults.all[fault];
        if is_once(&course.fault) {
            return;
        }
        if let Effect::OldSnapshot { taken } = course.fault.effect {
            self.later(micros(taken), Errand::Snapshot(fault), true);
        }
        match self.faults.all[fault].fault.window.from {
            None => self.open(fault),
            Some(Moment::Time(time)) => self.later(micros(time), Errand::Open(fault), true),
            Some(Moment::Crossing(_) | Moment::Never) => {}
        }
    }

    /// Puts an errand of the world into the gate; `idle` if the world counts as at rest beside it.
    pub(super) fn later(&mut self, time_us: u64, errand: Errand, idle: bool) {
        let what = What::Errand(errand.clone());
        let entry = Entry { life: LifeId(0), periodic: idle, what, wakes: Wakes::World(errand) };
        self.gate.wait(time_us, 0, entry);
    }

    /// Runs an errand whose time has come.
    pub fn run_errand(&mut self, errand: Errand) {
        match errand {
            Errand::Open(fault) => {
                if self.faults.armed {
                    self.open(fault);
                }
            }
            Errand::Close(fault) => self.close_window(fault),
            Errand::Again(fault) => self.crash_again(fault, Vec::new()),
            Errand::Start(node) => self.start_again(&node),
            Errand::Snapshot(fault) => self.take_snapshot(fault),
        }
    }

    /// Something in the history is reached that is no actor's crossing: windows turn with it, and steps begin.
    pub(crate) fn turn_with(&mut self, id: CrossingId) {
        let Some(address) = self.history.get(id).map(|crossing| crossing.address.clone()) else { return };
        self.watches.reached(&address, id);
        self.turn_windows(&address, &[id]);
    }

    /// Opens and closes what opens and closes when an address is reached.
    pub(super) fn turn_windows(&mut self, address: &Address, causes: &[CrossingId]) {
        for turn in self.faults.turned_by(address) {
            match turn {
                Turnabout::Opens(fault) => self.open_because(fault, causes.to_vec()),
                Turnabout::Closes(fault) => {
                    let course = &self.faults.all[fault];
                    let dwell = course.fault.window.dwell.map_or(0, micros);
                    let earliest = course.opened_us + dwell;
                    if earliest > self.gate.now_us() {
                        self.faults.all[fault].phase = Stage::Closing;
                        self.later(earliest, Errand::Close(fault), false);
                    } else {
                        self.close_window(fault);
                    }
                }
            }
        }
    }

    fn open(&mut self, fault: usize) {
        self.open_because(fault, Vec::new());
    }

    fn open_because(&mut self, fault: usize, causes: Vec<CrossingId>) {
        let now = self.gate.now_us();
        let course = &mut self.faults.all[fault];
        if course.phase != Stage::Ahead {
            return;
        }
        course.phase = Stage::Open;
        course.opened_us = now;
        let (target, effect, window) =
            (course.fault.target.clone(), course.fault.effect.clone(), course.fault.window.clone());
        let end = match (window.until, window.for_) {
            (Some(Moment::Time(time)), _) => Some(micros(time)),
            (_, Some(time)) => Some(now + micros(time)),
            _ => None,
        };
        if let Some(end) = end {
            self.later(end, Errand::Close(fault), false);
        }
        if let Target::Crossing(_) = target {
            return;
        }
        let place = self.faults.open.partition_point(|open| *open < fault);
        self.faults.open.insert(place, fault);
        let begun = self.tell(fault, "fault.begin", causes);
        self.faults.all[fault].struck = Some(begun);
        match target {
            Target::Node(node) => self.afflict(fault, &node, &effect, begun),
            Target::Link(link) => self.change_weather(&link, &effect),
            Target::Crossing(_) => {}
        }
        if effect.kind().is_point {
            self.faults.open.retain(|open| *open != fault);
            self.faults.all[fault].phase = Stage::Over;
        }
    }

    fn close_window(&mut self, fault: usize) {
        let course = &mut self.faults.all[fault];
        if !course.is_open() {
            return;
        }
        course.phase = Stage::Over;
        let (target, effect) = (course.fault.target.clone(), course.fault.effect.clone());
        if let Target::Crossing(_) = target {
            return;
        }
        self.faults.open.retain(|open| *open != fault);
        let ended = self.tell(fault, "fault.end", Vec::new());
        match target {
            Target::Node(node) => self.relieve(&node, &effect, ended),
            Target::Link(link) => self.clear_weather(&link, &effect),
            Target::Crossing(_) => {}
        }
    }

    /// A line of the history that says that a window opens or closes.
    fn tell(&mut self, fault: usize, site: &'static str, causes: Vec<CrossingId>) -> CrossingId {
        let course = &self.faults.all[fault];
        let address = Address {
            node: course.fault.target.to_string().into(),
            task: course.fault.effect.word().into(),
            site,
            peer: None,
            subject: None,
            n: 0,
            phase: None,
        };
        let n = self.count(address.series_hash());
        let id = self.history.next_id();
        self.history.begin(self.gate.now_us(), Address { n, ..address }, causes, Some(fault));
        self.history.end(id, Record::default());
        self.changed_us = self.gate.now_us();
        id
    }

    /// Closes every open window that doesn't outlast the heal. Says whether one was open.
    pub(crate) fn close_windows(&mut self) -> bool {
        let closing: Vec<usize> = (0..self.faults.all.len())
            .filter(|fault| {
                let course = &self.faults.all[*fault];
                course.is_open() && !is_once(&course.fault) && !course.outlasts_heal()
            })
            .collect();
        for fault in &closing {
            self.close_window(*fault);
        }
        !closing.is_empty()
    }

    /// The heal: nothing goes wrong any more, but for what is to outlast it.
    pub(crate) fn heal_faults(&mut self) -> bool {
        let healed = self.close_windows();
        self.faults.armed = false;
        healed
    }
}
