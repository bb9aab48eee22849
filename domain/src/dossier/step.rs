//! The process log of a procedure of several agencies: who passed it to whom, and when.
//!
//! Rows are only added. An agency's own time limit is a date it was given; whether it
//! kept it is computed, never stored.
//!
//! Source: Nghị định 61/2018/NĐ-CP, điều 19; Thông tư 03/2025/TT-VPCP, mẫu 06

use time::Date;

use crate::ids::AgencyId;
use crate::local_time::local_date;

/// One agency's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyStep {
    /// Which agency.
    pub agency: AgencyId,
    /// When the dossier was passed to it ("Giao").
    pub given_at_ms: i64,
    /// When it had it ("Nhận").
    pub taken_at_ms: Option<i64>,
    /// When its part was done.
    pub done_at_ms: Option<i64>,
    /// Its own last day.
    pub due_on: Option<Date>,
}

/// Whether something was done before, on or after its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeliness {
    /// Trước hạn.
    Early,
    /// Đúng hạn.
    OnTime,
    /// Quá hạn.
    Late,
}

impl Timeliness {
    /// How a day compares with the last day.
    pub fn of(done_on: Date, due_on: Date) -> Self {
        match done_on.cmp(&due_on) {
            std::cmp::Ordering::Less => Self::Early,
            std::cmp::Ordering::Equal => Self::OnTime,
            std::cmp::Ordering::Greater => Self::Late,
        }
    }

    /// The word on the control slip.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Early => "Trước hạn",
            Self::OnTime => "Đúng hạn",
            Self::Late => "Quá hạn",
        }
    }

    /// The same in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Early => "early",
            Self::OnTime => "on time",
            Self::Late => "late",
        }
    }
}

impl AgencyStep {
    /// Whether it was in time; none while it is under way or without a last day.
    pub fn timeliness(&self) -> Option<Timeliness> {
        Some(Timeliness::of(local_date(self.done_at_ms?), self.due_on?))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_step_done_on_its_last_day_is_on_time() {
        let mut step = AgencyStep {
            agency: AgencyId(Uuid::nil()),
            given_at_ms: 0,
            taken_at_ms: None,
            done_at_ms: None,
            due_on: Some(date!(1970 - 01 - 02)),
        };
        assert_eq!(step.timeliness(), None);
        // 16:59 UTC is still the same day in Vietnam, 17:00 is the next
        step.done_at_ms = Some(86_400_000 + 61_140_000);
        assert_eq!(step.timeliness(), Some(Timeliness::OnTime));
        step.done_at_ms = Some(86_400_000 + 61_200_000);
        assert_eq!(step.timeliness(), Some(Timeliness::Late));
        step.done_at_ms = Some(0);
        assert_eq!(step.timeliness(), Some(Timeliness::Early));
    }
}
