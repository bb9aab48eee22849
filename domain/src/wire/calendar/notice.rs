//! An official notice in a file or from a screen.
//!
//! Source: Bộ luật Lao động 2019, điều 112; Quy ước Trao Tay, tệp lịch của tỉnh

use serde::{Deserialize, Serialize};

use super::{CalendarDayRecord, CalendarFileError, CalendarRecord, date};
use crate::calendar::{CalendarKind, DayNote, Notice, NoticeDay, ParseCalendarKindError, local_ms};

/// A day a notice decides on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeDayRecord {
    /// The date, as `2026-11-23`.
    pub date: String,
    /// Why, in Vietnamese.
    pub why: String,
    /// Why, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_en: Option<String>,
}

/// An official notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRecord {
    /// Its official number, such as «Thông báo 6150/TB-BLĐTBXH».
    pub number: String,
    /// When it was published, as `2024-12-03`; without `known_at_ms` it is known from the first minute of that day.
    pub published: String,
    /// Since when we know it, in milliseconds UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at_ms: Option<i64>,
    /// Which calendars it binds: `state`, `post`.
    pub calendars: Vec<String>,
    /// Days it turns off, besides those of the file's lists that name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days_off: Vec<NoticeDayRecord>,
    /// Rest days it has worked, besides those of the file's lists that name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days_worked: Vec<NoticeDayRecord>,
    /// Days on which it takes earlier decisions back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<String>,
    /// The year it makes known, when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
}

impl NoticeRecord {
    /// Since when it is known, in milliseconds UTC; `None`, before everything, when its date cannot be read.
    pub fn known_from(&self) -> Option<i64> {
        let from_date = || date(&self.published).ok().map(|published| local_ms(published, 0));
        self.known_at_ms.or_else(from_date)
    }

    /// Which calendars it binds.
    ///
    /// # Errors
    /// [`ParseCalendarKindError`] when one is neither of the two.
    pub fn kinds(&self) -> Result<Vec<CalendarKind>, ParseCalendarKindError> {
        self.calendars.iter().map(|kind| kind.parse()).collect()
    }

    /// The notice, with the days of a file's calendar that name it.
    ///
    /// # Errors
    /// See [`CalendarFileError`].
    pub fn read(&self, calendar: Option<&CalendarRecord>) -> Result<Notice, CalendarFileError> {
        let own = |records: &[NoticeDayRecord]| -> Result<Vec<NoticeDay>, CalendarFileError> {
            records.iter().map(|record| self.day(record)).collect()
        };
        let listed = |records: Option<&Vec<CalendarDayRecord>>| -> Result<Vec<NoticeDay>, CalendarFileError> {
            let named = records
                .into_iter()
                .flatten()
                .filter(|day| day.source_ref == self.number);
            let day = |record: &CalendarDayRecord| {
                Ok(NoticeDay {
                    date: date(&record.date)?,
                    note: record.note(),
                })
            };
            named.map(day).collect()
        };
        let published = date(&self.published)?;
        let known_at_ms = self.known_at_ms.unwrap_or_else(|| local_ms(published, 0));
        let withdrawn = self.withdrawn.iter().map(|text| date(text)).collect::<Result<_, _>>()?;
        let mut days_off = listed(calendar.map(|calendar| &calendar.days_off))?;
        let mut days_worked = listed(calendar.map(|calendar| &calendar.days_worked))?;
        days_off.extend(own(&self.days_off)?);
        days_worked.extend(own(&self.days_worked)?);
        Notice::new(
            &*self.number,
            (published, known_at_ms),
            days_off,
            days_worked,
            withdrawn,
            self.year.map(|year| (year, year)),
        )
        .map_err(|error| CalendarFileError::Notice {
            number: self.number.clone(),
            error,
        })
    }

    /// Whether a day of a file's list is this notice's.
    pub(super) fn brings(&self, kind: CalendarKind, day: &CalendarDayRecord) -> bool {
        day.source_ref == self.number && self.binds(kind)
    }

    /// The years known before this notice, of those known after it.
    pub(super) fn years_before(&self, kind: CalendarKind, years: Option<(i32, i32)>) -> Option<(i32, i32)> {
        match (years, self.year) {
            (Some((first, last)), Some(year)) if self.binds(kind) && first < year && year <= last => {
                Some((first, year - 1))
            }
            (years, _) => years,
        }
    }

    fn binds(&self, kind: CalendarKind) -> bool {
        self.calendars.iter().any(|word| word == kind.as_str())
    }

    fn day(&self, record: &NoticeDayRecord) -> Result<NoticeDay, CalendarFileError> {
        let why_en = record.why_en.as_deref().unwrap_or(DayNote::ENGLISH_MISSING);
        Ok(NoticeDay {
            date: date(&record.date)?,
            note: DayNote::new(&*record.why, why_en, &*self.number),
        })
    }
}
