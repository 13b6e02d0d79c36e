//! The identifiers of hub events that a sync publishes.
//!
//! The platform's etag where there is one; else an identifier made from what the event is about and an
//! instant, shaped like a UUIDv7.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::wire::time::Instant;

/// The etag, or an identifier made from `about` and `at` if there is none.
pub(super) fn etag_or(etag: &str, about: &str, at: Instant) -> String {
    if etag.is_empty() { deterministic(about, Some(at)).to_string() } else { etag.to_owned() }
}

/// The same identifier for the same thing at the same instant; without one, at Go's zero time.
pub(in crate::gateway) fn deterministic(about: &str, at: Option<Instant>) -> Uuid {
    let millis = at.map_or(0, |at| u64::try_from(at.timestamp_millis()).unwrap_or(0));
    let hash = Sha256::digest(about.as_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::time::parse;

    #[test]
    fn the_same_thing_at_the_same_instant_has_the_same_identifier() {
        let at = parse("2026-03-31T17:47:43.123Z");
        assert_eq!(deterministic("petstore", at), deterministic("petstore", at));
        assert_ne!(deterministic("petstore", at), deterministic("orders", at));
        assert_ne!(deterministic("petstore", at), deterministic("petstore", None));
        assert_eq!(deterministic("petstore", at).get_version_num(), 7);
    }

    #[test]
    fn an_etag_goes_first() {
        let at = parse("2026-03-31T17:47:43.123Z").expect("an instant");
        assert_eq!(etag_or("an-etag", "petstore", at), "an-etag");
        assert_eq!(etag_or("", "petstore", at), deterministic("petstore", Some(at)).to_string());
    }
}
