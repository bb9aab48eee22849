//! What to show a courier about events that are only on this phone.

use crate::core::Core;
use crate::core::error::CourierError;
use crate::core::platform::Mono;
use crate::core::store::{event, exchange, heads};

/// From this age of the oldest unsent event the banner is amber.
pub const AMBER_AFTER_MS: u64 = 4 * 60 * 60 * 1_000;
/// From this age of the oldest unsent event the banner is red, and a shift cannot be closed on the phone.
pub const RED_AFTER_MS: u64 = 24 * 60 * 60 * 1_000;

/// How loudly to say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Banner {
    /// Nothing waits, or not for long.
    Green,
    /// Four hours or more.
    Amber,
    /// A day or more.
    Red,
}

/// What waits on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncStatus {
    /// Events the server has not confirmed.
    pub unsent: u64,
    /// Age of the oldest of them.
    pub oldest_age_ms: u64,
    /// How loudly to say it.
    pub banner: Banner,
    /// Wall clock of the last complete sync.
    pub synced_ms: Option<i64>,
    /// Sizes at which the public log showed this phone and a colleague's different histories. Not a courier's fault: tell the
    /// province, who finds the events that say so with `traotay verify --log`.
    pub log_splits: u64,
}

impl Core {
    /// What waits on this phone, for the banner.
    ///
    /// # Errors
    /// [`CourierError`] if clock or store fail.
    pub fn status(&self) -> Result<SyncStatus, CourierError> {
        let (wall_ms, mono) = (self.platform.now_ms()?, self.platform.mono()?);
        let ((unsent, oldest), exchange, log_splits) = self
            .store
            .read(|db| Ok::<_, CourierError>((event::unsent(db)?, exchange::load(db)?, heads::splits(db)?)))?;
        let oldest_age_ms = oldest.map_or(0, |(then_ms, then)| age_ms((then_ms, then), (wall_ms, mono)));
        Ok(SyncStatus {
            unsent,
            oldest_age_ms,
            banner: banner(oldest_age_ms),
            synced_ms: exchange.synced_ms,
            log_splits,
        })
    }
}

/// Time between two readings: by the monotonic clock within one boot, else by the wall clock, never negative.
pub fn age_ms(then: (i64, Mono), now: (i64, Mono)) -> u64 {
    if then.1.boot_id == now.1.boot_id {
        now.1.ms.saturating_sub(then.1.ms)
    } else {
        u64::try_from(now.0.saturating_sub(then.0)).unwrap_or(0)
    }
}

/// How loudly to speak of an event this old.
pub const fn banner(oldest_age_ms: u64) -> Banner {
    if oldest_age_ms >= RED_AFTER_MS {
        Banner::Red
    } else if oldest_age_ms >= AMBER_AFTER_MS {
        Banner::Amber
    } else {
        Banner::Green
    }
}

#[cfg(test)]
mod tests {
    use super::{AMBER_AFTER_MS, Banner, RED_AFTER_MS, age_ms, banner};
    use crate::core::platform::Mono;

    #[test]
    fn turns_amber_after_four_hours_and_red_after_a_day() {
        assert_eq!(banner(AMBER_AFTER_MS - 1), Banner::Green);
        assert_eq!(banner(AMBER_AFTER_MS), Banner::Amber);
        assert_eq!(banner(RED_AFTER_MS), Banner::Red);
    }

    #[test]
    fn a_changed_wall_clock_does_not_age_an_event_within_one_boot() {
        let boot = |id, ms| Mono { boot_id: [id; 16], ms };
        assert_eq!(age_ms((1_000, boot(1, 10)), (999_000_000, boot(1, 70))), 60);
        assert_eq!(age_ms((1_000, boot(1, 10)), (500, boot(2, 0))), 0);
        assert_eq!(age_ms((1_000, boot(1, 10)), (4_000, boot(2, 0))), 3_000);
    }
}
