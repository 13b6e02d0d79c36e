//! Faults: what goes wrong, where, and from when to when. Plain data with a text form.
//!
//! A fault is an effect on a target within a window. The target is a crossing, a link or a node ([`target`]);
//! the effects are one table that says of each where it fits, what it takes, and what the system should
//! survive ([`effect`]); a window is a point or a span, and ends at the latest with the heal ([`window`]).
//! How they act is the world's business.
//!
//! Faults compose. Where several are at work on the same thing, delays add up, and of the rest the first in
//! the order of the plan that doesn't let it pass decides.

pub mod effect;
pub mod target;
pub mod values;
pub mod window;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use effect::{Effect, EffectKind, Family, Place};
pub use target::{Link, Target};
pub use window::{Moment, Window};

/// One thing that goes wrong.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// Where, as a script says it.
    #[schemars(with = "String")]
    pub target: Target,
    /// What.
    pub effect: Effect,
    /// When.
    pub window: Window,
}

impl Fault {
    /// A fault that strikes once, at the first crossing that fits.
    pub fn once(at: crate::address::Pattern, effect: Effect) -> Self {
        Fault { target: Target::Crossing(at), effect, window: Window::default() }
    }
}

impl fmt::Display for Fault {
    /// As a script says it after the word `fault`. A target stands in quotes even if it is a single word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}{}", self.target.to_string(), self.effect, self.window)
    }
}
