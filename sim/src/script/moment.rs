//! When steps begin, as far as a script tells: which of two may come first.

use std::time::Duration;

use crate::plan::{Start, Step};

/// When a step begins, compared with the others of its script.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Moment {
    /// Steps that begin together share it; it grows in the order of the script.
    group: usize,
    /// The time, for a step that has one and whatever begins with it.
    time: Option<Duration>,
    /// Whether it waits for a crossing, which may come before or after anything.
    waits: bool,
}

impl Moment {
    /// The moments of a script's steps.
    pub(super) fn of<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<Moment> {
        let mut moments: Vec<Moment> = Vec::new();
        for step in steps {
            let last = moments.last().copied();
            let group = last.map_or(0, |last| last.group + 1);
            moments.push(match &step.start {
                Start::After => Moment { group, time: None, waits: false },
                Start::At(time) => Moment { group, time: Some(*time), waits: false },
                Start::When(_) => Moment { group, time: None, waits: true },
                Start::With => last.unwrap_or(Moment { group, time: None, waits: false }),
            });
        }
        moments
    }

    /// Whether a step of this moment may come before a step of that one, wherever they stand. Nobody knows how long the steps in
    /// order take, so one with a time may come before or after any of them.
    pub(super) fn may_precede(self, other: Moment) -> bool {
        match (self.time, other.time) {
            _ if self.group == other.group || self.waits || other.waits => true,
            (Some(time), Some(other)) => time <= other,
            (None, None) => self.group < other.group,
            (Some(_), None) | (None, Some(_)) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Action;

    fn moments(starts: &[Start]) -> Vec<Moment> {
        let steps: Vec<_> =
            starts.iter().map(|start| Step { start: start.clone(), action: Action::Heal }).collect();
        Moment::of(steps.iter())
    }

    #[test]
    fn steps_in_order_come_in_order_unless_they_begin_together() {
        let [first, with, after] = moments(&[Start::After, Start::With, Start::After])[..] else { panic!() };
        assert!(first.may_precede(with) && with.may_precede(first));
        assert!(with.may_precede(after) && !after.may_precede(first));
    }

    #[test]
    fn a_step_with_a_time_may_come_anywhere_but_before_an_earlier_time() {
        let at = |seconds| Start::At(Duration::from_secs(seconds));
        let [late, early, after] = moments(&[at(20), at(10), Start::After])[..] else { panic!() };
        assert!(early.may_precede(late) && !late.may_precede(early));
        assert!(after.may_precede(late) && late.may_precede(after));
    }
}
