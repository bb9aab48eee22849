//! Waiting longer each time, and never all at the same moment.

use entity::clock::random;
use std::time::Duration;

/// Exponential waiting with full jitter: a random part of `first`, doubled with every failure, up to `longest`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    /// Bound of the first wait.
    pub(crate) first: Duration,
    /// Bound of every wait.
    pub(crate) longest: Duration,
}

impl Backoff {
    /// The wait after `failures` failures in a row, counted from 1; never shorter than a tenth of `first`, so that a
    /// failure that costs nothing does not turn into a busy loop.
    pub(crate) fn after(self, failures: u64) -> Duration {
        self.part(failures, u64::from_le_bytes(random()))
    }

    fn part(self, failures: u64, chance: u64) -> Duration {
        let doublings = u32::try_from(failures.saturating_sub(1).min(16)).unwrap_or(16);
        let bound = self.first.saturating_mul(1 << doublings).min(self.longest);
        let millis = u64::try_from(bound.as_millis()).unwrap_or(u64::MAX).max(1);
        Duration::from_millis(chance % millis).max(self.first / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;
    use std::time::Duration;

    const TEN: Backoff = Backoff {
        first: Duration::from_secs(1),
        longest: Duration::from_secs(10),
    };

    #[test]
    fn a_wait_doubles_its_bound_up_to_the_longest() {
        let almost = |failures, bound: u64| TEN.part(failures, bound * 1000 - 1);
        assert_eq!(almost(1, 1), Duration::from_millis(999));
        assert_eq!(almost(2, 2), Duration::from_millis(1999));
        assert_eq!(almost(4, 8), Duration::from_millis(7999));
        assert_eq!(almost(5, 10), Duration::from_millis(9999));
        assert_eq!(almost(10_000, 10), Duration::from_millis(9999));
    }

    #[test]
    fn a_wait_is_never_nothing() {
        assert_eq!(TEN.part(1, 0), Duration::from_millis(100));
        assert!(TEN.after(3) >= Duration::from_millis(100));
    }
}
