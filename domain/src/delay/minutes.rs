//! Working minutes between two instants.
//!
//! Source: Quy ước Trao Tay, sổ thời gian từng bên

use crate::calendar::Calendar;
use crate::calendar::clock::local_minute;

/// The whole minutes of office time from one instant to another, both in whole minutes since the epoch, UTC. None when the
/// second is not after the first.
pub fn working_minutes(from_minute: i64, to_minute: i64, calendar: &Calendar) -> i64 {
    if to_minute <= from_minute {
        return 0;
    }
    let (first, first_minute) = local_minute(from_minute);
    let (last, last_minute) = local_minute(to_minute);
    let mut sum = 0;
    let mut at = Some(first);
    while let Some(date) = at.filter(|date| *date <= last) {
        let begin = if date == first { first_minute } else { 0 };
        let end = if date == last { last_minute } else { 24 * 60 };
        for span in calendar.hours_on(date) {
            sum += i64::from(span.to_minute.min(end).saturating_sub(span.from_minute.max(begin)));
        }
        at = date.next_day();
    }
    sum
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::calendar::local_ms;

    #[test]
    fn only_office_hours_are_counted() {
        let at = |date, hour: u16, minute: u16| local_ms(date, hour * 60 + minute) / 60_000;
        let (thursday, monday) = (date!(2026 - 10 - 08), date!(2026 - 10 - 12));
        let minutes = |from, to| working_minutes(from, to, &Calendar::default());
        assert_eq!(minutes(at(thursday, 10, 30), at(thursday, 13, 30)), 60);
        assert_eq!(minutes(at(thursday, 16, 0), at(monday, 8, 0)), 60 + 480 + 60);
        assert_eq!(minutes(at(thursday, 11, 0), at(thursday, 13, 0)), 0);
        assert_eq!(minutes(at(monday, 8, 0), at(thursday, 8, 0)), 0);
    }
}
