//! How long a key lasts, where its end isn't given as an instant.

use chrono::{Months, TimeDelta};
use serde::{Deserialize, Serialize};

use super::time::Instant;

/// How long a key lasts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ExpiresIn {
    /// How many units.
    pub duration: u32,
    /// `seconds`, `minutes`, `hours`, `days`, `weeks` or `months`.
    pub unit: String,
}

impl ExpiresIn {
    /// When that is, from `now`; `None` if the unit is unknown or the calendar ends before.
    pub fn counted_from(&self, now: Instant) -> Option<Instant> {
        let count = i64::from(self.duration);
        let duration = match self.unit.as_str() {
            "seconds" => TimeDelta::try_seconds(count),
            "minutes" => TimeDelta::try_minutes(count),
            "hours" => TimeDelta::try_hours(count),
            "days" => TimeDelta::try_days(count),
            "weeks" => TimeDelta::try_weeks(count),
            "months" => return now.checked_add_months(Months::new(self.duration)),
            _ => None,
        };
        now.checked_add_signed(duration?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::time::parse;

    #[test]
    fn a_duration_counts_in_its_unit() {
        let at = |text| parse(text).expect("an instant");
        for (duration, unit, end) in [
            (0, "days", Some("2026-01-31T12:00:00Z")),
            (90, "seconds", Some("2026-01-31T12:01:30Z")),
            (90, "minutes", Some("2026-01-31T13:30:00Z")),
            (36, "hours", Some("2026-02-02T00:00:00Z")),
            (1, "days", Some("2026-02-01T12:00:00Z")),
            (2, "weeks", Some("2026-02-14T12:00:00Z")),
            // There is no thirty-first of February.
            (1, "months", Some("2026-02-28T12:00:00Z")),
            (1, "fortnights", None),
            (u32::MAX, "weeks", None),
        ] {
            let within = ExpiresIn { duration, unit: unit.to_owned() };
            assert_eq!(within.counted_from(at("2026-01-31T12:00:00Z")), end.map(at), "{duration} {unit}");
        }
    }
}
