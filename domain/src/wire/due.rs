//! The question «when is it due» and its answer, one for the command line and HTTP.
//!
//! The question comes as text and is checked here, so that both say the same about the same
//! mistake. It does not find the calendar.
//! Source: Quy ước Trao Tay, câu hỏi và câu trả lời về ngày hẹn

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::calendar::{
    Calendar, CalendarKind, ClockStart, Counting, Due, Term, due_by, read_date, read_minute, show_minute, write_date,
};
use crate::dossier::words::Language;

/// The longest limit that is answered, in days: ten years.
pub const MAX_DAYS: u16 = 3_650;

/// The first and the last year a clock may start in.
pub const YEARS: std::ops::RangeInclusive<i32> = 1990..=2200;

/// The question, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueQueryRecord {
    /// The day the clock starts, as `2026-04-24`.
    pub from: String,
    /// The limit in days, 0 to 3,650.
    pub days: String,
    /// `working` (the default) or `calendar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// `state` (the default) or `post`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// `day` (the default) or `hour8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The local time of reception, as `09:10`; `hour8` needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<String>,
    /// The local time after which a dossier counts as taken on the next working day, as `15:00`; `off` (the default) not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_after: Option<String>,
}

/// The question, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueQuery {
    /// When the clock starts.
    pub start: ClockStart,
    /// The limit.
    pub term: Term,
    /// The way of counting.
    pub counting: Counting,
    /// Whose calendar.
    pub calendar: CalendarKind,
}

/// Why a question is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DueQueryError {
    /// `from` is no date, or out of range.
    #[error("from must be a date like 2026-04-24, of the years 1990 to 2200")]
    From,
    /// `days` is no number of days, or out of range.
    #[error("days must be a whole number from 0 to 3650")]
    Days,
    /// `unit` is no unit.
    #[error("unit must be working or calendar")]
    Unit,
    /// `calendar` is no calendar.
    #[error("calendar must be state or post")]
    Calendar,
    /// `mode` is no way of counting.
    #[error("mode must be day or hour8")]
    Mode,
    /// `received_at` is no hour.
    #[error("received_at must be a time of day like 09:10")]
    ReceivedAt,
    /// `late_after` is no hour.
    #[error("late_after must be a time of day like 15:00, or off")]
    LateAfter,
    /// Hours are counted from a minute that is not given.
    #[error("mode hour8 needs received_at")]
    HoursNeedATime,
    /// Calendar days have no hours.
    #[error("mode hour8 counts working days only")]
    HoursOfCalendarDays,
    /// The late rule needs a time, and has no sense where hours are counted.
    #[error("late_after needs received_at and mode day")]
    LateAfterAlone,
}

impl DueQueryError {
    /// The field at fault.
    pub const fn field(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::Days => "days",
            Self::Unit => "unit",
            Self::Calendar => "calendar",
            Self::Mode | Self::HoursOfCalendarDays => "mode",
            Self::ReceivedAt | Self::HoursNeedATime => "received_at",
            Self::LateAfter | Self::LateAfterAlone => "late_after",
        }
    }

    /// The mistake in Vietnamese; `Display` says it in English.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::From => "from phải là ngày dạng 2026-04-24, từ năm 1990 đến năm 2200",
            Self::Days => "days phải là số nguyên từ 0 đến 3650",
            Self::Unit => "unit phải là working (ngày làm việc) hoặc calendar (ngày)",
            Self::Calendar => "calendar phải là state (cơ quan nhà nước) hoặc post (bưu chính)",
            Self::Mode => "mode phải là day (đếm theo ngày) hoặc hour8 (đếm theo giờ)",
            Self::ReceivedAt => "received_at phải là giờ dạng 09:10",
            Self::LateAfter => "late_after phải là giờ dạng 15:00, hoặc off",
            Self::HoursNeedATime => "mode hour8 cần có received_at",
            Self::HoursOfCalendarDays => "mode hour8 chỉ đếm ngày làm việc",
            Self::LateAfterAlone => "late_after cần có received_at và mode day",
        }
    }
}

