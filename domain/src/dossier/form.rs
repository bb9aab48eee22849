//! The forms of the one-stop desk, named by meaning.
//!
//! Two generations number them differently, so a number never stands alone: it is a
//! form set's answer. Layouts are no business of this module.
//!
//! Source: Thông tư 01/2018/TT-VPCP, điều 9; Thông tư 03/2025/TT-VPCP, mẫu 01

use super::{DossierFact, DossierState, Outcome};

/// A form by what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormKind {
    /// Giấy tiếp nhận hồ sơ và hẹn trả kết quả.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 01
    ReceiptSlip,
    /// Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 02
    SupplementRequest,
    /// Phiếu từ chối tiếp nhận giải quyết hồ sơ.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 03
    RejectionNotice,
    /// Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 04
    ApologyLetter,
    /// Thông báo dừng giải quyết hồ sơ.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 05
    StopNotice,
    /// Phiếu kiểm soát quá trình giải quyết hồ sơ.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 06
    ControlSlip,
    /// Sổ theo dõi hồ sơ.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 07
    TrackingBook,
}

impl FormKind {
    /// Every form, in the order of the newer set.
    pub const ALL: [Self; 7] = [
        Self::ReceiptSlip,
        Self::SupplementRequest,
        Self::RejectionNotice,
        Self::ApologyLetter,
        Self::StopNotice,
        Self::ControlSlip,
        Self::TrackingBook,
    ];

    /// The stable text form.
    ///
    /// Source: Quy ước Trao Tay, tên biểu mẫu
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReceiptSlip => "RECEIPT_SLIP",
            Self::SupplementRequest => "SUPPLEMENT_REQUEST",
            Self::RejectionNotice => "REJECTION_NOTICE",
            Self::ApologyLetter => "APOLOGY_LETTER",
            Self::StopNotice => "STOP_NOTICE",
            Self::ControlSlip => "CONTROL_SLIP",
            Self::TrackingBook => "TRACKING_BOOK",
        }
    }

    /// The form an act is done with, where it is done with one.
    pub const fn of(fact: &DossierFact) -> Option<Self> {
        use DossierFact as F;
        match fact {
            F::Received { .. } => Some(Self::ReceiptSlip),
            F::SupplementRequested { .. } => Some(Self::SupplementRequest),
            F::NotAccepted { .. }
            | F::Resolved {
                outcome: Outcome::Refused,
                ..
            } => Some(Self::RejectionNotice),
            F::Redated { .. } => Some(Self::ApologyLetter),
            F::Stopped { .. } => Some(Self::StopNotice),
            F::StepGiven { .. } | F::Processing { .. } | F::StepTaken { .. } | F::StepDone { .. } => {
                Some(Self::ControlSlip)
            }
            F::Ordered { .. }
            | F::Assisted { .. }
            | F::Represented { .. }
            | F::IntakeOpened { .. }
            | F::IntakeIncomplete { .. }
            | F::TakenIn { .. }
            | F::AtHandover { .. }
            | F::HandoverRefused { .. }
            | F::Lodged { .. }
            | F::AppointmentTold { .. }
            | F::CarriageCharged { .. }
            | F::Supplemented { .. }
            | F::PaymentRequested { .. }
            | F::Paid { .. }
            | F::DueMoved { .. }
            | F::WithdrawalRequested { .. }
            | F::Resolved {
                outcome: Outcome::Granted,
                ..
            }
            | F::ResultReady { .. }
            | F::SurrenderListed { .. }
            | F::ResultInPost { .. }
            | F::ResultFoundWrong { .. }
            | F::ResultCorrected { .. }
            | F::ItemLost { .. }
            | F::DossierBack { .. }
            | F::ResultBack { .. }
            | F::Surrendered { .. }
            | F::SurrenderExcepted { .. }
            | F::Returned { .. }
            | F::PapersReturned { .. }
            | F::SurrenderDelivered { .. }
            | F::ReturnConfirmed { .. }
            | F::Cancelled { .. } => None,
        }
    }
}

/// A generation of forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormSet {
    /// Six forms; a stop has none.
    ///
    /// Source: Thông tư 01/2018/TT-VPCP, điều 9
    Circular01Of2018,
    /// Seven forms.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 01
    Circular03Of2025,
}

impl FormSet {
    /// Every set, the older first.
    pub const ALL: [Self; 2] = [Self::Circular01Of2018, Self::Circular03Of2025];

