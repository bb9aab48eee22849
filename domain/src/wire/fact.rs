//! A dossier's fact as the kind and JSON text of an act.
//!
//! The hour and the dossier travel beside the text, in the signed act itself.

use serde::{Deserialize, Serialize};
use time::Date;

use crate::dossier::DossierFact;

/// What a fact says besides its kind and hour. Absent members are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct FactData {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<String>,
}

/// Why a kind and a text make no fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadFactError {
    /// No fact has this name.
    #[error("there is no such kind of fact")]
    UnknownKind,
    /// The text is not the JSON expected.
    #[error("the data is not a JSON object of texts")]
    Malformed,
    /// A member is missing or makes no sense.
    #[error("the member {member} is missing or makes no sense")]
    Member {
        /// Its name.
        member: &'static str,
    },
}

/// The JSON text that goes with [`DossierFact::kind`].
#[expect(clippy::missing_panics_doc, reason = "optional texts always serialize")]
pub fn write(fact: &DossierFact) -> String {
    let mut data = FactData::default();
    match fact {
        DossierFact::Received { at_ms: _, code, due_on } => {
            data.code = Some(code.clone());
            data.due_on = due_on.map(write_date);
        }
        DossierFact::Supplemented { at_ms: _, due_on } => data.due_on = due_on.map(write_date),
        DossierFact::Redated { at_ms: _, due_on } => data.due_on = Some(write_date(*due_on)),
        DossierFact::Resolved { at_ms: _, outcome } => data.outcome = Some(outcome.as_str().to_owned()),
        DossierFact::Returned { at_ms: _, proof } => data.proof = Some(proof.as_str().to_owned()),
        DossierFact::IntakeIncomplete {
            at_ms: _,
            guidance: reason,
        }
        | DossierFact::HandoverRefused { at_ms: _, reason }
        | DossierFact::NotAccepted { at_ms: _, reason }
        | DossierFact::SupplementRequested { at_ms: _, reason }
        | DossierFact::Stopped { at_ms: _, reason }
        | DossierFact::Cancelled { at_ms: _, reason } => data.reason = Some(reason.clone()),
        DossierFact::Ordered { .. }
        | DossierFact::IntakeOpened { .. }
        | DossierFact::TakenIn { .. }
        | DossierFact::AtHandover { .. }
        | DossierFact::Lodged { .. }
        | DossierFact::Processing { .. }
        | DossierFact::PaymentRequested { .. }
        | DossierFact::Paid { .. }
        | DossierFact::WithdrawalRequested { .. }
        | DossierFact::ResultInPost { .. }
        | DossierFact::ResultBack { .. }
        | DossierFact::ReturnConfirmed { .. } => {}
    }
    serde_json::to_string(&data).expect("optional texts always serialize")
}

/// Reads a fact from its kind, its hour and its JSON text; an empty text is `{}`.
///
/// # Errors
/// [`ReadFactError`] when the kind is unknown or the text lacks what the kind needs.
pub fn read(kind: &str, at_ms: i64, data: &str) -> Result<DossierFact, ReadFactError> {
    use DossierFact as F;
    let data: FactData = if data.trim().is_empty() {
        FactData::default()
    } else {
        serde_json::from_str(data).map_err(|_| ReadFactError::Malformed)?
    };
    let FactData {
        code,
        due_on,
        reason,
        outcome,
        proof,
    } = data;
    let due_on = due_on.as_deref().map(read_date).transpose()?;
    let reason = reason.unwrap_or_default();
    Ok(match kind {
        "ordered" => F::Ordered { at_ms },
        "intake_opened" => F::IntakeOpened { at_ms },
        "intake_incomplete" => F::IntakeIncomplete {
            at_ms,
            guidance: reason,
        },
        "taken_in" => F::TakenIn { at_ms },
        "at_handover" => F::AtHandover { at_ms },
        "handover_refused" => F::HandoverRefused { at_ms, reason },
        "lodged" => F::Lodged { at_ms },
        "received" => F::Received {
            at_ms,
            code: code.ok_or(ReadFactError::Member { member: "code" })?,
            due_on,
        },
        "not_accepted" => F::NotAccepted { at_ms, reason },
        "processing" => F::Processing { at_ms },
        "supplement_requested" => F::SupplementRequested { at_ms, reason },
        "supplemented" => F::Supplemented { at_ms, due_on },
        "payment_requested" => F::PaymentRequested { at_ms },
        "paid" => F::Paid { at_ms },
        "redated" => F::Redated {
            at_ms,
            due_on: due_on.ok_or(ReadFactError::Member { member: "due_on" })?,
        },
        "withdrawal_requested" => F::WithdrawalRequested { at_ms },
        "stopped" => F::Stopped { at_ms, reason },
        "resolved" => F::Resolved {
            at_ms,
            outcome: member("outcome", outcome)?,
        },
        "result_in_post" => F::ResultInPost { at_ms },
        "result_back" => F::ResultBack { at_ms },
        "returned" => F::Returned {
            at_ms,
            proof: member("proof", proof)?,
        },
        "return_confirmed" => F::ReturnConfirmed { at_ms },
        "cancelled" => F::Cancelled { at_ms, reason },
        _ => return Err(ReadFactError::UnknownKind),
    })
}

