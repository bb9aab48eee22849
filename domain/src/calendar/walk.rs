//! The day-by-day walk from the first day to the due date.
//!
//! Source: Bộ luật Dân sự 2015, điều 147; Bộ luật Dân sự 2015, điều 148

use time::Date;

use super::day::{Calendar, DayKind};
use super::reason::Why;

/// One day on the way to a due date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The day.
    pub date: Date,
    /// Whether it counts, and why.
    pub why: Why,
}

impl Step {
    /// Whether it counts.
    pub const fn counted(&self) -> bool {
        self.why.counts()
    }
}

/// A due date with every day that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The day the clock started, which is not counted.
    pub from: Date,
    /// The last day.
    pub date: Date,
    /// The minute of the last day, where limits run in hours; otherwise the day runs to midnight.
    pub minute: Option<u16>,
    /// Every day after the first, up to the last; where limits run in hours the first too.
    pub steps: Vec<Step>,
    /// Whether a day lies in a year the calendar does not know, or waits for its notice.
    pub provisional: bool,
}

/// The last of `working_days` working days after `from`. With 0 days it is `from`
/// itself, or the next working day.
/// Source: Bộ luật Dân sự 2015, điều 147; Bộ luật Dân sự 2015, điều 148
pub fn due(from: Date, working_days: u16, calendar: &Calendar) -> Due {
    let mut walk = Walk::new(from, calendar);
    walk.count_working_days(working_days);
    walk.into_due()
}

/// The last of `days` calendar days after `from`, moved on to a working day when it
/// falls on one that is off.
/// Source: Bộ luật Dân sự 2015, điều 148
pub fn due_in_calendar_days(from: Date, days: u16, calendar: &Calendar) -> Due {
    let mut walk = Walk::new(from, calendar);
    walk.count_calendar_days(days);
    walk.into_due()
}

/// The walk itself.
pub(super) struct Walk<'a> {
    from: Date,
    at: Date,
    calendar: &'a Calendar,
    steps: Vec<Step>,
    provisional: bool,
    minute: Option<u16>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(from: Date, calendar: &'a Calendar) -> Self {
        Self {
            from,
            at: from,
            calendar,
            steps: Vec::with_capacity(12),
            provisional: !calendar.knows(from),
            minute: None,
        }
    }

    /// The day the walk stands on.
    pub(super) const fn at(&self) -> Date {
        self.at
    }

    /// What sort of day the walk stands on; a computed one makes the due date provisional.
    pub(super) fn look(&mut self) -> DayKind {
        let kind = self.calendar.day(self.at);
        self.provisional |= kind.awaits_notice();
        kind
    }

    /// Goes one day on; `None` at the end of time.
    pub(super) fn forward(&mut self) -> Option<DayKind> {
        self.at = self.at.next_day()?;
        self.provisional |= !self.calendar.knows(self.at);
        Some(self.look())
    }

    /// Writes down the day the walk stands on.
    pub(super) fn note(&mut self, why: Why) {
        self.steps.push(Step { date: self.at, why });
    }

    /// Goes on over days off, each noted, to the next working day; `None` at the end of time.
    pub(super) fn next_working_day(&mut self) -> Option<Why> {
        loop {
            match self.forward()? {
                DayKind::Off { why } => self.note(Why::Off(why)),
                DayKind::Working { why } => return Some(Why::NextWorkingDay { note: why }),
            }
        }
    }

    pub(super) fn count_working_days(&mut self, of: u16) {
        if of == 0 {
            self.until_worked();
        }
        for number in 1..=of {
            let Some(Why::NextWorkingDay { note }) = self.next_working_day() else {
                return;
            };
            self.note(Why::WorkingDay { number, of, note });
        }
    }

    pub(super) fn count_calendar_days(&mut self, of: u16) {
        for number in 1..=of {
            // Days in the middle count whatever they are; only the last one's kind matters.
            let Some(at) = self.at.next_day() else { break };
            self.at = at;
            self.provisional |= !self.calendar.knows(at);
            self.note(Why::CalendarDay { number, of, off: None });
        }
        self.until_worked();
    }

    /// Moves on from a day off to a working day.
    fn until_worked(&mut self) {
        let DayKind::Off { why } = self.look() else { return };
        if let Some(Step {
            date,
            why: Why::CalendarDay { off, .. },
        }) = self.steps.last_mut()
            && *date == self.at
        {
            *off = Some(why);
        }
        if let Some(why) = self.next_working_day() {
            self.note(why);
        }
    }

    /// Ends at a minute of the day the walk stands on.
    pub(super) fn end_at(&mut self, minute: u16) {
        self.minute = Some(minute);
    }

    pub(super) fn into_due(self) -> Due {
        Due {
            from: self.from,
            date: self.at,
            minute: self.minute,
            steps: self.steps,
            provisional: self.provisional,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;
    use crate::dossier::words::Language;

    fn plain() -> Calendar {
        Calendar {
            years: Some((2024, 2027)),
            ..Calendar::default()
        }
    }

    #[test]
    fn a_limit_of_no_days_is_due_at_once_or_on_the_next_working_day() {
        assert_eq!(due(date!(2026 - 10 - 08), 0, &plain()).date, date!(2026 - 10 - 08));
        assert_eq!(due(date!(2026 - 10 - 10), 0, &plain()).date, date!(2026 - 10 - 12));
    }

    #[test]
    fn a_date_outside_the_known_years_is_provisional() {
        assert!(!due(date!(2027 - 12 - 01), 5, &plain()).provisional);
        assert!(due(date!(2027 - 12 - 30), 5, &plain()).provisional);
        assert!(due_in_calendar_days(date!(2027 - 12 - 30), 5, &plain()).provisional);
    }

    #[test]
    fn counting_stops_at_the_end_of_time() {
        let last = due(Date::MAX, 3, &plain());
        assert_eq!(last.date, Date::MAX);
        assert_eq!(due_in_calendar_days(Date::MAX, 3, &plain()).date, Date::MAX);
    }

    #[test]
    fn a_last_day_that_is_off_says_that_it_moves_on_in_both_languages() {
        let due = due_in_calendar_days(date!(2026 - 10 - 08), 2, &plain());
        let texts = |language| due.steps.iter().map(|step| step.why.text(language)).collect::<Vec<_>>();
        assert_eq!(
            texts(Language::Vietnamese),
            [
                "ngày 1/2",
                "ngày 2/2; thứ Bảy: chuyển sang ngày làm việc kế tiếp",
                "Chủ nhật",
                "ngày làm việc kế tiếp"
            ]
        );
        assert_eq!(
            texts(Language::English),
            [
                "day 1 of 2",
                "day 2 of 2; Saturday: moves on to the next working day",
                "Sunday",
                "next working day"
            ]
        );
    }

    proptest! {
        #[test]
        fn every_counted_day_is_worked_and_their_number_is_the_limit(offset in 0..1_400_i32, days in 1..60_u16) {
            let from = Date::from_julian_day(date!(2024 - 01 - 01).to_julian_day() + offset).expect("a date");
            let due = due(from, days, &plain());
            let counted = due.steps.iter().filter(|step| step.counted()).count();
            prop_assert_eq!(counted, usize::from(days));
            prop_assert!(due.steps.iter().all(|step| step.counted() == plain().is_working(step.date)));
            prop_assert_eq!(due.steps.last().map(|step| step.date), Some(due.date));
        }
    }
}
