//! How the database compares instants.
//!
//! SQLite keeps them as text in the offset they came with and compares the text: two instants of different
//! offsets are in the order of their local readings. Postgres keeps the instant.

use crate::store::{Flavour, sqlite_text};
use crate::wire::time::Instant;

/// Whether the database holds `a` to be before `b`.
pub(in crate::gateway) fn earlier(flavour: Flavour, a: &Instant, b: &Instant) -> bool {
    match flavour {
        Flavour::Sqlite if a.offset() != b.offset() => sqlite_text(a) < sqlite_text(b),
        Flavour::Sqlite | Flavour::Postgres => a < b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::time::parse;

    #[test]
    fn sqlite_compares_what_the_local_clocks_read() {
        // 09:00 in Berlin is before 08:30 in London, and reads later.
        let berlin = parse("2026-03-31T09:00:00+02:00").expect("an instant");
        let london = parse("2026-03-31T08:30:00+01:00").expect("an instant");
        assert!(earlier(Flavour::Postgres, &berlin, &london));
        assert!(!earlier(Flavour::Sqlite, &berlin, &london));
        assert!(earlier(Flavour::Sqlite, &london, &berlin));
    }
}