impl TryFrom<&DueQueryRecord> for DueQuery {
    type Error = DueQueryError;

    fn try_from(record: &DueQueryRecord) -> Result<Self, Self::Error> {
        use DueQueryError as E;
        let date = read_date(&record.from).filter(|date| YEARS.contains(&date.year()));
        let date = date.ok_or(E::From)?;
        let is_number = !record.days.is_empty() && record.days.bytes().all(|byte| byte.is_ascii_digit());
        let days = u16::from_str(&record.days)
            .ok()
            .filter(|days| is_number && *days <= MAX_DAYS);
        let days = days.ok_or(E::Days)?;
        let term = match record.unit.as_deref() {
            None | Some("working") => Term::Working(days),
            Some("calendar") => Term::Calendar(days),
            Some(_) => return Err(E::Unit),
        };
        let calendar = record.calendar.as_deref().unwrap_or("state");
        let calendar = calendar.parse().map_err(|_| E::Calendar)?;
        let received_at = minute(record.received_at.as_deref(), E::ReceivedAt)?;
        let late_after = match record.late_after.as_deref() {
            None | Some("off") => None,
            given @ Some(_) => minute(given, E::LateAfter)?,
        };
        let counting = match (record.mode.as_deref(), term, received_at, late_after) {
            (None | Some("day"), _, None, Some(_)) | (Some("hour8"), _, _, Some(_)) => return Err(E::LateAfterAlone),
            (None | Some("day"), _, _, late_after) => Counting::DayExclusive { late_after },
            (Some("hour8"), Term::Calendar(_), _, None) => return Err(E::HoursOfCalendarDays),
            (Some("hour8"), Term::Working(_), None, None) => return Err(E::HoursNeedATime),
            (Some("hour8"), Term::Working(_), Some(_), None) => Counting::Hour8,
            (Some(_), _, _, _) => return Err(E::Mode),
        };
        Ok(Self {
            start: ClockStart {
                date,
                minute: received_at.unwrap_or(0),
            },
            term,
            counting,
            calendar,
        })
    }
}

/// A minute of the day before midnight, where one is given.
fn minute(text: Option<&str>, error: DueQueryError) -> Result<Option<u16>, DueQueryError> {
    text.map(|text| read_minute(text).filter(|minute| *minute < 24 * 60).ok_or(error))
        .transpose()
}

impl DueQuery {
    /// The answer by a calendar, which is the one the question names.
    pub fn answer(&self, calendar: &Calendar) -> DueRecord {
        let due = due_by(self.start, self.term, self.counting, calendar);
        DueRecord::new(&due, self.calendar)
    }
}

/// One day on the way to a due date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueStepRecord {
    /// The day, as `2026-04-27`.
    pub date: String,
    /// Whether it counts.
    pub counted: bool,
    /// Why, in Vietnamese.
    pub why: String,
    /// Why, in English.
    pub why_en: String,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueRecord {
    /// The last day, as `2026-05-04`.
    pub due: String,
    /// The local time on it, as `09:15`, where hours are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_time: Option<String>,
    /// Whether a day on the way is not known for certain.
    pub provisional: bool,
    /// `state` or `post`.
    pub calendar: String,
    /// Every day passed, in order.
    pub steps: Vec<DueStepRecord>,
}

impl DueRecord {
    /// The record of a due date by a calendar.
    pub fn new(due: &Due, calendar: CalendarKind) -> Self {
        let step = |step: &crate::calendar::Step| DueStepRecord {
            date: write_date(step.date),
            counted: step.counted(),
            why: step.why.text(Language::Vietnamese),
            why_en: step.why.text(Language::English),
        };
        Self {
            due: write_date(due.date),
            due_time: due.minute.map(show_minute),
            provisional: due.provisional,
            calendar: calendar.as_str().to_owned(),
            steps: due.steps.iter().map(step).collect(),
        }
    }
}
