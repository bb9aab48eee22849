//! A calendar: which days are worked, which are off, and why.
//!
//! A calendar is data and any content is lawful; it does not check that a day off falls on
//! a weekday or that a notice exists.
//! Source: Bộ luật Lao động 2019, điều 111; Bộ luật Lao động 2019, điều 112

use std::collections::BTreeMap;
use std::sync::Arc;

use time::{Date, Weekday};

use super::hours::Span;
use super::office::{Office, OfficePeriod, SaturdayRule};

/// Why a day differs from an ordinary week, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayNote {
    /// The reason in Vietnamese, such as «Tết Nguyên đán».
    pub why: String,
    /// The reason in English.
    pub why_en: String,
    /// The notice or article it follows from; empty when unknown.
    pub source: String,
    /// Whether the day was computed and waits for its notice: a due date that passes it is provisional.
    pub awaits_notice: bool,
}

impl DayNote {
    /// What stands in English where the data has only Vietnamese.
    pub const ENGLISH_MISSING: &str = "set by official notice";

    /// A certain day with its reason in both languages and its source.
    pub fn new(why: impl Into<String>, why_en: impl Into<String>, source: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            why: why.into(),
            why_en: why_en.into(),
            source: source.into(),
            awaits_notice: false,
        })
    }
}

/// Why a day is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OffReason {
    /// The weekly rest, Saturday.
    Saturday,
    /// The weekly rest, Sunday.
    Sunday,
    /// A public holiday, a day off in lieu, or a swapped day.
    Noted(Arc<DayNote>),
}

/// What sort of day a date is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// Worked.
    Working {
        /// Set when the day would be off without a notice.
        why: Option<Arc<DayNote>>,
    },
    /// Off.
    Off {
        /// The holiday or the weekly rest.
        why: OffReason,
    },
}

impl DayKind {
    /// Whether this rests on a computed day that still waits for its notice.
    pub fn awaits_notice(&self) -> bool {
        match self {
            Self::Working { why: Some(note) }
            | Self::Off {
                why: OffReason::Noted(note),
            } => note.awaits_notice,
            Self::Working { why: None }
            | Self::Off {
                why: OffReason::Saturday | OffReason::Sunday,
            } => false,
        }
    }
}

/// The days off, the rest days worked and the hours of one sort of office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days that are off, each with the reason. A holiday on a weekly rest day may stand here too: offices that
    /// work Saturdays need it.
    pub days_off: BTreeMap<Date, Arc<DayNote>>,
    /// Days of the weekly rest that are worked, each with the reason.
    pub days_worked: BTreeMap<Date, Arc<DayNote>>,
    /// The years for which the calendar is known, first and last.
    pub years: Option<(i32, i32)>,
    /// Hours and Saturdays where no period says otherwise.
    pub office: Office,
    /// What one office does differently, each from its date to the start of the next, by date.
    pub periods: Vec<OfficePeriod>,
}

impl Calendar {
    /// What sort of day a date is. An office's own days come before the general ones, days off before days worked.
    pub fn day(&self, date: Date) -> DayKind {
        if let Some(period) = self.period(date) {
            if let Some(note) = period.days_off.get(&date) {
                return off(note);
            }
            if let Some(note) = period.days_worked.get(&date) {
                return worked(note);
            }
        }
        if let Some(note) = self.days_off.get(&date) {
            return off(note);
        }
        let reason = match date.weekday() {
            Weekday::Saturday => OffReason::Saturday,
            Weekday::Sunday => OffReason::Sunday,
            Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => {
                return DayKind::Working {
                    why: self.days_worked.get(&date).cloned(),
                };
            }
        };
        if let Some(note) = self.days_worked.get(&date) {
            return worked(note);
        }
        match (&reason, self.office_on(date).saturday) {
            (OffReason::Saturday, SaturdayRule::Worked) => DayKind::Working { why: None },
            (OffReason::Saturday, SaturdayRule::Rest | SaturdayRule::ReceptionOnly)
            | (OffReason::Sunday | OffReason::Noted(_), _) => DayKind::Off { why: reason },
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

    /// The hours that count as working time on a date: none on a day off, the Saturday hours on an ordinary Saturday
    /// worked, and the weekday hours otherwise, make-up Saturdays included.
    pub fn hours_on(&self, date: Date) -> &[Span] {
        match self.day(date) {
            DayKind::Off { .. } => &[],
            DayKind::Working { why: None } if date.weekday() == Weekday::Saturday => {
                self.office_on(date).saturday_hours.spans()
            }
            DayKind::Working { .. } => self.office_on(date).hours.spans(),
        }
    }

    /// The hours in which dossiers are taken on a date: the working hours, and on a Saturday of reception only also its
    /// hours, which count towards no limit.
    pub fn reception_hours_on(&self, date: Date) -> &[Span] {
        let office = self.office_on(date);
        match (self.day(date), office.saturday) {
            (
                DayKind::Off {
                    why: OffReason::Saturday,
                },
                SaturdayRule::ReceptionOnly,
            ) => office.saturday_hours.spans(),
            (DayKind::Off { .. } | DayKind::Working { .. }, _) => self.hours_on(date),
        }
    }

    /// The same days with another rule for ordinary Saturdays, everywhere.
    #[must_use]
    pub fn with_saturday(mut self, saturday: SaturdayRule) -> Self {
        self.office.saturday = saturday;
        for period in &mut self.periods {
            period.office.saturday = saturday;
        }
        self
    }

    fn period(&self, date: Date) -> Option<&OfficePeriod> {
        self.periods.iter().rev().find(|period| period.from <= date)
    }

    fn office_on(&self, date: Date) -> &Office {
        self.period(date).map_or(&self.office, |period| &period.office)
    }
}

fn off(note: &Arc<DayNote>) -> DayKind {
    DayKind::Off {
        why: OffReason::Noted(Arc::clone(note)),
    }
}

fn worked(note: &Arc<DayNote>) -> DayKind {
    DayKind::Working {
        why: Some(Arc::clone(note)),
    }
}
