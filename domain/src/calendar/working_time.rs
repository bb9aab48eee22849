//! Counting in hours: each day of a limit is eight hours of office time.
//!
//! Some one-stop programs count from the minute of reception, inside office hours, and round
//! the due time up to a quarter of an hour. The hours and the days come from the calendar.
//! Source: Quy ước Trao Tay, cách đếm 8 giờ một ngày

use super::clock::ClockStart;
use super::day::{Calendar, DayKind};
use super::hours::Span;
use super::reason::Why;
use super::walk::{Due, Walk};

/// Working minutes in one day of a limit: eight hours.
pub const MINUTES_A_DAY: u32 = 8 * 60;

const ROUND_TO: u16 = 15;

/// When `minutes` of working time after `start` are used up, the time of day rounded up to the next quarter of an hour.
/// No minutes are used up at once, or when the office next opens.
pub fn due_in_working_time(start: ClockStart, minutes: u32, calendar: &Calendar) -> Due {
    let mut walk = Walk::new(start.date, calendar);
    let mut used = 0;
    let mut from_minute = start.minute;
    let mut kind = Some(walk.look());
    while let Some(day) = kind {
        match day {
            DayKind::Off { why } => walk.note(Why::Off(why)),
            DayKind::Working { .. } => match use_up(calendar.hours_on(walk.at()), from_minute, minutes - used) {
                None => walk.note(Why::AfterHours),
                Some((today, to_minute)) => {
                    used += today;
                    walk.note(Why::WorkingTime {
                        minutes: today,
                        so_far: used,
                        of: minutes,
                        to_minute,
                    });
                    if used == minutes {
                        walk.end_at(round_up(to_minute));
                        break;
                    }
                }
            },
        }
        from_minute = 0;
        kind = walk.forward();
    }
    walk.into_due()
}

/// A minute of the day rounded up to the next quarter of an hour.
pub(super) const fn round_up(minute: u16) -> u16 {
    minute.div_ceil(ROUND_TO) * ROUND_TO
}

/// Uses up to `wanted` minutes of a day's hours from a minute on: how many, and up to which minute. `None` when the office
/// has closed.
fn use_up(hours: &[Span], from_minute: u16, wanted: u32) -> Option<(u32, u16)> {
    let mut used = None;
    for span in hours.iter().filter(|span| span.to_minute > from_minute) {
        let begin = span.from_minute.max(from_minute);
        let before = used.map_or(0, |(minutes, _)| minutes);
        let missing = wanted - before;
        let available = u32::from(span.to_minute - begin);
        if missing <= available {
            let last = u16::try_from(missing).expect("at most a day's minutes");
            return Some((wanted, begin + last));
        }
        used = Some((before + available, span.to_minute));
    }
    used
}

#[cfg(test)]
mod tests {
    use time::Date;
    use time::macros::date;

    use super::*;

    fn at(date: Date, hour: u16, minute: u16) -> ClockStart {
        ClockStart {
            date,
            minute: hour * 60 + minute,
        }
    }

    fn after(start: ClockStart, minutes: u32) -> (Date, Option<u16>) {
        let due = due_in_working_time(start, minutes, &Calendar::default());
        (due.date, due.minute)
    }

    #[test]
    fn a_day_is_eight_hours_from_the_minute_of_reception_rounded_up_to_a_quarter() {
        let thursday = date!(2026 - 10 - 08);
        // 09:10 to 11:00 and 13:00 to 17:00 are 350 minutes; 130 more end at 09:10.
        assert_eq!(
            after(at(thursday, 9, 10), MINUTES_A_DAY),
            (date!(2026 - 10 - 09), Some(9 * 60 + 15))
        );
        assert_eq!(
            after(at(thursday, 9, 0), MINUTES_A_DAY),
            (date!(2026 - 10 - 09), Some(9 * 60))
        );
    }

    #[test]
    fn time_used_up_at_noon_is_due_at_noon_and_not_after_the_break() {
        assert_eq!(
            after(at(date!(2026 - 10 - 08), 7, 0), 240),
            (date!(2026 - 10 - 08), Some(660))
        );
        assert_eq!(
            after(at(date!(2026 - 10 - 08), 7, 0), 241),
            (date!(2026 - 10 - 08), Some(795))
        );
    }

    #[test]
    fn a_dossier_taken_after_hours_or_on_a_day_off_starts_at_the_next_opening() {
        let friday = date!(2026 - 10 - 09);
        let monday = date!(2026 - 10 - 12);
        assert_eq!(after(at(friday, 17, 0), 60), (monday, Some(8 * 60)));
        assert_eq!(after(at(date!(2026 - 10 - 10), 9, 0), 60), (monday, Some(8 * 60)));
        assert_eq!(after(at(friday, 17, 0), 0), (monday, Some(7 * 60)));
        assert_eq!(after(at(friday, 9, 5), 0), (friday, Some(9 * 60 + 15)));
    }

    #[test]
    fn a_make_up_saturday_has_its_working_hours() {
        let mut calendar = Calendar::default();
        calendar.days_worked.insert(
            date!(2026 - 08 - 22),
            super::super::day::DayNote::new("Làm bù", "Make-up day", ""),
        );
        let due = due_in_working_time(at(date!(2026 - 08 - 21), 16, 0), 120, &calendar);
        assert_eq!((due.date, due.minute), (date!(2026 - 08 - 22), Some(8 * 60)));
    }

    #[test]
    fn working_time_stops_at_the_end_of_time() {
        let due = due_in_working_time(ClockStart::on(Date::MAX), u32::MAX, &Calendar::default());
        assert_eq!(due.date, Date::MAX);
        assert_eq!(due.minute, None);
    }
}
