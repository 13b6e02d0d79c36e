//! What a run has told so far, and what of that is new.
//!
//! A run that goes further than the last one tells what that told, and more. If the plan was changed where the
//! run had already been, it differs from some moment on, and is told again from there.

use crate::address::Address;
use crate::explain::seconds;
use crate::plan::Plan;
use crate::stopped::Stopped;
use crate::story::Story;
use crate::transcript::folded;

/// What a run has told so far.
pub(super) struct Tale {
    told: Vec<Told>,
    now_us: u64,
}

/// Something that was told.
struct Told {
    at_us: u64,
    by: By,
    lines: Vec<String>,
}

/// Whose lines they are.
#[derive(PartialEq, Eq)]
enum By {
    Crossing(Address),
    Step(String),
}

impl Told {
    fn is_same(&self, other: &Told) -> bool {
        self.at_us == other.at_us && self.by == other.by
    }

    /// Whether what became of it shows only later: a frame that hasn't arrived.
    fn is_open(&self) -> bool {
        matches!(&self.by, By::Crossing(at) if at.site.starts_with("ws."))
    }
}

impl Tale {
    /// What a run of a plan has told up to where it stopped.
    pub(super) fn of(plan: &Plan, stopped: &Stopped) -> Self {
        let story = Story::so_far(&stopped.evidence, &plan.faults, stopped.now_us);
        let crossings = stopped.crossings().iter().map(|crossing| Told {
            at_us: crossing.at_us,
            by: By::Crossing(crossing.address.clone()),
            lines: story.of(crossing),
        });
        let steps = plan.steps.iter().zip(&stopped.steps).filter_map(|(step, shown)| {
            let lines = shown.lines.clone();
            Some(Told { at_us: shown.ended_us?, by: By::Step(step.action.to_command()), lines })
        });
        let mut told: Vec<Told> = crossings.chain(steps).filter(|told| !told.lines.is_empty()).collect();
        told.sort_by_key(|told| told.at_us);
        Tale { told, now_us: stopped.now_us }
    }

    /// What this one tells beyond another.
    pub(super) fn beyond(&self, other: &Tale) -> Vec<String> {
        let both = self.now_us.min(other.now_us);
        let differs = |one: &Tale, other: &Tale| {
            let missing = |told: &&Told| told.at_us < both && !told.is_open() && !other.has(told);
            one.told.iter().find(missing).map(|told| told.at_us)
        };
        let changed_us = [differs(self, other), differs(other, self)].into_iter().flatten().min();
        let is_new = |told: &&Told| match changed_us {
            Some(changed_us) => told.at_us >= changed_us,
            None => !other.has(told),
        };
        let new = self.told.iter().filter(is_new).flat_map(|told| told.lines.iter().cloned());
        let changed = changed_us.map(|at| format!("from {} on it is otherwise:", seconds(at)));
        changed.into_iter().chain(folded(new.collect())).collect()
    }

    fn has(&self, told: &Told) -> bool {
        self.told.iter().any(|known| known.is_same(told) && known.lines == told.lines)
    }
}
