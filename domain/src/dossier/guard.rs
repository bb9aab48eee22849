//! What still speaks against an act, asked before it is done.
//!
//! A desk or a phone asks here and shows the answer. A fact that happened anyway is
//! folded all the same, see [`Dossier::breaches`]: papers that moved have moved.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Thông tư 17/2017/TT-BTTTT, điều 5; Nghị định 61/2018/NĐ-CP, điều 19

use super::words::Language;
use super::{Dossier, DossierFact, DossierState, IllegalMove, Policy, ReturnProof, SlipGap};

/// Something that must be there first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// What the slip says was not recorded.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 6
    NoSlip,
    /// The slip lacks something.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 6
    Slip(SlipGap),
    /// No dossier code.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 01
    Code,
    /// No due date. A result of the same day is due that day.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 01
    DueDate,
    /// No reason in words.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19; Thông tư 03/2025/TT-VPCP, mẫu 03
    Reason,
    /// The new date is not after the old one.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    DateNotLater,
    /// Old papers are neither taken nor let go by the agency.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    SurrenderOpen,
    /// The result is known to be wrong and not made anew.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 21
    CorrectionOpen,
}

impl Gap {
    /// The gap for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::NoSlip => ("chưa có phiếu gửi hồ sơ", "there is no consignment slip"),
            Self::Slip(SlipGap::Papers) => ("chưa đủ thành phần hồ sơ", "papers are missing"),
            Self::Slip(SlipGap::Seal) => ("chưa niêm phong", "it is not sealed"),
            Self::Slip(SlipGap::ApplicantSignature) => ("người gửi chưa ký phiếu", "the sender has not signed"),
            Self::Slip(SlipGap::PostSignature) => ("nhân viên bưu chính chưa ký phiếu", "the post has not signed"),
            Self::Code => ("chưa có mã hồ sơ", "there is no dossier code"),
            Self::DueDate => ("chưa có ngày hẹn trả", "there is no due date"),
            Self::Reason => ("chưa nêu lý do", "there is no reason"),
            Self::DateNotLater => (
                "ngày hẹn mới phải sau ngày hẹn cũ",
                "the new date must be after the old one",
            ),
            Self::SurrenderOpen => ("chưa thu lại giấy tờ cũ", "old papers are not surrendered"),
            Self::CorrectionOpen => ("kết quả có sai sót, chưa sửa", "the result is wrong and not corrected"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// Why an act should not be done now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The state has no place for it.
    #[error(transparent)]
    Illegal(#[from] IllegalMove),
    /// The state allows it, and something is missing.
    #[error("{} guards are not met", .0.len())]
    Gaps(Vec<Gap>),
}

impl Dossier {
    /// The state an act would lead to, if nothing speaks against it.
    ///
    /// # Errors
    /// [`Refused`] with every gap, or the reason why the state has no place for it.
    pub fn check(&self, fact: &DossierFact, policy: &Policy) -> Result<DossierState, Refused> {
        let next = self.next(fact, policy)?;
        let gaps = self.gaps(fact, policy);
        if gaps.is_empty() {
            Ok(next)
        } else {
            Err(Refused::Gaps(gaps))
        }
    }

    fn gaps(&self, fact: &DossierFact, policy: &Policy) -> Vec<Gap> {
        use DossierFact as F;
        let blank = |text: &str| text.trim().is_empty();
        let named = |is_missing: bool, gap: Gap| is_missing.then_some(gap);
        match fact {
            F::TakenIn { slip: None, .. } => vec![Gap::NoSlip],
            F::TakenIn { slip: Some(slip), .. } => slip
                .gaps(policy.allow_incomplete_with_waiver)
                .into_iter()
                .map(Gap::Slip)
                .collect(),
            F::Received { code, due_on, .. } => named(blank(code), Gap::Code)
                .into_iter()
                .chain(named(due_on.is_none(), Gap::DueDate))
                .collect(),
            F::IntakeIncomplete { guidance: reason, .. }
            | F::HandoverRefused { reason, .. }
            | F::NotAccepted { reason, .. }
            | F::SupplementRequested { reason, .. }
            | F::ResultFoundWrong { reason, .. }
            | F::Stopped { reason, .. } => named(blank(reason), Gap::Reason).into_iter().collect(),
            F::Redated { due_on, reason, .. } => {
                let is_earlier = self.times.due_current.is_some_and(|current| *due_on <= current);
                named(blank(reason), Gap::Reason)
                    .into_iter()
                    .chain(named(is_earlier, Gap::DateNotLater))
                    .collect()
            }
            F::SurrenderExcepted { code, .. } => named(blank(code), Gap::Reason).into_iter().collect(),
            F::ResultInPost { .. } => named(self.times.has_open_correction(), Gap::CorrectionOpen)
                .into_iter()
                .collect(),
            F::Returned { proof, .. } => {
                // an electronic result takes no paper out of anybody's hands
                let on_paper = matches!(proof, ReturnProof::Post | ReturnProof::Desk);
                let is_open = on_paper && self.surrender.iter().any(|paper| !paper.is_settled());
                named(is_open, Gap::SurrenderOpen)
                    .into_iter()
                    .chain(named(self.times.has_open_correction(), Gap::CorrectionOpen))
                    .collect()
            }
            F::Ordered { .. }
            | F::Assisted { .. }
            | F::Represented { .. }
            | F::IntakeOpened { .. }
            | F::AtHandover { .. }
            | F::Lodged { .. }
            | F::AppointmentTold { .. }
            | F::StepGiven { .. }
            | F::Processing { .. }
            | F::StepTaken { .. }
            | F::StepDone { .. }
            | F::CarriageCharged { .. }
            | F::Supplemented { .. }
            | F::PaymentRequested { .. }
            | F::Paid { .. }
            | F::DueMoved { .. }
            | F::WithdrawalRequested { .. }
            | F::Resolved { .. }
            | F::ResultReady { .. }
            | F::SurrenderListed { .. }
            | F::ResultCorrected { .. }
            | F::ItemLost { .. }
            | F::DossierBack { .. }
            | F::ResultBack { .. }
            | F::Surrendered { .. }
            | F::PapersReturned { .. }
            | F::SurrenderDelivered { .. }
            | F::ReturnConfirmed { .. }
            | F::Cancelled { .. } => Vec::new(),
        }
    }
}
