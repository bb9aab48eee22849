//! Complaints about the service: until when, and by when they are answered.
//!
//! Who is right is not decided here. Feedback about the agency goes its own way.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 8; Luật Bưu chính 49/2010/QH12, điều 38

mod course;

pub use course::{Complaint, ComplaintStep, ComplaintStepError, Grievance};

use time::Date;

use crate::dossier::WorkingDaysAfter;
use crate::local_time::months_after;

/// The windows of the circular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComplaintPolicy {
    /// Months from the end of the total time in which a complaint is heard. 6.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 8
    pub window_months: u16,
    /// Working days to the answer inside one province. 5.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 8
    pub answer_days_intra: u16,
    /// Working days to the answer between provinces. 7.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 8
    pub answer_days_inter: u16,
}

impl Default for ComplaintPolicy {
    fn default() -> Self {
        Self {
            window_months: 6,
            answer_days_intra: 5,
            answer_days_inter: 7,
        }
    }
}

/// Whether the item stayed in one province.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Sent and delivered in one province.
    IntraProvince,
    /// Between provinces.
    InterProvince,
}

/// A complaint that comes after its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a complaint was possible until {last_day}")]
pub struct TooLate {
    /// The last day on which it would have been heard.
    pub last_day: Date,
}

/// The last day for a complaint: the window after the last day of the total time.
///
/// Source: Thông tư 17/2017/TT-BTTTT, điều 8
pub fn last_day(total_time_ends: Date, policy: &ComplaintPolicy) -> Date {
    months_after(total_time_ends, policy.window_months)
}

/// By when a complaint of a day is answered, if it still is heard.
///
/// # Errors
/// [`TooLate`] when its window is over.
///
/// Source: Thông tư 17/2017/TT-BTTTT, điều 8
pub fn answer_by(
    filed_on: Date,
    total_time_ends: Date,
    reach: Reach,
    policy: &ComplaintPolicy,
    after: WorkingDaysAfter<'_>,
) -> Result<Date, TooLate> {
    let last_day = last_day(total_time_ends, policy);
    if filed_on > last_day {
        return Err(TooLate { last_day });
    }
    let days = match reach {
        Reach::IntraProvince => policy.answer_days_intra,
        Reach::InterProvince => policy.answer_days_inter,
    };
    Ok(after(filed_on, days))
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::date;

    use super::*;

    fn answer(filed_on: Date, reach: Reach) -> Result<Date, TooLate> {
        let after = |from: Date, days: u16| from + Duration::days(i64::from(days));
        let ends = date!(2026 - 04 - 28);
        answer_by(filed_on, ends, reach, &ComplaintPolicy::default(), &after)
    }

    #[test]
    fn a_complaint_is_heard_for_six_months_after_the_total_time() {
        assert!(answer(date!(2026 - 10 - 28), Reach::IntraProvince).is_ok());
        let too_late = TooLate {
            last_day: date!(2026 - 10 - 28),
        };
        assert_eq!(answer(date!(2026 - 10 - 29), Reach::IntraProvince), Err(too_late));
    }

    #[test]
    fn the_answer_takes_five_days_in_the_province_and_seven_beyond() {
        let filed = date!(2026 - 05 - 11);
        assert_eq!(answer(filed, Reach::IntraProvince), Ok(date!(2026 - 05 - 16)));
        assert_eq!(answer(filed, Reach::InterProvince), Ok(date!(2026 - 05 - 18)));
    }
}
