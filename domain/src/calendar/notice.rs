//! An official notice that turns days off, has rest days worked, or takes such days back.
//!
//! A notice never edits a calendar: applied to one it gives the next version. It does not
//! judge whether the notice is lawful.
//! Source: Bộ luật Lao động 2019, điều 112

use std::collections::BTreeSet;
use std::sync::Arc;

use time::Date;

use super::day::{Calendar, DayNote};

/// A day a notice decides on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeDay {
    /// The day.
    pub date: Date,
    /// The reason in both languages; its source is the notice.
    pub note: Arc<DayNote>,
}

/// An official notice, as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    number: String,
    published: Date,
    known_at_ms: i64,
    days_off: Vec<NoticeDay>,
    days_worked: Vec<NoticeDay>,
    withdrawn: Vec<Date>,
    years: Option<(i32, i32)>,
}

/// Why something is no notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// It has no number.
    #[error("a notice needs its official number")]
    NoNumber,
    /// It says nothing.
    #[error("a notice must turn a day off, have one worked, take one back, or make a year known")]
    Empty,
    /// It decides twice on a day.
    #[error("the notice decides more than once on {0}")]
    DecidesTwice(Date),
    /// The first year it makes known is after the last.
    #[error("the years a notice makes known must be in order")]
    YearsOutOfOrder,
}

impl Notice {
    /// A notice of its official number, published on a date and known to us at an instant in milliseconds UTC: days it turns
    /// off, rest days it has worked, days on which earlier decisions are taken back, and the years it completes.
    ///
    /// # Errors
    /// See [`NoticeError`].
    pub fn new(
        number: impl Into<String>,
        (published, known_at_ms): (Date, i64),
        days_off: Vec<NoticeDay>,
        days_worked: Vec<NoticeDay>,
        withdrawn: Vec<Date>,
        years: Option<(i32, i32)>,
    ) -> Result<Self, NoticeError> {
        let notice = Self {
            number: number.into(),
            published,
            known_at_ms,
            days_off,
            days_worked,
            withdrawn,
            years,
        };
        if notice.number.trim().is_empty() {
            return Err(NoticeError::NoNumber);
        }
        if years.is_some_and(|(first, last)| first > last) {
            return Err(NoticeError::YearsOutOfOrder);
        }
        if years.is_none() && notice.dates().next().is_none() {
            return Err(NoticeError::Empty);
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = notice.dates().find(|date| !seen.insert(*date)) {
            return Err(NoticeError::DecidesTwice(twice));
        }
        Ok(notice)
    }

    /// The official number, such as «Thông báo 9441/TB-BNV».
    pub fn number(&self) -> &str {
        &self.number
    }

    /// When it was published.
    pub const fn published(&self) -> Date {
        self.published
    }

    /// Since when we know it, in milliseconds UTC.
    pub const fn known_at_ms(&self) -> i64 {
        self.known_at_ms
    }

    /// Every day it decides on.
    pub fn dates(&self) -> impl Iterator<Item = Date> {
        let days = self.days_off.iter().chain(&self.days_worked).map(|day| day.date);
        days.chain(self.withdrawn.iter().copied())
    }

    /// The next version of a calendar: what the notice says wins over what was there.
    pub fn apply(&self, base: &Calendar) -> Calendar {
        let mut next = base.clone();
        for date in self.dates() {
            next.days_off.remove(&date);
            next.days_worked.remove(&date);
        }
        let days = |days: &[NoticeDay]| {
            days.iter()
                .map(|day| (day.date, Arc::clone(&day.note)))
                .collect::<Vec<_>>()
        };
        next.days_off.extend(days(&self.days_off));
        next.days_worked.extend(days(&self.days_worked));
        if let Some((first, last)) = self.years {
            next.years = Some(
                next.years
                    .map_or((first, last), |(from, to)| (from.min(first), to.max(last))),
            );
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn day(date: Date) -> NoticeDay {
        NoticeDay {
            date,
            note: DayNote::new("Nghỉ hoán đổi", "Swapped day off", "1/TB-THU"),
        }
    }

    const PUBLISHED: (Date, i64) = (date!(2026 - 11 - 01), 0);

    #[test]
    fn a_notice_without_number_or_content_or_that_contradicts_itself_is_refused() {
        let date = date!(2026 - 11 - 23);
        let new = |number: &str, off, worked, withdrawn, years| {
            Notice::new(number, PUBLISHED, off, worked, withdrawn, years).map(|_| ())
        };
        assert_eq!(
            new(" ", vec![day(date)], vec![], vec![], None),
            Err(NoticeError::NoNumber)
        );
        assert_eq!(new("1/TB", vec![], vec![], vec![], None), Err(NoticeError::Empty));
        assert_eq!(new("1/TB", vec![], vec![], vec![], Some((2028, 2028))), Ok(()));
        assert_eq!(
            new("1/TB", vec![], vec![], vec![], Some((2029, 2028))),
            Err(NoticeError::YearsOutOfOrder)
        );
        assert_eq!(
            new("1/TB", vec![day(date)], vec![day(date)], vec![], None),
            Err(NoticeError::DecidesTwice(date))
        );
        assert_eq!(
            new("1/TB", vec![day(date)], vec![], vec![date], None),
            Err(NoticeError::DecidesTwice(date))
        );
    }

    #[test]
    fn a_notice_turns_days_off_has_others_worked_and_takes_days_back() {
        let (monday, saturday) = (date!(2026 - 11 - 23), date!(2026 - 11 - 28));
        let base = Calendar::default();
        let swap = Notice::new("1/TB", PUBLISHED, vec![day(monday)], vec![day(saturday)], vec![], None)
            .expect("a notice")
            .apply(&base);
        assert!(!swap.is_working(monday) && swap.is_working(saturday));
        let back = Notice::new("2/TB", PUBLISHED, vec![], vec![], vec![monday, saturday], None)
            .expect("a notice")
            .apply(&swap);
        assert_eq!(back, base);
    }
}
