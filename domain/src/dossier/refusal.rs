//! Why a fact does not fit, for the machine and for the person at the counter.
//!
//! A fact that is refused is not lost: the fold keeps it waiting.
//!
//! Source: Quy ước Trao Tay, lý do từ chối

use super::{Dossier, DossierFact, DossierState, ReturnProof};
use crate::dossier::words::Language;
use crate::mode::Mode;

/// A fact that the dossier's state does not allow, at least not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a dossier in {from} cannot take the fact {fact}: {}", why.english())]
pub struct IllegalMove {
    /// The state before.
    pub from: DossierState,
    /// The sort of fact that does not fit.
    pub fact: &'static str,
    /// Why.
    pub why: WhyNot,
}

impl IllegalMove {
    /// The reason, for people.
    pub const fn reason(&self, language: Language) -> &'static str {
        match language {
            Language::Vietnamese => self.why.vietnamese(),
            Language::English => self.why.english(),
        }
    }
}

/// The reason itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhyNot {
    /// The post was not asked for this leg.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 5
    NotInThisMode,
    /// The dossier is closed; only a new one goes on.
    Closed,
    /// An earlier step is not recorded yet.
    TooEarly,
    /// The dossier is past this step.
    TooLate,
    /// It was done before and can be done once.
    OnceOnly,
    /// The agency has used up its new dates.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    NoMoreExtensions,
    /// No date was promised that could be moved.
    NoDate,
    /// Nothing was asked for that this would answer.
    NothingAsked,
    /// The post has the papers in hand.
    WithThePost,
    /// The post does not have the result in hand.
    NotWithThePost,
    /// The agency has decided.
    Decided,
    /// The paper is not on the list of papers to give up, or was settled before.
    NotOnTheList,
    /// The dossier was not passed to that agency, or it has done its part.
    NoSuchStep,
}

impl WhyNot {
    /// The reason in Vietnamese.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::NotInThisMode => "yêu cầu này không gồm chặng đó của bưu chính",
            Self::Closed => "hồ sơ đã kết thúc, muốn tiếp tục phải nộp hồ sơ mới",
            Self::TooEarly => "chưa ghi nhận bước trước đó",
            Self::TooLate => "hồ sơ đã qua bước này",
            Self::OnceOnly => "việc này đã được ghi nhận, chỉ làm một lần",
            Self::NoMoreExtensions => "chỉ được gia hạn một lần",
            Self::NoDate => "chưa có ngày hẹn trả",
            Self::NothingAsked => "không có yêu cầu nào đang chờ",
            Self::WithThePost => "bưu chính đang giữ giấy tờ",
            Self::NotWithThePost => "bưu chính không giữ kết quả",
            Self::Decided => "cơ quan đã có kết quả giải quyết",
            Self::NotOnTheList => "giấy tờ không có trong danh mục thu hồi hoặc đã xong",
            Self::NoSuchStep => "hồ sơ chưa được chuyển đến cơ quan này hoặc cơ quan đã xong phần việc",
        }
    }

    /// The reason in English, a lowercase fragment.
    pub const fn english(self) -> &'static str {
        match self {
            Self::NotInThisMode => "the post was not asked for this leg",
            Self::Closed => "it is closed, and only a new dossier goes on",
            Self::TooEarly => "an earlier step is not recorded yet",
            Self::TooLate => "the dossier is past this step",
            Self::OnceOnly => "it is recorded and happens once only",
            Self::NoMoreExtensions => "the date can be moved once only",
            Self::NoDate => "no due date was given",
            Self::NothingAsked => "nothing is waiting for it",
            Self::WithThePost => "the post has the papers in hand",
            Self::NotWithThePost => "the post does not have the result in hand",
            Self::Decided => "the agency has decided",
            Self::NotOnTheList => "the paper is not on the list, or is settled",
            Self::NoSuchStep => "the dossier is not with that agency",
        }
    }
}

/// How far a dossier has come; equal for states that are side by side.
const fn rank(state: DossierState) -> u8 {
    use DossierState as S;
    match state {
        S::Draft => 0,
        S::IntakeCheck => 1,
        S::InPost => 2,
        S::AtHandover => 3,
        S::Lodged => 4,
        S::Received => 5,
        S::Processing | S::Supplement | S::Payment | S::WithdrawRequested => 6,
        S::Resolved => 7,
        S::ResultInPost | S::ResultBack => 8,
        S::NotAccepted | S::Stopped | S::Returned => 9,
    }
}

