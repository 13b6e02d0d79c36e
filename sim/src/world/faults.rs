//! The faults of a run as they go: which windows are open, what each has struck, what it holds.
//!
//! A fault at a crossing without a window strikes once. Every other has a window that opens and closes at a
//! time, which is an errand in the gate, or at a crossing, which is noticed when that is reached. Opening and
//! closing are lines of the history. What is open is asked at the crossings ([`super::strikes`]), on the links
//! ([`super::weather`]) and at the nodes ([`super::machines`]).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::Waker;

use driftless_model::cx::{CrossingId, LifeId, Phase, Record};
use driftless_model::store::Backup;

use crate::address::Address;
use crate::fault::{Effect, Fault, Moment, Target};
use crate::gate::{Entry, Errand, Wakes, What};

use super::{State, micros};

/// The faults of a plan, in its order.
#[derive(Default)]
pub struct Faults {
    all: Vec<Course>,
    /// Whether any can still do something: not when the plan is over and progress is demanded.
    armed: bool,
    /// Whether a crossing may strike, open or close something; spares every other run the question.
    watches_crossings: bool,
    /// Whether any of them may outlast the heal.
    lasting: bool,
    /// The open windows of links and nodes, in the order of the plan.
    open: Vec<usize>,
    /// Entries of the gate whose life stands still, in their order.
    pub(super) held: Vec<Entry>,
    /// Who wants to read or write while its life stands still.
    pub(super) standing: Vec<Waker>,
    /// Until when a narrow link is busy with what was sent before, in microseconds.
    pub(super) busy_us: BTreeMap<(Arc<str>, Arc<str>), u64>,
    /// What databases held when a fault's snapshot was taken.
    pub(super) backups: BTreeMap<usize, Backup>,
}

/// One fault on its way through a run.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) fault: Fault,
    phase: Stage,
    /// When its window was opened, in microseconds.
    pub(super) opened_us: u64,
    /// The first crossing that it struck, or the line of the history that says that it began.
    struck: Option<CrossingId>,
}

/// How far a fault has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Ahead,
    Open,
    /// Its end has come, but not the least time that it lasts.
    Closing,
    Over,
}

/// What becomes of a window at a crossing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Turnabout {
    Opens(usize),
    Closes(usize),
}

impl Course {
    /// Whether its window is open.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.phase, Stage::Open | Stage::Closing)
    }

    /// Whether its window is one that the heal doesn't close.
    pub(super) fn outlasts_heal(&self) -> bool {
        self.fault.window.until == Some(Moment::Never)
    }

    /// Whether it is at work and will be to the last.
    pub(super) fn lasts_for_good(&self) -> bool {
        self.is_open() && self.outlasts_heal()
    }
}

impl Faults {
    /// The faults of a plan, none of which has begun.
    pub fn new(faults: Vec<Fault>) -> Self {
        let mut all = Faults { armed: true, ..Faults::default() };
        faults.into_iter().for_each(|fault| all.push(fault));
        all
    }

    /// Somebody who wants to read, write or accept while its life stands still.
    pub(crate) fn stand(&mut self, waker: &Waker) {
        self.standing.push(waker.clone());
    }

    /// One more fault.
    pub fn push(&mut self, fault: Fault) {
        let moments = [&fault.window.from, &fault.window.until];
        let at_crossing = matches!(fault.target, Target::Crossing(_))
            || moments.into_iter().any(|moment| matches!(moment, Some(Moment::Crossing(_))));
        self.watches_crossings |= at_crossing;
        self.lasting |= fault.window.until == Some(Moment::Never);
        let once = is_once(&fault);
        let phase = if once { Stage::Open } else { Stage::Ahead };
        self.all.push(Course { fault, phase, opened_us: 0, struck: None });
    }

    /// For each fault of the plan, the first crossing that it struck or the line that says that it began.
    pub fn struck(&self) -> Vec<Option<CrossingId>> {
        self.all.iter().map(|course| course.struck).collect()
    }

