//! What can happen to a dossier.
//!
//! A fact says what happened, not what it leads to, and nothing about a person. Facts
//! are kept for ever and under every later version: add variants and members, never
//! take one away.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Quyết định 45/2016/QĐ-TTg, điều 7; Quyết định 45/2016/QĐ-TTg, điều 9; Quyết định 45/2016/QĐ-TTg, điều 10; Nghị định 61/2018/NĐ-CP, điều 17; Nghị định 61/2018/NĐ-CP, điều 19

use std::fmt;

use time::Date;

use super::{Outcome, ReturnProof, Slip};
use crate::authorisation::Authorisation;
use crate::ids::{AgencyId, StaffId};
use crate::item::ItemKind;
use crate::party::Party;

/// One thing that happened, and when. Times are milliseconds UTC.
///
/// The order of the variants is the order of an ordinary life; it decides between
/// facts of the same millisecond.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "every `at_ms` is the hour of the fact, the rest is named by its type"
)]
pub enum DossierFact {
    /// Somebody asked the post to fetch or deliver.
    Ordered { at_ms: i64 },
    /// Staff helped the person to prepare or fill in; who it was is on record.
    Assisted { at_ms: i64, staff: StaffId },
    /// The applicant authorised somebody.
    ///
    /// Source: Bộ luật Dân sự 2015, điều 138
    Represented { at_ms: i64, authorisation: Authorisation },
    /// Post staff began to check the list of papers.
    IntakeOpened { at_ms: i64 },
    /// Papers were missing; the person got guidance and no slip.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 6
    IntakeIncomplete { at_ms: i64, guidance: String },
    /// Both signed the slip; the envelope is sealed. `slip` is what it says, where that
    /// was recorded.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 6
    TakenIn { at_ms: i64, slip: Option<Slip> },
    /// The agency began to count.
    AtHandover { at_ms: i64 },
    /// The agency was closed or did not take it.
    HandoverRefused { at_ms: i64, reason: String },
    /// Both signed the minutes: the legal lodging.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 7
    Lodged { at_ms: i64 },
    /// The agency gave it a code and, as a rule, a due date.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 17; Thông tư 03/2025/TT-VPCP, mẫu 01
    Received {
        at_ms: i64,
        code: String,
        due_on: Option<Date>,
    },
    /// The applicant has the appointment slip, or was told the due date.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5; Thông tư 17/2017/TT-BTTTT, điều 12
    AppointmentTold { at_ms: i64 },
    /// The agency does not accept it.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 17; Thông tư 03/2025/TT-VPCP, mẫu 03
    NotAccepted { at_ms: i64, reason: String },
    /// The dossier was passed to an agency, in a procedure of several ("Giao").
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19; Thông tư 03/2025/TT-VPCP, mẫu 06
    StepGiven {
        at_ms: i64,
        agency: AgencyId,
        due_on: Option<Date>,
    },
    /// The agency works on it.
    Processing { at_ms: i64 },
    /// The agency it was passed to has it ("Nhận").
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 06
    StepTaken { at_ms: i64, agency: AgencyId },
    /// That agency has done its part.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 06
    StepDone { at_ms: i64, agency: AgencyId },
    /// The agency asks for more papers; `fault` is whose fault it is, where that is known.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19; Thông tư 03/2025/TT-VPCP, mẫu 02
    SupplementRequested {
        at_ms: i64,
        reason: String,
        fault: Option<Party>,
    },
    /// A repeated carriage is paid by the party at fault.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 12
    CarriageCharged {
        at_ms: i64,
        kind: ItemKind,
        fault_party: Party,
    },
    /// Every asked paper arrived; the clock starts again, perhaps with a new due date.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    Supplemented { at_ms: i64, due_on: Option<Date> },
    /// The agency asks for a payment.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 11
    PaymentRequested { at_ms: i64 },
    /// The payment is made.
    Paid { at_ms: i64 },
    /// The agency apologised and set a new date; allowed once.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19; Thông tư 03/2025/TT-VPCP, mẫu 04
    Redated { at_ms: i64, due_on: Date, reason: String },
    /// An official calendar notice moved the date; `notice` is its number. No extension.
    ///
    /// Source: Bộ luật Dân sự 2015, điều 148; Bộ luật Lao động 2019, điều 112
    DueMoved { at_ms: i64, due_on: Date, notice: String },
    /// The applicant asked to withdraw.
    WithdrawalRequested { at_ms: i64 },
    /// The agency stopped.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 05
    Stopped { at_ms: i64, reason: String },
    /// The agency decided.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    Resolved { at_ms: i64, outcome: Outcome },
    /// The result can be fetched; post and applicant were told.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 8
    ResultReady { at_ms: i64 },
    /// An old paper must be given up against the result. Named as the procedure names it.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    SurrenderListed { at_ms: i64, paper: String },
    /// The post took the result from the agency.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 9
    ResultInPost { at_ms: i64 },
    /// The result says something wrong.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 21
    ResultFoundWrong { at_ms: i64, reason: String },
    /// The agency made the result anew, at its own cost.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 21
    ResultCorrected { at_ms: i64 },
    /// An envelope was declared lost.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 14
    ItemLost { at_ms: i64, kind: ItemKind },
    /// The dossier never reached the agency and is back with its sender.
    ///
    /// Source: Luật Bưu chính 49/2010/QH12, điều 16; Luật Bưu chính 49/2010/QH12, điều 17
    DossierBack { at_ms: i64 },
    /// The undelivered result is back at the agency.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    ResultBack { at_ms: i64 },
    /// A listed old paper was taken from the person.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    Surrendered { at_ms: i64, paper: String },
    /// The agency let a listed paper go, under an exception code.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    SurrenderExcepted { at_ms: i64, paper: String, code: String },
    /// The entitled person has the result.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 10
    Returned { at_ms: i64, proof: ReturnProof },
    /// The person has their originals back.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 8; Nghị định 61/2018/NĐ-CP, điều 20
    PapersReturned { at_ms: i64 },
    /// The agency has the old papers.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    SurrenderDelivered { at_ms: i64 },
    /// The agency confirms that the result was returned.
    ///
    /// Source: DVCQG danh mục trạng thái, 10
    ReturnConfirmed { at_ms: i64 },
    /// The order to the post was cancelled.
    ///
    /// Source: Luật Bưu chính 49/2010/QH12, điều 16
    Cancelled { at_ms: i64, reason: String },
}

