//! Faults at crossings: whether a crossing passes, how, and what ends with it.

use std::time::Duration;

use driftless_model::cx::{CrossingId, Passage, Phase};
use driftless_model::store::Disturbance;

use crate::address::Address;
use crate::fault::Effect;
use crate::own::{self, Given};
use crate::sites::Class;

use super::bodies;
use super::lives::Death;
use super::{State, micros};

/// What the faults make of a crossing.
#[derive(Debug)]
pub(super) struct Strike {
    /// The fault that decides, or else the first that held it up.
    pub(super) fault: Option<usize>,
    /// How it passes.
    pub(super) passage: Passage,
    /// How the life ends before it.
    pub(super) before: Option<Death>,
    /// How the life ends after it.
    pub(super) after: Option<Death>,
    /// After how long such a life is followed by another, in microseconds.
    pub(super) restart_us: Option<u64>,
}

impl Strike {
    /// The crossing passes.
    pub(super) fn none() -> Self {
        Strike { fault: None, passage: Passage::Through, before: None, after: None, restart_us: None }
    }
}

impl State {
    /// The faults that hold a crossing up, and how long together, in microseconds.
    pub(super) fn held_up(&mut self, address: &Address) -> (Vec<usize>, u64) {
        let (mut by_us, mut faults) = (0, Vec::new());
        for fault in self.faults.at(address) {
            if let Effect::Delay { by } = self.faults.course(fault).fault.effect {
                by_us += micros(by);
                faults.push(fault);
                self.faults.spend(fault);
            }
        }
        (faults, by_us)
    }

    /// What the faults make of a crossing: the first in the order of the plan that doesn't let it pass.
    /// Where something arrives, `arrives` is the crossing by which it was sent or given.
    pub(super) fn struck(
        &mut self,
        address: &Address,
        arrives: Option<CrossingId>,
        delayed: &[usize],
    ) -> Strike {
        let id = self.history.next_id();
        let mut strike = Strike { fault: delayed.first().copied(), ..Strike::none() };
        for delayed in delayed {
            self.faults.strike(*delayed, id);
        }
        for fault in self.faults.at(address) {
            let effect = self.faults.course(fault).fault.effect.clone();
            let Some(decided) = self.decide(address, arrives, &effect) else { continue };
            self.faults.strike(fault, id);
            strike = Strike { fault: Some(fault), ..decided };
            break;
        }
        strike
    }

    /// What an effect makes of a crossing; none if it lets it pass.
    fn decide(&self, address: &Address, arrives: Option<CrossingId>, effect: &Effect) -> Option<Strike> {
        let passes = |passage| Some(Strike { passage, ..Strike::none() });
        // A pattern may mean more sites than the effect fits.
        if !effect.kind().fits_site(address.site) {
            return None;
        }
        let answered = arrives.filter(|_| address.phase == Some(Phase::AnswerReceived));
        let disturbed = |by| passes(Passage::Disturbed(by));
        let dies = |before, after, restart: &Option<Duration>| {
            Some(Strike { before, after, restart_us: restart.map(micros), ..Strike::none() })
        };
        match effect {
            Effect::Fail => passes(Passage::Broken("failed by a fault".to_owned())),
            Effect::Lose => passes(Passage::Lost("the answer was lost".to_owned())),
            Effect::Answer { status } => {
                let body = format!("answered {} on the way", status.0).into();
                passes(Passage::Instead { status: status.0, body })
            }
            Effect::CrashBefore { restart } => dies(Some(Death::Crash), None, restart),
            Effect::CrashAfter { restart } => dies(None, Some(Death::Crash), restart),
            Effect::PowerLossBefore { restart } => dies(Some(Death::PowerLoss), None, restart),
            Effect::PowerLossAfter { restart } => dies(None, Some(Death::PowerLoss), restart),
            Effect::Body { damage } => {
                self.altered(answered?, |body| bodies::damaged(body, *damage)).and_then(passes)
            }
            Effect::Omit { member } if address.site.starts_with("http.") => {
                let called = self.names.called(&member.0);
                self.altered(answered?, |body| bodies::without(body, &called)).and_then(passes)
            }
            Effect::Omit { member } => disturbed(Disturbance::Without(self.names.id(&member.0)?)),
            Effect::EmptyList => self.altered(answered?, bodies::emptied).and_then(passes),
            Effect::Stale => self.stale(answered?).and_then(passes),
            Effect::Twice => passes(Passage::Twice).filter(|_| address.phase == Some(Phase::Sent)),
            Effect::Abort => disturbed(Disturbance::Abort("aborted by a fault".to_owned())),
            Effect::Part => disturbed(Disturbance::Half),
            Effect::Own(own) => self.own(address, arrives, own).and_then(passes),
            Effect::Delay { .. }
            | Effect::Cut
            | Effect::Slow { .. }
            | Effect::Lossy { .. }
            | Effect::Hold
            | Effect::Narrow { .. }
            | Effect::Refuse
            | Effect::IgnoreDials
            | Effect::Reset
            | Effect::HalfOpen
            | Effect::Pause
            | Effect::Down
            | Effect::Dark
            | Effect::CrashLoop { .. }
            | Effect::SlowBoot { .. }
            | Effect::ForeignKeysOff
            | Effect::OldSnapshot { .. }
            | Effect::Wipe
            | Effect::ClockOffset { .. }
            | Effect::ClockDrift { .. }
            | Effect::ClockStop
            | Effect::UtcOffset { .. } => None,
        }
    }

    /// What an effect that was written elsewhere makes of a crossing; none if that can't come of it.
    fn own(
        &self,
        address: &Address,
        arrives: Option<CrossingId>,
        own: &Given<dyn own::Effect>,
    ) -> Option<Passage> {
        let sent = arrives.and_then(|id| self.history.get(id)).map(|crossing| &crossing.record);
        let (status, body) = (sent.and_then(|sent| sent.status), sent.and_then(|sent| sent.body.as_ref()));
        let struck = own::Struck { address, status, body, names: &self.names };
        let passage = own.what().strike(own.arguments(), &struck)?;
        let class = Class::of(address.site);
        let can_be = match passage {
            Passage::Through => false,
            Passage::Broken(_) | Passage::Lost(_) => true,
            Passage::Instead { .. } => class == Class::Call && address.phase != Some(Phase::Sent),
            Passage::Altered { .. } => status.is_some() && address.phase == Some(Phase::AnswerReceived),
            Passage::Twice => class == Class::Call && address.phase == Some(Phase::Sent),
            Passage::Disturbed(_) => {
                matches!(class, Class::Query | Class::Write | Class::HubQuery | Class::HubWrite)
            }
        };
        can_be.then_some(passage)
    }
}
