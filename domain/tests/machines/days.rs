//! Hours and working days of 2026, as far as the examples need them.

use time::macros::{date, offset};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, Weekday};

/// The weekdays off that the examples cross.
const OFF: [Date; 8] = [
    date!(2026 - 01 - 01),
    date!(2026 - 01 - 02),
    date!(2026 - 04 - 27),
    date!(2026 - 04 - 30),
    date!(2026 - 05 - 01),
    date!(2026 - 08 - 31),
    date!(2026 - 09 - 01),
    date!(2026 - 09 - 02),
];

fn is_working(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !OFF.contains(&date)
}

/// The last of so many working days after a date.
pub(crate) fn after(from: Date, days: u16) -> Date {
    let mut at = from;
    let mut left = days;
    while left > 0 || !is_working(at) {
        at = at.next_day().expect("far from the end of time");
        if left > 0 && is_working(at) {
            left -= 1;
        }
    }
    at
}

/// An hour in Vietnam, as milliseconds UTC.
pub(crate) fn at(date: Date, time: Time) -> i64 {
    let local = PrimitiveDateTime::new(date, time).assume_offset(offset!(+7));
    i64::try_from(local.unix_timestamp_nanos() / 1_000_000).expect("this century")
}

#[test]
fn the_working_days_of_the_examples() {
    assert_eq!(after(date!(2026 - 04 - 24), 1), date!(2026 - 04 - 28));
    assert_eq!(after(date!(2026 - 04 - 24), 2), date!(2026 - 04 - 29));
    assert_eq!(after(date!(2026 - 04 - 24), 4), date!(2026 - 05 - 05));
    assert_eq!(after(date!(2026 - 04 - 25), 0), date!(2026 - 04 - 28));
}

/// The day in Vietnam of an hour in milliseconds UTC.
pub(crate) fn day_of(at_ms: i64) -> Date {
    let seconds = at_ms.div_euclid(1_000);
    OffsetDateTime::from_unix_timestamp(seconds)
        .expect("this century")
        .to_offset(offset!(+7))
        .date()
}
