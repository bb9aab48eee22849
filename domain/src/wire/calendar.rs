//! `calendar.json`: the calendars of a province with their notices and the offices that differ.
//!
//! The lists of days are as known now. A notice in the file takes the days that name it as
//! their source: they are of its version and of none before. Days that name no notice of the
//! file are in the first version.
//! Source: Bộ luật Lao động 2019, điều 112; Quy ước Trao Tay, tệp lịch của tỉnh

mod notice;
mod office;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::Date;

use crate::calendar::{
    AddNoticeError, Calendar, CalendarBook, CalendarKind, CalendarVersions, DayNote, NoticeError, OfficeHoursError,
    ParseCalendarKindError, read_date,
};

pub use notice::{NoticeDayRecord, NoticeRecord};
pub use office::{OfficePeriodRecord, SpanRecord};

/// One day that differs from an ordinary week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarDayRecord {
    /// The date, as `2026-04-27`.
    pub date: String,
    /// Why, in Vietnamese.
    pub why: String,
    /// Why, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_en: Option<String>,
    /// The notice or the rule it follows from.
    pub source_ref: String,
    /// Whether it was computed and waits for its notice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub awaits_notice: bool,
}

/// The calendar of one sort of office.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarRecord {
    /// The first year it knows.
    pub first_year: i32,
    /// The last year it knows.
    pub last_year: i32,
    /// Days that are off; a public holiday on a weekly rest day may be among them.
    pub days_off: Vec<CalendarDayRecord>,
    /// Days of the weekly rest that are worked.
    pub days_worked: Vec<CalendarDayRecord>,
}

/// `calendar.json`: one calendar for agencies, one for the post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarsRecord {
    /// Of state agencies.
    pub state: CalendarRecord,
    /// Of the post.
    pub post: CalendarRecord,
    /// The notices whose day of publication is known, oldest first.
    #[serde(default)]
    pub notices: Vec<NoticeRecord>,
    /// What single offices do differently.
    #[serde(default)]
    pub offices: Vec<OfficePeriodRecord>,
}

/// A date in a calendar file that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the calendar has a date that does not exist: {date}")]
pub struct CalendarDateError {
    /// The text.
    pub date: String,
}

/// Why a calendar file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFileError {
    /// A date does not exist.
    #[error(transparent)]
    Date(#[from] CalendarDateError),
    /// A calendar is neither of the two.
    #[error(transparent)]
    Kind(#[from] ParseCalendarKindError),
    /// A notice is none.
    #[error("notice {number}: {error}")]
    Notice {
        /// Its number as given.
        number: String,
        /// Why.
        error: NoticeError,
    },
    /// A notice comes twice or out of order.
    #[error(transparent)]
    Order(#[from] AddNoticeError),
    /// An hour is none.
    #[error("office {code} has an hour that does not exist: {hour}")]
    Hour {
        /// The office.
        code: String,
        /// The text.
        hour: String,
    },
    /// Office hours are none.
    #[error("office {code}: {error}")]
    Hours {
        /// The office.
        code: String,
        /// Why.
        error: OfficeHoursError,
    },
    /// A rule for Saturdays is none.
    #[error("office {code}: saturday must be rest, reception_only or worked")]
    Saturday {
        /// The office.
        code: String,
    },
}

pub(super) fn date(text: &str) -> Result<Date, CalendarDateError> {
    read_date(text).ok_or_else(|| CalendarDateError { date: text.to_owned() })
}

impl CalendarDayRecord {
    fn note(&self) -> Arc<DayNote> {
        Arc::new(DayNote {
            why: self.why.clone(),
            why_en: self
                .why_en
                .clone()
                .unwrap_or_else(|| DayNote::ENGLISH_MISSING.to_owned()),
            source: self.source_ref.clone(),
            awaits_notice: self.awaits_notice,
        })
    }
}

/// The days of a list by date.
fn days<'a>(
    records: impl IntoIterator<Item = &'a CalendarDayRecord>,
) -> Result<BTreeMap<Date, Arc<DayNote>>, CalendarDateError> {
    let day = |record: &CalendarDayRecord| Ok((date(&record.date)?, record.note()));
    records.into_iter().map(day).collect()
}

impl CalendarRecord {
    /// The calendar of the days that fit a condition.
    fn of(&self, fits: impl Fn(&CalendarDayRecord) -> bool) -> Result<Calendar, CalendarDateError> {
        Ok(Calendar {
            days_off: days(self.days_off.iter().filter(|day| fits(day)))?,
            days_worked: days(self.days_worked.iter().filter(|day| fits(day)))?,
            years: Some((self.first_year, self.last_year)),
            ..Calendar::default()
        })
    }
}

impl TryFrom<CalendarRecord> for Calendar {
    type Error = CalendarDateError;

    /// The calendar as known now.
    fn try_from(record: CalendarRecord) -> Result<Self, Self::Error> {
        record.of(|_| true)
    }
}

impl TryFrom<CalendarsRecord> for CalendarBook {
    type Error = CalendarFileError;

    fn try_from(record: CalendarsRecord) -> Result<Self, Self::Error> {
        let CalendarsRecord {
            state,
            post,
            notices,
            offices,
        } = record;
        let first = |calendar: &CalendarRecord, kind| -> Result<CalendarVersions, CalendarFileError> {
            let mut first = calendar.of(|day| !notices.iter().any(|notice| notice.brings(kind, day)))?;
            first.years = notices
                .iter()
                .fold(first.years, |years, notice| notice.years_before(kind, years));
            Ok(CalendarVersions::new(first))
        };
        let mut book = Self::new(first(&state, CalendarKind::State)?, first(&post, CalendarKind::Post)?);
        for notice in &notices {
            for kind in notice.kinds()? {
                let of_kind = match kind {
                    CalendarKind::State => &state,
                    CalendarKind::Post => &post,
                };
                book = book.with_notice(kind, Arc::new(notice.read(Some(of_kind))?))?;
            }
        }
        for office in offices {
            let (kind, code, period) = office.read()?;
            book = book.with_office(kind, code, period);
        }
        Ok(book)
    }
}
