//! What one office does differently from its sort: Saturdays, hours, days of its own.
//!
//! Each change holds from a date until the next one; nothing is overwritten.
//! Source: Quy ước Trao Tay, lịch riêng của từng cơ quan

use std::collections::BTreeMap;
use std::sync::Arc;

use time::Date;

use super::day::DayNote;
use super::hours::OfficeHours;

/// What an office does on ordinary Saturdays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SaturdayRule {
    /// Closed.
    #[default]
    Rest,
    /// Takes dossiers, but the day counts towards no limit.
    ReceptionOnly,
    /// Works, and the day counts.
    Worked,
}

/// The hours and Saturdays of an office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Office {
    /// Hours of a working day.
    pub hours: OfficeHours,
    /// Ordinary Saturdays.
    pub saturday: SaturdayRule,
    /// Hours of an ordinary Saturday, when not closed.
    pub saturday_hours: OfficeHours,
}

/// How an office works from a date on, until its next period starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficePeriod {
    /// The first day.
    pub from: Date,
    /// Hours and Saturdays.
    pub office: Office,
    /// Days off of this office alone.
    pub days_off: BTreeMap<Date, Arc<DayNote>>,
    /// Days this office alone works.
    pub days_worked: BTreeMap<Date, Arc<DayNote>>,
}
