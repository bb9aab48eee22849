//! A dossier's fact as the kind and JSON text of an act.
//!
//! The hour and the dossier travel beside the text, in the signed act itself. Every kind
//! and member ever written is read for ever.
//!
//! Source: Quy ước Trao Tay, dạng lưu của sự kiện hồ sơ

mod data;
mod read;
mod write;

use crate::dossier::DossierFact;

pub use read::read;

/// Why a kind and a text make no fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadFactError {
    /// No fact has this name.
    #[error("there is no such kind of fact")]
    UnknownKind,
    /// The text is not the JSON expected.
    #[error("the data is not the JSON object of a fact")]
    Malformed,
    /// A member is missing or makes no sense.
    #[error("the member {member} is missing or makes no sense")]
    Member {
        /// Its name.
        member: &'static str,
    },
}

/// The JSON text that goes with [`DossierFact::kind`].
#[expect(clippy::missing_panics_doc, reason = "plain data always serializes")]
pub fn write(fact: &DossierFact) -> String {
    serde_json::to_string(&write::data(fact)).expect("plain data always serializes")
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use uuid::Uuid;

    use crate::authorisation::{Authorisation, Scope};
    use crate::dossier::{Outcome, ReturnProof, Slip};
    use crate::ids::{AgencyId, StaffId};
    use crate::item::ItemKind;
    use crate::party::Party;

    #[test]
    #[expect(clippy::too_many_lines, reason = "one row for each sort of fact")]
    fn every_fact_reads_back_what_it_writes() {
        use DossierFact as F;
        let (at_ms, due, agency) = (7, date!(2026 - 05 - 05), AgencyId(Uuid::from_u128(5)));
        let reason = || "thiếu \"bản chính\"".to_owned();
        for fact in [
            F::Ordered { at_ms },
            F::IntakeOpened { at_ms },
            F::IntakeIncomplete {
                at_ms,
                guidance: reason(),
            },
            F::Assisted {
                at_ms,
                staff: StaffId(Uuid::from_u128(3)),
            },
            F::Represented {
                at_ms,
                authorisation: Authorisation {
                    scope: Scope::Receive,
                    granted_on: due,
                    ends_on: None,
                },
            },
            F::TakenIn { at_ms, slip: None },
            F::TakenIn {
                at_ms,
                slip: Some(Slip::complete(3, "VN-0001")),
            },
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
            F::AppointmentTold { at_ms },
            F::StepGiven {
                at_ms,
                agency,
                due_on: Some(due),
            },
            F::Processing { at_ms },
            F::StepTaken { at_ms, agency },
            F::StepDone { at_ms, agency },
            F::SupplementRequested {
                at_ms,
                reason: reason(),
                fault: None,
            },
            F::SupplementRequested {
                at_ms,
                reason: reason(),
                fault: Some(Party::Agency),
            },
            F::CarriageCharged {
                at_ms,
                kind: ItemKind::SupplementToAgency,
                fault_party: Party::Post,
            },
            F::Supplemented {
                at_ms,
                due_on: Some(due),
            },
            F::PaymentRequested { at_ms },
            F::Paid { at_ms },
            F::Redated {
                at_ms,
                due_on: due,
                reason: String::new(),
            },
            F::Redated {
                at_ms,
                due_on: due,
                reason: reason(),
            },
            F::DueMoved {
                at_ms,
                due_on: due,
                notice: "9441/TB-BNV".to_owned(),
            },
            F::WithdrawalRequested { at_ms },
            F::Stopped {
                at_ms,
                reason: reason(),
            },
            F::Resolved {
                at_ms,
                outcome: Outcome::Refused,
            },
            F::ResultReady { at_ms },
            F::SurrenderListed { at_ms, paper: reason() },
            F::ResultInPost { at_ms },
            F::ResultFoundWrong {
                at_ms,
                reason: reason(),
            },
            F::ResultCorrected { at_ms },
            F::ItemLost {
                at_ms,
                kind: ItemKind::ResultToApplicant,
            },
            F::DossierBack { at_ms },
            F::ResultBack { at_ms },
            F::Surrendered { at_ms, paper: reason() },
            F::SurrenderExcepted {
                at_ms,
                paper: reason(),
                code: "MAT-01".to_owned(),
            },
            F::PapersReturned { at_ms },
            F::SurrenderDelivered { at_ms },
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
    fn what_the_first_version_wrote_is_still_read() {
        let reason = "thiếu bản chính".to_owned();
        for (kind, data, fact) in [
            ("taken_in", "{}", DossierFact::TakenIn { at_ms: 1, slip: None }),
            (
                "supplement_requested",
                r#"{"reason":"thiếu bản chính"}"#,
                DossierFact::SupplementRequested {
                    at_ms: 1,
                    reason,
                    fault: None,
                },
            ),
            (
                "redated",
                r#"{"due_on":"2026-05-05"}"#,
                DossierFact::Redated {
                    at_ms: 1,
                    due_on: date!(2026 - 05 - 05),
                    reason: String::new(),
                },
            ),
        ] {
            assert_eq!(read(kind, 1, data), Ok(fact.clone()));
            assert_eq!(write(&fact), data, "and is written the same");
        }
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
