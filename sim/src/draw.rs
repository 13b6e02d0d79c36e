//! Random numbers that nobody else's draws can move.
//!
//! Each is a hash of the run's seed, the name of a stream, and what the number is for. There is no sequence:
//! one draw more, anywhere, changes no other.

use std::ops::Range;

use uuid::Uuid;
use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128_with_seed};

/// The source of every random number of one run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Draws {
    seed: u64,
}

impl Draws {
    /// The draws of a run with that seed.
    pub fn new(seed: u64) -> Self {
        Draws { seed }
    }

    /// A number for `of`, from the stream of that name.
    pub fn number(&self, stream: &str, of: u128) -> u64 {
        let mut bytes = [0; 48];
        let name = &stream.as_bytes()[..stream.len().min(32)];
        bytes[..name.len()].copy_from_slice(name);
        bytes[32..].copy_from_slice(&of.to_le_bytes());
        xxh3_64_with_seed(&bytes, self.seed)
    }

    /// A number in `range`, for `of`; the lower end if the range is empty.
    pub fn within(&self, stream: &str, of: u128, range: &Range<u64>) -> u64 {
        match range.end.saturating_sub(range.start) {
            0 => range.start,
            width => range.start + self.number(stream, of) % width,
        }
    }

    /// The order among things of one instant, for `of`.
    pub fn order(&self, of: u128) -> u128 {
        xxh3_128_with_seed(&of.to_le_bytes(), self.seed)
    }

    /// An identifier for the thing of that name, in the form of a UUID of that version.
    pub fn uuid(&self, version: u8, name: &str) -> Uuid {
        let bits = xxh3_128_with_seed(name.as_bytes(), self.seed);
        uuid::Builder::from_random_bytes(bits.to_le_bytes())
            .with_version(if version == 7 { uuid::Version::SortRand } else { uuid::Version::Random })
            .into_uuid()
    }
}

/// The number that stands for a text.
pub fn of(text: &str) -> u128 {
    xxh3_128_with_seed(text.as_bytes(), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_seed_stream_and_purpose_and_on_nothing_else() {
        let draws = Draws::new(7);
        assert_eq!(draws.number("link", 1), Draws::new(7).number("link", 1));
        assert_ne!(draws.number("link", 1), Draws::new(8).number("link", 1));
        assert_ne!(draws.number("link", 1), draws.number("store", 1));
        assert_ne!(draws.number("link", 1), draws.number("link", 2));
    }

    #[test]
    fn a_range_is_kept_to() {
        let draws = Draws::new(0);
        let drawn: Vec<_> = (0..1000).map(|k| draws.within("x", k, &(100..1000))).collect();
        assert!(drawn.iter().all(|d| (100..1000).contains(d)));
        assert!(drawn.iter().any(|d| *d < 200) && drawn.iter().any(|d| *d > 900));
        assert_eq!(draws.within("x", 1, &(5..5)), 5);
    }
}