impl DossierFact {
    /// When it happened, in milliseconds UTC.
    pub const fn at_ms(&self) -> i64 {
        match self {
            Self::Ordered { at_ms }
            | Self::Assisted { at_ms, .. }
            | Self::Represented { at_ms, .. }
            | Self::IntakeOpened { at_ms }
            | Self::IntakeIncomplete { at_ms, .. }
            | Self::TakenIn { at_ms, .. }
            | Self::AtHandover { at_ms }
            | Self::HandoverRefused { at_ms, .. }
            | Self::Lodged { at_ms }
            | Self::Received { at_ms, .. }
            | Self::AppointmentTold { at_ms }
            | Self::NotAccepted { at_ms, .. }
            | Self::StepGiven { at_ms, .. }
            | Self::Processing { at_ms }
            | Self::StepTaken { at_ms, .. }
            | Self::StepDone { at_ms, .. }
            | Self::SupplementRequested { at_ms, .. }
            | Self::CarriageCharged { at_ms, .. }
            | Self::Supplemented { at_ms, .. }
            | Self::PaymentRequested { at_ms }
            | Self::Paid { at_ms }
            | Self::Redated { at_ms, .. }
            | Self::DueMoved { at_ms, .. }
            | Self::WithdrawalRequested { at_ms }
            | Self::Stopped { at_ms, .. }
            | Self::Resolved { at_ms, .. }
            | Self::ResultReady { at_ms }
            | Self::SurrenderListed { at_ms, .. }
            | Self::ResultInPost { at_ms }
            | Self::ResultFoundWrong { at_ms, .. }
            | Self::ResultCorrected { at_ms }
            | Self::ItemLost { at_ms, .. }
            | Self::DossierBack { at_ms }
            | Self::ResultBack { at_ms }
            | Self::Surrendered { at_ms, .. }
            | Self::SurrenderExcepted { at_ms, .. }
            | Self::Returned { at_ms, .. }
            | Self::PapersReturned { at_ms }
            | Self::SurrenderDelivered { at_ms }
            | Self::ReturnConfirmed { at_ms }
            | Self::Cancelled { at_ms, .. } => *at_ms,
        }
    }

    /// The stable name of this sort of fact, lower snake case.
    ///
    /// Source: Quy ước Trao Tay, tên sự kiện hồ sơ
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ordered { .. } => "ordered",
            Self::Assisted { .. } => "assisted",
            Self::Represented { .. } => "represented",
            Self::IntakeOpened { .. } => "intake_opened",
            Self::IntakeIncomplete { .. } => "intake_incomplete",
            Self::TakenIn { .. } => "taken_in",
            Self::AtHandover { .. } => "at_handover",
            Self::HandoverRefused { .. } => "handover_refused",
            Self::Lodged { .. } => "lodged",
            Self::Received { .. } => "received",
            Self::AppointmentTold { .. } => "appointment_told",
            Self::NotAccepted { .. } => "not_accepted",
            Self::StepGiven { .. } => "step_given",
            Self::Processing { .. } => "processing",
            Self::StepTaken { .. } => "step_taken",
            Self::StepDone { .. } => "step_done",
            Self::SupplementRequested { .. } => "supplement_requested",
            Self::CarriageCharged { .. } => "carriage_charged",
            Self::Supplemented { .. } => "supplemented",
            Self::PaymentRequested { .. } => "payment_requested",
            Self::Paid { .. } => "paid",
            Self::Redated { .. } => "redated",
            Self::DueMoved { .. } => "due_moved",
            Self::WithdrawalRequested { .. } => "withdrawal_requested",
            Self::Stopped { .. } => "stopped",
            Self::Resolved { .. } => "resolved",
            Self::ResultReady { .. } => "result_ready",
            Self::SurrenderListed { .. } => "surrender_listed",
            Self::ResultInPost { .. } => "result_in_post",
            Self::ResultFoundWrong { .. } => "result_found_wrong",
            Self::ResultCorrected { .. } => "result_corrected",
            Self::ItemLost { .. } => "item_lost",
            Self::DossierBack { .. } => "dossier_back",
            Self::ResultBack { .. } => "result_back",
            Self::Surrendered { .. } => "surrendered",
            Self::SurrenderExcepted { .. } => "surrender_excepted",
            Self::Returned { .. } => "returned",
            Self::PapersReturned { .. } => "papers_returned",
            Self::SurrenderDelivered { .. } => "surrender_delivered",
            Self::ReturnConfirmed { .. } => "return_confirmed",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

impl fmt::Display for DossierFact {
    /// Shows the sort of fact and its hour, never what it says about a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.kind(), self.at_ms())
    }
}