    /// A fault strikes a crossing.
    pub(super) fn strike(&mut self, fault: usize, crossing: CrossingId) {
        self.all[fault].struck.get_or_insert(crossing);
        self.spend(fault);
    }

    /// A fault that strikes once is over.
    pub(super) fn spend(&mut self, fault: usize) {
        if is_once(&self.all[fault].fault) {
            self.all[fault].phase = Stage::Over;
        }
    }

    pub(super) fn course(&self, fault: usize) -> &Course {
        &self.all[fault]
    }

    /// Whether any fault may outlast the heal; spares most runs the question which node that is.
    pub(super) fn outlast(&self) -> bool {
        self.lasting
    }

    /// Every fault of the plan.
    pub(super) fn all(&self) -> &[Course] {
        &self.all
    }

    /// The open windows of links and nodes, in the order of the plan.
    pub(super) fn open(&self) -> impl Iterator<Item = (usize, &Course)> {
        self.open.iter().map(|fault| (*fault, &self.all[*fault]))
    }

    /// Whether no window of a link or a node is open.
    pub(super) fn is_calm(&self) -> bool {
        self.open.is_empty()
    }

    /// What is open on a node.
    pub(super) fn on_node<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a Course> {
        let on = move |course: &&Course| matches!(&course.fault.target, Target::Node(on) if on == node);
        self.open().map(|(_, course)| course).filter(on)
    }

    /// The effects that strike a crossing, in the order of the plan.
    pub(super) fn at(&self, address: &Address) -> Vec<usize> {
        if !self.watches_crossings {
            return Vec::new();
        }
        let strikes = |course: &Course| {
            let open = course.is_open() && (self.armed || course.outlasts_heal());
            open && matches!(&course.fault.target, Target::Crossing(at) if {
                let phase = moment_of(&course.fault.effect, address);
                match is_once(&course.fault) {
                    true => at.fits_at(address, phase),
                    false => at.fits_each_at(address, phase),
                }
            })
        };
        (0..self.all.len()).filter(|fault| strikes(&self.all[*fault])).collect()
    }

    /// The windows that a crossing opens or closes.
    fn turned_by(&self, address: &Address) -> Vec<Turnabout> {
        if !self.watches_crossings || !self.armed {
            return Vec::new();
        }
        let meets =
            |moment: &Option<Moment>| matches!(moment, Some(Moment::Crossing(at)) if at.fits(address));
        let turn = |(fault, course): (usize, &Course)| match course.phase {
            Stage::Ahead if meets(&course.fault.window.from) => Some(Turnabout::Opens(fault)),
            Stage::Open if meets(&course.fault.window.until) => Some(Turnabout::Closes(fault)),
            Stage::Ahead | Stage::Open | Stage::Closing | Stage::Over => None,
        };
        self.all.iter().enumerate().filter_map(turn).collect()
    }
}

/// Whether a fault strikes one crossing and is then over.
fn is_once(fault: &Fault) -> bool {
    matches!(fault.target, Target::Crossing(_)) && fault.window.is_default()
}

/// The moment of an exchange that is meant where an address names none. A call that is answered on the way is
/// answered where it would have been received; one whose answer is lost had its effect first.
fn moment_of(effect: &Effect, address: &Address) -> Phase {
    match effect {
        Effect::Answer { .. } => Phase::Received,
        Effect::Lose if address.site.starts_with("http.") => Phase::Answered,
        Effect::Body { .. } | Effect::Omit { .. } | Effect::EmptyList | Effect::Stale => {
            Phase::AnswerReceived
        }
        _ => Phase::Sent,
    }
}

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
            Target::Link(link) => self.change_weather(&link, &effect, begun),
            Target::Crossing(_) => {}
        }
        if effect.kind().is_point {
            self.faults.open.retain(|open| *open != fault);
            self.faults.all[fault].phase = Stage::Over;
        }
    }

    fn close_window(&mut self, fault: usize) {
        let course = &mut self.faults.all[fault];
        if !matches!(course.phase, Stage::Open | Stage::Closing) {
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
