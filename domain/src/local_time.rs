//! From an instant to the day and hour in Vietnam, and months on the calendar.
//!
//! Which day and minute an instant falls on is [`calendar::local`]'s to say; here are the seconds, for a cut-off.
//!
//! Source: Bộ luật Dân sự 2015, điều 147; Bộ luật Dân sự 2015, điều 148

use time::{Date, Duration, Month, Time};

use crate::calendar;

/// The day and hour in Vietnam, to the millisecond. Instants outside the years of [`Date`] are taken to their first or
/// last.
pub(crate) fn local(at_ms: i64) -> (Date, Time) {
    let (date, minute) = calendar::local(at_ms);
    let within = Duration::minutes(i64::from(minute)) + Duration::milliseconds(at_ms.rem_euclid(60_000));
    (date, Time::MIDNIGHT + within)
}

/// The day in Vietnam.
pub(crate) fn local_date(at_ms: i64) -> Date {
    local(at_ms).0
}

/// The same day of the month so many months later; the month's last day where there is
/// no such day.
pub(crate) fn months_after(from: Date, months: u16) -> Date {
    let total = from.year() * 12 + i32::from(u8::from(from.month())) - 1 + i32::from(months);
    let month = u8::try_from(total.rem_euclid(12) + 1)
        .ok()
        .and_then(|number| Month::try_from(number).ok())
        .unwrap_or(Month::January);
    let year = total.div_euclid(12);
    Date::from_calendar_date(year, month, from.day().min(month.length(year))).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use time::macros::{date, time};

    use super::*;

    #[test]
    fn the_evening_in_utc_is_the_next_morning_in_vietnam() {
        // 27/04/2026 18:30 UTC
        assert_eq!(local(1_777_314_600_000), (date!(2026 - 04 - 28), time!(01:30)));
        assert_eq!(local_date(i64::MIN), Date::MIN);
        assert_eq!(local_date(i64::MAX), Date::MAX);
    }

    #[test]
    fn months_keep_the_day_or_end_with_the_month() {
        assert_eq!(months_after(date!(2026 - 08 - 31), 6), date!(2027 - 02 - 28));
        assert_eq!(months_after(date!(2026 - 05 - 05), 6), date!(2026 - 11 - 05));
        assert_eq!(months_after(date!(2026 - 12 - 15), 1), date!(2027 - 01 - 15));
    }
}