impl Dossier {
    /// Why a fact that did not fit does not. Only asked after it was refused.
    pub(super) fn why_not(&self, fact: &DossierFact) -> WhyNot {
        use DossierFact as F;
        use DossierState as S;
        if self.is_other_leg(fact) {
            return WhyNot::NotInThisMode;
        }
        match fact {
            F::AppointmentTold { .. } if self.times.appointment_told_at_ms.is_some() => WhyNot::OnceOnly,
            F::ResultReady { .. } if self.times.result_ready_at_ms.is_some() => WhyNot::OnceOnly,
            F::PapersReturned { .. } if self.times.papers_returned_at_ms.is_some() => WhyNot::OnceOnly,
            F::SurrenderDelivered { .. } if self.times.surrender_delivered_at_ms.is_some() => WhyNot::OnceOnly,
            F::ReturnConfirmed { .. } if self.times.return_confirmed_at_ms.is_some() => WhyNot::OnceOnly,
            F::Surrendered { .. } | F::SurrenderExcepted { .. } | F::SurrenderDelivered { .. }
                if rank(self.state) >= 7 =>
            {
                WhyNot::NotOnTheList
            }
            F::ResultFoundWrong { .. } if rank(self.state) >= 7 && self.times.has_open_correction() => WhyNot::OnceOnly,
            _ if self.state.is_terminal() => WhyNot::Closed,
            F::Redated { .. } if self.times.extension_count > 0 => WhyNot::NoMoreExtensions,
            F::DueMoved { .. } if self.times.due_current.is_none() => WhyNot::NoDate,
            F::StepTaken { .. } | F::StepDone { .. } if rank(self.state) == 6 => WhyNot::NoSuchStep,
            F::Supplemented { .. } | F::Paid { .. } if rank(self.state) == 6 => WhyNot::NothingAsked,
            F::ResultCorrected { .. } if rank(self.state) >= 7 && !self.times.has_open_correction() => {
                WhyNot::NothingAsked
            }
            F::SurrenderListed { .. } => WhyNot::OnceOnly,
            F::WithdrawalRequested { .. } | F::Stopped { .. } | F::Resolved { .. } if rank(self.state) >= 7 => {
                WhyNot::Decided
            }
            F::Cancelled { .. } => WhyNot::WithThePost,
            F::Returned {
                proof: ReturnProof::Desk | ReturnProof::Electronic,
                ..
            }
            | F::ReturnConfirmed { .. }
            | F::ResultCorrected { .. }
                if self.state == S::ResultInPost =>
            {
                WhyNot::WithThePost
            }
            F::ItemLost { .. } => WhyNot::TooLate,
            F::Returned { .. } | F::ResultBack { .. } if rank(self.state) >= 7 => WhyNot::NotWithThePost,
            _ if rank(self.state) < home(fact) => WhyNot::TooEarly,
            _ => WhyNot::TooLate,
        }
    }

    /// Whether the fact belongs to a leg the post was not asked for.
    const fn is_other_leg(&self, fact: &DossierFact) -> bool {
        use DossierFact as F;
        match fact {
            F::IntakeOpened { .. }
            | F::IntakeIncomplete { .. }
            | F::TakenIn { .. }
            | F::AtHandover { .. }
            | F::HandoverRefused { .. }
            | F::DossierBack { .. } => !self.mode.carries_dossier(),
            F::ResultInPost { .. }
            | F::ResultBack { .. }
            | F::Returned {
                proof: ReturnProof::Post,
                ..
            } => matches!(self.mode, Mode::Send),
            _ => false,
        }
    }
}

/// The rank of the first state in which the fact has a place.
const fn home(fact: &DossierFact) -> u8 {
    use DossierFact as F;
    match fact {
        F::Ordered { .. }
        | F::Assisted { .. }
        | F::Represented { .. }
        | F::IntakeOpened { .. }
        | F::TakenIn { .. }
        | F::CarriageCharged { .. }
        | F::SurrenderListed { .. }
        | F::ItemLost { .. }
        | F::Cancelled { .. } => 0,
        F::IntakeIncomplete { .. } => 1,
        F::AtHandover { .. } | F::HandoverRefused { .. } | F::Lodged { .. } | F::DossierBack { .. } => 2,
        F::Received { .. } | F::NotAccepted { .. } | F::SupplementRequested { .. } => 4,
        F::AppointmentTold { .. }
        | F::StepGiven { .. }
        | F::Processing { .. }
        | F::Redated { .. }
        | F::DueMoved { .. }
        | F::WithdrawalRequested { .. }
        | F::Stopped { .. }
        | F::Resolved { .. } => 5,
        F::StepTaken { .. }
        | F::StepDone { .. }
        | F::Supplemented { .. }
        | F::PaymentRequested { .. }
        | F::Paid { .. } => 6,
        F::ResultReady { .. }
        | F::ResultInPost { .. }
        | F::ResultFoundWrong { .. }
        | F::ResultCorrected { .. }
        | F::Surrendered { .. }
        | F::SurrenderExcepted { .. }
        | F::Returned { .. }
        | F::PapersReturned { .. }
        | F::SurrenderDelivered { .. }
        | F::ReturnConfirmed { .. } => 7,
        F::ResultBack { .. } => 8,
    }
}