    /// The stable text form, the circular's own name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Circular01Of2018 => "TT01/2018",
            Self::Circular03Of2025 => "TT03/2025",
        }
    }

    /// The number the form has in this set; none where the set has no such form.
    pub const fn number(self, form: FormKind) -> Option<&'static str> {
        match (form, self) {
            (FormKind::ReceiptSlip, _) => Some("01"),
            (FormKind::SupplementRequest, _) => Some("02"),
            (FormKind::RejectionNotice, _) => Some("03"),
            (FormKind::ApologyLetter, _) => Some("04"),
            (FormKind::StopNotice, Self::Circular01Of2018) => None,
            (FormKind::StopNotice, Self::Circular03Of2025) | (FormKind::ControlSlip, Self::Circular01Of2018) => {
                Some("05")
            }
            (FormKind::ControlSlip, Self::Circular03Of2025) | (FormKind::TrackingBook, Self::Circular01Of2018) => {
                Some("06")
            }
            (FormKind::TrackingBook, Self::Circular03Of2025) => Some("07"),
        }
    }

    /// The title printed on the form.
    pub const fn title(self, form: FormKind) -> Option<&'static str> {
        match (form, self) {
            (FormKind::ReceiptSlip, _) => Some("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
            (FormKind::SupplementRequest, _) => Some("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
            (FormKind::RejectionNotice, _) => Some("Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
            (FormKind::ApologyLetter, Self::Circular01Of2018) => Some("Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
            (FormKind::ApologyLetter, Self::Circular03Of2025) => {
                Some("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết")
            }
            (FormKind::StopNotice, Self::Circular01Of2018) => None,
            (FormKind::StopNotice, Self::Circular03Of2025) => Some("Thông báo dừng giải quyết hồ sơ"),
            (FormKind::ControlSlip, _) => Some("Phiếu kiểm soát quá trình giải quyết hồ sơ"),
            (FormKind::TrackingBook, _) => Some("Sổ theo dõi hồ sơ"),
        }
    }
}

/// The paper with which a dossier enters a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryPaper {
    /// A note of what is missing and who was told.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 6
    GuidanceNote,
    /// Phiếu gửi hồ sơ; the sender is the applicant or, for a result, the agency.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 9
    ConsignmentSlip,
    /// Biên bản giao nhận hồ sơ.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 7
    HandoverMinutes,
    /// A form of the one-stop desk.
    Form(FormKind),
    /// The agency's notice of what is to be paid.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 11
    PaymentNotice,
    /// The applicant's own request.
    WithdrawalRequest,
    /// The result itself.
    Result,
    /// The delivery part of the slip, signed.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 10
    DeliverySignature,
    /// Minutes of the result's return to the agency.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    ReturnMinutes,
}

impl DossierState {
    /// The paper that enters this state; none where nothing is signed yet.
    pub const fn entry_paper(self) -> Option<EntryPaper> {
        match self {
            Self::Draft | Self::AtHandover => None,
            Self::IntakeCheck => Some(EntryPaper::GuidanceNote),
            Self::InPost | Self::ResultInPost => Some(EntryPaper::ConsignmentSlip),
            Self::Lodged => Some(EntryPaper::HandoverMinutes),
            Self::Received => Some(EntryPaper::Form(FormKind::ReceiptSlip)),
            Self::NotAccepted => Some(EntryPaper::Form(FormKind::RejectionNotice)),
            Self::Processing => Some(EntryPaper::Form(FormKind::ControlSlip)),
            Self::Supplement => Some(EntryPaper::Form(FormKind::SupplementRequest)),
            Self::Payment => Some(EntryPaper::PaymentNotice),
            Self::WithdrawRequested => Some(EntryPaper::WithdrawalRequest),
            Self::Stopped => Some(EntryPaper::Form(FormKind::StopNotice)),
            Self::Resolved => Some(EntryPaper::Result),
            Self::Returned => Some(EntryPaper::DeliverySignature),
            Self::ResultBack => Some(EntryPaper::ReturnMinutes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_slip_and_the_book_moved_up_for_the_stop_notice() {
        let numbers = |set: FormSet| FormKind::ALL.map(|form| set.number(form).unwrap_or("-"));
        assert_eq!(
            numbers(FormSet::Circular01Of2018),
            ["01", "02", "03", "04", "-", "05", "06"]
        );
        assert_eq!(
            numbers(FormSet::Circular03Of2025),
            ["01", "02", "03", "04", "05", "06", "07"]
        );
    }

    #[test]
    fn a_form_has_a_title_where_it_has_a_number() {
        for set in FormSet::ALL {
            for form in FormKind::ALL {
                assert_eq!(
                    set.title(form).is_some(),
                    set.number(form).is_some(),
                    "{}",
                    form.as_str()
                );
            }
        }
    }

    #[test]
    fn a_refusal_by_the_agency_needs_the_rejection_notice_early_or_late() {
        let reason = String::new();
        let early = DossierFact::NotAccepted { at_ms: 1, reason };
        let late = DossierFact::Resolved {
            at_ms: 1,
            outcome: Outcome::Refused,
        };
        assert_eq!(FormKind::of(&early), Some(FormKind::RejectionNotice));
        assert_eq!(FormKind::of(&late), Some(FormKind::RejectionNotice));
    }
}
