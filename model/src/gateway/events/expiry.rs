//! When the key of an event ends (docs/spec/gateway.md section 8.4).
//!
//! An instant goes before a duration, which counts from this gateway's clock: two replicas that hear of one key
//! let it end at two instants. One that doesn't end in the future, or can't be read, spoils the event.

use crate::wire::expiry::ExpiresIn;
use crate::wire::time::{self, Instant};

/// A key that has ended already, or ends at no time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the key doesn't end in the future")]
pub(super) struct NotInFuture;

/// When the key ends; `None` if it never does.
pub(super) fn ends(
    at: Option<&str>,
    within: Option<&ExpiresIn>,
    now: Instant,
) -> Result<Option<Instant>, NotInFuture> {
    let end = match (at, within) {
        (None, None) => return Ok(None),
        (Some(at), _) => time::parse(at),
        (None, Some(within)) => within.counted_from(now),
    };
    end.filter(|end| *end > now).map(Some).ok_or(NotInFuture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_in_the_future_and_an_instant_goes_first() {
        let now = time::parse("2026-01-31T12:00:00Z").expect("an instant");
        let within = ExpiresIn { duration: 1, unit: "days".to_owned() };
        let tomorrow = "2026-02-01T12:00:01Z";
        assert_eq!(ends(Some(tomorrow), Some(&within), now), Ok(time::parse(tomorrow)));
        assert_eq!(ends(Some("2026-01-31T12:00:00Z"), Some(&within), now), Err(NotInFuture));
        assert_eq!(ends(Some("soon"), Some(&within), now), Err(NotInFuture));
        assert_eq!(ends(None, Some(&within), now), Ok(time::parse("2026-02-01T12:00:00Z")));
        assert_eq!(ends(None, Some(&ExpiresIn { duration: 0, ..within }), now), Err(NotInFuture));
        assert_eq!(ends(None, None, now), Ok(None));
    }
}
