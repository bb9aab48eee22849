//! Where a clock starts: a local date and minute.
//!
//! Viet Nam keeps UTC+7 all year, so no time-zone table is asked. It does not decide which
//! fact starts a clock; the dossier does.
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Quy ước Trao Tay, giờ địa phương UTC+7

use time::{Date, Month};

const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 24 * 60;
const OFFSET_MINUTES: i64 = 7 * 60;

/// The instant a clock starts, as a local date and minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockStart {
    /// The local date.
    pub date: Date,
    /// The local minute of the day, 0 to 1,439.
    pub minute: u16,
}

impl ClockStart {
    /// A start of which only the day is known: its first minute.
    pub const fn on(date: Date) -> Self {
        Self { date, minute: 0 }
    }

    /// The start at an instant in milliseconds UTC, cut to its minute.
    pub fn at_ms(at_ms: i64) -> Self {
        let (date, minute) = local(at_ms);
        Self { date, minute }
    }
}

/// The local date and minute of the day of an instant in milliseconds UTC. An instant before or after all dates is at
/// the first or the last of them.
pub fn local(at_ms: i64) -> (Date, u16) {
    local_minute(at_ms.div_euclid(MINUTE_MS))
}

/// As [`local`], of a whole minute since the epoch.
pub(crate) fn local_minute(minutes: i64) -> (Date, u16) {
    let minutes = minutes.saturating_add(OFFSET_MINUTES);
    let day = minutes.div_euclid(DAY_MINUTES).saturating_add(epoch_day());
    let minute = u16::try_from(minutes.rem_euclid(DAY_MINUTES)).expect("less than 1,440");
    let date = i32::try_from(day).ok().and_then(|day| Date::from_julian_day(day).ok());
    match date {
        Some(date) => (date, minute),
        None if day < 0 => (Date::MIN, 0),
        None => (Date::MAX, 1_439),
    }
}

/// The instant in milliseconds UTC of a local date and minute of the day.
pub fn local_ms(date: Date, minute: u16) -> i64 {
    minute_of(date, minute) * MINUTE_MS
}

/// The whole minute since the epoch of a local date and minute of the day.
pub(crate) fn minute_of(date: Date, minute: u16) -> i64 {
    (i64::from(date.to_julian_day()) - epoch_day()) * DAY_MINUTES + i64::from(minute) - OFFSET_MINUTES
}

fn epoch_day() -> i64 {
    const EPOCH: Date = match Date::from_calendar_date(1970, Month::January, 1) {
        Ok(date) => date,
        Err(_) => Date::MIN,
    };
    i64::from(EPOCH.to_julian_day())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn the_day_turns_at_seventeen_hours_utc() {
        let ms = |at: time::OffsetDateTime| at.unix_timestamp() * 1_000;
        assert_eq!(
            local(ms(datetime!(2026-04-24 16:59:59 UTC))),
            (date!(2026 - 04 - 24), 1_439)
        );
        assert_eq!(
            local(ms(datetime!(2026-04-24 17:00:00 UTC))),
            (date!(2026 - 04 - 25), 0)
        );
        assert_eq!(
            local_ms(date!(2026 - 04 - 28), 500),
            ms(datetime!(2026-04-28 08:20:00 +07:00))
        );
    }

    #[test]
    fn instants_outside_all_dates_are_at_an_end() {
        assert_eq!(local(i64::MIN), (Date::MIN, 0));
        assert_eq!(local(i64::MAX), (Date::MAX, 1_439));
    }

    proptest! {
        #[test]
        fn a_minute_reads_back(minutes in -1_000_000_000_i64..1_000_000_000) {
            let (date, minute) = local_minute(minutes);
            prop_assert_eq!(minute_of(date, minute), minutes);
        }
    }
}
