//! What happens when nobody is at home, and what a delivery needs to be one.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 5 khoản 2; Luật Bưu chính 49/2010/QH12, điều 16; Luật Bưu chính 49/2010/QH12, điều 17

use super::sourced::Sourced;

/// Until when an item lies ready to be collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoldRule {
    /// So many working days after the last invitation.
    AfterLastInvitation {
        /// How many.
        working_days: u16,
    },
    /// So many days from the first invitation.
    FromFirstInvitation {
        /// How many.
        days: u16,
    },
}

/// What shows that an item was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// A signature on the slip, on paper or screen.
    Signature,
    /// A code sent to the recipient's telephone.
    OneTimeCode,
    /// A photo.
    Photo,
}

impl Evidence {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Signature, Self::OneTimeCode, Self::Photo];

    /// The text form in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::OneTimeCode => "one_time_code",
            Self::Photo => "photo",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|evidence| evidence.as_str() == text)
    }
}

/// The delivery policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRules {
    /// How many times a carrier comes before the item lies ready at the office.
    pub attempts: Sourced<u16>,
    /// How many invitations to collect, at least.
    pub invitations: Sourced<u16>,
    /// Working days between two invitations, at least.
    pub invitation_gap_working_days: Sourced<u16>,
    /// Until when it lies ready.
    pub hold: Sourced<HoldRule>,
    /// Whether a recipient may have it sent to another address before delivery.
    pub redirect_allowed: Sourced<bool>,
    /// What shows that it was handed over; all of it.
    pub evidence: Sourced<Vec<Evidence>>,
    /// Whether a fee that is not paid counts as a failed attempt.
    pub fee_unpaid_is_failed_attempt: Sourced<bool>,
}

impl Default for DeliveryRules {
    /// The safe reading where the text is open.
    fn default() -> Self {
        let invitations = "Thông tư 17/2017/TT-BTTTT, điều 5 khoản 2; Luật Bưu chính 49/2010/QH12, điều 17";
        Self {
            attempts: Sourced::known(1, invitations),
            invitations: Sourced::known(2, invitations),
            invitation_gap_working_days: Sourced::known(2, invitations),
            hold: Sourced::known(
                HoldRule::AfterLastInvitation { working_days: 2 },
                "Thông tư 17/2017/TT-BTTTT, điều 5 khoản 2; cách hiểu cần đối chiếu với bưu điện tỉnh",
            ),
            redirect_allowed: Sourced::known(true, "Luật Bưu chính 49/2010/QH12, điều 16"),
            evidence: Sourced::known(
                vec![Evidence::Signature],
                "Quyết định 45/2016/QĐ-TTg, điều 10; giá trị của mã một lần cần đối chiếu",
            ),
            fee_unpaid_is_failed_attempt: Sourced::known(
                true,
                "Quyết định 45/2016/QĐ-TTg, điều 11; cách hiểu cần đối chiếu với bưu điện tỉnh",
            ),
        }
    }
}
