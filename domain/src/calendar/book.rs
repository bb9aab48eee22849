//! All calendars of a province: of agencies and of the post, with what single offices do differently.
//!
//! Source: Bộ luật Lao động 2019, điều 112; Quy ước Trao Tay, lịch cơ quan và lịch bưu chính

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use super::day::Calendar;
use super::notice::Notice;
use super::office::OfficePeriod;
use super::versions::{AddNoticeError, CalendarVersions};

/// Whose days: agencies and the post keep their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarKind {
    /// State agencies and their desks.
    State,
    /// The post.
    Post,
}

/// A text that names no calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a calendar: expected state or post")]
pub struct ParseCalendarKindError;

impl CalendarKind {
    /// The word in files and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Post => "post",
        }
    }
}

impl FromStr for CalendarKind {
    type Err = ParseCalendarKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "state" => Ok(Self::State),
            "post" => Ok(Self::Post),
            _ => Err(ParseCalendarKindError),
        }
    }
}

/// The calendars of a province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarBook {
    state: CalendarVersions,
    post: CalendarVersions,
    offices: BTreeMap<(CalendarKind, String), Vec<OfficePeriod>>,
}

impl CalendarBook {
    /// A book of both calendars in which no office differs.
    pub const fn new(state: CalendarVersions, post: CalendarVersions) -> Self {
        Self {
            state,
            post,
            offices: BTreeMap::new(),
        }
    }

    /// The versions of one calendar.
    pub const fn versions(&self, kind: CalendarKind) -> &CalendarVersions {
        match kind {
            CalendarKind::State => &self.state,
            CalendarKind::Post => &self.post,
        }
    }

    /// The book with a notice in one of its calendars; a notice that binds both is added to both.
    ///
    /// # Errors
    /// See [`AddNoticeError`].
    pub fn with_notice(self, kind: CalendarKind, notice: Arc<Notice>) -> Result<Self, AddNoticeError> {
        Ok(match kind {
            CalendarKind::State => Self {
                state: self.state.with(notice)?,
                ..self
            },
            CalendarKind::Post => Self {
                post: self.post.with(notice)?,
                ..self
            },
        })
    }

    /// The book with what an office does differently from a date on. A second period from the same date takes the place of
    /// the first.
    #[must_use]
    pub fn with_office(mut self, kind: CalendarKind, code: impl Into<String>, period: OfficePeriod) -> Self {
        let periods = self.offices.entry((kind, code.into())).or_default();
        periods.retain(|known| known.from != period.from);
        periods.push(period);
        periods.sort_by_key(|known| known.from);
        self
    }

    /// The calendar as known at an instant in milliseconds UTC, of one office or of all that do not differ.
    pub fn calendar(&self, kind: CalendarKind, office: Option<&str>, known_at_ms: i64) -> Cow<'_, Calendar> {
        let general = &self.versions(kind).known_at(known_at_ms).calendar;
        let periods = office.and_then(|code| self.offices.get(&(kind, code.to_owned())));
        periods.map_or(Cow::Borrowed(general), |periods| {
            Cow::Owned(Calendar {
                periods: periods.clone(),
                ..general.clone()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::calendar::{ClockStart, DayNote, Office, OfficeHours, SaturdayRule, Span, due, due_in_working_time};

    fn book() -> CalendarBook {
        CalendarBook::new(
            CalendarVersions::new(Calendar::default()),
            CalendarVersions::new(Calendar::default()),
        )
    }

    fn saturdays(saturday: SaturdayRule) -> OfficePeriod {
        OfficePeriod {
            from: date!(2026 - 10 - 05),
            office: Office {
                saturday,
                saturday_hours: OfficeHours::new(vec![Span {
                    from_minute: 420,
                    to_minute: 660,
                }])
                .expect("a morning"),
                ..Office::default()
            },
            days_off: BTreeMap::new(),
            days_worked: BTreeMap::new(),
        }
    }

    #[test]
    fn an_office_that_works_saturdays_counts_them_from_its_date_on() {
        let book = book().with_office(CalendarKind::State, "D-1", saturdays(SaturdayRule::Worked));
        let desk = book.calendar(CalendarKind::State, Some("D-1"), 0);
        assert_eq!(due(date!(2026 - 10 - 02), 1, &desk).date, date!(2026 - 10 - 05));
        assert_eq!(due(date!(2026 - 10 - 09), 1, &desk).date, date!(2026 - 10 - 10));
        for (kind, office) in [
            (CalendarKind::State, None),
            (CalendarKind::State, Some("D-2")),
            (CalendarKind::Post, Some("D-1")),
        ] {
            let other = book.calendar(kind, office, 0);
            assert_eq!(due(date!(2026 - 10 - 09), 1, &other).date, date!(2026 - 10 - 12));
        }
        // Saturday morning has four of the hour's eight, the rest is Monday morning.
        let start = ClockStart {
            date: date!(2026 - 10 - 09),
            minute: 1_020,
        };
        let hours = due_in_working_time(start, 300, &desk);
        assert_eq!((hours.date, hours.minute), (date!(2026 - 10 - 12), Some(480)));
    }

    #[test]
    fn saturday_reception_takes_dossiers_and_counts_towards_nothing() {
        let book = book().with_office(CalendarKind::State, "D-1", saturdays(SaturdayRule::ReceptionOnly));
        let desk = book.calendar(CalendarKind::State, Some("D-1"), 0);
        let saturday = date!(2026 - 10 - 10);
        assert_eq!(due(date!(2026 - 10 - 09), 1, &desk).date, date!(2026 - 10 - 12));
        assert_eq!(desk.reception_hours_on(saturday).len(), 1);
        assert!(desk.hours_on(saturday).is_empty());
        assert!(desk.reception_hours_on(date!(2026 - 10 - 03)).is_empty());
    }

    #[test]
    fn an_office_has_days_of_its_own_and_a_later_period_ends_an_earlier_one() {
        let mut closed = saturdays(SaturdayRule::Worked);
        closed.days_off.insert(
            date!(2026 - 10 - 12),
            DayNote::new("Chuyển trụ sở", "Moving house", "QĐ 1"),
        );
        let book = book().with_office(CalendarKind::Post, "P-1", closed).with_office(
            CalendarKind::Post,
            "P-1",
            OfficePeriod {
                from: date!(2026 - 10 - 13),
                ..saturdays(SaturdayRule::Rest)
            },
        );
        let post = book.calendar(CalendarKind::Post, Some("P-1"), 0);
        assert!(!post.is_working(date!(2026 - 10 - 12)));
        assert!(post.is_working(date!(2026 - 10 - 10)) && !post.is_working(date!(2026 - 10 - 17)));
    }

    #[test]
    fn the_words_of_both_calendars_read_back() {
        for kind in [CalendarKind::State, CalendarKind::Post] {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("State".parse::<CalendarKind>(), Err(ParseCalendarKindError));
    }
}
