//! The states D0 to D15 of a dossier.
//!
//! Source: DVCQG danh mục trạng thái, 1 đến 10; Quy ước Trao Tay, trạng thái D0 đến D15

use std::fmt;
use std::str::FromStr;

/// Where a dossier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DossierState {
    /// D0: being prepared.
    Draft,
    /// D1: post staff check the list.
    IntakeCheck,
    /// D2: the slip is signed, the post has it; not lodged.
    InPost,
    /// D3: the agency counts.
    AtHandover,
    /// D4: the minutes are signed.
    Lodged,
    /// D5: accepted, with code and due date.
    Received,
    /// D6: not accepted; final.
    NotAccepted,
    /// D7: with the competent agency.
    Processing,
    /// D8: waits for papers from the applicant.
    Supplement,
    /// D9: waits for a payment.
    Payment,
    /// D10: the applicant asked to withdraw.
    WithdrawRequested,
    /// D11: stopped or withdrawn; final.
    Stopped,
    /// D12: the result is signed.
    Resolved,
    /// D13: the post has the result.
    ResultInPost,
    /// D14: the entitled person has the result; final.
    Returned,
    /// D15: undelivered, back at the agency.
    ResultBack,
}

impl DossierState {
    /// Every state, D0 first.
    pub const ALL: [Self; 16] = [
        Self::Draft,
        Self::IntakeCheck,
        Self::InPost,
        Self::AtHandover,
        Self::Lodged,
        Self::Received,
        Self::NotAccepted,
        Self::Processing,
        Self::Supplement,
        Self::Payment,
        Self::WithdrawRequested,
        Self::Stopped,
        Self::Resolved,
        Self::ResultInPost,
        Self::Returned,
        Self::ResultBack,
    ];

    /// The short code, `D0` to `D15`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "D0",
            Self::IntakeCheck => "D1",
            Self::InPost => "D2",
            Self::AtHandover => "D3",
            Self::Lodged => "D4",
            Self::Received => "D5",
            Self::NotAccepted => "D6",
            Self::Processing => "D7",
            Self::Supplement => "D8",
            Self::Payment => "D9",
            Self::WithdrawRequested => "D10",
            Self::Stopped => "D11",
            Self::Resolved => "D12",
            Self::ResultInPost => "D13",
            Self::Returned => "D14",
            Self::ResultBack => "D15",
        }
    }

    /// The name, in the words of the reference.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::IntakeCheck => "INTAKE_CHECK",
            Self::InPost => "IN_POST",
            Self::AtHandover => "AT_HANDOVER",
            Self::Lodged => "LODGED",
            Self::Received => "RECEIVED",
            Self::NotAccepted => "NOT_ACCEPTED",
            Self::Processing => "PROCESSING",
            Self::Supplement => "SUPPLEMENT",
            Self::Payment => "PAYMENT",
            Self::WithdrawRequested => "WITHDRAW_REQ",
            Self::Stopped => "STOPPED",
            Self::Resolved => "RESOLVED",
            Self::ResultInPost => "RESULT_IN_POST",
            Self::Returned => "RETURNED",
            Self::ResultBack => "RESULT_BACK",
        }
    }

    /// Whether only a new dossier can reopen the matter.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::NotAccepted | Self::Stopped | Self::Returned)
    }

    /// The number in the national list of dossier statuses, as far as the state alone
    /// tells. Never 10: that takes the agency's confirmation, see
    /// [`Dossier::dvcqg`](super::Dossier::dvcqg).
    pub const fn dvcqg(self) -> Option<u8> {
        match self {
            Self::Draft | Self::IntakeCheck | Self::InPost => None,
            Self::AtHandover | Self::Lodged => Some(1),
            Self::Received => Some(2),
            Self::NotAccepted => Some(3),
            Self::Processing => Some(4),
            Self::Supplement => Some(5),
            Self::Payment => Some(6),
            Self::WithdrawRequested => Some(7),
            Self::Stopped => Some(8),
            Self::Resolved | Self::ResultInPost | Self::Returned | Self::ResultBack => Some(9),
        }
    }
}

impl fmt::Display for DossierState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that names no dossier state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a dossier state: expected D0 to D15")]
pub struct ParseDossierStateError;

impl FromStr for DossierState {
    type Err = ParseDossierStateError;

    /// Reads the code (`D5`) or the name (`RECEIVED`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.code() == text || state.name() == text)
            .ok_or(ParseDossierStateError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back_from_its_code_and_its_name() {
        for state in DossierState::ALL {
            assert_eq!(state.code().parse(), Ok(state));
            assert_eq!(state.name().parse(), Ok(state));
        }
        assert_eq!("D16".parse::<DossierState>(), Err(ParseDossierStateError));
    }

    #[test]
    fn no_state_alone_reports_a_returned_dossier() {
        assert!(DossierState::ALL.iter().all(|state| state.dvcqg() != Some(10)));
    }
}
