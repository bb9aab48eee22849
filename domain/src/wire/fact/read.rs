//! From a kind and a text to the fact.
//!
//! Source: Quy ước Trao Tay, dạng lưu của sự kiện hồ sơ

use time::Date;

use super::ReadFactError;
use super::data::FactData;
use crate::authorisation::Authorisation;
use crate::calendar::read_date;
use crate::dossier::{DossierFact, Slip};

/// Reads a fact from its kind, its hour and its JSON text; an empty text is `{}`.
///
/// # Errors
/// [`ReadFactError`] when the kind is unknown or the text lacks what the kind needs.
#[expect(clippy::too_many_lines, reason = "one row for each sort of fact")]
pub fn read(kind: &str, at_ms: i64, data: &str) -> Result<DossierFact, ReadFactError> {
    use DossierFact as F;
    let data: FactData = if data.trim().is_empty() {
        FactData::default()
    } else {
        serde_json::from_str(data).map_err(|_| ReadFactError::Malformed)?
    };
    let due_on = day("due_on", data.due_on.as_deref())?;
    let reason = data.reason.unwrap_or_default();
    Ok(match kind {
        "ordered" => F::Ordered { at_ms },
        "assisted" => F::Assisted {
            at_ms,
            staff: member("staff", data.staff)?,
        },
        "represented" => F::Represented {
            at_ms,
            authorisation: Authorisation {
                scope: member("scope", data.scope)?,
                granted_on: needed("granted_on", day("granted_on", data.granted_on.as_deref())?)?,
                ends_on: day("ends_on", data.ends_on.as_deref())?,
            },
        },
        "intake_opened" => F::IntakeOpened { at_ms },
        "intake_incomplete" => F::IntakeIncomplete {
            at_ms,
            guidance: reason,
        },
        "taken_in" => F::TakenIn {
            at_ms,
            slip: data.slip.map(Slip::from),
        },
        "at_handover" => F::AtHandover { at_ms },
        "handover_refused" => F::HandoverRefused { at_ms, reason },
        "lodged" => F::Lodged { at_ms },
        "received" => F::Received {
            at_ms,
            code: needed("code", data.code)?,
            due_on,
        },
        "appointment_told" => F::AppointmentTold { at_ms },
        "not_accepted" => F::NotAccepted { at_ms, reason },
        "step_given" => F::StepGiven {
            at_ms,
            agency: member("agency", data.agency)?,
            due_on,
        },
        "processing" => F::Processing { at_ms },
        "step_taken" => F::StepTaken {
            at_ms,
            agency: member("agency", data.agency)?,
        },
        "step_done" => F::StepDone {
            at_ms,
            agency: member("agency", data.agency)?,
        },
        "supplement_requested" => F::SupplementRequested {
            at_ms,
            reason,
            fault: data.fault.map(|text| member("fault", Some(text))).transpose()?,
        },
        "carriage_charged" => F::CarriageCharged {
            at_ms,
            kind: member("item_kind", data.item_kind)?,
            fault_party: member("fault", data.fault)?,
        },
        "supplemented" => F::Supplemented { at_ms, due_on },
        "payment_requested" => F::PaymentRequested { at_ms },
        "paid" => F::Paid { at_ms },
        "redated" => F::Redated {
            at_ms,
            due_on: needed("due_on", due_on)?,
            reason,
        },
        "due_moved" => F::DueMoved {
            at_ms,
            due_on: needed("due_on", due_on)?,
            notice: data.notice.unwrap_or_default(),
        },
        "withdrawal_requested" => F::WithdrawalRequested { at_ms },
        "stopped" => F::Stopped { at_ms, reason },
        "resolved" => F::Resolved {
            at_ms,
            outcome: member("outcome", data.outcome)?,
        },
        "result_ready" => F::ResultReady { at_ms },
        "surrender_listed" => F::SurrenderListed {
            at_ms,
            paper: needed("paper", data.paper)?,
        },
        "result_in_post" => F::ResultInPost { at_ms },
        "result_found_wrong" => F::ResultFoundWrong { at_ms, reason },
        "result_corrected" => F::ResultCorrected { at_ms },
        "item_lost" => F::ItemLost {
            at_ms,
            kind: member("item_kind", data.item_kind)?,
        },
        "dossier_back" => F::DossierBack { at_ms },
        "result_back" => F::ResultBack { at_ms },
        "surrendered" => F::Surrendered {
            at_ms,
            paper: needed("paper", data.paper)?,
        },
        "surrender_excepted" => F::SurrenderExcepted {
            at_ms,
            paper: needed("paper", data.paper)?,
            code: needed("code", data.code)?,
        },
        "returned" => F::Returned {
            at_ms,
            proof: member("proof", data.proof)?,
        },
        "papers_returned" => F::PapersReturned { at_ms },
        "surrender_delivered" => F::SurrenderDelivered { at_ms },
        "return_confirmed" => F::ReturnConfirmed { at_ms },
        "cancelled" => F::Cancelled { at_ms, reason },
        _ => return Err(ReadFactError::UnknownKind),
    })
}

fn member<T: std::str::FromStr>(member: &'static str, text: Option<String>) -> Result<T, ReadFactError> {
    text.and_then(|text| text.parse().ok())
        .ok_or(ReadFactError::Member { member })
}

fn needed<T>(member: &'static str, value: Option<T>) -> Result<T, ReadFactError> {
    value.ok_or(ReadFactError::Member { member })
}

fn day(member: &'static str, text: Option<&str>) -> Result<Option<Date>, ReadFactError> {
    text.map(|text| read_date(text).ok_or(ReadFactError::Member { member }))
        .transpose()
}
