//! How the database keeps and compares instants (docs/spec/platform.md section 3.9).
//!
//! SQLite keeps the text that the driver made, in the offset of the process that wrote it, and compares texts.
//! Postgres has columns without a zone and its driver drops the offset: what is read back is what a clock on
//! the wall showed, taken for UTC. Either way only processes of one offset agree on what is equal or earlier.

use chrono::{FixedOffset, Offset, Utc};

use crate::store::{Flavour, sqlite_text};
use crate::wire::time::Instant;

/// The instant as it will be read back.
pub(super) fn kept(flavour: Flavour, at: Instant) -> Instant {
    match flavour {
        Flavour::Sqlite => at,
        Flavour::Postgres => utc(at),
    }
}

/// Whether the database takes two instants for equal.
pub(super) fn equal(flavour: Flavour, stored: &Instant, given: &Instant) -> bool {
    match flavour {
        Flavour::Sqlite => sqlite_text(stored) == sqlite_text(given),
        Flavour::Postgres => stored.naive_local() == given.naive_local(),
    }
}

/// Whether the database takes an instant for earlier than another.
pub(super) fn before(flavour: Flavour, stored: &Instant, given: &Instant) -> bool {
    match flavour {
        Flavour::Sqlite => sqlite_text(stored) < sqlite_text(given),
        Flavour::Postgres => stored.naive_local() < given.naive_local(),
    }
}

/// What a clock on the wall showed, taken for UTC.
fn utc(at: Instant) -> Instant {
    let utc: FixedOffset = Utc.fix();
    at.naive_local().and_local_timezone(utc).single().unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::time::parse;

    /// The same instant in three writings; clocks in India show 17:47 where those in UTC show 12:17.
    #[test]
    fn sqlite_compares_texts_and_postgres_what_a_clock_shows() {
        let at = |text| parse(text).expect("an instant");
        let (india, utc) = (at("2026-03-31T17:47:43.12+05:30"), at("2026-03-31T12:17:43.12Z"));
        let read = at("2026-03-31T17:47:43.120Z");
        for flavour in [Flavour::Sqlite, Flavour::Postgres] {
            assert!(equal(flavour, &india, &india) && !equal(flavour, &india, &utc));
            // An hour later elsewhere may look earlier.
            assert!(before(flavour, &at("2026-03-31T13:17:43Z"), &india));
        }
        assert!(!equal(Flavour::Sqlite, &india, &read) && equal(Flavour::Postgres, &india, &read));
        assert_eq!(kept(Flavour::Sqlite, india).to_rfc3339(), india.to_rfc3339());
        assert_eq!(kept(Flavour::Postgres, india).to_rfc3339(), read.to_rfc3339());
    }

    #[test]
    fn texts_of_one_offset_are_in_the_order_of_time() {
        let texts = ["43", "43.1", "43.12", "43.125", "43.2", "44"];
        for offset in ["Z", "+05:30", "-08:00"] {
            let instants: Vec<_> =
                texts.iter().map(|s| parse(&format!("2026-03-31T17:47:{s}{offset}"))).collect();
            for pair in instants.windows(2) {
                let (one, other) = (pair[0].expect("an instant"), pair[1].expect("an instant"));
                assert!(before(Flavour::Sqlite, &one, &other) && !before(Flavour::Sqlite, &other, &one));
            }
        }
    }
}
