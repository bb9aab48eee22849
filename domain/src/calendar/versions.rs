//! Every version a calendar has had, and which one was known when.
//!
//! Versions are only added. A figure of the past is computed with the version known then.
//! Source: Quy ước Trao Tay, phiên bản lịch theo thông báo

use std::sync::Arc;

use super::day::Calendar;
use super::notice::Notice;

/// A calendar as known from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarVersion {
    /// 0 for the first calendar, then one more for each notice.
    pub number: u32,
    /// Since when it is known, in milliseconds UTC; none for the first calendar.
    pub known_at_ms: Option<i64>,
    /// Every notice in it, in the order they came.
    pub notices: Vec<Arc<Notice>>,
    /// The days.
    pub calendar: Calendar,
}

/// The versions of one calendar, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarVersions {
    first: CalendarVersion,
    later: Vec<CalendarVersion>,
}

/// Why a notice makes no new version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddNoticeError {
    /// The notice is in the calendar already.
    #[error("notice {0} is in the calendar already")]
    KnownAlready(String),
    /// It says it was known before another that is in the calendar already.
    #[error("notice {0} came to be known before the latest version of the calendar")]
    OutOfOrder(String),
}

impl CalendarVersions {
    /// The versions of a calendar that no notice has changed yet.
    pub const fn new(calendar: Calendar) -> Self {
        Self {
            first: CalendarVersion {
                number: 0,
                known_at_ms: None,
                notices: Vec::new(),
                calendar,
            },
            later: Vec::new(),
        }
    }

    /// The same with one version more, made by a notice.
    ///
    /// # Errors
    /// See [`AddNoticeError`].
    pub fn with(mut self, notice: Arc<Notice>) -> Result<Self, AddNoticeError> {
        let current = self.current();
        if current.notices.iter().any(|known| known.number() == notice.number()) {
            return Err(AddNoticeError::KnownAlready(notice.number().to_owned()));
        }
        if current.known_at_ms.is_some_and(|since| since > notice.known_at_ms()) {
            return Err(AddNoticeError::OutOfOrder(notice.number().to_owned()));
        }
        let mut next = CalendarVersion {
            number: current.number.saturating_add(1),
            known_at_ms: Some(notice.known_at_ms()),
            notices: current.notices.clone(),
            calendar: notice.apply(&current.calendar),
        };
        next.notices.push(notice);
        self.later.push(next);
        Ok(self)
    }

    /// The latest version.
    pub fn current(&self) -> &CalendarVersion {
        self.later.last().unwrap_or(&self.first)
    }

    /// The version known at an instant in milliseconds UTC; before any notice it is the first.
    pub fn known_at(&self, at_ms: i64) -> &CalendarVersion {
        let is_known = |version: &&CalendarVersion| version.known_at_ms.is_none_or(|since| since <= at_ms);
        self.later.iter().rev().find(is_known).unwrap_or(&self.first)
    }

    /// A version by its number.
    pub fn get(&self, number: u32) -> Option<&CalendarVersion> {
        self.all().find(|version| version.number == number)
    }

    /// Every version, oldest first.
    pub fn all(&self) -> impl Iterator<Item = &CalendarVersion> {
        std::iter::once(&self.first).chain(&self.later)
    }
}

#[cfg(test)]
mod tests {
    use time::Date;
    use time::macros::date;

    use super::*;
    use crate::calendar::{DayNote, NoticeDay};

    fn notice(number: &str, known_at_ms: i64, date: Date) -> Arc<Notice> {
        let note = DayNote::new("Nghỉ hoán đổi", "Swapped day off", number);
        let days = vec![NoticeDay { date, note }];
        Arc::new(Notice::new(number, (date, known_at_ms), days, vec![], vec![], None).expect("a notice"))
    }

    #[test]
    fn the_calendar_known_at_an_instant_has_the_notices_known_by_then() {
        let day = date!(2026 - 11 - 23);
        let versions = CalendarVersions::new(Calendar::default())
            .with(notice("1/TB", 1_000, day))
            .and_then(|versions| versions.with(notice("2/TB", 2_000, date!(2026 - 11 - 25))))
            .expect("in order");
        for (at_ms, number) in [(999, 0), (1_000, 1), (1_999, 1), (2_000, 2), (i64::MAX, 2)] {
            assert_eq!(versions.known_at(at_ms).number, number, "{at_ms}");
        }
        assert!(versions.known_at(999).calendar.is_working(day));
        assert!(!versions.current().calendar.is_working(day));
        assert_eq!(versions.get(1).map(|version| version.notices.len()), Some(1));
        assert_eq!(versions.get(3), None);
    }

    #[test]
    fn a_notice_is_taken_once_and_in_order() {
        let day = date!(2026 - 11 - 23);
        let versions = CalendarVersions::new(Calendar::default())
            .with(notice("1/TB", 1_000, day))
            .expect("the first");
        assert_eq!(
            versions.clone().with(notice("1/TB", 2_000, day)),
            Err(AddNoticeError::KnownAlready("1/TB".to_owned()))
        );
        assert_eq!(
            versions.with(notice("0/TB", 999, day)),
            Err(AddNoticeError::OutOfOrder("0/TB".to_owned()))
        );
    }
}
