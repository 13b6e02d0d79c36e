//! Faults: what goes wrong, and where.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::address::Pattern;

/// One thing that goes wrong, once, at the first crossing that fits.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// Where.
    pub at: Pattern,
    /// What.
    pub effect: Effect,
}

/// What goes wrong at a crossing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Effect {
    /// It doesn't happen, and its caller is told.
    Fail,
    /// It happens, and word of it is lost: a statement takes effect and its caller is told that it failed, a
    /// call is handled and its answer never comes, a frame is handed over and never arrives.
    Lose,
    /// Something on the way answers an HTTP call with this status in the callee's place.
    Answer(u16),
    /// The process dies before it: no effect.
    CrashBefore,
    /// The process dies after it: the effect stands.
    CrashAfter,
    /// The machine goes dark before it.
    PowerLossBefore,
    /// The machine goes dark after it.
    PowerLossAfter,
}

impl Effect {
    /// The effects that take no argument, by the words a script uses.
    pub const WORDS: &'static [(&'static str, Effect, &'static str)] = &[
        ("fail", Effect::Fail, "it doesn't happen, and its caller is told"),
        (
            "lose",
            Effect::Lose,
            "it happens, and word of it is lost: the answer of a call, a frame on its way",
        ),
        ("crash-before", Effect::CrashBefore, "the process dies before it: no effect"),
        ("crash-after", Effect::CrashAfter, "the process dies after it: the effect stands"),
        ("power-loss-before", Effect::PowerLossBefore, "the machine goes dark before it: no effect"),
        ("power-loss-after", Effect::PowerLossAfter, "the machine goes dark after it: the effect stands"),
    ];
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::Answer(status) => write!(f, "answer status={status}"),
            plain => {
                let word = Effect::WORDS.iter().find(|(_, effect, _)| effect == plain);
                f.write_str(word.map_or("", |(word, _, _)| word))
            }
        }
    }
}
