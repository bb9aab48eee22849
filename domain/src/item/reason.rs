//! Why an attempt failed.
//!
//! Which reasons make an item undeliverable is the law's list; the others are our own.
//!
//! Source: Luật Bưu chính 49/2010/QH12, điều 17; Thông tư 17/2017/TT-BTTTT, điều 5; Quy ước Trao Tay, mã lý do phát không thành công

use std::fmt;
use std::str::FromStr;

/// The reason a carrier gives for a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttemptReason {
    /// Nobody at home.
    NotHome,
    /// The addressee moved away.
    Moved,
    /// The address is wrong.
    AddressWrong,
    /// The address lacks a part.
    AddressIncomplete,
    /// Nobody there knows the addressee.
    UnknownRecipient,
    /// No identity paper.
    IdMissing,
    /// No authorisation to receive for another.
    AuthorisationMissing,
    /// The State fee or postage was not paid.
    FeeUnpaid,
    /// The old paper to surrender was not there.
    SurrenderMissing,
    /// Refused because of what is inside.
    RefusedContent,
    /// Refused for another reason.
    RefusedOther,
    /// The office was closed.
    Closed,
    /// Flood, storm or the like.
    ForceMajeure,
    /// The carrier's own fault.
    CarrierFault,
}

impl AttemptReason {
    /// Every reason, in the order of the codes.
    pub const ALL: [Self; 14] = [
        Self::NotHome,
        Self::Moved,
        Self::AddressWrong,
        Self::AddressIncomplete,
        Self::UnknownRecipient,
        Self::IdMissing,
        Self::AuthorisationMissing,
        Self::FeeUnpaid,
        Self::SurrenderMissing,
        Self::RefusedContent,
        Self::RefusedOther,
        Self::Closed,
        Self::ForceMajeure,
        Self::CarrierFault,
    ];

    /// The number used in signed events, from 1.
    pub const fn code(self) -> u64 {
        match self {
            Self::NotHome => 1,
            Self::Moved => 2,
            Self::AddressWrong => 3,
            Self::AddressIncomplete => 4,
            Self::UnknownRecipient => 5,
            Self::IdMissing => 6,
            Self::AuthorisationMissing => 7,
            Self::FeeUnpaid => 8,
            Self::SurrenderMissing => 9,
            Self::RefusedContent => 10,
            Self::RefusedOther => 11,
            Self::Closed => 12,
            Self::ForceMajeure => 13,
            Self::CarrierFault => 14,
        }
    }

    /// The reason with this number in signed events.
    pub fn from_code(code: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotHome => "NOT_HOME",
            Self::Moved => "MOVED",
            Self::AddressWrong => "ADDRESS_WRONG",
            Self::AddressIncomplete => "ADDRESS_INCOMPLETE",
            Self::UnknownRecipient => "UNKNOWN_RECIPIENT",
            Self::IdMissing => "ID_MISSING",
            Self::AuthorisationMissing => "AUTHORISATION_MISSING",
            Self::FeeUnpaid => "FEE_UNPAID",
            Self::SurrenderMissing => "SURRENDER_MISSING",
            Self::RefusedContent => "REFUSED_CONTENT",
            Self::RefusedOther => "REFUSED_OTHER",
            Self::Closed => "CLOSED",
            Self::ForceMajeure => "FORCE_MAJEURE",
            Self::CarrierFault => "CARRIER_FAULT",
        }
    }

    /// What the citizen reads.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::NotHome => "Không có người nhận tại địa chỉ",
            Self::Moved => "Người nhận đã chuyển đi nơi khác",
            Self::AddressWrong => "Địa chỉ không đúng",
            Self::AddressIncomplete => "Địa chỉ không đầy đủ",
            Self::UnknownRecipient => "Không tìm thấy người nhận",
            Self::IdMissing => "Người nhận chưa có giấy tờ tùy thân",
            Self::AuthorisationMissing => "Chưa có giấy ủy quyền",
            Self::FeeUnpaid => "Chưa nộp phí, lệ phí hoặc cước",
            Self::SurrenderMissing => "Chưa có giấy tờ phải thu hồi",
            Self::RefusedContent => "Người nhận từ chối vì nội dung kết quả",
            Self::RefusedOther => "Người nhận từ chối",
            Self::Closed => "Nơi nhận đóng cửa",
            Self::ForceMajeure => "Bất khả kháng",
            Self::CarrierFault => "Lỗi của bưu chính",
        }
    }

    /// What an English-speaking person reads.
    pub const fn english(self) -> &'static str {
        match self {
            Self::NotHome => "Nobody at the address",
            Self::Moved => "The addressee has moved",
            Self::AddressWrong => "The address is wrong",
            Self::AddressIncomplete => "The address is incomplete",
            Self::UnknownRecipient => "The addressee could not be found",
            Self::IdMissing => "No identity paper",
            Self::AuthorisationMissing => "No authorisation",
            Self::FeeUnpaid => "A fee or the postage is not paid",
            Self::SurrenderMissing => "The paper to surrender was not there",
            Self::RefusedContent => "Refused because of what the result says",
            Self::RefusedOther => "Refused by the addressee",
            Self::Closed => "The place was closed",
            Self::ForceMajeure => "Force majeure",
            Self::CarrierFault => "The post's own fault",
        }
    }

    /// Whether a witness and a reason in words are recorded with it.
    ///
    /// Source: Luật Bưu chính 49/2010/QH12, điều 17
    pub const fn needs_witness(self) -> bool {
        matches!(self, Self::RefusedContent | Self::RefusedOther)
    }

    /// Whether the law counts the item as undeliverable for this reason, once
    /// `invitations` invitations were left.
    ///
    /// Source: Luật Bưu chính 49/2010/QH12, điều 17; Thông tư 17/2017/TT-BTTTT, điều 5
    pub const fn is_undeliverable_by_law(self, invitations: u32) -> bool {
        match self {
            Self::NotHome => invitations >= 2,
            Self::Moved
            | Self::AddressWrong
            | Self::AddressIncomplete
            | Self::UnknownRecipient
            | Self::RefusedContent
            | Self::RefusedOther => true,
            Self::IdMissing
            | Self::AuthorisationMissing
            | Self::FeeUnpaid
            | Self::SurrenderMissing
            | Self::Closed
            | Self::ForceMajeure
            | Self::CarrierFault => false,
        }
    }
}

impl fmt::Display for AttemptReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a reason for a failed attempt")]
pub struct ParseAttemptReasonError;

impl FromStr for AttemptReason {
    type Err = ParseAttemptReasonError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.as_str() == text)
            .ok_or(ParseAttemptReasonError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_run_from_one_in_the_order_of_the_list() {
        for (at, reason) in (1..).zip(AttemptReason::ALL) {
            assert_eq!(reason.code(), at);
            assert_eq!(AttemptReason::from_code(at), Some(reason));
            assert_eq!(reason.as_str().parse(), Ok(reason));
        }
        assert_eq!(AttemptReason::from_code(0), None);
        assert_eq!(AttemptReason::from_code(15), None);
    }

    #[test]
    fn an_empty_house_is_undeliverable_only_after_two_invitations() {
        assert!(!AttemptReason::NotHome.is_undeliverable_by_law(1));
        assert!(AttemptReason::NotHome.is_undeliverable_by_law(2));
    }
}
