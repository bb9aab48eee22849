//! From a fact to the members of its text.
//!
//! Source: Quy ước Trao Tay, dạng lưu của sự kiện hồ sơ

use super::data::{FactData, SlipData};
use crate::calendar::write_date;
use crate::dossier::DossierFact;

/// The members that say what the fact says.
pub(super) fn data(fact: &DossierFact) -> FactData {
    use DossierFact as F;
    let mut data = FactData::default();
    let text = |text: &String| Some(text.clone());
    match fact {
        F::Assisted { at_ms: _, staff } => data.staff = Some(staff.to_string()),
        F::Represented {
            at_ms: _,
            authorisation,
        } => {
            data.scope = Some(authorisation.scope.as_str().to_owned());
            data.granted_on = Some(write_date(authorisation.granted_on));
            data.ends_on = authorisation.ends_on.map(write_date);
        }
        F::TakenIn { at_ms: _, slip } => data.slip = slip.as_ref().map(SlipData::from),
        F::Received { at_ms: _, code, due_on } => {
            data.code = text(code);
            data.due_on = due_on.map(write_date);
        }
        F::StepGiven {
            at_ms: _,
            agency,
            due_on,
        } => {
            data.agency = Some(agency.to_string());
            data.due_on = due_on.map(write_date);
        }
        F::StepTaken { at_ms: _, agency } | F::StepDone { at_ms: _, agency } => {
            data.agency = Some(agency.to_string());
        }
        F::SupplementRequested {
            at_ms: _,
            reason,
            fault,
        } => {
            data.reason = text(reason);
            data.fault = fault.map(|party| party.as_str().to_owned());
        }
        F::CarriageCharged {
            at_ms: _,
            kind,
            fault_party,
        } => {
            data.item_kind = Some(kind.as_str().to_owned());
            data.fault = Some(fault_party.as_str().to_owned());
        }
        F::Supplemented { at_ms: _, due_on } => data.due_on = due_on.map(write_date),
        F::Redated {
            at_ms: _,
            due_on,
            reason,
        } => {
            data.due_on = Some(write_date(*due_on));
            data.reason = text(reason).filter(|reason| !reason.is_empty());
        }
        F::DueMoved {
            at_ms: _,
            due_on,
            notice,
        } => {
            data.due_on = Some(write_date(*due_on));
            data.notice = text(notice);
        }
        F::Resolved { at_ms: _, outcome } => data.outcome = Some(outcome.as_str().to_owned()),
        F::SurrenderListed { at_ms: _, paper } | F::Surrendered { at_ms: _, paper } => data.paper = text(paper),
        F::SurrenderExcepted { at_ms: _, paper, code } => {
            data.paper = text(paper);
            data.code = text(code);
        }
        F::ItemLost { at_ms: _, kind } => data.item_kind = Some(kind.as_str().to_owned()),
        F::Returned { at_ms: _, proof } => data.proof = Some(proof.as_str().to_owned()),
        F::IntakeIncomplete {
            at_ms: _,
            guidance: reason,
        }
        | F::HandoverRefused { at_ms: _, reason }
        | F::NotAccepted { at_ms: _, reason }
        | F::ResultFoundWrong { at_ms: _, reason }
        | F::Stopped { at_ms: _, reason }
        | F::Cancelled { at_ms: _, reason } => data.reason = text(reason),
        F::Ordered { .. }
        | F::IntakeOpened { .. }
        | F::AtHandover { .. }
        | F::Lodged { .. }
        | F::AppointmentTold { .. }
        | F::Processing { .. }
        | F::PaymentRequested { .. }
        | F::Paid { .. }
        | F::WithdrawalRequested { .. }
        | F::ResultReady { .. }
        | F::ResultInPost { .. }
        | F::ResultCorrected { .. }
        | F::DossierBack { .. }
        | F::ResultBack { .. }
        | F::PapersReturned { .. }
        | F::SurrenderDelivered { .. }
        | F::ReturnConfirmed { .. } => {}
    }
    data
}
