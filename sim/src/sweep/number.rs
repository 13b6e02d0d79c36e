//! The number of a plan of a sweep: which addition it begins with, and which of the plans that begin so it is.
//!
//! It depends on what can be put into the plan and on nothing that was run, so whoever carries out a part of a sweep
//! gives each plan the number that it has in the whole.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// By how much a number of two parts goes up with its first.
const STEP: u64 = 1_000_000_000;

/// The number of a plan. They are in the order in which one process runs them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number(u64);

impl Number {
    /// Of the plan at a place of a row, both counted from 0: of the first row the plan with that addition, of the
    /// others that with the row's first addition and that one.
    pub(super) fn at(row: usize, place: usize) -> Self {
        Number(row as u64 * STEP + place as u64 + 1)
    }

    /// As a finding has it.
    pub fn of_run(run: u64) -> Self {
        Number(run)
    }

    /// As a finding has it.
    pub(super) fn run(self) -> u64 {
        self.0
    }

    /// Its row, and its number in that.
    pub(super) fn parts(self) -> (usize, u64) {
        (usize::try_from(self.0 / STEP).unwrap_or(usize::MAX), self.0 % STEP)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (0, only) => write!(f, "{only}"),
            (first, second) => write!(f, "{first}+{second}"),
        }
    }
}

impl FromStr for Number {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, second) = text.split_once('+').unwrap_or(("0", text));
        let number = |text: &str| text.parse::<u64>().ok();
        let number = number(first).zip(number(second).filter(|second| *second < STEP));
        let number = number.and_then(|(first, second)| first.checked_mul(STEP)?.checked_add(second));
        number
            .map(Number)
            .ok_or_else(|| format!("'{text}' is no number of a plan; expected one such as 17 or 17+5"))
    }
}

impl TryFrom<String> for Number {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Number> for String {
    fn from(number: Number) -> String {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_written() {
        for (number, words) in
            [(Number::at(0, 16), "17"), (Number::at(17, 4), "17+5"), (Number::of_run(0), "0")]
        {
            assert_eq!((number.to_string().as_str(), words.parse()), (words, Ok(number)));
        }
        for wrong in ["", "+", "a", "1+", "1+2+3", "1000000000", "99999999999+1"] {
            assert!(wrong.parse::<Number>().is_err(), "{wrong}");
        }
        // Those with one addition come first.
        assert!(Number::at(0, 999_999) < Number::at(1, 0));
    }
}
