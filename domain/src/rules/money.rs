//! When State fees go to the agency.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Quyết định 45/2016/QĐ-TTg, điều 15

use super::law::TimeOfDay;
use super::sourced::Sourced;

/// What post and agencies agreed about money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyRules {
    /// Fees taken until this hour go with the day's hand-over.
    pub remittance_cutoff: Sourced<TimeOfDay>,
    /// Working days until what was taken by transfer is at the agency.
    pub transfer_working_days: Sourced<u16>,
    /// Whether other obligations are taken on an agency's instruction; without one never.
    pub other_obligations_on_instruction: Sourced<bool>,
}

impl Default for MoneyRules {
    /// Same visit, in full.
    fn default() -> Self {
        let agreement = "Quyết định 45/2016/QĐ-TTg, điều 15: đầy đủ, đúng hạn; giờ chốt theo thỏa thuận của tỉnh";
        Self {
            remittance_cutoff: Sourced::known(TimeOfDay::THREE_IN_THE_AFTERNOON, agreement),
            transfer_working_days: Sourced::known(1, agreement),
            other_obligations_on_instruction: Sourced::known(false, "Quyết định 45/2016/QĐ-TTg, điều 11"),
        }
    }
}
