//! Days of the civil calendar at +07:00, and the one place that counts working days.
//!
//! Source: Bộ luật Dân sự 2015, điều 147; Bộ luật Dân sự 2015, điều 148

use time::Date;

use crate::calendar::{self, Calendar};

/// Milliseconds of a day.
pub(super) const DAY_MS: i64 = 86_400_000;
const OFFSET_MS: i64 = 7 * 3_600_000;
const EPOCH_JULIAN: i32 = 2_440_588;

/// The day at +07:00 on which an instant lies.
pub(super) fn local_date(at_ms: i64) -> Date {
    let days = at_ms.saturating_add(OFFSET_MS).div_euclid(DAY_MS);
    let end = if days < 0 { Date::MIN } else { Date::MAX };
    let julian = i32::try_from(days).ok().and_then(|days| days.checked_add(EPOCH_JULIAN));
    julian.and_then(|day| Date::from_julian_day(day).ok()).unwrap_or(end)
}

/// The first instant of a day at +07:00.
pub(super) fn start_ms(date: Date) -> i64 {
    (i64::from(date.to_julian_day()) - i64::from(EPOCH_JULIAN)) * DAY_MS - OFFSET_MS
}

/// The last of `working_days` working days after the day of an instant.
pub(super) fn last_day(from_ms: i64, working_days: u16, calendar: &Calendar) -> Date {
    calendar::due(local_date(from_ms), working_days, calendar).date
}

/// `05/05/2026`.
pub(super) fn shown(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), u8::from(date.month()), date.year())
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_day_begins_at_five_in_the_afternoon_utc() {
        let midnight = datetime!(2026-05-05 00:00 +7).unix_timestamp() * 1000;
        assert_eq!(start_ms(date!(2026 - 05 - 05)), midnight);
        assert_eq!(local_date(midnight), date!(2026 - 05 - 05));
        assert_eq!(local_date(midnight - 1), date!(2026 - 05 - 04));
        assert_eq!(local_date(i64::MAX), Date::MAX);
        assert_eq!(local_date(i64::MIN), Date::MIN);
    }
}
