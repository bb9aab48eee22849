//! Why a day on the way to a due date counts or does not, typed; the texts are made here.
//!
//! Source: Bộ luật Dân sự 2015, điều 147; Bộ luật Dân sự 2015, điều 148

use std::sync::Arc;

use super::date::show_minute;
use super::day::{DayNote, OffReason};
use crate::dossier::words::Language;

/// Why a day counts or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A working day that counts towards a limit in working days.
    WorkingDay {
        /// Which one, from 1.
        number: u16,
        /// Of how many.
        of: u16,
        /// Set when it would be off without a notice.
        note: Option<Arc<DayNote>>,
    },
    /// A day that counts towards a limit in calendar days.
    CalendarDay {
        /// Which one, from 1.
        number: u16,
        /// Of how many.
        of: u16,
        /// Set on a last day that is off: the due date moves on.
        off: Option<OffReason>,
    },
    /// Off: does not count.
    Off(OffReason),
    /// The working day a due date moved on to from a day off.
    NextWorkingDay {
        /// Set when it would be off without a notice.
        note: Option<Arc<DayNote>>,
    },
    /// The working day on which a dossier taken late, or on a day off, counts as taken; itself not counted.
    /// Source: Nghị định 61/2018/NĐ-CP, điều 18; Quy ước Trao Tay, quy tắc 15 giờ là tùy chọn
    TakenNextDay {
        /// After this minute of the day a dossier is late.
        late_after: u16,
    },
    /// Working time used on a day, where limits run in hours.
    /// Source: Quy ước Trao Tay, cách đếm 8 giờ một ngày
    WorkingTime {
        /// Minutes used this day.
        minutes: u32,
        /// Minutes used so far, this day included.
        so_far: u32,
        /// Minutes of the limit.
        of: u32,
        /// The minute of the day up to which time was used.
        to_minute: u16,
    },
    /// A working day of which no office hour was left.
    /// Source: Quy ước Trao Tay, cách đếm 8 giờ một ngày
    AfterHours,
}

impl Why {
    /// Whether the day counts: towards the limit, or as the day the due date lands on.
    pub const fn counts(&self) -> bool {
        match self {
            Self::WorkingDay { .. }
            | Self::CalendarDay { .. }
            | Self::NextWorkingDay { .. }
            | Self::WorkingTime { .. } => true,
            Self::Off(_) | Self::TakenNextDay { .. } | Self::AfterHours => false,
        }
    }

    /// The reason for people.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Vietnamese => self.vietnamese(),
            Language::English => self.english(),
        }
    }

    fn vietnamese(&self) -> String {
        let vi = Language::Vietnamese;
        match self {
            Self::WorkingDay { number, of, note } => {
                let count = format!("ngày làm việc {number}/{of}");
                note.as_ref()
                    .map_or(count.clone(), |note| format!("{count}: {}", note.why))
            }
            Self::CalendarDay { number, of, off: None } => format!("ngày {number}/{of}"),
            Self::CalendarDay {
                number,
                of,
                off: Some(off),
            } => format!(
                "ngày {number}/{of}; {}: chuyển sang ngày làm việc kế tiếp",
                off.text(vi)
            ),
            Self::Off(off) => off.text(vi).to_owned(),
            Self::NextWorkingDay { note: None } => "ngày làm việc kế tiếp".to_owned(),
            Self::NextWorkingDay { note: Some(note) } => format!("ngày làm việc kế tiếp: {}", note.why),
            Self::TakenNextDay { late_after } => {
                format!(
                    "nhận sau {} hoặc vào ngày nghỉ: tính là nhận vào ngày này",
                    show_minute(*late_after)
                )
            }
            Self::WorkingTime {
                minutes,
                so_far,
                of,
                to_minute,
            } => format!(
                "tính {minutes} phút làm việc đến {}, tổng {so_far}/{of} phút",
                show_minute(*to_minute)
            ),
            Self::AfterHours => "nhận sau giờ làm việc".to_owned(),
        }
    }

    fn english(&self) -> String {
        let en = Language::English;
        match self {
            Self::WorkingDay { number, of, note } => {
                let count = format!("working day {number} of {of}");
                note.as_ref()
                    .map_or(count.clone(), |note| format!("{count}: {}", note.why_en))
            }
            Self::CalendarDay { number, of, off: None } => format!("day {number} of {of}"),
            Self::CalendarDay {
                number,
                of,
                off: Some(off),
            } => format!(
                "day {number} of {of}; {}: moves on to the next working day",
                off.text(en)
            ),
            Self::Off(off) => off.text(en).to_owned(),
            Self::NextWorkingDay { note: None } => "next working day".to_owned(),
            Self::NextWorkingDay { note: Some(note) } => format!("next working day: {}", note.why_en),
            Self::TakenNextDay { late_after } => {
                format!(
                    "taken after {} or on a day off: counts as taken on this day",
                    show_minute(*late_after)
                )
            }
            Self::WorkingTime {
                minutes,
                so_far,
                of,
                to_minute,
            } => format!(
                "{minutes} working minutes up to {}, {so_far} of {of} in all",
                show_minute(*to_minute)
            ),
            Self::AfterHours => "taken after office hours".to_owned(),
        }
    }
}

impl OffReason {
    /// The holiday or the weekly rest for people.
    pub fn text(&self, language: Language) -> &str {
        match (self, language) {
            (Self::Saturday, Language::Vietnamese) => "thứ Bảy",
            (Self::Saturday, Language::English) => "Saturday",
            (Self::Sunday, Language::Vietnamese) => "Chủ nhật",
            (Self::Sunday, Language::English) => "Sunday",
            (Self::Noted(note), language) => note.text(language),
        }
    }
}

impl DayNote {
    /// The reason for people.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Vietnamese => &self.why,
            Language::English => &self.why_en,
        }
    }
}