fn member<T: std::str::FromStr>(member: &'static str, text: Option<String>) -> Result<T, ReadFactError> {
    text.and_then(|text| text.parse().ok())
        .ok_or(ReadFactError::Member { member })
}

fn write_date(date: Date) -> String {
    crate::calendar::write_date(date)
}

fn read_date(text: &str) -> Result<Date, ReadFactError> {
    crate::calendar::read_date(text).ok_or(ReadFactError::Member { member: "due_on" })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::dossier::{Outcome, ReturnProof};

    #[test]
    fn every_fact_reads_back_what_it_writes() {
        use DossierFact as F;
        let (at_ms, due) = (7, date!(2026 - 05 - 05));
        let reason = || "thiếu \"bản chính\"".to_owned();
        for fact in [
            F::Ordered { at_ms },
            F::IntakeOpened { at_ms },
            F::IntakeIncomplete {
                at_ms,
                guidance: reason(),
            },
            F::TakenIn { at_ms },
            F::AtHandover { at_ms },
            F::HandoverRefused {
                at_ms,
                reason: reason(),
            },
            F::Lodged { at_ms },
            F::Received {
                at_ms,
                code: "H01-1".to_owned(),
                due_on: Some(due),
            },
            F::Received {
                at_ms,
                code: "H01-1".to_owned(),
                due_on: None,
            },
            F::NotAccepted {
                at_ms,
                reason: reason(),
            },
            F::Processing { at_ms },
            F::SupplementRequested {
                at_ms,
                reason: reason(),
            },
            F::Supplemented {
                at_ms,
                due_on: Some(due),
            },
            F::PaymentRequested { at_ms },
            F::Paid { at_ms },
            F::Redated { at_ms, due_on: due },
            F::WithdrawalRequested { at_ms },
            F::Stopped {
                at_ms,
                reason: reason(),
            },
            F::Resolved {
                at_ms,
                outcome: Outcome::Refused,
            },
            F::ResultInPost { at_ms },
            F::ResultBack { at_ms },
            F::Returned {
                at_ms,
                proof: ReturnProof::Electronic,
            },
            F::ReturnConfirmed { at_ms },
            F::Cancelled {
                at_ms,
                reason: reason(),
            },
        ] {
            assert_eq!(read(fact.kind(), at_ms, &write(&fact)), Ok(fact));
        }
    }

    #[test]
    fn a_fact_writes_no_more_than_it_says() {
        let fact = DossierFact::Received {
            at_ms: 1,
            code: "H01-1".to_owned(),
            due_on: Some(date!(2026 - 05 - 05)),
        };
        assert_eq!(write(&fact), r#"{"code":"H01-1","due_on":"2026-05-05"}"#);
        assert_eq!(write(&DossierFact::Paid { at_ms: 1 }), "{}");
    }

    #[test]
    fn what_makes_no_fact_says_why() {
        assert_eq!(read("received", 1, "{}"), Err(ReadFactError::Member { member: "code" }));
        assert_eq!(
            read("redated", 1, r#"{"due_on":"2026-02-30"}"#),
            Err(ReadFactError::Member { member: "due_on" })
        );
        assert_eq!(
            read("resolved", 1, r#"{"outcome":"maybe"}"#),
            Err(ReadFactError::Member { member: "outcome" })
        );
        assert_eq!(read("paid", 1, "[1"), Err(ReadFactError::Malformed));
        assert_eq!(read("eaten", 1, ""), Err(ReadFactError::UnknownKind));
    }
}
