//! Instants as the protocol writes them.
//!
//! `performedAt` is RFC 3339 with milliseconds in the platform's own offset, trailing zeros trimmed, as Go
//! writes it (docs/spec/platform.md section 7); envelopes and frames have whole seconds.

use chrono::{DateTime, FixedOffset, SecondsFormat, SubsecRound};

/// An instant with the offset in which it was written.
pub type Instant = DateTime<FixedOffset>;

/// The instant cut to whole milliseconds.
pub fn to_millis(at: Instant) -> Instant {
    at.trunc_subsecs(3)
}

/// RFC 3339 with as many digits of the second as it needs (Go's `RFC3339Nano`).
pub fn nanos(at: &Instant) -> String {
    let text = at.to_rfc3339_opts(SecondsFormat::Nanos, true);
    let point = text.find('.').expect("nanoseconds are written after a point");
    let zone = text[point..].find(['Z', '+', '-']).expect("the zone follows") + point;
    let digits = text[point..zone].trim_end_matches('0').trim_end_matches('.');
    format!("{}{digits}{}", &text[..point], &text[zone..])
}

/// RFC 3339 with whole seconds.
pub fn seconds(at: &Instant) -> String {
    at.trunc_subsecs(0).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Reads RFC 3339.
pub fn parse(text: &str) -> Option<Instant> {
    DateTime::parse_from_rfc3339(text).ok()
}

/// `performedAt` and `deployedAt` in JSON.
pub mod json {
    use super::Instant;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the instant as [`super::nanos`] does.
    ///
    /// # Errors
    /// Those of the serialiser.
    pub fn serialize<S: Serializer>(at: &Instant, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&super::nanos(at))
    }

    /// Reads RFC 3339.
    ///
    /// # Errors
    /// When it isn't RFC 3339.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
        let text = String::deserialize(from)?;
        super::parse(&text).ok_or_else(|| D::Error::custom(format!("'{text}' is not RFC 3339")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_zeros_are_trimmed_and_the_offset_stays() {
        let at = parse("2026-03-31T17:47:43.120+05:30").expect("an instant");
        assert_eq!(nanos(&at), "2026-03-31T17:47:43.12+05:30");
        assert_eq!(seconds(&at), "2026-03-31T17:47:43+05:30");
        let whole = parse("2026-03-31T17:47:43Z").expect("an instant");
        assert_eq!(nanos(&whole), "2026-03-31T17:47:43Z");
    }
}
