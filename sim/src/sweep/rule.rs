//! Rules: which of all faults are tried, by the reason for which controllers break.
//!
//! They are the three of Sieve (Sun et al., OSDI 2022), in the terms of crossings. Each selects among the plans that
//! a sweep has anyway; it adds none.

use serde::{Deserialize, Serialize};

use crate::fault::Effect;
use crate::sites::Class;

/// A reason for which controllers break.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A process dies between two of its effects: what was to be done together is done by half.
    Intermediate,
    /// Somebody acts on how things were: what they are told is old, or comes late.
    Stale,
    /// Nobody sees that something changed: word of it is lost, or what is about it is missing from an answer.
    Unobserved,
}

impl Rule {
    /// Each by the word for it, with what it selects.
    pub const ALL: &'static [(&'static str, Rule, &'static str)] = &[
        (
            "intermediate",
            Rule::Intermediate,
            "a process dies before or after what has an effect outside its memory",
        ),
        ("stale", Rule::Stale, "an answer is the one before it, or a call, a frame or the hub is late"),
        ("unobserved", Rule::Unobserved, "word of what was done is lost, or an answer or a list lacks it"),
    ];

    /// The rule of that name.
    pub fn named(name: &str) -> Option<Rule> {
        Rule::ALL.iter().find(|(word, ..)| *word == name).map(|(_, rule, _)| *rule)
    }

    /// Whether it has an effect tried at crossings of a class.
    pub(super) fn selects(self, effect: &Effect, class: Class) -> bool {
        let is_death = matches!(
            effect,
            Effect::CrashBefore { .. }
                | Effect::CrashAfter { .. }
                | Effect::PowerLossBefore { .. }
                | Effect::PowerLossAfter { .. }
        );
        let is_outward = matches!(class, Class::Call | Class::Frame | Class::Write | Class::HubWrite);
        let is_word =
            matches!(class, Class::Call | Class::Frame | Class::HubQuery | Class::HubWrite | Class::HubStep);
        match self {
            Rule::Intermediate => is_death && is_outward,
            Rule::Stale => *effect == Effect::Stale || (matches!(effect, Effect::Delay { .. }) && is_word),
            Rule::Unobserved => {
                matches!(effect, Effect::Lose | Effect::Omit { .. } | Effect::EmptyList | Effect::Part)
            }
        }
    }
}
