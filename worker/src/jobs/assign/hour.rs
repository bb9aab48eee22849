//! Hours and days at the post, whose clocks show UTC+7 all year.

const LOCAL_OFFSET_MS: i64 = 7 * 3600 * 1000;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// The minute of the local day.
pub(super) fn minute_of_day(now_ms: i64) -> u16 {
    let minute = (now_ms + LOCAL_OFFSET_MS).rem_euclid(DAY_MS) / 60_000;
    u16::try_from(minute).expect("a day has 1440 minutes")
}

/// The local midnight so many days after a moment.
pub(super) fn morning_after(at_ms: i64, days: u16) -> i64 {
    ((at_ms + LOCAL_OFFSET_MS).div_euclid(DAY_MS) + i64::from(days)) * DAY_MS - LOCAL_OFFSET_MS
}

#[cfg(test)]
mod tests {
    use super::{minute_of_day, morning_after};

    const HOUR_MS: i64 = 3_600_000;

    #[test]
    fn the_local_day_begins_seven_hours_before_the_universal_one() {
        assert_eq!(minute_of_day(0), 7 * 60);
        assert_eq!(minute_of_day(17 * HOUR_MS), 0);
        assert_eq!(minute_of_day(17 * HOUR_MS - 1), 1439);
        assert_eq!(minute_of_day(-1), 7 * 60 - 1);
    }

    #[test]
    fn the_next_morning_is_the_next_local_midnight_whatever_the_hour() {
        let midnight = 17 * HOUR_MS;
        assert_eq!(morning_after(midnight - 1, 1), midnight);
        assert_eq!(morning_after(midnight, 1), midnight + 24 * HOUR_MS);
        assert_eq!(morning_after(0, 2), midnight + 24 * HOUR_MS);
        assert_eq!(morning_after(0, 0), -7 * HOUR_MS);
        assert_eq!(morning_after(-8 * HOUR_MS, 1), -7 * HOUR_MS);
    }
}
