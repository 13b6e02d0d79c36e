//! The faults of a run as they go: which windows are open, what each has struck, what it holds.
//!
//! A fault at a crossing without a window strikes once. Every other has a window that opens and closes at a
//! time, which is an errand in the gate, or at a crossing, which is noticed when that is reached
//! ([`super::windows`]). Opening and closing are lines of the history. What is open is asked at the crossings
//! ([`super::strikes`]), on the links ([`super::weather`]) and at the nodes ([`super::machines`]).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::Waker;

use driftless_model::cx::{CrossingId, Phase};
use driftless_model::store::Backup;

use crate::address::Address;
use crate::fault::{Effect, Fault, Moment, Target};
use crate::gate::Entry;

/// The faults of a plan, in its order.
#[derive(Default)]
pub struct Faults {
    pub(super) all: Vec<Course>,
    /// Whether any can still do something: not when the plan is over and progress is demanded.
    pub(super) armed: bool,
    /// Whether a crossing may strike, open or close something; spares every other run the question.
    watches_crossings: bool,
    /// Whether any of them may outlast the heal.
    lasting: bool,
    /// The open windows of links and nodes, in the order of the plan.
    pub(super) open: Vec<usize>,
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
    pub(super) phase: Stage,
    /// When its window was opened, in microseconds.
    pub(super) opened_us: u64,
    /// The first crossing that it struck, or the line of the history that says that it began.
    pub(super) struck: Option<CrossingId>,
}

/// How far a fault has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stage {
    Ahead,
    Open,
    /// Its end has come, but not the least time that it lasts.
    Closing,
    Over,
}

/// What becomes of a window at a crossing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Turnabout {
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
    pub(super) fn turned_by(&self, address: &Address) -> Vec<Turnabout> {
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
pub(super) fn is_once(fault: &Fault) -> bool {
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
        Effect::Own(own) => own.what().phase(),
        _ => Phase::Sent,
    }
}
