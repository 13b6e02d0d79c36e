//! Effects: what can go wrong at a crossing, with the arguments and at the moments that a sweep tries.
//!
//! An effect that takes a number of arguments takes few here. What is late is late by two paces of a person, so
//! that the next step overtakes it; a process that crashes is back after as long, and a machine that loses power
//! stays dark until the faults end, so that both are tried. Something on the way answers 503, which says nothing,
//! or 404, which could be taken for an answer. Of an exchange an effect is tried at the moments at which it means
//! something else: a call fails before it has an effect, and its answer is lost after it had one.
//!
//! Not here: effects on links and nodes, which strike no crossing.

use std::collections::BTreeSet;

use driftless_model::cx::Phase;

use super::folding::Fold;
use super::spots::Spot;
use crate::address::Address;
use crate::fault::{Effect, EffectKind};
use crate::history::{Crossing, History};
use crate::names::Names;
use crate::outcome::Outcome;
use crate::sites::Class;
use crate::world::{answers, bodies};

/// What an argument of an effect is, each value once. None where a sweep knows nothing to give.
fn values(word: &str, argument: &str) -> &'static [&'static str] {
    match (word, argument) {
        ("delay", "by") | ("crash-before" | "crash-after", "restart") => &["2s"],
        ("answer", "status") => &["503", "404"],
        ("body", "as") => &["empty", "truncated", "not-json", "wrong-shape"],
        _ => &[],
    }
}

/// What is tried of a kind of effect, but for its members: those are looked for where it strikes.
fn variants(kind: &EffectKind) -> Vec<Effect> {
    let given = kind.takes.iter().find(|(name, ..)| !values(kind.word, name).is_empty());
    let Some((given, ..)) = given else { return Effect::read(kind.word, |_| None).into_iter().collect() };
    let values = values(kind.word, given).iter();
    let read = |value: &&'static str| Effect::read(kind.word, |name| (name == *given).then_some(*value)).ok();
    values.filter_map(read).collect()
}

/// Whether a sweep tries effects of a kind.
pub fn is_tried(kind: &EffectKind) -> bool {
    Class::ALL.iter().any(|(_, class)| kind.fits_class(*class))
        && (kind.word == "omit" || !variants(kind).is_empty())
}

/// The run in which effects are looked for.
pub(super) struct Field<'a> {
    history: &'a History,
    names: &'a Names,
    /// Names of members that an answer or a query can lack.
    members: Vec<&'a str>,
    /// The work whose transaction has written and isn't committed yet, by node and task, up to where it was looked.
    writing: BTreeSet<(&'a str, &'a str)>,
    looked: usize,
}

impl<'a> Field<'a> {
    pub(super) fn new(outcome: &'a Outcome) -> Self {
        let evidence = &outcome.evidence;
        let members = evidence.names.all().into_iter().collect();
        Field {
            history: &evidence.history,
            names: &evidence.names,
            members,
            writing: BTreeSet::new(),
            looked: 0,
        }
    }

    /// What can go wrong at a spot, of what is wanted, and why it isn't tried if another stands for it. Spots come in
    /// their order.
    pub(super) fn at(
        &mut self,
        spot: &Spot<'a>,
        wanted: &dyn Fn(&Effect, Class, &str) -> bool,
    ) -> Vec<(Effect, Option<Fold>)> {
        self.look_up_to(spot.crossing);
        let kinds = Effect::kinds().iter().filter(|kind| kind.fits_class(spot.class));
        let effects = kinds.flat_map(|kind| match kind.word {
            "omit" => self.omissions(spot),
            _ => variants(kind),
        });
        let site = spot.crossing.address.site;
        let effects: Vec<Effect> = effects.filter(|effect| wanted(effect, spot.class, site)).collect();
        let fails = effects.contains(&Effect::Fail);
        let mut arrived = BTreeSet::new();
        let mut found = Vec::new();
        for effect in effects {
            let fold = match self.fate(spot, &effect, fails, wanted) {
                Fate::Never => continue,
                Fate::Tried => None,
                Fate::Folded(fold) => Some(fold),
                Fate::Arrives(altered) => (!arrived.insert(altered)).then_some(Fold::Equal),
            };
            found.push((effect, if spot.repeats { Some(Fold::Repeats) } else { fold }));
        }
        found
    }

    /// What becomes of an effect at a spot.
    fn fate(
        &self,
        spot: &Spot<'_>,
        effect: &Effect,
        fails: bool,
        wanted: &dyn Fn(&Effect, Class, &str) -> bool,
    ) -> Fate {
        let phase = spot.crossing.address.phase.unwrap_or(Phase::Sent);
        let at = |phases: &[Phase]| if phases.contains(&phase) { Fate::Tried } else { Fate::Never };
        let equal_if = |equal: bool| if equal { Fate::Folded(Fold::Equal) } else { Fate::Tried };
        let death = |after: Option<Effect>| {
            let behind =
                after.zip(spot.behind).is_some_and(|(after, (class, site))| wanted(&after, class, site));
            match spot.mortal {
                false => Fate::Never,
                true if behind => Fate::Folded(Fold::Gap),
                true => Fate::Tried,
            }
        };
        match effect {
            Effect::Fail | Effect::Delay { .. } if spot.class == Class::Frame => {
                at(&[Phase::Sent, Phase::Received])
            }
            Effect::Fail | Effect::Twice => at(&[Phase::Sent]),
            Effect::Delay { .. } => at(&[Phase::Sent, Phase::Answered]),
            Effect::Lose => match spot.class {
                Class::Call => at(&[Phase::Answered]),
                Class::Frame => at(&[Phase::Sent]),
                Class::Query | Class::HubQuery => equal_if(fails),
                Class::Write
                | Class::HubWrite
                | Class::HubStep
                | Class::BootQuery
                | Class::BootStep
                | Class::Memory
                | Class::Event => Fate::Tried,
            },
            Effect::Answer { .. } => at(&[Phase::Received, Phase::AnswerReceived]),
            Effect::Body { .. } | Effect::EmptyList | Effect::Stale => self.altered(spot.crossing, effect),
            Effect::Omit { .. } if spot.class == Class::Call => self.altered(spot.crossing, effect),
            Effect::Omit { .. } => Fate::Tried,
            Effect::Part if spot.crossing.record.seen.is_empty() => Fate::Never,
            Effect::Part => Fate::Tried,
            Effect::Abort => equal_if(fails && !self.leaves_something(spot)),
            Effect::CrashBefore { restart } => death(Some(Effect::CrashAfter { restart: *restart })),
            Effect::PowerLossBefore { restart } => death(Some(Effect::PowerLossAfter { restart: *restart })),
            Effect::CrashAfter { .. } | Effect::PowerLossAfter { .. } => death(None),
            Effect::Own(own) => at(&[own.what().phase()]),
            Effect::Cut
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
            | Effect::UtcOffset { .. } => Fate::Never,
        }
    }

