//! The numbers of the law that an office may have to change.
//!
//! The defaults are the safe reading of the texts in force; a province that reads one
//! of them otherwise passes its own policy. Nothing here is a switch for convenience.
//!
//! Source: Nghị định 61/2018/NĐ-CP, điều 17; Nghị định 61/2018/NĐ-CP, điều 18; Nghị định 61/2018/NĐ-CP, điều 19

use time::Time;
use time::macros::time;

use super::FormSet;
use crate::rules::LawRules;

/// What a supplement does to the agency's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SupplementClock {
    /// The limit starts from zero when every paper is there.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    Restart,
    /// The clock runs on and the wait is subtracted.
    ///
    /// Source: Quyết định 766/QĐ-TTg, chỉ số 2.1
    Subtract,
}

/// The parameters of the dossier's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Working days from reception in which an examining agency may ask for papers. 3.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    pub supplement_within_days: u16,
    /// Supplement requests up to which a dossier can be on time. 1: the second makes it late.
    ///
    /// Source: Quyết định 766/QĐ-TTg, chỉ số 2.1
    pub supplements_on_time: usize,
    /// How a supplement moves the agency's clock. Restart.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19; Quyết định 766/QĐ-TTg, chỉ số 2.1
    pub supplement_clock: SupplementClock,
    /// Whether waiting for a payment stops the clock. No, unless a sector's law says so.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 22
    pub payment_stops_clock: bool,
    /// New dates an agency may set. 1.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    pub max_extensions: u32,
    /// Days before the due date by which the apology must be out. 1.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    pub apology_lead_days: u16,
    /// A dossier received after this hour is forwarded on the next working morning. 15:00.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 18
    pub forward_cut_off: Time,
    /// Whether a dossier lodged after the cut-off counts as lodged the next working day.
    /// No; some offices do so.
    ///
    /// Source: Quy ước Trao Tay, quy tắc 15 giờ
    pub late_lodging_counts_next_day: bool,
    /// Whether the post may take an incomplete dossier when the applicant insists. No.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 6
    pub allow_incomplete_with_waiver: bool,
    /// Which generation of forms is printed.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 01; Thông tư 01/2018/TT-VPCP, điều 9
    pub form_set: FormSet,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            supplement_within_days: 3,
            supplements_on_time: 1,
            supplement_clock: SupplementClock::Restart,
            payment_stops_clock: false,
            max_extensions: 1,
            apology_lead_days: 1,
            forward_cut_off: time!(15:00),
            late_lodging_counts_next_day: false,
            allow_incomplete_with_waiver: false,
            form_set: FormSet::Circular03Of2025,
        }
    }
}

impl From<&LawRules> for Policy {
    /// What a rule set says; what it leaves open is as the law has it. A set of forms that
    /// this program does not print leaves the one in force.
    fn from(rules: &LawRules) -> Self {
        let usual = Self::default();
        let cut_off = rules.cutoff_15h.value().and_then(|cut_off| {
            let (hour, minute) = (cut_off.minutes() / 60, cut_off.minutes() % 60);
            Time::from_hms(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, 0).ok()
        });
        Self {
            supplement_within_days: *rules.supplement_limit_working_days.value(),
            supplement_clock: *rules.supplement_clock.value(),
            max_extensions: u32::from(*rules.extension_max.value()),
            apology_lead_days: *rules.apology_lead_days.value(),
            forward_cut_off: cut_off.unwrap_or(usual.forward_cut_off),
            late_lodging_counts_next_day: cut_off.is_some(),
            allow_incomplete_with_waiver: *rules.incomplete_with_waiver.value(),
            ..usual
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_set_of_defaults_says_what_the_law_says() {
        assert_eq!(Policy::from(&LawRules::default()), Policy::default());
    }
}
