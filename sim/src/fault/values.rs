//! What effects take: shares, rates, statuses, shifts of a clock, names.

use std::time::Duration;

use driftless_model::settings::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value in the text of a fault, required or not.
pub trait Argument: Sized {
    /// What a text must be.
    const EXPECTED: &'static str;
    /// Whether it must be given.
    const REQUIRED: bool;
    /// Reads what was given, if something was; none if that is no such value.
    fn take(given: Option<&str>) -> Option<Self>;
    /// The text, if there is anything to say.
    fn text(&self) -> Option<String>;
}

/// Settings' values as arguments that must be given.
macro_rules! required {
    ($($type:ty),+) => { $(
        impl Argument for $type {
            const EXPECTED: &'static str = <$type as Value>::EXPECTED;
            const REQUIRED: bool = true;

            fn take(given: Option<&str>) -> Option<Self> {
                <$type as Value>::read(given?)
            }

            fn text(&self) -> Option<String> {
                Some(self.write())
            }
        }
    )+ };
}

required!(Duration, Share, Rate, Status, Shift, Ppm, Damage, Named, crate::settings::UtcOffset);

impl<T: Argument> Argument for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const REQUIRED: bool = false;

    fn take(given: Option<&str>) -> Option<Self> {
        match given {
            None => Some(None),
            Some(text) => T::take(Some(text)).map(Some),
        }
    }

    fn text(&self) -> Option<String> {
        self.as_ref().and_then(Argument::text)
    }
}

/// A share of many, in percent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Share(pub u8);

impl Value for Share {
    const EXPECTED: &'static str = "a share from 1% to 100%";

    fn read(text: &str) -> Option<Self> {
        let share = text.strip_suffix('%')?.parse().ok()?;
        (1..=100).contains(&share).then_some(Share(share))
    }

    fn write(&self) -> String {
        format!("{}%", self.0)
    }
}

/// How much a link carries, in bytes a second.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Rate(pub u64);

impl Value for Rate {
    const EXPECTED: &'static str = "a rate in bytes a second such as 500B/s or 64kB/s";

    fn read(text: &str) -> Option<Self> {
        let number = text.strip_suffix("B/s")?;
        let (number, unit) = number.strip_suffix('k').map_or((number, 1), |number| (number, 1_000));
        let rate = number.parse::<u64>().ok()?.checked_mul(unit)?;
        (rate > 0).then_some(Rate(rate))
    }

    fn write(&self) -> String {
        match self.0 % 1_000 {
            0 => format!("{}kB/s", self.0 / 1_000),
            _ => format!("{}B/s", self.0),
        }
    }
}

/// The status of an answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Status(pub u16);

impl Value for Status {
    const EXPECTED: &'static str = "the status of an answer, a number from 200 to 599";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|code| (200..600).contains(code)).map(Status)
    }

    fn write(&self) -> String {
        self.0.to_string()
    }
}

/// How far a clock is off, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Shift(pub i64);

impl Value for Shift {
    const EXPECTED: &'static str = "how far a clock is off, such as +5s or -2min";

    fn read(text: &str) -> Option<Self> {
        let (sign, rest) = match text.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let micros = i64::try_from(Duration::read(rest)?.as_micros()).ok()?;
        (micros <= Shift::MOST_US).then_some(Shift(sign * micros))
    }

    fn write(&self) -> String {
        let sign = if self.0 < 0 { '-' } else { '+' };
        format!("{sign}{}", Duration::from_micros(self.0.unsigned_abs()).write())
    }
}

impl Shift {
    /// A hundred years: what a wall clock can still show.
    const MOST_US: i64 = 100 * 365 * 86_400 * 1_000_000;
}

/// How much faster a clock runs, in parts per million.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Ppm(pub i32);

impl Value for Ppm {
    const EXPECTED: &'static str = "parts per million such as +200 or -50000, at most a million";

    fn read(text: &str) -> Option<Self> {
        let signed = text.starts_with(['+', '-']);
        text.parse().ok().filter(|ppm| signed && (-1_000_000..=1_000_000).contains(ppm)).map(Ppm)
    }

    fn write(&self) -> String {
        format!("{:+}", self.0)
    }
}

/// What becomes of a body on its way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Damage {
    /// Nothing is left of it.
    Empty,
    /// Its second half is missing.
    Truncated,
    /// A page of HTML stands in its place.
    NotJson,
    /// JSON of another shape stands in its place.
    WrongShape,
}

impl Damage {
    /// Each by the word for it.
    pub const WORDS: &'static [(&'static str, Damage)] = &[
        ("empty", Damage::Empty),
        ("truncated", Damage::Truncated),
        ("not-json", Damage::NotJson),
        ("wrong-shape", Damage::WrongShape),
    ];
}

impl Value for Damage {
    const EXPECTED: &'static str = "one of empty, truncated, not-json, wrong-shape";

    fn read(text: &str) -> Option<Self> {
        Damage::WORDS.iter().find(|(word, _)| *word == text).map(|(_, damage)| *damage)
    }

    fn write(&self) -> String {
        let word = Damage::WORDS.iter().find(|(_, damage)| damage == self);
        word.map_or("", |(word, _)| word).to_owned()
    }
}

/// The plan's name for a thing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Named(pub String);

impl Value for Named {
    const EXPECTED: &'static str = "the plan's name for a thing, such as petstore or petstore.d1";

    fn read(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Named(text.to_owned()))
    }

    fn write(&self) -> String {
        self.0.clone()
    }
}
