//! What one office does differently, in a file.
//!
//! Source: Quy ước Trao Tay, tệp lịch của tỉnh

use serde::{Deserialize, Serialize};

use super::{CalendarDayRecord, CalendarFileError, date, days};
use crate::calendar::{CalendarKind, Office, OfficeHours, OfficePeriod, SaturdayRule, Span, read_minute};

/// A stretch of office hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanRecord {
    /// From, as `07:00`.
    pub from: String,
    /// To, as `11:00`.
    pub to: String,
}

/// How an office works from a date on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficePeriodRecord {
    /// `state` or `post`.
    pub calendar: String,
    /// The code of the desk or the service point.
    pub code: String,
    /// The first day.
    pub from: String,
    /// Hours of a working day; 07:00–11:00 and 13:00–17:00 when none are given.
    #[serde(default)]
    pub hours: Vec<SpanRecord>,
    /// Ordinary Saturdays: `rest`, `reception_only` or `worked`.
    #[serde(default)]
    pub saturday: Option<String>,
    /// Hours of an ordinary Saturday; those of a working day when none are given.
    #[serde(default)]
    pub saturday_hours: Vec<SpanRecord>,
    /// Days off of this office alone.
    #[serde(default)]
    pub days_off: Vec<CalendarDayRecord>,
    /// Days this office alone works.
    #[serde(default)]
    pub days_worked: Vec<CalendarDayRecord>,
    /// The decision it follows from.
    pub source_ref: String,
}

impl OfficePeriodRecord {
    /// Which calendar, which office, and the period.
    ///
    /// # Errors
    /// See [`CalendarFileError`].
    pub fn read(self) -> Result<(CalendarKind, String, OfficePeriod), CalendarFileError> {
        let kind = self.calendar.parse()?;
        let hours = self.hours(&self.hours)?.unwrap_or_default();
        let saturday = match self.saturday.as_deref() {
            None | Some("rest") => SaturdayRule::Rest,
            Some("reception_only") => SaturdayRule::ReceptionOnly,
            Some("worked") => SaturdayRule::Worked,
            Some(_) => return Err(CalendarFileError::Saturday { code: self.code }),
        };
        let saturday_hours = self.hours(&self.saturday_hours)?.unwrap_or_else(|| hours.clone());
        let period = OfficePeriod {
            from: date(&self.from)?,
            office: Office {
                hours,
                saturday,
                saturday_hours,
            },
            days_off: days(&self.days_off)?,
            days_worked: days(&self.days_worked)?,
        };
        Ok((kind, self.code, period))
    }

    /// The hours of a list, none of an empty one.
    fn hours(&self, spans: &[SpanRecord]) -> Result<Option<OfficeHours>, CalendarFileError> {
        if spans.is_empty() {
            return Ok(None);
        }
        let minute = |hour: &String| {
            read_minute(hour).ok_or_else(|| CalendarFileError::Hour {
                code: self.code.clone(),
                hour: hour.clone(),
            })
        };
        let span = |record: &SpanRecord| -> Result<Span, CalendarFileError> {
            Ok(Span {
                from_minute: minute(&record.from)?,
                to_minute: minute(&record.to)?,
            })
        };
        let spans = spans.iter().map(span).collect::<Result<_, _>>()?;
        OfficeHours::new(spans)
            .map(Some)
            .map_err(|error| CalendarFileError::Hours {
                code: self.code.clone(),
                error,
            })
    }
}
