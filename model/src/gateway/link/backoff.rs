//! How long to wait before the next attempt to connect (docs/spec/gateway.md section 3.3).

use std::time::Duration;

/// The wait after that many failures in a row, the last one included, with a random number for the jitter.
///
/// The count has grown before the wait is computed, so the first wait is twice the base.
pub(super) fn delay(initial: Duration, max: Duration, failures: u32, random: u64) -> Duration {
    let nominal = initial.saturating_mul(2u32.saturating_pow(failures)).min(max);
    // From -25 % to +24.5 % in steps of half a percent: the clock the real code takes it from is cut to
    // hundredths.
    let per_mille = 750 + 5 * u32::try_from(random % 100).expect("less than a hundred");
    let micros = nominal.as_micros().saturating_mul(u128::from(per_mille)) / 1000;
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)).min(max)
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;
    /// The random number that gives no jitter: 750 + 5 * 50 = 1000.
    const EVEN: u64 = 50;

    #[test]
    fn the_wait_doubles_from_twice_the_base_up_to_the_limit() {
        let waits = [1, 2, 3, 8, 9, 60, u32::MAX].map(|failures| delay(S(1), S(300), failures, EVEN));
        assert_eq!(waits, [S(2), S(4), S(8), S(256), S(300), S(300), S(300)]);
    }

    #[test]
    fn jitter_takes_up_to_a_quarter_and_never_passes_the_limit() {
        let ms = Duration::from_millis;
        assert_eq!(delay(S(1), S(300), 1, 0), ms(1500));
        assert_eq!(delay(S(1), S(300), 1, 199), ms(2490));
        assert_eq!(delay(S(1), S(300), 10, 99), S(300));
        assert_eq!(delay(S(1), S(300), 10, 0), S(225));
    }
}