    /// What arrives of an answer that an effect alters.
    fn altered(&self, arrives: &Crossing, effect: &Effect) -> Fate {
        self.arrives(arrives, effect).map_or(Fate::Never, Fate::Arrives)
    }

    fn arrives(&self, arrives: &Crossing, effect: &Effect) -> Option<(u16, Vec<u8>)> {
        let answered = self.answered(arrives)?;
        let (status, body) = answers::given(answered)?;
        let (status, body) = match effect {
            Effect::Body { damage } => (status, bodies::damaged(&body, *damage)?),
            Effect::Omit { member } => (status, bodies::without(&body, &self.names.called(&member.0))?),
            Effect::EmptyList => (status, bodies::emptied(&body)?),
            Effect::Stale => answers::stale(self.history, answered.id)?,
            _ => return None,
        };
        Some((status, body.to_vec()))
    }

    /// The crossing by which the answer was given that arrives with another.
    fn answered(&self, arrives: &Crossing) -> Option<&'a Crossing> {
        if arrives.address.phase != Some(Phase::AnswerReceived) {
            return None;
        }
        let given: Address = arrives.address.at(Phase::Answered);
        let before = self.history.crossings().iter().rev().skip_while(|one| one.id >= arrives.id);
        before.into_iter().find(|one| one.address == given)
    }

    /// The members that what is read at a spot can lack.
    fn omissions(&self, spot: &Spot<'_>) -> Vec<Effect> {
        let omit = |member: &&str| Effect::read("omit", |_| Some(*member)).ok();
        if spot.class == Class::Call {
            return self.members.iter().filter_map(omit).collect();
        }
        let seen = spot.crossing.record.seen.iter().filter_map(|id| self.history.get(*id));
        let rows = seen.flat_map(|by| &by.record.changes).filter(|change| change.after.is_some());
        let keys: BTreeSet<String> = rows.flat_map(|change| change.key.parts()).collect();
        let is_read = |member: &&&str| self.names.id(member).is_some_and(|id| keys.contains(&id.to_string()));
        self.members.iter().filter(is_read).filter_map(omit).collect()
    }

    /// Whether a statement that is aborted takes something along that a failed one leaves: its transaction. One that
    /// commits by itself has none, one that ends it takes it along when it fails, and a question gives up nothing
    /// unless its work has written something.
    fn leaves_something(&self, statement: &Spot<'_>) -> bool {
        let address = &statement.crossing.address;
        match statement.class {
            Class::Query | Class::HubQuery => {
                self.writing.contains(&(address.node.as_ref(), address.task.as_ref()))
            }
            Class::Write | Class::HubWrite => statement.crossing.record.changes.is_empty(),
            Class::Call
            | Class::Frame
            | Class::HubStep
            | Class::BootQuery
            | Class::BootStep
            | Class::Memory
            | Class::Event => false,
        }
    }

    /// Follows who has written what isn't committed, up to a crossing and without it.
    fn look_up_to(&mut self, crossing: &Crossing) {
        let crossings = self.history.crossings();
        while let Some(one) = crossings.get(self.looked).filter(|one| one.id < crossing.id) {
            let class = Class::of(one.address.site);
            let work = (one.address.node.as_ref(), one.address.task.as_ref());
            if !one.record.changes.is_empty() {
                self.writing.remove(&work);
            } else if matches!(class, Class::Write | Class::HubWrite) {
                self.writing.insert(work);
            }
            self.looked += 1;
        }
    }
}

/// What becomes of an effect at a spot.
enum Fate {
    /// It finds nothing to do there.
    Never,
    Tried,
    Folded(Fold),
    /// It makes this answer of what arrives.
    Arrives((u16, Vec<u8>)),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Place;

    #[test]
    fn every_kind_that_strikes_crossings_is_tried() {
        for kind in Effect::KINDS {
            let strikes = !matches!(kind.place, Place::Link | Place::Node);
            assert_eq!(is_tried(kind), strikes, "{}", kind.word);
        }
    }

    #[test]
    fn what_an_argument_is_can_be_read() {
        for kind in Effect::KINDS.iter().filter(|kind| is_tried(kind)) {
            for (name, ..) in kind.takes {
                for value in values(kind.word, name) {
                    assert!(
                        Effect::read(kind.word, |_| Some(*value)).is_ok(),
                        "{} {name}={value}",
                        kind.word
                    );
                }
            }
        }
    }
}
