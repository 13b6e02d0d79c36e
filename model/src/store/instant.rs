//! The text that SQLite keeps of an instant.
//!
//! There is no type for instants in SQLite: its driver writes a text in the offset of whoever wrote it, and what
//! is compared is the text. What that means is for each actor to say, since their columns differ.

use chrono::{DateTime, FixedOffset};

/// `2026-03-31 17:47:43.123+05:30`: as many digits of the second as it needs, and the offset.
pub fn sqlite_text(at: &DateTime<FixedOffset>) -> String {
    let nanos = at.format("%Y-%m-%d %H:%M:%S%.9f").to_string();
    let digits = nanos.trim_end_matches('0').trim_end_matches('.');
    format!("{digits}{}", at.format("%:z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_as_many_digits_as_it_needs() {
        let texts = [
            ("2026-03-31T17:47:43.12+05:30", "2026-03-31 17:47:43.12+05:30"),
            ("2026-03-31T17:47:40Z", "2026-03-31 17:47:40+00:00"),
        ];
        for (at, text) in texts {
            assert_eq!(sqlite_text(&DateTime::parse_from_rfc3339(at).expect("an instant")), text);
        }
    }
}
