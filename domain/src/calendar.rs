//! Counting days: when something is due, and which days were skipped on the way.
//!
//! The first day is not counted and the last one runs to midnight (Civil Code, articles
//! 147 and 148). The calendar itself is data: only an official notice turns a day off.

use std::collections::BTreeMap;

use time::{Date, Month, Weekday};

/// The days off and the Saturdays worked of one sort of office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Weekdays that are off, each with the reason.
    pub days_off: BTreeMap<Date, String>,
    /// Days of the weekly rest that are worked, each with the reason.
    pub days_worked: BTreeMap<Date, String>,
    /// The years for which the calendar is known, first and last.
    pub years: Option<(i32, i32)>,
}

/// What sort of day a date is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// Worked.
    Working {
        /// Set when the day would be off without a notice.
        why: Option<String>,
    },
    /// Off.
    Off {
        /// The holiday's name or the weekly rest.
        why: String,
    },
}

impl Calendar {
    /// What sort of day a date is.
    pub fn day(&self, date: Date) -> DayKind {
        if let Some(why) = self.days_off.get(&date) {
            return DayKind::Off { why: why.clone() };
        }
        let worked = self.days_worked.get(&date).cloned();
        let rest = match date.weekday() {
            Weekday::Saturday => "thứ Bảy",
            Weekday::Sunday => "Chủ nhật",
            Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => "",
        };
        if worked.is_none() && !rest.is_empty() {
            DayKind::Off { why: rest.to_owned() }
        } else {
            DayKind::Working { why: worked }
        }
    }

    /// Whether a date is worked.
    pub fn is_working(&self, date: Date) -> bool {
        matches!(self.day(date), DayKind::Working { .. })
    }

    /// Whether the days off of a date's year are known. Outside, only weekly rests are
    /// skipped and a due date is provisional.
    pub fn knows(&self, date: Date) -> bool {
        self.years
            .is_some_and(|(first, last)| (first..=last).contains(&date.year()))
    }
}

/// One day on the way to a due date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The day.
    pub date: Date,
    /// Whether it counts.
    pub counted: bool,
    /// Why it does or does not, for people.
    pub why: String,
}

/// A due date with every day that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last day.
    pub date: Date,
    /// Every day after the first, up to the last.
    pub steps: Vec<Step>,
    /// Whether a day lies in a year the calendar does not know.
    pub provisional: bool,
}

/// The last of `working_days` working days after `from`. With 0 days it is `from`
/// itself, or the next working day.
pub fn due(from: Date, working_days: u16, calendar: &Calendar) -> Due {
    let mut walk = Walk::new(from, calendar);
    if working_days == 0 {
        walk.until_worked();
    }
    for number in 1..=working_days {
        while let Some(Step { counted: false, .. }) = walk.step(number, working_days) {}
    }
    walk.into_due()
}

/// The last of `days` calendar days after `from`, moved on to a working day when it
/// falls on one that is off.
pub fn due_in_calendar_days(from: Date, days: u16, calendar: &Calendar) -> Due {
    let mut walk = Walk::new(from, calendar);
    for number in 1..=days {
        walk.step_anyway(number, days);
    }
    walk.until_worked();
    walk.into_due()
}

/// The day-by-day walk from the first day to the due date.
struct Walk<'a> {
    at: Date,
    calendar: &'a Calendar,
    steps: Vec<Step>,
    provisional: bool,
}

impl<'a> Walk<'a> {
    fn new(from: Date, calendar: &'a Calendar) -> Self {
        Self {
            at: from,
            calendar,
            steps: Vec::new(),
            provisional: !calendar.knows(from),
        }
    }

    fn forward(&mut self) -> Option<DayKind> {
        self.at = self.at.next_day()?;
        self.provisional |= !self.calendar.knows(self.at);
        Some(self.calendar.day(self.at))
    }

    /// Goes one day on and counts it when it is worked; `None` at the end of time.
    fn step(&mut self, number: u16, of: u16) -> Option<Step> {
        let (counted, why) = match self.forward()? {
            DayKind::Working { why: None } => (true, format!("ngày làm việc {number}/{of}")),
            DayKind::Working { why: Some(why) } => (true, format!("ngày làm việc {number}/{of}: {why}")),
            DayKind::Off { why } => (false, why),
        };
        let step = Step {
            date: self.at,
            counted,
            why,
        };
        self.steps.push(step.clone());
        Some(step)
    }

    /// Goes one day on and counts it, worked or not.
    fn step_anyway(&mut self, number: u16, of: u16) {
        if self.forward().is_some() {
            self.steps.push(Step {
                date: self.at,
                counted: true,
                why: format!("ngày {number}/{of}"),
            });
        }
    }

    /// Goes on until the day is worked.
    fn until_worked(&mut self) {
        while let DayKind::Off { why } = self.calendar.day(self.at) {
            if let Some(last) = self.steps.last_mut().filter(|last| last.date == self.at) {
                last.why = format!("{}; {why}: chuyển sang ngày làm việc kế tiếp", last.why);
            }
            let Some(kind) = self.forward() else { return };
            let (counted, why) = match kind {
                DayKind::Working { why } => (true, why.unwrap_or_else(|| "ngày làm việc kế tiếp".to_owned())),
                DayKind::Off { why } => (false, why),
            };
            self.steps.push(Step {
                date: self.at,
                counted,
                why,
            });
        }
    }

    fn into_due(self) -> Due {
        Due {
            date: self.at,
            steps: self.steps,
            provisional: self.provisional,
        }
    }
}

/// Reads `2026-05-04`; nothing else, and no date that does not exist.
pub fn read_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| {
            if matches!(at, 4 | 7) {
                *byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    if !is_shaped {
        return None;
    }
    let month: u8 = text[5..7].parse().ok()?;
    Date::from_calendar_date(
        text[..4].parse().ok()?,
        Month::try_from(month).ok()?,
        text[8..].parse().ok()?,
    )
    .ok()
}

/// Writes `2026-05-04`.
pub fn write_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    fn plain() -> Calendar {
        Calendar {
            years: Some((2024, 2027)),
            ..Calendar::default()
        }
    }

    #[test]
    fn dates_read_back_what_they_write_and_bad_ones_do_not() {
        assert_eq!(read_date("2024-02-29"), Some(date!(2024 - 02 - 29)));
        assert_eq!(write_date(date!(2024 - 02 - 29)), "2024-02-29");
        for text in [
            "2025-02-29",
            "2025-2-09",
            "20250209",
            "2025-13-01",
            "2025-02-0a",
            "",
            "२०२५-०२-०१",
        ] {
            assert_eq!(read_date(text), None, "{text}");
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
    }

    #[test]
    fn counting_stops_at_the_end_of_time() {
        let last = due(Date::MAX, 3, &plain());
        assert_eq!(last.date, Date::MAX);
        assert_eq!(due_in_calendar_days(Date::MAX, 3, &plain()).date, Date::MAX);
    }

    proptest! {
        #[test]
        fn every_counted_day_is_worked_and_their_number_is_the_limit(offset in 0..1_400_i32, days in 1..60_u16) {
            let from = Date::from_julian_day(date!(2024 - 01 - 01).to_julian_day() + offset).expect("a date");
            let due = due(from, days, &plain());
            let counted = due.steps.iter().filter(|step| step.counted).count();
            prop_assert_eq!(counted, usize::from(days));
            prop_assert!(due.steps.iter().all(|step| step.counted == plain().is_working(step.date)));
            prop_assert_eq!(due.steps.last().map(|step| step.date), Some(due.date));
        }
    }
}
