//! How long the host should wait before the next sync. The core never sleeps; it only answers the question.

/// The shortest wait after a failed sync.
pub const SHORTEST_MS: u64 = 2_000;
/// The longest wait after any number of failed syncs.
pub const LONGEST_MS: u64 = 15 * 60 * 1_000;

/// Milliseconds to wait after `failures` failed syncs in a row, given any random number.
///
/// Full jitter: evenly spread between the shortest wait and a ceiling that doubles with each failure, so a thousand
/// phones that lost one server do not return together. A server's own `retry_after_ms` is a lower bound.
pub fn backoff_ms(failures: u32, random: u64, retry_after_ms: Option<u64>) -> u64 {
    let ceiling = SHORTEST_MS.saturating_mul(1 << failures.min(20)).min(LONGEST_MS);
    let jittered = SHORTEST_MS + random % (ceiling - SHORTEST_MS + 1);
    retry_after_ms.map_or(jittered, |asked| jittered.max(asked))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_MS, SHORTEST_MS, backoff_ms};

    #[test]
    fn stays_between_two_seconds_and_fifteen_minutes() {
        for failures in [0, 1, 5, 9, 10, 40, u32::MAX] {
            for random in [0, 1, 12_345_678, u64::MAX] {
                let wait = backoff_ms(failures, random, None);
                assert!((SHORTEST_MS..=LONGEST_MS).contains(&wait), "{failures} {random} {wait}");
            }
        }
    }

    #[test]
    fn spreads_wider_with_each_failure() {
        let widest = |failures| (0..100_000_u64).map(|n| backoff_ms(failures, n * 37, None)).max();
        assert!(widest(1) < widest(2) && widest(2) < widest(4));
    }

    #[test]
    fn waits_at_least_as_long_as_the_server_asked() {
        assert_eq!(backoff_ms(0, 0, Some(60_000)), 60_000);
    }
}
