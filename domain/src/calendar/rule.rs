//! Which way of counting an office uses, and the one function that follows it.
//!
//! The way of counting is configuration of the province, with the safe default: whole days,
//! the first one not counted, no 15:00 rule.
//! Source: Bộ luật Dân sự 2015, điều 147; Quy ước Trao Tay, cách đếm là cấu hình

use super::clock::ClockStart;
use super::day::{Calendar, DayKind};
use super::reason::Why;
use super::walk::{Due, Walk};
use super::working_time::{MINUTES_A_DAY, due_in_working_time};

/// A time limit with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// So many working days.
    Working(u16),
    /// So many calendar days; a last day off moves on.
    Calendar(u16),
}

/// How an office counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Whole days, the first one not counted (`DAY_EXCLUSIVE`).
    DayExclusive {
        /// After this minute of the day, or on a day off, a dossier counts as taken on the next working day; 15:00 where a
        /// province practises it. The law moves only the duty to forward, so the default is not to.
        /// Source: Nghị định 61/2018/NĐ-CP, điều 18
        late_after: Option<u16>,
    },
    /// Eight office hours a day from the minute of reception (`HOUR_8`). A limit in calendar days has no office hours and
    /// is counted in whole days all the same.
    /// Source: Quy ước Trao Tay, cách đếm 8 giờ một ngày
    Hour8,
}

impl Default for Counting {
    fn default() -> Self {
        Self::DayExclusive { late_after: None }
    }
}

/// When a limit ends, by an office's way of counting.
pub fn due_by(start: ClockStart, term: Term, counting: Counting, calendar: &Calendar) -> Due {
    let late_after = match (counting, term) {
        (Counting::Hour8, Term::Working(days)) => {
            return due_in_working_time(start, u32::from(days) * MINUTES_A_DAY, calendar);
        }
        (Counting::Hour8, Term::Calendar(_)) => None,
        (Counting::DayExclusive { late_after }, Term::Working(_) | Term::Calendar(_)) => late_after,
    };
    let mut walk = Walk::new(start.date, calendar);
    if let Some(late_after) = late_after {
        // Were a day off not late as well, a Saturday would be due before the Friday evening ahead of it.
        let is_late = match walk.look() {
            DayKind::Working { .. } => start.minute > late_after,
            DayKind::Off { .. } => true,
        };
        if is_late && walk.next_working_day().is_some() {
            walk.note(Why::TakenNextDay { late_after });
        }
    }
    match term {
        Term::Working(days) => walk.count_working_days(days),
        Term::Calendar(days) => walk.count_calendar_days(days),
    }
    walk.into_due()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::calendar::due;

    const FIFTEEN: Counting = Counting::DayExclusive {
        late_after: Some(15 * 60),
    };

    fn at(hour: u16, minute: u16) -> ClockStart {
        ClockStart {
            date: date!(2026 - 10 - 09),
            minute: hour * 60 + minute,
        }
    }

    #[test]
    fn by_default_the_hour_of_reception_changes_nothing() {
        let calendar = Calendar::default();
        assert_eq!(
            due_by(at(16, 30), Term::Working(3), Counting::default(), &calendar),
            due(date!(2026 - 10 - 09), 3, &calendar)
        );
    }

    #[test]
    fn with_the_late_rule_a_dossier_after_fifteen_hours_counts_as_taken_on_the_next_working_day() {
        let calendar = Calendar::default();
        let on_time = due_by(at(15, 0), Term::Working(1), FIFTEEN, &calendar);
        let late = due_by(at(15, 1), Term::Working(1), FIFTEEN, &calendar);
        assert_eq!(on_time.date, date!(2026 - 10 - 12));
        assert_eq!(late.date, date!(2026 - 10 - 13));
        assert_eq!(late.steps[2].why, Why::TakenNextDay { late_after: 900 });
        let days = due_by(at(15, 1), Term::Calendar(1), FIFTEEN, &calendar);
        assert_eq!(days.date, date!(2026 - 10 - 13));
    }

    #[test]
    fn with_the_late_rule_a_day_off_is_late_at_any_hour() {
        let calendar = Calendar::default();
        let saturday = |minute| ClockStart {
            date: date!(2026 - 10 - 10),
            minute,
        };
        for minute in [480, 1_000] {
            let due = due_by(saturday(minute), Term::Working(1), FIFTEEN, &calendar);
            assert_eq!(due.date, date!(2026 - 10 - 13));
        }
    }

    #[test]
    fn calendar_days_are_whole_days_even_where_hours_are_counted() {
        let calendar = Calendar::default();
        let due = due_by(at(16, 0), Term::Calendar(10), Counting::Hour8, &calendar);
        assert_eq!((due.date, due.minute), (date!(2026 - 10 - 19), None));
    }
}
